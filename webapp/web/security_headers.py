"""The security headers of every answer, errors and files included.

No page has an inline script, so the policy needs no nonce. The embedded map shell needs
``img-src data:`` for Leaflet's empty tile and nothing from another host.
"""

from flask import Flask, Response, request

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
# One look at what an answer has; asking header by header is a search through all of them each time.
_BY_NAME = tuple((pair[0].lower(), pair) for pair in HEADERS.items())


def init_security_headers(app: Flask) -> None:
    """Set the headers on every response."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    present = {name.lower() for name, _value in response.headers}
    response.headers.extend([pair for name, pair in _BY_NAME if name not in present])
    if "cache-control" not in present and request.endpoint != "static":
        response.headers.add("Cache-Control", "private, no-store")
    return response
