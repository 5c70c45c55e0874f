"""The kernel: rules every feature shares, without Flask and without any feature.

Used by all of webapp. Must always hold: nothing here imports Flask or a feature.
"""
