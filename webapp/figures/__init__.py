"""Figures: the boards of leaders, and the public figures of `/so-lieu`.

Must always hold: both are counted by the same queries; a number on a board equals the number of
rows that its link opens; people below five are never shown as a number.
"""
