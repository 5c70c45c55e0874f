"""``/gui-phan-anh``: the report form and the receipt."""

import io
import uuid

import segno
from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from geo.points import PointError, parse_point
from webapp.cases.categories import Category, category, children, pictures
from webapp.config import Settings
from webapp.core.clock import today_local
from webapp.core.codes import grouped
from webapp.core.errors import BadRequest, Invalid
from webapp.core.text import _
from webapp.core.unit_of_work import write_unit
from webapp.directory.queries import served_communes, served_provinces
from webapp.extensions import csrf
from webapp.media.decoding import read_photo_facts
from webapp.reporting.following import first_look
from webapp.reporting.forms import ReportForm
from webapp.reporting.operations import Receipt, submit_report
from webapp.reporting.permissions import SUBMIT_ON_BEHALF
from webapp.reporting.queries import consent_in_force, consent_of, place_of
from webapp.reporting.submission import SentPlace
from webapp.reporting.views.admission import admit, give_device_cookie
from webapp.reporting.views.uploads import Uploads, store_uploads, take_uploads, token_of
from webapp.web.current_actor import current_actor
from webapp.web.guards import public
from webapp.web.locale import choose, translated

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
    return _page(form, Uploads((), (), ()))


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
        return _page(form, uploads), 422
    try:
        receipt = _send(form, uploads)
    except (Invalid, BadRequest) as refused:
        form.tell(refused)
        return _page(form, uploads), 422
    return _receipt_page(receipt), 201 if receipt.created else 200


def _send(form: ReportForm, uploads: Uploads) -> Receipt:
    submission = form.submission(uploads.listed(), _place(form, uploads))
    admission = admit(form.idempotency_key.data, without_script=True)
    with write_unit():
        receipt = submit_report(
            current_actor(),
            submission,
            raw_key=form.idempotency_key.data,
            locale=choose(),
            unchecked=admission.unchecked,
        )
        store_uploads(receipt.report, uploads)
    if receipt.created:
        admission.count()
    return receipt


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


def _page(form: ReportForm, uploads: Uploads) -> str:
    today = today_local()
    consent = consent_of(form.consent_version.data or "") or consent_in_force()
    form.consent_version.data = consent.version
    provinces = {unit.id: unit for unit in served_provinces(today)}
    units = [(provinces[unit.parent_id], unit) for unit in served_communes(today) if unit.parent_id]
    return render_template(
        "reporting/form.html",
        form=form,
        pictures=pictures(),
        details=[(picture, children(picture.code)) for picture in pictures()],
        children=children,
        units=units,
        consent_words=consent.words_en if choose() == "en" else consent.words,
        kept=[token_of(photo, form.idempotency_key.data or "") for photo in uploads.received],
        for_others=current_actor().may(SUBMIT_ON_BEHALF),
        pinned=_pinned(form),
    )


def _pinned(form: ReportForm) -> bool:
    try:
        parse_point(form.lon.data, form.lat.data)
    except PointError:
        return False
    return True


def _receipt_page(receipt: Receipt) -> str:
    report = receipt.report
    code = receipt.tracking_code
    node: Category = category(report.category)
    return render_template(
        "reporting/receipt.html",
        report=report,
        node=node,
        again=not receipt.created,
        code=grouped(code) if code else None,
        qr=_qr(code) if code else None,
        first_look=first_look(report),
    )


def _qr(code: str) -> Markup:
    """The follow page as a QR code; the code stands in the fragment, which no server ever sees."""
    settings: Settings = current_app.extensions["matxanh_settings"]
    root = settings.public_url.rstrip("/") or request.host_url.rstrip("/")
    out = io.BytesIO()
    segno.make(f"{root}/tra-cuu#{code}", error="m").save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, svgclass="mx-qr", nl=False
    )
    # Drawn by the library from our own address and a code of 16 known characters.
    return Markup(out.getvalue().decode())  # noqa: S704
