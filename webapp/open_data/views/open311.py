"""``/open311/v2``: GeoReport v2 in JSON and XML, errors in its own shape.

Every answer is the same for everybody; a program that sends reports shows its key in the form.
"""

import logging
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from webapp.cases.categories import UnknownCategory
from webapp.core.codes import digest
from webapp.core.errors import BadRequest, DomainError, NotFound, TooLarge
from webapp.core.text import Text, _
from webapp.core.unit_of_work import write_unit
from webapp.extensions import csrf, limiter
from webapp.media.operations import ReceivedPhoto, discard, examine
from webapp.open_data import georeport
from webapp.open_data.operations.keys import key_for
from webapp.open_data.operations.partner_reports import case_code_of, take_report
from webapp.open_data.queries.cases import cases, one_case
from webapp.open_data.schemas import partner_submission, requests_question
from webapp.open_data.xml_writer import xml_bytes
from webapp.reporting.checking import MAX_PHOTO_BYTES, MAX_PHOTOS
from webapp.reporting.submission import ListedPhoto
from webapp.reporting.views.limits import address
from webapp.web.errors import RETRY_AFTER, STATUS
from webapp.web.guards import public
from webapp.web.locale import choose, translated
from webapp.web.shared_answers import shared

SCOPE = "open311.write"
bp = shared(Blueprint("open311", __name__, url_prefix="/open311/v2"))
csrf.exempt(bp)  # no cookie is read here: the key in the form says who sends

_PRIVATE = "private, no-store"
_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# The names of the specification for what our own rules call otherwise.
_NAMES = {
    "category": "service_code",
    "location": "lat, long",
    "unit": "address_id",
    "place_note": "address_string",
    "photos": "media",
    "contact.name": "first_name, last_name",
    "contact.phone": "phone",
    "contact.email": "email",
}
log = logging.getLogger(__name__)


def _created(response: Response) -> bool:
    return response.status_code == 201


def _refused(response: Response) -> bool:
    return response.status_code == 403


def _key_digest() -> str:
    return digest("limit.api_key", request.values.get("api_key", "")[:100])


_new_requests = limiter.shared_limit(
    "600 per hour", scope="open311.key", key_func=_key_digest, deduct_when=_created
)
_wrong_keys = limiter.shared_limit(
    "30 per 10 minutes", scope="open311.wrong", key_func=address, deduct_when=_refused
)


@bp.get("/discovery", defaults={"suffix": ""})
@bp.get("/discovery.<any(json,xml):suffix>")
@public
def discovery(suffix: str) -> Response:
    """Where the service is and what it speaks."""
    return _answer("discovery", georeport.discovery())


@bp.get("/services", defaults={"suffix": ""})
@bp.get("/services.<any(json,xml):suffix>")
@public
def services(suffix: str) -> Response:
    """Every category that a report may be sent for."""
    return _answer("services", georeport.services())


@bp.get("/services/<name>")
@public
def definition(name: str) -> Response:
    """What may be said about a report of one category."""
    code = _bare(name)
    try:
        return _answer("service_definition", georeport.definition(code))
    except UnknownCategory as error:
        raise NotFound(_("Không có service_code %(code)s.", code=code)) from error


@bp.get("/requests", defaults={"suffix": ""})
@bp.get("/requests.<any(json,xml):suffix>")
@public
def requests(suffix: str) -> Response:
    """Public cases, the newest first; 90 days and 1000 rows unless asked otherwise."""
    found = cases(*requests_question(request.args))
    shape = [georeport.request_of(case, extended=_extended()) for case in found]
    return _answer("service_requests", shape)


@bp.get("/requests/<name>")
@public
def one_request(name: str) -> Response:
    """One public case, as an array of one."""
    case = one_case(_bare(name))
    return _answer("service_requests", [georeport.request_of(case, extended=_extended())])


@bp.get("/tokens/<name>")
@public
def token(name: str) -> Response:
    """The case of a token: its number, empty until the case is public."""
    bare = _bare(name)
    answer = _answer(
        "service_requests", [{"service_request_id": case_code_of(bare), "token": bare}]
    )
    answer.headers["Cache-Control"] = _PRIVATE
    return answer


@bp.post("/requests", defaults={"suffix": ""})
@bp.post("/requests.<any(json,xml):suffix>")
@public
@_new_requests
@_wrong_keys
def post_request(suffix: str) -> Response:
    """Take a partner's report and answer its token; the same one again answers the same token."""
    key = key_for(request.values.get("api_key"), SCOPE)
    photos = _media()
    try:
        listed = [ListedPhoto(photo.sha256, photo.size, photo.mime) for photo in photos]
        submission = partner_submission(request.form, listed)
        with write_unit():
            taken = take_report(key, submission, photos, locale=choose())
    except DomainError:
        for photo in photos:
            discard(photo)
        raise
    shape = {"token": taken.token, "service_notice": None, "account_id": None}
    answer = _answer("service_requests", [shape], 201 if taken.created else 200)
    answer.headers["Cache-Control"] = _PRIVATE
    return answer


@bp.route("/", defaults={"rest": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@bp.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@public
def nothing(rest: str) -> ResponseReturnValue:
    """Whatever else is asked below the endpoint."""
    raise NotFound


def _media() -> tuple[ReceivedPhoto, ...]:
    """The files that came along, checked and sealed."""
    chosen = [file for _name, file in request.files.items(multi=True) if file.filename]
    if len(chosen) > MAX_PHOTOS:
        raise BadRequest(_("Mỗi phản ánh nhận nhiều nhất %(n)s ảnh.", n=MAX_PHOTOS))
    received: list[ReceivedPhoto] = []
    try:
        for file in chosen:
            received.append(examine(file.read(MAX_PHOTO_BYTES + 1)))
    except DomainError:
        for photo in received:
            discard(photo)
        raise
    return tuple(received)


def _extended() -> bool:
    return request.args.get("extensions", "").lower() in {"true", "1"}


def _bare(name: str) -> str:
    return name.removesuffix(".json").removesuffix(".xml")


def _format() -> str:
    if request.path.endswith(".xml"):
        return "xml"
    wants = request.accept_mimetypes.best_match(
        ["application/json", "text/xml", "application/xml"], "application/json"
    )
    return "xml" if not request.path.endswith(".json") and "xml" in wants else "json"


def _answer(name: str, shape: Any, status: int = 200) -> Response:
    form = _format()
    body = orjson.dumps(shape) if form == "json" else xml_bytes(name, shape, georeport.ITEMS)
    answer = Response(body, status, content_type=_TYPES[form])
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _errors(status: int, descriptions: list[str]) -> Response:
    shape = [{"code": status, "description": words} for words in descriptions]
    answer = _answer("errors", shape, status)
    answer.headers["Cache-Control"] = "no-store"
    if status in RETRY_AFTER:
        answer.headers["Retry-After"] = RETRY_AFTER[status]
    return answer


@bp.errorhandler(DomainError)
def _domain(error: DomainError) -> Response:
    """400 for whatever is wrong in the request, the specification's own codes for the rest."""
    status = STATUS.get(type(error), 400)
    fields: Mapping[str, Text] = error.fields
    told = [f"{_NAMES.get(name, name)}: {translated(words)}" for name, words in fields.items()]
    known = status if status in {403, 404, 409, 413, 415, 507} else 400
    return _errors(known, told or [translated(error.detail)])


@bp.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status == 429:
        return _errors(status, [translated(_("Gửi quá nhanh. Xin đợi một lát rồi gửi lại."))])
    if status == 413:
        return _domain(TooLarge(_("Tệp quá lớn.")))
    return _errors(status, [translated(_("Yêu cầu không đọc được."))])


@bp.errorhandler(OperationalError)
def _database(error: OperationalError) -> Response:
    log.error("database did not answer: %s", type(error.orig).__name__)
    return _errors(503, [translated(_("Máy chủ tạm ngừng. Xin thử lại sau ít phút."))])


@bp.errorhandler(Exception)
def _unexpected(error: Exception) -> Response:
    reference = uuid.uuid4().hex[:12]
    log.exception("unexpected error %s", reference)
    return _errors(500, [translated(_("Máy chủ gặp lỗi, mã %(code)s.", code=reference))])
