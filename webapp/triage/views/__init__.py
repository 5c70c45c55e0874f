"""The desk: queue, map, report."""
