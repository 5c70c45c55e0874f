"""Cases to and from the Front's national feedback system: neutral files, its number kept."""
