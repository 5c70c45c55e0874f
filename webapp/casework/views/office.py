"""The office's inbox, and the certificate of the sealed originals of a case."""

from flask import Blueprint, Response, render_template, request, url_for

from webapp.cases import permissions as may
from webapp.cases.categories import category
from webapp.cases.queries import case_file
from webapp.casework.inbox import TRAYS, InboxRow, inbox, tray_counts
from webapp.casework.letters import certificate
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.text import Text
from webapp.documents.docx_writer import render_docx
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires

bp = Blueprint("office", __name__, url_prefix="/can-bo")
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PARAMETER = "muc"
_ADDRESSES = {"new": "moi", "running": "dang-xu-ly", "approval": "cho-duyet", "done": "da-tra-loi"}
_BY_ADDRESS = {address: tray for tray, address in _ADDRESSES.items()}


@bp.get("/co-quan")
@requires(may.READ_AS_OFFICE)
def cases() -> str:
    """Cases addressed to my organisation, by tray, nearest deadline first."""
    actor = current_actor()
    tray = _BY_ADDRESS.get(request.args.get(_PARAMETER, ""), _first_tray(actor))
    page = inbox(actor, tray, request.args.get("sau"))
    address = _ADDRESSES[tray]
    next_url = (
        url_for("office.cases", muc=address, sau=page.next_cursor) if page.next_cursor else None
    )
    return render_template(
        "casework/inbox.html",
        rows=page.rows,
        next_url=next_url,
        first_url=url_for("office.cases", muc=address) if request.args.get("sau") else None,
        tray=tray,
        trays=_trays(actor),
        picture_of=_picture_of,
    )


@bp.get("/vu-viec/<code>/chung-nhan.docx")
@requires(may.READ, may.READ_AS_OFFICE)
def originals(code: str) -> Response:
    """Hash, time and place of each sealed original, as a document without the originals."""
    case = case_file(current_actor(), code).case
    letter = certificate(case)
    if letter is None:
        raise NotFound
    answer = Response(render_docx(letter), content_type=_DOCX)
    answer.headers["Content-Disposition"] = "attachment; filename=xac-nhan-anh-goc.docx"
    return answer


def _first_tray(actor: Actor) -> str:
    return "approval" if actor.may(may.APPROVE_CONCLUSION) else "new"


def _trays(actor: Actor) -> list[tuple[str, Text, str, int | None]]:
    counts = tray_counts(actor)
    shown = [tray for tray in TRAYS if tray != "approval" or actor.may(may.APPROVE_CONCLUSION)]
    return [
        (tray, TRAYS[tray], url_for("office.cases", muc=_ADDRESSES[tray]), counts.get(tray))
        for tray in shown
    ]


def _picture_of(row: InboxRow) -> str:
    node = category(row.case.category)
    while node.parent is not None:
        node = category(node.parent)
    return node.code
