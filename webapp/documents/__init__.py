"""Letters in the layout of NĐ 30/2020: drafted, numbered at issue, delivered with proof.

Used by casework. Must always hold: a number once given is never reused; no letter has a reporter.
"""
