"""What groups, area committees and residents add: site tasks, local results, "I am affected too".

Used by members and followers on phones. Must always hold: a task shows category, place and
question, never the reporter; near cases are found by their public point alone; whoever stops
following leaves no row.
"""
