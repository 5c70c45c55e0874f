"""The application factory: named steps in order, no logic of its own."""

import logging
from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import webapp.audit.operations  # noqa: F401  # registers the audit chain's commit hook
from webapp import config, features, schedule
from webapp.core import codes, crypto, files, unit_of_work
from webapp.core.engine import engine_options, install_listeners
from webapp.digest.operations import set_hour
from webapp.extensions import LateMigrate, babel, csrf, db, limiter, read_without_transaction
from webapp.jobs import operations as jobs
from webapp.jobs.queue import Queue
from webapp.web import (
    addresses,
    api,
    assets,
    compression,
    errors,
    guards,
    health,
    installed_app,
    limits_store,
    locale,
    map_script,
    navigation,
    options,
    panels,
    plain_text,
    security_headers,
    session_cookie,
    templating,
)
from webapp.web.application import Application

MAX_FORM = 80 * 1024 * 1024  # five photos of 15 MB and the words
HERE = Path(__file__).resolve().parent


def create_app(settings: config.Settings | None = None) -> Flask:
    """Make the application from the settings (from the environment when none are given)."""
    settings = settings or config.load()
    app = Application(
        "webapp",
        template_folder=str(assets.TEMPLATES),
        static_folder=str(assets.STATIC),
        static_url_path="/static",
    )
    app.extensions["matxanh_settings"] = settings
    _configure(app, settings)
    _trust_proxies(app, settings.proxy_hops)
    _init_extensions(app)
    _init_shell(app)
    _init_features(app)
    _init_jobs(app, settings)
    return app


def database_url(settings: config.Settings) -> str:
    """The database address; the embedded file when none is set."""
    path = settings.data_dir.resolve() / "matxanh.db"
    return settings.database_url or f"sqlite:///{path}"


def limits_url(settings: config.Settings) -> str:
    """Where rate limits are counted; a file of its own when nothing is set."""
    return settings.limits_url or f"sqlite:///{settings.data_dir.resolve() / 'limits.db'}"


def _configure(app: Flask, settings: config.Settings) -> None:
    secrets = config.load_secrets(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    url = database_url(settings)
    app.config.update(
        SECRET_KEY=secrets.session,
        SQLALCHEMY_DATABASE_URI=url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
        MAX_CONTENT_LENGTH=MAX_FORM,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=500,
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_DEFAULT_TIMEZONE="Asia/Ho_Chi_Minh",
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_NAME="__Host-matxanh" if settings.production else "matxanh",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        RATELIMIT_STORAGE_URI=f"{limits_store.SCHEME}://",
        RATELIMIT_STORAGE_OPTIONS={"url": limits_url(settings)},
        RATELIMIT_SWALLOW_ERRORS=False,
    )
    crypto.configure(secrets.identity)
    codes.configure(codes.LookupKeys(tracking=secrets.tracking, index=secrets.lookup))
    set_hour(settings.digest_hour)
    files.configure(files.FileStore(Path(settings.files_url or settings.data_dir / "files")))


def _trust_proxies(app: Flask, hops: int) -> None:
    """Believe the forwarded headers of exactly so many proxies in front, of none by default."""
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Werkzeug documents it
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )


def _init_extensions(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        install_listeners(db.engine)
        read_without_transaction(app)
    unit_of_work.configure(db.session.registry)
    app.extensions["migrate"] = LateMigrate(HERE / "migrations")
    csrf.init_app(app)
    babel.init_app(app, locale_selector=locale.choose)
    limiter.init_app(app)
    # It looks for limits of every page, and there are none: those of single pages are decorators.
    app.before_request_funcs[None].remove(limiter._check_request_limit)


def _init_shell(app: Flask) -> None:
    api.protect_api(app)  # before anybody reads a body: it sets how long one may be
    plain_text.init_plain_text(app)
    guards.init_guards(app)
    errors.init_errors(app)
    security_headers.init_security_headers(app)
    compression.init_compression(app)
    templating.init_templating(app)
    options.init_options(app)
    assets.init_assets(app)
    addresses.init_addresses(app)
    locale.init_locale(app)
    session_cookie.init_session_cookie(app)
    map_script.init_map_script(app)
    installed_app.init_installed_app(app)
    navigation.init_navigation(app, features.NAVIGATION)
    panels.init_panels(app, features.PANELS)
    health.init_health(app)


def _init_features(app: Flask) -> None:
    for init in features.INIT:
        init(app)
    for blueprint in features.BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.init_api(app, features.API_BLUEPRINTS)
    for command in features.COMMANDS:
        app.cli.add_command(command)


def _init_jobs(app: Flask, settings: config.Settings) -> None:
    for kind, handler in features.OUTBOX_HANDLERS.items():
        jobs.register(kind, handler)
    path = Path(settings.queue_url or settings.data_dir / "queue.db")
    queue = Queue(path, app.app_context)
    queue.add_schedule(schedule.SCHEDULE)
    jobs.on_wake(queue.wake)
    app.extensions["matxanh_queue"] = queue
    logging.getLogger("huey").setLevel(logging.WARNING)
