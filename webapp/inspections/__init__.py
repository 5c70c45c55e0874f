"""Inspections that open out: plan, visit with minutes, measurements, conclusion, what follows.

The answer slip of a case stays casework's; a file here brings its conclusion to it. Offices keep
their files and the register of establishments; the Front reads what was concluded on its cases.
No name of an establishment or person leaves for a public page before a conclusion names it.
"""
