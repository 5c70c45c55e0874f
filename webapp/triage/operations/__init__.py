"""What the Front decides on reports and the first steps of a case."""
