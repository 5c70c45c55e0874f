"""Clocks under dated rules: started, paused, extended, met.

Used by every feature with a time limit. Must always hold: a clock keeps the rule in force when it
started; its result is on time, due soon or overdue by n.
"""
