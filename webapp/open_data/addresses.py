"""Whole addresses, as programs elsewhere need them."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app, url_for

from webapp.config import Settings
from webapp.web.addresses import site_root


def absolute(endpoint: str, **values: object) -> str:
    """The whole address of a page, in the language of the request."""
    return site_root() + url_for(endpoint, **values)  # type: ignore[arg-type]  # url_for takes any value


def photo_url(uid: str) -> str:
    """The whole address of an approved photo at full size."""
    return absolute("media.public_photo", uid=uid, kind="large")


@contextmanager
def outside_request() -> Iterator[None]:
    """Let addresses be made where nobody asked, as the worker needs them: by PUBLIC_URL."""
    settings: Settings = current_app.extensions["matxanh_settings"]
    with current_app.test_request_context(base_url=settings.public_url or "http://localhost"):
        yield
