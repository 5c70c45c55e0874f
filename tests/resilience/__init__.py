"""Faults, attacks and bad input at reduced counts (trust.md): the whole in four minutes."""
