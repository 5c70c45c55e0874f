"""Addresses for other programs, and the staff page of their keys."""
