"""``/gui-phan-anh``: the report form, the other doors, and the receipt."""

import uuid

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from webapp.cases.categories import Category, category
from webapp.core.codes import grouped
from webapp.core.errors import BadRequest, Invalid, NotFound, TooMany
from webapp.core.text import _
from webapp.extensions import csrf
from webapp.media.decoding import read_photo_facts
from webapp.reporting.doors import door_of, doors
from webapp.reporting.forms import ReportForm
from webapp.reporting.operations import Receipt
from webapp.reporting.private_words import Finding, found_in
from webapp.reporting.queries import consent_in_force, place_of
from webapp.reporting.standing import first_look
from webapp.reporting.submission import SentPlace
from webapp.reporting.views.admission import give_device_cookie
from webapp.reporting.views.form_page import form_page
from webapp.reporting.views.sending import send
from webapp.reporting.views.uploads import Uploads, store_uploads, take_uploads
from webapp.web.code_picture import code_picture
from webapp.web.current_actor import current_actor
from webapp.web.guards import public
from webapp.web.locale import translated
from webapp.web.panels import render_panels

bp = Blueprint("reporting", __name__)
bp.after_request(give_device_cookie)

_PHOTO_ELSEWHERE = _(
    "Ảnh chụp ở nơi ngoài địa bàn, nên vị trí trong ảnh không dùng được. "
    "Xin lấy vị trí điện thoại, ghim bản đồ, hoặc chọn xã và ghi rõ nơi."
)


@bp.get("/gui-phan-anh")
@public
def new_report() -> ResponseReturnValue:
    """The empty form."""
    form = ReportForm(idempotency_key=str(uuid.uuid4()), consent_version=consent_in_force().version)
    return form_page(form, Uploads((), (), ()))


@bp.post("/gui-phan-anh")
@public
@csrf.exempt  # the form checks its own token, so that a lost one does not lose the words
def send_report() -> ResponseReturnValue:
    """Send it: the receipt, or the form with everything typed and what is wrong."""
    form = ReportForm()
    key = form.idempotency_key.data or ""
    uploads = take_uploads(form.photos.data or (), request.form.getlist("kept_photo"), key)
    if not form.validate() or uploads.refusals:
        form.photos.errors = [*form.photos.errors, *map(translated, uploads.refusals)]
        return form_page(form, uploads), 422
    if not form.words_checked.data and _private_words(form):
        form.words_checked.data = "y"  # told once; sent again it goes as it is
        return form_page(form, uploads, private=_private_words(form)), 422
    try:
        receipt = _send(form, uploads)
    except (Invalid, BadRequest) as refused:
        form.tell(refused)
        return form_page(form, uploads), 422
    except TooMany as refused:
        form.tell(refused)
        return form_page(form, uploads), 429, {"Retry-After": str(refused.retry_after)}
    return _receipt_page(receipt, key), 201 if receipt.created else 200


@bp.get("/gui-phan-anh/<slug>")
@public
def other_door(slug: str) -> str:
    """Where to go with what is no matter of this form; nothing is sent from here."""
    door = door_of(slug)
    if door is None:
        raise NotFound
    return render_template("reporting/door.html", door=door, doors=doors())


def _private_words(form: ReportForm) -> list[Finding]:
    """What the words tell of persons, for who sends without the script that warns at once."""
    return [*found_in(form.description.data), *found_in(form.place_note.data)]


def _send(form: ReportForm, uploads: Uploads) -> Receipt:
    submission = form.submission(uploads.listed(), _place(form, uploads))
    return send(
        submission,
        form.idempotency_key.data,
        without_script=True,
        beside=lambda report: store_uploads(report, uploads),
    )


def _place(form: ReportForm, uploads: Uploads) -> SentPlace | None:
    """The point of the form; without point and unit that of a photo taken in the served area."""
    place = form.place()
    if place is not None or form.unit.data:
        return place
    found = [facts.place for facts in map(read_photo_facts, uploads.contents) if facts.place]
    for point in found:
        sent = SentPlace(point.lon, point.lat, None, "photo")
        try:
            place_of(sent)
        except Invalid:
            continue
        return sent
    if found:
        raise Invalid(_PHOTO_ELSEWHERE, fields={"location": _PHOTO_ELSEWHERE})
    return None


def _receipt_page(receipt: Receipt, key: str) -> str:
    """The receipt; by ``key`` the phone finds what it had kept of this report, and lets it go."""
    report = receipt.report
    code = receipt.tracking_code
    node: Category = category(report.category)
    return render_template(
        "reporting/receipt.html",
        report=report,
        key=key,
        node=node,
        again=not receipt.created,
        code=grouped(code) if code else None,
        qr=code_picture("/tra-cuu", code) if code else None,
        first_look=first_look(report, receipt.front),
        panels=render_panels("receipt", current_actor(), report),
    )
