"""Going on after a change."""

from flask import redirect, url_for
from werkzeug.wrappers import Response


def see(endpoint: str, **values: object) -> Response:
    """303 to a page of ours: a reload never sends the change again."""
    return redirect(url_for(endpoint, **values), code=303)  # type: ignore[arg-type]  # url_for takes any value
