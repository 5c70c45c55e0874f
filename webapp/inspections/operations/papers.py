"""Numbered papers of a file: minutes when they are signed, notice and slip after the result."""

from dataclasses import replace
from datetime import date

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.documents.letters import Letter, Registration, Signature
from webapp.documents.models import Document
from webapp.documents.operations import create_document, issue_document, sign_document
from webapp.inspections.letters import compose
from webapp.inspections.models import InspectionFile, InspectionPaper
from webapp.inspections.operations.files import move, refused
from webapp.inspections.workflow import PAPERS


def issue_minutes(actor: Actor, file: InspectionFile, *, number: str, issued_on: date) -> Document:
    """Number the minutes as they were written; both sides sign the paper by hand.

    The caller moves the file. Raises Invalid on ``number`` and ``issued_on``.
    """
    letter = compose(file, "minutes", Registration(drafted_on=clock.today_local()))
    return _issue(actor, file, "minutes", letter, letter.signature, number, issued_on)


def issue_paper(
    actor: Actor,
    file: InspectionFile,
    *,
    kind: str,
    number: str,
    issued_on: date | None,
    position: str,
    name: str,
) -> Document:
    """Number the notice or the slip of an approved result.

    Raises Forbidden, TransitionRefused when there is one already, Invalid by field.
    """
    given = {"kind": kind, "number": number, "issued_on": issued_on}
    with move(actor, file, "issue_paper", given=given) as facts:
        if kind not in PAPERS or kind == "minutes":
            raise refused("kind", _("Xin chọn loại văn bản."))
        if any(paper.kind == kind for paper in file.papers):
            raise TransitionRefused(_("Hồ sơ đã có văn bản loại này."))
        letter = compose(file, kind, Registration(drafted_on=clock.today_local()))
        signature = Signature((), position.strip(), name.strip())
        document = _issue(
            actor, file, kind, letter, signature, number, issued_on or clock.today_local()
        )
        facts["paper"] = kind
    return document


def _issue(
    actor: Actor,
    file: InspectionFile,
    kind: str,
    letter: Letter,
    signature: Signature,
    number: str,
    issued_on: date,
) -> Document:
    document = create_document(actor, file.office, replace(letter, signature=signature))
    sign_document(actor, document, signature)
    issue_document(actor, document, number=number, issued_on=issued_on)
    file.papers.append(InspectionPaper(kind=kind, document=document))
    session().flush()
    return document
