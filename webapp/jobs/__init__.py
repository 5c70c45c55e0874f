"""Work outside the request: a transactional outbox drained by the worker, and a schedule.

Used by every feature that must reach outward or work long. Must always hold: the outbox row is
the truth; huey only wakes the worker.
"""
