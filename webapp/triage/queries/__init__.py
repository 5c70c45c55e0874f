"""What the desk reads: the queue, its map, the places near a report, tasks."""
