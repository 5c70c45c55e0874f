"""Putting the morning's mails on their way, once a day and person, and sending each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import func, or_, select

from webapp.accounts.addresses import address_of
from webapp.accounts.models import Account, Assignment, Delegation, RolePermission
from webapp.accounts.queries import actor_of
from webapp.core import clock
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session, write_unit
from webapp.digest.models import MorningDigest
from webapp.digest.queries import READERS, Morning, has_queue, morning_of
from webapp.directory.queries import working_calendar
from webapp.directory.validity import valid_on
from webapp.jobs.operations import enqueue
from webapp.notifications.delivery import Delivery, Mail, delivery
from webapp.notifications.messages import Address

# A machine that was off at the hour still sends, but not in the afternoon.
LATEST_HOURS: Final = 4
LONGEST: Final = timedelta(days=7)
SUBJECT = _("Mắt Xanh: việc sáng nay")
_BODY = _(
    "Mắt Xanh gửi ông/bà việc sáng nay. Nội dung ở phần dưới của thư này.\n\n\n\n"
    "%(lines)s\n%(link)s\n--\nThư gửi tự động, xin không trả lời thư này.\n"
)
_LINES: Final[dict[str, Text]] = {
    "new_reports": _("Phản ánh mới: %(count)s"),
    "new_cases": _("Vụ việc mới đến: %(count)s"),
    "due_reports": _("Phản ánh đến hạn hôm nay hoặc quá hạn: %(count)s"),
    "due_cases": _("Vụ việc đến hạn hôm nay hoặc quá hạn: %(count)s"),
    "answered_reports": _("Phản ánh người gửi đã bổ sung: %(count)s"),
    "answered_cases": _("Vụ việc cơ quan đã trả lời: %(count)s"),
    "checked_cases": _("Vụ việc đã xem tại chỗ hoặc không ai đi xem trong hạn: %(count)s"),
}

_hour = -1


@dataclass(frozen=True)
class _Letter:
    """One officer's mail, ready to be written in the officer's language."""

    person_id: int
    address: Address
    morning: Morning
    path: str


def set_hour(hour: int) -> None:
    """Set the local hour; -1 sends none. Called once when the application is made."""
    global _hour
    _hour = hour


def start_morning() -> None:
    """On a working day at the hour, put each officer's mail on its way once (task)."""
    here = clock.local(clock.now())
    if _hour < 0 or not _hour <= here.hour < _hour + LATEST_HOURS:
        return
    with write_unit():
        today = here.date()
        if not working_calendar().is_working_day(today):
            return
        for person_id in _officers(today):
            session().add(MorningDigest(person_id=person_id, day=today))
            enqueue("digest.mail", person_id=person_id, day=today.isoformat())


def send_digest(person_id: int, day: str) -> None:
    """Send the mail of a day to a person, unless there is nothing to tell or the day is over."""
    if date.fromisoformat(day) != clock.today_local():
        return
    with write_unit():
        letter = _letter(person_id)
    if letter is not None:
        delivery().mailer.send(_mail(delivery(), letter, day))


def _officers(today: date) -> Sequence[int]:
    """Whoever has a queue today, their own or an absent colleague's, and no mail of today yet."""
    had = select(MorningDigest.person_id).where(MorningDigest.day == today)
    own = (
        select(Assignment.person_id)
        .join(RolePermission, RolePermission.role_id == Assignment.role_id)
        .where(RolePermission.permission.in_(READERS), valid_on(Assignment, today))
    )
    for_absent = select(Delegation.acting_id).where(
        Delegation.person_id.in_(own), Delegation.ended_at.is_(None), valid_on(Delegation, today)
    )
    query = (
        select(Account.person_id)
        .where(
            Account.active,
            or_(Account.person_id.in_(own), Account.person_id.in_(for_absent)),
            Account.person_id.not_in(had),
        )
        .order_by(Account.person_id)
    )
    return session().scalars(query).all()


def _letter(person_id: int) -> _Letter | None:
    account = session().scalar(select(Account).where(Account.person_id == person_id))
    address = address_of(person_id)
    if account is None or address is None:
        return None
    actor = actor_of(account, clock.today_local())
    morning = morning_of(actor, _since(person_id))
    path = "/can-bo/hang-doi" if has_queue(actor) else "/can-bo/co-quan"
    return _Letter(person_id, address, morning, path) if morning else None


def _since(person_id: int) -> datetime:
    """The last morning before today, a day ago for the first one, a week at most."""
    now, today = clock.now(), clock.today_local()
    query = select(func.max(MorningDigest.day)).where(
        MorningDigest.person_id == person_id, MorningDigest.day < today
    )
    last = session().scalar(query)
    if last is None:
        return now - timedelta(days=1)
    return max(datetime.combine(last, time(max(_hour, 0)), clock.LOCAL), now - LONGEST)


def _mail(way: Delivery, letter: _Letter, day: str) -> Mail:
    language = letter.address.language
    root = f"{way.public_url}/en" if language == "en" else way.public_url
    counts = vars(letter.morning)
    lines = "\n".join(
        way.translate(_(words.source, count=counts[name]), language)
        for name, words in _LINES.items()
        if counts[name]
    )
    words = _(_BODY.source, lines=lines, link=f"\n{root}{letter.path}\n")
    return Mail(
        message_id=f"<digest.{letter.person_id}.{day}@{way.domain}>",
        to=letter.address.email,
        shown_to=letter.address.email,
        subject=way.translate(SUBJECT, language),
        body=way.translate(words, language),
    )
