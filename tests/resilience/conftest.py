"""The world of the attacks, made once for each database and copied back for every test."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from tests.databases import Cluster
from tests.factories.clock import FrozenClock
from tests.resilience.world import World
from tests.resilience.world_made import make_world
from webapp.extensions import db

_KEPT: dict[str, World] = {}


@pytest.fixture
def world(app: Flask, frozen: FrozenClock, request: pytest.FixtureRequest) -> World:
    """Demo sign-ins and one record in every kind of sight; Monday 02/03/2026, 08:00."""
    kind = db.engine.dialect.name
    known = kind in _KEPT
    made = _KEPT[kind] if known else make_world(app)
    _KEPT[kind] = made
    db.session.remove()
    db.engine.dispose()
    if kind == "sqlite":
        _file(app, known=known)
    else:
        _cluster(request.getfixturevalue("cluster"), known=known)
    return made


def _file(app: Flask, *, known: bool) -> None:
    """Keep the database file, or put the kept one back."""
    folder = Path(app.extensions["matxanh_settings"].data_dir)
    live, kept = folder / "matxanh.db", folder / "world.template"
    if known:
        for name in ("matxanh.db-wal", "matxanh.db-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.copy(kept, live)
    else:
        shutil.copy(live, kept)


def _cluster(cluster: Cluster, *, known: bool) -> None:
    """Keep the database as a template, or make it anew from the kept one."""
    if known:
        cluster.renew("matxanh", "template_world")
    else:
        cluster.sql("CREATE DATABASE template_world TEMPLATE matxanh")
