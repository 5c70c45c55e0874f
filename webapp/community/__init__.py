"""What groups, area committees and operators do: site tasks, local results, confirmations.

Used by members on phones. Must always hold: a task shows category, place and question, never the
reporter.
"""
