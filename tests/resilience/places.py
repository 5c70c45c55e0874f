"""A new database of each kind for programs that run outside the suite."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from tests.conftest import build_app
from tests.databases import Cluster


def both_databases() -> Iterator[tuple[str, Flask]]:
    """SpatiaLite, then PostGIS: filled with the reference data, gone when the next is asked for."""
    with tempfile.TemporaryDirectory(prefix="matxanh-resilience-") as folder:
        yield "SpatiaLite", build_app(Path(folder), "")
    cluster = Cluster()
    cluster.start()
    try:
        cluster.sql("CREATE DATABASE matxanh")
        with tempfile.TemporaryDirectory(prefix="matxanh-resilience-") as folder:
            yield "PostGIS", build_app(Path(folder), cluster.url("matxanh"))
    finally:
        cluster.stop()
