"""Loading what ships with the application into an empty or older database; may run again."""

from webapp.deadlines.reference import load_rules
from webapp.directory.reference import load_units


def load() -> None:
    """Units and all other shipped tables, inside the caller's write unit."""
    load_units()
    load_rules()
