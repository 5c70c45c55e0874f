"""Whole addresses of our own pages, as other machines need them."""

from flask import Flask, current_app, request

from webapp.config import Settings


def site_root() -> str:
    """How the site is reached from outside, without a slash at the end."""
    settings: Settings = current_app.extensions["matxanh_settings"]
    return settings.public_url.rstrip("/") or request.host_url.rstrip("/")


def whole(path: str) -> str:
    """The whole address of a path that begins with a slash."""
    return site_root() + path


def init_addresses(app: Flask) -> None:
    """Offer ``whole_url`` to templates."""
    app.jinja_env.globals["whole_url"] = whole
