"""Figures for a monitoring program, in the plain text format such programs read."""

import hmac

from flask import Blueprint, Response, current_app, request
from sqlalchemy import func, select

from webapp.cases.models import Case
from webapp.config import Settings
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.jobs.models import OutboxRow
from webapp.reporting.models import Report
from webapp.web.guards import machine

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@machine
def metrics() -> Response:
    """Counts by state; 404 for whoever holds no token and is not on this machine."""
    if not _admitted():
        raise NotFound
    lines = []
    for name, model in (("outbox_rows", OutboxRow), ("reports", Report), ("cases", Case)):
        query = select(model.state, func.count()).group_by(model.state).order_by(model.state)
        lines.append(f"# TYPE matxanh_{name} gauge")
        for state, count in session().execute(query):
            lines.append(f'matxanh_{name}{{state="{state}"}} {count}')
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _admitted() -> bool:
    settings: Settings = current_app.extensions["matxanh_settings"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.metrics_token:
        return hmac.compare_digest(given.encode(), settings.metrics_token.encode())
    forwarded = any("forwarded" in name.lower() for name, _ in request.headers)
    return request.remote_addr in {"127.0.0.1", "::1"} and not forwarded
