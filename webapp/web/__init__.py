"""The HTTP shell every feature's views stand in: guards, errors, headers, language, paging.

Used by views and app.py. Must always hold: it knows the kernel and no feature.
"""
