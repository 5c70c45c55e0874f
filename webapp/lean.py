"""What a web server never asks is not loaded. To be imported before the rest of the application.

Libraries load what they might be asked for: GeoAlchemy2 the dialects of databases that are none of
ours, huey the driver of PostgreSQL, and SpatiaLite has PROJ read the tables of all coordinate
systems, 3 MB anew in each process; positions are turned by ``geo`` itself. Every process of a
server would keep that.
"""

import os
import sys
from types import ModuleType

from sqlalchemy.engine import make_url

from webapp import config

_FOREIGN = ("mariadb", "mssql", "mysql")


_NOWHERE = "/dev/null"
"""Where nothing can be: PROJ finds no tables there and goes without."""


def load_less() -> None:
    """Let the names of what is not wanted stand for nothing."""
    os.environ.setdefault("PROJ_DATA", _NOWHERE)
    for name in (f"geoalchemy2.admin.dialects.{each}" for each in _FOREIGN):
        sys.modules.setdefault(name, ModuleType(name))
    settings = config.load()
    if not any(map(_is_postgresql, (settings.database_url, settings.limits_url))):
        sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type]  # so importing it fails


def _is_postgresql(url: str) -> bool:
    return bool(url) and make_url(url).get_backend_name() == "postgresql"


load_less()
