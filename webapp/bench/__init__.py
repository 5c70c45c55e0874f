"""Filling the tables fast, for benchmarks: believable shapes, no believable stories.

Used by ``bench seed`` and by the programs of ``bench/``. Must always hold: rows keep every CHECK
and every count, the same number gives the same rows, and nothing is seeded on a public server.
"""
