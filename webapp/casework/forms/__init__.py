"""The forms of recommendations and of the office's side of a case."""
