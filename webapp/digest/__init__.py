"""The morning mail of each officer: what is new, what is due, what was answered.

Used by the schedule. Must always hold: one mail a day and person, counted from what that person
may see at the moment of sending; no mail when there is nothing to do.
"""
