"""Entry of the web server: ``webapp.wsgi:app``."""

from webapp.app import create_app

app = create_app()
