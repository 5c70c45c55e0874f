"""The Front officer's decisions on reports and the first steps of a case.

Used by the desk. Must always hold: an officer sees only reports of the own unit; each decision has
words the reporter will read.
"""
