"""The pages of the first steps of a case; each module is imported once by features.py."""
