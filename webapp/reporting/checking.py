"""The rules a report must keep before anything is stored, each told beside its field."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, select

from webapp.cases.categories import Category, UnknownCategory, category
from webapp.core import clock
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.reporting.models import ConsentText
from webapp.reporting.placing import Placed, place
from webapp.reporting.submission import Contact, ListedPhoto, Submission
from webapp.reporting.wording import cleaned, invalid
from webapp.reporting.workflow import CHANNELS, LANGUAGES, NATURES

DESCRIPTION_LIMIT = 4000
PLACE_LIMIT = 300
NAME_LIMIT = 120
PHONE_LIMIT = 20
EMAIL_LIMIT = 160
MAX_PHOTOS = 5
MAX_PHOTO_BYTES = 15 * 1024 * 1024
MAX_HOUSEHOLDS = 100_000
OLDEST_DAYS = 90
PHOTO_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")

_CLOCK_SLACK = timedelta(minutes=15)
_FIRST, _LAST = datetime(1900, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PHONE = re.compile(r"\+?[0-9]{8,15}")
_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_TEXT: Any = ConsentText.__table__
_IN_FORCE = (
    select(_TEXT.c.version)
    .where(_TEXT.c.valid_from <= bindparam("today"))
    .order_by(_TEXT.c.valid_from.desc())
    .limit(1)
)
_CONSENT = select(ConsentText).where(ConsentText.version == _IN_FORCE.scalar_subquery())
_CHOICE = _("Lựa chọn này không có. Xin chọn trong danh sách.")

Value = TypeVar("Value")


@dataclass(frozen=True)
class Checked:
    """A report that keeps every rule, its words cleaned, its place decided."""

    sent: Submission
    node: Category
    placed: Placed
    observed_at: datetime | None
    observed_doubtful: bool
    consent_version: str
    photos: tuple[ListedPhoto, ...]


class _Findings:
    """Gathers what is wrong, so that the sender mends everything at once."""

    def __init__(self) -> None:
        self.fields: dict[str, Text] = {}
        self.kind: str | None = None

    def ask(self, rule: Callable[[], Value]) -> Value | None:
        try:
            return rule()
        except Invalid as wrong:
            self.fields.update(wrong.fields)
            self.kind = wrong.kind if wrong.kind != Invalid.kind else self.kind
            return None

    def refuse(self) -> None:
        if self.fields:
            raise Invalid(_("Còn chỗ cần sửa."), kind=self.kind, fields=self.fields)


def check(sent: Submission) -> Checked:
    """Clean and check everything. Raises Invalid with every wrong field at once."""
    found = _Findings()
    tidy = found.ask(lambda: tidied(sent)) or sent
    node = found.ask(lambda: _category(tidy.category))
    placed = found.ask(lambda: place(tidy))
    photos = found.ask(lambda: checked_photos(tidy.photos))
    observed = found.ask(lambda: _observed_at(tidy.observed_at))
    consent = found.ask(lambda: _consent(tidy))
    found.ask(lambda: _description(tidy))
    found.ask(lambda: _choices(tidy))
    found.ask(lambda: _households(tidy.households_affected))
    found.refuse()
    if node is None or placed is None or photos is None or consent is None:
        raise AssertionError("a rule refused without saying where")
    doubtful = observed is not None and not _usable(observed)
    return Checked(tidy, node, placed, observed, doubtful, consent, photos)


def tidied(sent: Submission) -> Submission:
    """The submission with its words cleaned; the same words always give the same ones."""
    found = _Findings()
    description = found.ask(
        lambda: cleaned(sent.description, "description", DESCRIPTION_LIMIT, lines=True)
    )
    place_note = found.ask(lambda: cleaned(sent.place_note, "place_note", PLACE_LIMIT))
    contact = found.ask(lambda: _contact(sent.contact))
    found.refuse()
    return replace(
        sent, description=description, place_note=place_note, contact=contact or Contact()
    )


def _contact(contact: Contact) -> Contact:
    name = cleaned(contact.name, "contact.name", NAME_LIMIT)
    email = cleaned(contact.email, "contact.email", EMAIL_LIMIT)
    phone = cleaned(contact.phone, "contact.phone", PHONE_LIMIT * 2)
    phone = re.sub(r"[\s.()-]", "", phone) if phone else None
    if phone and not _PHONE.fullmatch(phone):
        raise invalid("contact.phone", _("Số điện thoại gồm 8 đến 15 chữ số, ví dụ 0912 345 678."))
    if email and not _EMAIL.fullmatch(email):
        raise invalid("contact.email", _("Địa chỉ thư điện tử có dạng ten@noi-cap.vn."))
    return Contact(name, phone, email)


def _category(code: str) -> Category:
    try:
        return category(code)
    except UnknownCategory as error:
        words = _CHOICE if code else _("Xin chọn một hình.")
        raise invalid("category", words) from error


def _description(sent: Submission) -> None:
    if not (sent.description or sent.photos or sent.voice):
        raise invalid("description", _("Không có ảnh thì xin viết vài chữ về sự việc."))


def _choices(sent: Submission) -> None:
    for field, value, allowed in (
        ("nature", sent.nature, NATURES),
        ("channel", sent.channel, CHANNELS),
        ("preferred_language", sent.preferred_language, LANGUAGES),
    ):
        if value is not None and value not in allowed:
            raise invalid(field, _CHOICE)


def _households(count: int | None) -> None:
    if count is not None and not 0 <= count <= MAX_HOUSEHOLDS:
        raise invalid("households_affected", _("Số hộ từ 0 đến 100.000."))


def checked_photos(photos: tuple[ListedPhoto, ...]) -> tuple[ListedPhoto, ...]:
    by_hash = {photo.sha256: photo for photo in photos}
    if len(by_hash) > MAX_PHOTOS:
        raise invalid("photos", _("Mỗi phản ánh nhận nhiều nhất %(n)s ảnh.", n=MAX_PHOTOS))
    for photo in by_hash.values():
        if not _SHA256.fullmatch(photo.sha256):
            raise invalid("photos", _("Mã băm của ảnh phải là 64 chữ số hệ 16, viết thường."))
        if not 0 < photo.size <= MAX_PHOTO_BYTES:
            raise invalid("photos", _("Mỗi ảnh lớn nhất 15 MB."))
        if photo.type not in PHOTO_TYPES:
            raise invalid("photos", _("Ảnh phải là JPEG, PNG, WebP hoặc HEIC."))
    return tuple(by_hash.values())


def _observed_at(claimed: datetime | None) -> datetime | None:
    if claimed is None:
        return None
    if not _FIRST <= claimed <= _LAST:
        raise invalid("observed_at", _("Ngày giờ này không có thật. Xin xem lại."))
    return claimed.astimezone(UTC).replace(second=0, microsecond=0)


def _usable(observed: datetime) -> bool:
    now = clock.now()
    return now - timedelta(days=OLDEST_DAYS) <= observed <= now + _CLOCK_SLACK


def _consent(sent: Submission) -> str:
    if sent.consent is not True:
        raise invalid("consent", _("Cần ông/bà đồng ý thì Mặt trận mới nhận được phản ánh."))
    version = sent.consent_version
    if not version:
        return str(session().execute(_IN_FORCE, {"today": clock.today_local()}).scalar_one())
    if session().get(ConsentText, version[:16]) is None:
        raise invalid("consent_version", _("Lời đồng ý này không có. Xin mở lại trang."))
    return version


def consent_in_force() -> ConsentText:
    """The words of consent of today."""
    return session().scalars(_CONSENT, {"today": clock.today_local()}).one()
