"""The shipped role catalogue as rows. A role already there is left as it was edited."""

from sqlalchemy import select

from webapp.accounts.models import Role, RolePermission
from webapp.accounts.role_table import roles
from webapp.core.unit_of_work import session


def load_roles() -> None:
    """Insert the roles that are not there yet."""
    known = set(session().scalars(select(Role.name)))
    for row in roles():
        if row.code not in known:
            role = Role(name=row.code, label=row.label.vi, label_en=row.label.en)
            role.permissions_held = [RolePermission(permission=p) for p in sorted(row.permissions)]
            session().add(role)
