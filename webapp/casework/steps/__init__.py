"""The step pages of casework: the office's steps, and the Front's around them."""
