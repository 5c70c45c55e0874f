"""Pages: the public figures, and the boards of leaders."""
