"""Small builders with keyword defaults, one file per feature."""
