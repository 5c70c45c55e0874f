"""Pages of recommendations and of the office's inbox."""
