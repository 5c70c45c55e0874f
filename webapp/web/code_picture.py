"""A code as a QR picture: the address of its page with the code after ``#``."""

import io

import segno
from flask import current_app, request
from markupsafe import Markup

from webapp.config import Settings


def code_picture(path: str, code: str) -> Markup:
    """The page as a QR code; what stands in the fragment no server ever sees."""
    out = io.BytesIO()
    segno.make(f"{public_address(path)}#{code}", error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, svgclass="mx-qr", nl=False
    )
    # Drawn by the library from our own address and a code of 16 known characters.
    return Markup(out.getvalue().decode())  # noqa: S704


def public_address(path: str) -> str:
    """The full address of a page, as it is printed."""
    settings: Settings = current_app.extensions["matxanh_settings"]
    return (settings.public_url.rstrip("/") or request.host_url.rstrip("/")) + path
