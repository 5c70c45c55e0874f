"""Pages of inspections and establishments."""
