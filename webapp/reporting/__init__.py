"""Reports of residents: sending, following, their identity sealed.

Used by residents and triage. Must always hold: a report is never public; an acknowledged report is
never lost and never doubled.
"""
