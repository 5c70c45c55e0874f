"""One history, equal to the models on both databases, and a way back where there is one."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from geoalchemy2 import alembic_helpers
from sqlalchemy import inspect, text

from webapp.extensions import db
from webapp.models import BY_MIGRATION_ONLY, metadata


def test_migrations_equal_models(app: Flask) -> None:
    known = set(metadata.tables)

    def ours(item: object, name: str, kind: str, reflected: bool, compare_to: object) -> bool:
        if kind == "table" and reflected and name not in known:
            return False
        if kind == "index" and name in BY_MIGRATION_ONLY:
            return False
        return bool(alembic_helpers.include_object(item, name, kind, reflected, compare_to))

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, metadata) == []


def test_triggers_stand_on_our_own_tables_only(app: Flask) -> None:
    """Every connection to a file reads the whole schema, SpatiaLite's triggers for others too."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostGIS has none")
    with db.engine.connect() as connection:
        guarded = connection.scalars(
            text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        )
        tables = set(guarded.all())
    assert {"case_place", "unit_area"} <= tables <= set(metadata.tables)


def test_down_and_up_again_on_postgis(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("on SQLite going back is restoring the copy made before the upgrade")
    before = set(inspect(db.engine).get_table_names())
    downgrade(revision="0000")
    assert not {"report", "case_file"} & set(inspect(db.engine).get_table_names())
    upgrade()
    assert set(inspect(db.engine).get_table_names()) == before
