"""Alembic's environment: one history for SpatiaLite and PostGIS."""

from typing import Any

from alembic import context
from flask_security import AsaList
from geoalchemy2 import alembic_helpers

from webapp.core.base import UtcDateTime
from webapp.extensions import db
from webapp.models import BY_MIGRATION_ONLY, metadata


def include_object(item: Any, name: str, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Never touch what the models do not know: SpatiaLite's own tables, indexes of one database."""
    if kind == "table" and reflected and compare_to is None:
        return False
    if kind == "index" and name in BY_MIGRATION_ONLY:
        return False
    return bool(alembic_helpers.include_object(item, name, kind, reflected, compare_to))


def render_item(kind: str, item: Any, context_: Any) -> Any:
    """Write our instants as plain columns, so that history does not depend on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AsaList):
        return "sa.Text()"
    return alembic_helpers.render_item(kind, item, context_)


def run() -> None:
    engine = db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                # An index over a million rows takes longer than a page may.
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            context.run_migrations()
        connection.commit()


run()
