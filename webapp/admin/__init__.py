"""Pages of those who look after the machine.

Used by nobody below. Must always hold: queues and settings are seen here, evidence and identities
never.
"""
