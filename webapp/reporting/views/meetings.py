"""``/can-bo/buoi-hop``: a whole meeting as one list, and a slip with a code for each person."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.cases.categories import children, pictures
from webapp.cases.presentation import unit_name
from webapp.core.clock import today_local
from webapp.core.codes import grouped
from webapp.core.errors import BadRequest, Invalid
from webapp.core.unit_of_work import write_unit
from webapp.directory.models import Unit
from webapp.directory.queries import served_communes
from webapp.extensions import csrf
from webapp.reporting.meetings import record_meeting
from webapp.reporting.models import Report
from webapp.reporting.operations import Receipt
from webapp.reporting.permissions import SUBMIT_ON_BEHALF
from webapp.reporting.queries import consent_in_force
from webapp.reporting.views.meeting_form import MeetingForm
from webapp.web.code_picture import code_picture, public_address
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import choose

bp = Blueprint("meetings", __name__, url_prefix="/can-bo/buoi-hop")
ROWS = 5


@dataclass(frozen=True)
class Slip:
    """What one person takes home: the only time that the code is shown."""

    number: int
    name: str | None
    report: Report
    code: str | None
    qr: Markup | None


@bp.get("")
@requires(SUBMIT_ON_BEHALF)
def new_meeting() -> ResponseReturnValue:
    """The empty list."""
    form = MeetingForm(idempotency_key=str(uuid.uuid4()), held_on=today_local().isoformat())
    form.lengthen(ROWS)
    return _page(form)


@bp.post("")
@requires(SUBMIT_ON_BEHALF)
@csrf.exempt  # the form checks its own token, so that a lost one does not lose the words
def record() -> ResponseReturnValue:
    """More rows, or the slips; or the list with everything typed and what is wrong."""
    form = MeetingForm()
    if "more" in request.form:
        form.lengthen(ROWS)
        return _page(form)
    if not form.validate():
        return _page(form), 422
    try:
        with write_unit():
            receipts = record_meeting(
                current_actor(),
                form.sent(),
                form.reports(),
                raw_key=form.idempotency_key.data,
                locale=choose(),
            )
    except (Invalid, BadRequest) as refused:
        form.tell(refused)
        return _page(form), 422
    created = any(receipt.created for receipt in receipts.values())
    return _slips(form, receipts), 201 if created else 200


def _page(form: MeetingForm) -> str:
    form.unit.choices = [
        (f"{unit.code_system}:{unit.code}", unit_name(unit)) for unit in _communes()
    ]
    form.offer(_categories())
    consent = consent_in_force()
    return render_template(
        "reporting/meeting.html",
        form=form,
        consent_words=consent.words_en if choose() == "en" else consent.words,
        wrong_rows=[number for number, entry in enumerate(form.rows) if entry.form.errors],
    )


def _communes() -> list[Unit]:
    """Communes in force, those of the actor first."""
    own = current_actor().units_for(SUBMIT_ON_BEHALF)
    return sorted(served_communes(today_local()), key=lambda unit: unit.id not in own)


def _categories() -> list[tuple[str, str]]:
    """The pictures and what stands directly below: a list on paper is no finer."""
    found = []
    for picture in pictures():
        found.append((picture.code, picture.label.in_language(choose())))
        found += [
            (node.code, f"– {node.label.in_language(choose())}") for node in children(picture.code)
        ]
    return found


def _slips(form: MeetingForm, receipts: dict[int, Receipt]) -> str:
    slips = [
        Slip(
            number=place + 1,
            name=form.rows[number].form.name.data,
            report=receipt.report,
            code=grouped(receipt.tracking_code) if receipt.tracking_code else None,
            qr=code_picture("/tra-cuu", receipt.tracking_code) if receipt.tracking_code else None,
        )
        for place, (number, receipt) in enumerate(receipts.items())
    ]
    return render_template(
        "reporting/slips.html",
        slips=slips,
        meeting=form.sent(),
        address=public_address("/tra-cuu").partition("://")[2],
    )
