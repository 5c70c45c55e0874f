"""Recommendations of the Front, inspections of the office, the staff page of a case.

Used by officers of both sides. Must always hold: only a signed, issued recommendation escalates;
the Front never inspects, the office never closes.
"""
