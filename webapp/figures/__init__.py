"""The public figures: counts by unit, category and on-time share.

Used by `/so-lieu`. Must always hold: the same queries as the desk; people below five are never
shown as a number.
"""
