"""Benchmarks: each module ``bench_*`` is a program that prints a table and ends by itself."""
