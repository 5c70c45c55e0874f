"""Who did what to which record, chained so that tampering shows.

Used by every operation. Must always hold: entries are appended as the last statements before
commit, in one chain, and carry no identity and no free text.
"""
