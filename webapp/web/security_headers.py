"""The security headers of every answer, errors and files included.

No page has an inline script, so the policy needs no nonce. The embedded map shell needs
``img-src data:`` for Leaflet's empty tile and nothing from another host.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from webapp.web.application import Wsgi

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "media-src 'self' blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self), payment=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Frame-Options": "DENY",
}
_BY_NAME = tuple((pair[0].lower(), pair) for pair in HEADERS.items())
_UNKEPT = ("Cache-Control", "private, no-store")
_BUILT_FILES = "/static/"


class SecurityHeaders:
    """Set the headers on every response, once it has left the application.

    Inside it each header would be looked at and checked three times over, for every answer.
    """

    def __init__(self, inner: Wsgi) -> None:
        self.inner = inner

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            present = {name.lower() for name, _value in headers}
            headers.extend(pair for name, pair in _BY_NAME if name not in present)
            is_file = environ.get("PATH_INFO", "").startswith(_BUILT_FILES)
            if "cache-control" not in present and not is_file:
                headers.append(_UNKEPT)
            return start_response(status, headers, *error)

        return self.inner(environ, start)


def init_security_headers(app: Flask) -> None:
    """Set the headers on every response."""
    app.wsgi_app = SecurityHeaders(app.wsgi_app)  # type: ignore[method-assign]  # as Flask says
