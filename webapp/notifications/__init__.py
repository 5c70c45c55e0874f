"""Notices to people and offices, rendered from what they may see at that moment.

Used through the outbox. Must always hold: nothing leaves inside a transaction; a lock screen shows
no content.
"""
