"""Whether anything was written, seen from outside of what was done."""

import hashlib

from sqlalchemy import text

from webapp.core.unit_of_work import session
from webapp.extensions import db


def fingerprint() -> dict[str, str]:
    """A digest of every table's rows, to see whether anything was written.

    Sessions are left out: every browser that a test opens adds one.
    """
    session().rollback()
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name == "sign_in":
            continue
        rows = session().execute(text(f'SELECT * FROM "{table.name}"')).all()
        lines = sorted(repr(tuple(row)) for row in rows)
        found[table.name] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    session().rollback()
    return found
