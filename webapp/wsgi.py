"""Entry of the web server: ``webapp.wsgi:app``.

With ``--preload`` the workers share what is loaded here. So nothing here may stay open that two
processes must not use at once. What every worker would make for itself, mappers and templates, is
made once here. The collector leaves alone what will never be garbage: looking through it cost some
requests 10 ms, and copied its pages into every worker.
"""

import gc

from sqlalchemy.orm import configure_mappers

from webapp.app import create_app
from webapp.extensions import db, limiter

app = create_app()
configure_mappers()
if app.extensions["matxanh_settings"].production:
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)
with app.app_context():
    db.engine.dispose()
limiter.storage.engine.dispose()  # type: ignore[attr-defined]  # our own storage, by init_app
gc.collect()
gc.freeze()
