"""The floor of a click at the desk: a bare page that asks the floor programs, draws rows and dots.

No session, words, Leaflet, keys or styles; a choice asks once for a list and once for a map, and
``ready-list`` and ``ready-map`` on the document say that they are drawn.
"""

from pathlib import Path

from flask import Response, send_file

from bench.floor_desk import app

__all__ = ["app"]


@app.get("/desk")
def desk() -> Response:
    """The page; its script reads view (``bbox``, ``zoom``) and first ``rank`` from the address."""
    return send_file(Path(__file__).with_suffix(".html"))
