"""Reading what other programs ask and send: days, boxes, pages, an Open311 report."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from geo.points import Bbox, PointError, parse_bbox
from webapp.cases.categories import UnknownCategory
from webapp.cases.workflow import LISTED
from webapp.core import clock
from webapp.core.errors import BadRequest, Invalid, NotFound
from webapp.core.text import _
from webapp.open_data.operations.partner_reports import CHANNEL
from webapp.open_data.queries.filters import CaseFilter, Slice, categories_within
from webapp.open_data.time_spans import read_instant
from webapp.reporting.submission import Contact, ListedPhoto, SentPlace, Submission, UnitKey

SPAN = timedelta(days=90)
MAX_ROWS = 1000
MAX_PAGE = 10_000
_MAX_CODES = 1000
_MAX_URL = 500
_STATUS = {"open": LISTED - {"closed"}, "closed": frozenset({"closed"})}


def requests_question(query: Mapping[str, str]) -> tuple[CaseFilter, Slice]:
    """What ``GET requests`` asks for. Raises BadRequest, NotFound for an unknown service."""
    rows, page = (
        _number(query, "page_size", MAX_ROWS, MAX_ROWS),
        _number(query, "page", 1, MAX_PAGE),
    )
    part = Slice(rows, offset=(page - 1) * rows, newest_first=True)
    codes = _words(query.get("service_request_id"))
    if codes:
        return CaseFilter(codes=frozenset(codes[:_MAX_CODES])), part
    first, last = _span(query)
    asked = CaseFilter(
        categories=_services(query.get("service_code")),
        states=_states(query.get("status")),
        first_day=first,
        last_day=last,
        bbox=box(query.get("bbox")),
        with_photos=query.get("media", "").lower() in {"true", "1"},
    )
    return asked, part


def box(text: str | None) -> Bbox | None:
    """A box ``west,south,east,north``; six numbers are taken without their heights.

    Raises BadRequest.
    """
    if not text:
        return None
    numbers = text.split(",")
    if len(numbers) == 6:
        numbers = [*numbers[0:2], *numbers[3:5]]
    try:
        return parse_bbox(",".join(numbers))
    except PointError as error:
        raise BadRequest(_("bbox gồm bốn số: tây,nam,đông,bắc (WGS84).")) from error


def day_from(at: datetime) -> date:
    """The first local day that begins at or after this instant."""
    local = clock.local(at)
    starts_here = local.time() == datetime.min.time()
    return local.date() if starts_here else local.date() + timedelta(days=1)


def _span(query: Mapping[str, str]) -> tuple[date, date]:
    """The days asked for; the last 90 by default. Raises BadRequest for more than 90."""
    start, end = query.get("start_date"), query.get("end_date")
    first = day_from(read_instant(start, "start_date")) if start else None
    last = clock.local(read_instant(end, "end_date")).date() if end else None
    if first is None:
        last = last or clock.today_local()
        first = last - SPAN
    last = last or first + SPAN
    if last - first > SPAN:
        raise BadRequest(_("start_date và end_date cách nhau nhiều nhất 90 ngày."))
    return first, last


def _services(text: str | None) -> frozenset[str]:
    try:
        return categories_within(_words(text))
    except UnknownCategory as error:
        raise NotFound(_("Không có service_code %(code)s.", code=str(error))) from error


def _states(text: str | None) -> frozenset[str]:
    asked = _words(text)
    if set(asked) - set(_STATUS):
        raise BadRequest(_("status là open hoặc closed."))
    return frozenset().union(*(_STATUS[each] for each in asked))


def _words(text: str | None) -> list[str]:
    return [word.strip() for word in (text or "").split(",") if word.strip()]


def _number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name)
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and int(text) > 0):
        raise BadRequest(_("%(name)s là số nguyên dương.", name=name))
    return min(int(text), most)


def partner_submission(form: Mapping[str, str], photos: Iterable[ListedPhoto]) -> Submission:
    """The report in an Open311 form. device_id and account_id are not read.

    The partner answers for the sender's consent (their key was given on that word). Raises Invalid.
    """
    name = " ".join(filter(None, (form.get("first_name"), form.get("last_name"))))
    return Submission(
        category=form.get("service_code", ""),
        consent=True,
        nature=form.get("attribute[nature]") or None,
        description=_description(form),
        observed_at=_observed_at(form.get("attribute[observed_at]")),
        location=_location(form),
        unit=_unit(form),
        place_note=form.get("address_string") or None,
        households_affected=_households(form.get("attribute[households_affected]")),
        contact=Contact(name or None, form.get("phone") or None, form.get("email") or None),
        channel=CHANNEL,
        photos=tuple(photos),
    )


def _location(form: Mapping[str, str]) -> SentPlace | None:
    lat, lon = form.get("lat"), form.get("long")
    return SentPlace(lon or "", lat or "", None, "map") if lat or lon else None


def _unit(form: Mapping[str, str]) -> UnitKey | None:
    """The unit of ``address_id``, used when no point was sent."""
    system, _colon, code = form.get("address_id", "").partition(":")
    return UnitKey(system, code) if system and code else None


def _description(form: Mapping[str, str]) -> str | None:
    """The words, and the address of a picture elsewhere, which the server never opens itself."""
    words, url = form.get("description", "").strip(), form.get("media_url", "").strip()
    if not url:
        return words or None
    if urlsplit(url).scheme not in {"http", "https"} or len(url) > _MAX_URL:
        raise _wrong("media_url", _("media_url phải là địa chỉ http hoặc https."))
    return f"{words}\n{_('Ảnh ở nơi khác: %(url)s', url=url)}".strip()


def _observed_at(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return read_instant(text, "observed_at")
    except BadRequest as error:
        raise _wrong("observed_at", error.detail) from error


def _households(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise _wrong("households_affected", _("Số hộ là số nguyên."))
    return int(text)


def _wrong(name: str, words: object) -> Invalid:
    return Invalid(words, fields={name: words})  # type: ignore[arg-type,dict-item]
