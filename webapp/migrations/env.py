"""Alembic's environment: one history for SpatiaLite and PostGIS."""

from typing import Any

from alembic import context
from geoalchemy2 import alembic_helpers

from webapp.extensions import db
from webapp.models import metadata


def include_object(item: Any, name: str, kind: str, reflected: bool, compare_to: Any) -> bool:
    """Never touch a table that the models do not know (SpatiaLite's own)."""
    if kind == "table" and reflected and compare_to is None:
        return False
    return bool(alembic_helpers.include_object(item, name, kind, reflected, compare_to))


def run() -> None:
    engine = db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=alembic_helpers.render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
