"""The demonstration: a believable two years of two provinces, made by the real operations.

Used by ``demo load``. Must always hold: no firm, no person that could be real; refused on a
public server.
"""
