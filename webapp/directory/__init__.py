"""Administrative units and organisations, each with its dates and its successor.

Used by every feature that asks where something is and who is in charge there. Must always hold:
a unit is known by (code system, code), never by its name; nothing is deleted, only ended by date.
"""
