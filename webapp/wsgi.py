"""Entry of the web server: ``webapp.wsgi:app``.

With ``--preload`` the workers share what is loaded here. So nothing here may stay open that two
processes must not use at once. What every worker would make for itself, mappers, templates and the
first answers of the most visited pages, is made once here. The map's script is made by a child that
ends: folium, 12 MB, stays in no worker. SpatiaLite is loaded once and kept, 9 MB that each worker
would write for itself. The collector leaves alone what will never be garbage: looking through it
cost some requests 10 ms, and copied its pages into every worker.

What is loaded and kept is as little as ``lean`` and ``heap`` can make it.
"""

import gc
from multiprocessing import get_context

from sqlalchemy.orm import configure_mappers

import webapp.lean  # noqa: F401  # before all others: it says what they need not load
from geo.sql import prepare_spatialite
from webapp.app import create_app
from webapp.core.engine import sqlite_driver
from webapp.core.prepared import let_trees_go
from webapp.extensions import db, limiter
from webapp.heap import GivingBack, close_gaps, let_code_go, share_one_arena
from webapp.rehearsal import rehearse
from webapp.web.map_script import write_map_script

share_one_arena()
let_trees_go()
app = create_app()
app.wsgi_app = GivingBack(app.wsgi_app)  # type: ignore[method-assign]
configure_mappers()
if app.extensions["matxanh_settings"].production:
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
maker = get_context("fork").Process(target=write_map_script, args=(app,))
maker.start()
maker.join()
rehearse(app)
with app.app_context():
    db.engine.dispose()
    if db.engine.dialect.name == "sqlite":
        # Of no file, so that processes may share it. Closing the last one would unload the library.
        kept = sqlite_driver().connect(":memory:", check_same_thread=False)
        prepare_spatialite(kept)
limiter.storage.engine.dispose()  # type: ignore[attr-defined]  # our own storage, by init_app
gc.collect()
gc.freeze()
close_gaps()
let_code_go()
