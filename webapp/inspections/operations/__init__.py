"""What is done with inspection files and establishments."""
