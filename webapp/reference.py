"""Loading what ships with the application into an empty or older database; may run again."""

from webapp.accounts.reference import load_roles
from webapp.deadlines.reference import load_rules
from webapp.directory.reference import load_directory
from webapp.reporting.reference import load_consent


def load() -> None:
    """Units, bodies, calendar, clock rules, roles, consent, inside the caller's write unit."""
    load_directory()
    load_rules()
    load_roles()
    load_consent()
