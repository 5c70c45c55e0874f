"""``/api/v1/reports``: sending, photos, following, for phones that may be offline for days."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import request

from webapp.core.errors import Invalid
from webapp.core.text import _
from webapp.core.unit_of_work import write_unit
from webapp.directory.models import Unit
from webapp.media.operations import examine
from webapp.reporting import operations
from webapp.reporting.following import SenderView, view_for_sender
from webapp.reporting.models import Report
from webapp.reporting.operations import (
    examine_voice,
    listed_photo,
    receive_photo,
    receive_voice,
)
from webapp.reporting.photos import state_for_sender
from webapp.reporting.placing import former_unit
from webapp.reporting.queries import place_of, report_by_tracking_code
from webapp.reporting.schemas import (
    ConfirmationBody,
    FollowAnswer,
    IdentityWithdrawalBody,
    InformationBody,
    LocationBody,
    LostCodeAnswer,
    LostCodeBody,
    NothingBody,
    PhotoAnswer,
    PlaceAnswer,
    RatingBody,
    ReceiptAnswer,
    ReportBody,
    VoiceAnswer,
    WordsBody,
    photos_of,
    submission_of,
)
from webapp.reporting.standing import first_look
from webapp.reporting.submission import SentPlace
from webapp.reporting.tracking import claim_by_tracking_code
from webapp.reporting.views.limits import lost_codes, wrong_codes
from webapp.reporting.views.sending import send
from webapp.reporting.voice import listed_voice
from webapp.web.api import KEY_HEADER, PREFIX, ApiBlueprint
from webapp.web.guards import by_code, public
from webapp.web.locale import choose, translated

bp = ApiBlueprint("reports_api", __name__, description="Gửi và theo dõi phản ánh")

_CODE: dict[str, Any] = {
    "in": "header",
    "name": "X-Tracking-Code",
    "required": True,
    "schema": {"type": "string"},
}
_DEVICE: dict[str, Any] = {"in": "header", "name": "X-Device-Token", "schema": {"type": "string"}}
_PROOF: dict[str, Any] = {"in": "header", "name": "X-Proof", "schema": {"type": "string"}}
LOST_CODE_ANSWER = _(
    "Nếu có phản ánh để lại số hay thư này, mã mới sẽ được gửi đến đó trong ít phút."
)
_SOUND = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}
_BYTES = {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}

Answer = tuple[dict[str, Any], int]
Act = Callable[[Report, str | None], None]


@bp.post("/reports")
@public
@bp.doc(parameters=[KEY_HEADER, _DEVICE, _PROOF])
@bp.arguments(ReportBody)
@bp.response(201, ReceiptAnswer)
@bp.alt_response(200, schema=ReceiptAnswer, description="The same report was sent before")
@bp.alt_response(429, description="Later, or with X-Proof: type proof-required has a challenge")
def post_report(body: dict[str, Any]) -> Answer:
    """Send a report, once per Idempotency-Key."""
    receipt = send(submission_of(body), request.headers.get("Idempotency-Key"))
    answer = receipt_json(receipt.report) | {
        "tracking_code": receipt.tracking_code,
        "received_at": receipt.report.received_at,
        "next_step": translated(first_look(receipt.report, receipt.front)),
    }
    return answer, 201 if receipt.created else 200


@bp.put("/reports/<report_code>/photos/<sha256>")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE], requestBody=_BYTES)
@bp.response(201, PhotoAnswer)
@bp.alt_response(200, schema=PhotoAnswer, description="The photo was there already")
def put_photo(report_code: str, sha256: str) -> Answer:
    """Send the bytes of a listed photo, under X-Tracking-Code."""
    code = request.headers.get("X-Tracking-Code")
    photo = listed_photo(report_by_tracking_code(code, report_code=report_code), sha256)
    content = request.get_data(cache=False)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Invalid(_("Ảnh gửi lên không khớp với ảnh đã khai."), kind="hash-mismatch")
    created = False
    if photo.state == "wanted":
        received = examine(content)
        with write_unit():
            report = claim_by_tracking_code(code, report_code=report_code)
            created = receive_photo(report, received, sha256=sha256)
            photo = listed_photo(report, sha256)
    return photo_json(report_code, sha256, state_for_sender(photo)), 201 if created else 200


@bp.put("/reports/<report_code>/voice/<sha256>")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE], requestBody=_SOUND)
@bp.response(201, VoiceAnswer)
@bp.alt_response(200, schema=VoiceAnswer, description="The voice note was there already")
def put_voice(report_code: str, sha256: str) -> Answer:
    """Send the bytes of the listed voice note, under X-Tracking-Code."""
    code = request.headers.get("X-Tracking-Code")
    note = listed_voice(report_by_tracking_code(code, report_code=report_code), sha256)
    content = request.get_data(cache=False)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Invalid(_("Ghi âm gửi lên không khớp với ghi âm đã khai."), kind="hash-mismatch")
    created = False
    if note.state == "wanted":
        received = examine_voice(content)
        with write_unit():
            report = claim_by_tracking_code(code, report_code=report_code)
            created = receive_voice(report, received)
    return voice_json(report_code, sha256, "stored"), 201 if created else 200


@bp.get("/reports/<report_code>")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE])
@bp.response(200, FollowAnswer)
def get_report(report_code: str) -> dict[str, Any]:
    """How the report stands, under X-Tracking-Code."""
    code = request.headers.get("X-Tracking-Code")
    return follow_json(view_for_sender(report_by_tracking_code(code, report_code=report_code)))


@bp.post("/reports/<report_code>/information")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE, KEY_HEADER])
@bp.arguments(InformationBody)
@bp.response(200, FollowAnswer)
def post_information(body: dict[str, Any], report_code: str) -> dict[str, Any]:
    """Answer the Front's question, or add evidence."""
    words, photos = body.get("words"), photos_of(body["photos"])
    return _act(
        report_code,
        lambda report, key: operations.add_information(
            report, words=words, photos=photos, raw_key=key
        ),
    )


@bp.post("/reports/<report_code>/withdrawal")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE, KEY_HEADER])
@bp.arguments(NothingBody)
@bp.response(200, FollowAnswer)
def post_withdrawal(body: dict[str, Any], report_code: str) -> dict[str, Any]:
    """Take the report back."""
    return _act(report_code, lambda report, key: operations.withdraw(report, raw_key=key))


@bp.post("/reports/<report_code>/identity-withdrawal")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE, KEY_HEADER])
@bp.arguments(IdentityWithdrawalBody)
@bp.response(200, FollowAnswer)
def post_identity_withdrawal(body: dict[str, Any], report_code: str) -> dict[str, Any]:
    """Remove name, contact and chosen photos for good."""
    return _act(
        report_code,
        lambda report, key: operations.withdraw_identity(
            report, photos=body["photos"], raw_key=key
        ),
    )


@bp.post("/reports/<report_code>/confirmation")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE, KEY_HEADER])
@bp.arguments(ConfirmationBody)
@bp.response(200, FollowAnswer)
def post_confirmation(body: dict[str, Any], report_code: str) -> dict[str, Any]:
    """Say whether the matter is fixed; the photo's bytes follow by PUT."""
    photos = photos_of(body.pop("photos"))
    return _act(
        report_code,
        lambda report, key: operations.confirm_fix(report, raw_key=key, photos=photos, **body),
    )


@bp.post("/reports/<report_code>/rating")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE, KEY_HEADER])
@bp.arguments(RatingBody)
@bp.response(200, FollowAnswer)
def post_rating(body: dict[str, Any], report_code: str) -> dict[str, Any]:
    """Say how content one is with what came out."""
    words = body.get("words")
    return _act(
        report_code,
        lambda report, key: operations.rate(report, mark=body["mark"], words=words, raw_key=key),
    )


@bp.post("/reports/<report_code>/reprisal")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE, KEY_HEADER])
@bp.arguments(WordsBody)
@bp.response(200, FollowAnswer)
def post_reprisal(body: dict[str, Any], report_code: str) -> dict[str, Any]:
    """Tell the province Front and the auditor of threats because of the report."""
    return _act(
        report_code, lambda report, key: operations.report_reprisal(report, raw_key=key, **body)
    )


@bp.post("/reports/<report_code>/reconsideration")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE, KEY_HEADER])
@bp.arguments(WordsBody)
@bp.response(200, FollowAnswer)
def post_reconsideration(body: dict[str, Any], report_code: str) -> dict[str, Any]:
    """Ask the Front to look again at a report it did not take."""
    return _act(
        report_code,
        lambda report, key: operations.ask_reconsideration(report, raw_key=key, **body),
    )


@bp.post("/reports/<report_code>/reopening")
@by_code
@wrong_codes
@bp.doc(parameters=[_CODE, KEY_HEADER])
@bp.arguments(WordsBody)
@bp.response(200, FollowAnswer)
def post_reopening(body: dict[str, Any], report_code: str) -> dict[str, Any]:
    """Ask the Front to open a finished case again."""
    return _act(
        report_code, lambda report, key: operations.ask_reopening(report, raw_key=key, **body)
    )


@bp.post("/lost-code")
@public
@lost_codes
@bp.arguments(LostCodeBody)
@bp.response(202, LostCodeAnswer)
def post_lost_code(body: dict[str, Any]) -> dict[str, Any]:
    """Have a new code sent to what was left; the answer is the same for everybody."""
    with write_unit():
        operations.ask_new_code(phone=body.get("phone"), email=body.get("email"))
    return {"detail": translated(LOST_CODE_ANSWER)}


@bp.post("/place")
@public
@bp.arguments(LocationBody)
@bp.response(200, PlaceAnswer)
def post_place(body: dict[str, Any]) -> dict[str, Any]:
    """The unit at a place, null outside the served area. Nothing is stored."""
    try:
        placed = place_of(SentPlace(**body))
    except Invalid as refused:
        if refused.kind != "outside-area":
            raise
        return {"unit": None, "doubtful": False, "former": None, "former_doubtful": False}
    former = former_unit(placed)
    return {
        "unit": unit_json(placed.unit),
        "doubtful": placed.doubtful,
        "former": unit_json(former.unit) if former else None,
        "former_doubtful": former.doubtful if former else False,
    }


def _act(report_code: str, act: Act) -> dict[str, Any]:
    code = request.headers.get("X-Tracking-Code")
    with write_unit():
        operations.adopt_new_code(code)
        report = claim_by_tracking_code(code, report_code=report_code)
        act(report, request.headers.get("Idempotency-Key"))
    return follow_json(view_for_sender(report))


def receipt_json(report: Report) -> dict[str, Any]:
    """What sending and following have in common."""
    return {
        "report_code": report.code,
        "state": report.state,
        "unit": unit_json(report.handling_unit),
        "photos": [
            photo_json(report.code, each.photo.sha256, state_for_sender(each.photo))
            for each in report.photos
        ],
        "voice": voice_json(report.code, report.voice.sha256, report.voice.state)
        if report.voice
        else None,
    }


def follow_json(view: SenderView) -> dict[str, Any]:
    """The report as its sender may see it; the tracking code is not repeated."""
    return receipt_json(view.report) | {
        "state": view.state,
        "state_label": translated(view.label),
        "sentence": translated(view.sentence),
        "category": view.report.category,
        "received_at": view.report.received_at,
        "question": view.question,
        "case_code": view.case.code if view.case and view.case.public_since else None,
        "timeline": [
            {
                "at": line.at,
                "voice": line.voice,
                "text": translated(line.text),
                "detail": line.detail,
            }
            for line in view.lines
        ],
        "possible": sorted(view.may),
        "rating": view.rating.mark if view.rating else None,
        "waiting": sorted(view.waiting),
    }


def photo_json(report_code: str, sha256: str, state: str) -> dict[str, Any]:
    """A listed photo with where its bytes are put."""
    url = f"{PREFIX}/reports/{report_code}/photos/{sha256}"
    return {"sha256": sha256, "state": state, "url": url}


def voice_json(report_code: str, sha256: str, state: str) -> dict[str, Any]:
    """The listed voice note with where its bytes are put."""
    url = f"{PREFIX}/reports/{report_code}/voice/{sha256}"
    return {"sha256": sha256, "state": state, "url": url}


def unit_json(unit: Unit) -> dict[str, Any]:
    """A unit with its name in the language of the request."""
    name = unit.name_en if choose() == "en" else unit.name
    return {"code_system": unit.code_system, "code": unit.code, "name": name}
