"""The addresses of reporting: JSON for phones, pages for everybody."""
