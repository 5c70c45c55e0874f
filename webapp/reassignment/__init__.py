"""A unit merger: open work, roles and inboxes go to the unit that takes the others in.

Used by the administrator. Must always hold: one recorded batch; every moved record has its line of
history and its audit entry; what was moved can be put back exactly while nothing else changed it.
"""
