"""How the one whose record it is wants to be told: chosen, kept sealed, stopped, forgotten.

A subject is a record of a higher feature, named by kind and id. Whoever calls has checked the code
that opens the record; the stop link and a browser's own address stop, and can do nothing else.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import delete, select

from webapp.audit.operations import Subject
from webapp.core import clock, crypto
from webapp.core.codes import digest
from webapp.core.errors import Invalid, NotFound
from webapp.core.outward import Refused
from webapp.core.resealing import sealed_in
from webapp.core.text import _
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import drop_naming
from webapp.notifications.channels import CHANNELS, outbox_kind
from webapp.notifications.delivery import delivery
from webapp.notifications.models import (
    Notice,
    NoticeChoice,
    NoticeDelivery,
    PushSubscription,
    SmsSent,
)
from webapp.notifications.push import Keys, are_browser_keys

# A family has a few phones; more would be somebody using us to knock elsewhere.
MOST_PER_SUBJECT: Final = 5
DELIVERIES_KEPT: Final = timedelta(days=30)
SMS_KEPT: Final = timedelta(days=1)
_SENDING: Final = ("notifications.send", *map(outbox_kind, CHANNELS))
_WRONG = _("Trình duyệt đưa địa chỉ nhận thông báo không dùng được.")


@dataclass(frozen=True)
class Choice:
    """Which channels are open: mail to an address that was left, SMS to a number."""

    mail: bool = True
    sms: bool = False


def choice_of(kind: str, subject_id: int) -> Choice:
    """What was chosen; by mail and not by SMS before anybody chose."""
    row = _choice(kind, subject_id)
    return Choice(row.mail, row.sms) if row else Choice()


def choose_channels(subject: Subject, choice: Choice) -> None:
    """Keep what was chosen."""
    row = _choice_row(subject)
    row.mail, row.sms = choice.mail, choice.sms


def stop_uid(subject: Subject) -> str:
    """The way in of the stop link, made when it is first sent."""
    return _choice_row(subject).uid


def stop_by_link(uid: str) -> None:
    """Close every channel of the record; a second time is no change. Raises NotFound."""
    row = _by_uid(uid)
    row.mail = row.sms = False
    _drop(_of_subject(row.subject_kind, row.subject_id))


def resume_by_link(uid: str) -> None:
    """Take a stop back: by mail, as before anybody chose. Raises NotFound."""
    _by_uid(uid).mail = True


def known_link(uid: str) -> bool:
    """Whether the stop link is one of ours."""
    return session().scalar(select(NoticeChoice.id).where(NoticeChoice.uid == uid)) is not None


def subscribe(subject: Subject, keys: Keys, *, language: str) -> bool:
    """Let a browser be told about the record; False when it already is. The caller locked it.

    Raises NotFound where Web Push is not set up, Invalid for keys or an address we do not send to,
    and for a sixth browser.
    """
    way = delivery().push
    if way is None or subject.id is None:
        raise NotFound
    try:
        way.doors.check(keys.endpoint)
    except Refused as refused:
        raise Invalid(_WRONG, fields={"endpoint": _WRONG}) from refused
    if not are_browser_keys(keys.p256dh, keys.auth):
        raise Invalid(_WRONG, fields={"keys": _WRONG})
    others = subscriptions_of(subject.kind, subject.id)
    endpoint = endpoint_digest(keys.endpoint)
    if any(each.endpoint_digest == endpoint for each in others):
        return False
    if len(others) >= MOST_PER_SUBJECT:
        raise Invalid(
            _("Đã có %(n)s máy nhận thông báo của phản ánh này.", n=MOST_PER_SUBJECT),
            kind="too-many-browsers",
        )
    session().add(_sealed(subject, keys, endpoint, language))
    session().flush()
    return True


def subscriptions_of(kind: str, subject_id: int) -> Sequence[PushSubscription]:
    """The browsers that are told about a record, oldest first."""
    query = select(PushSubscription).where(
        PushSubscription.subject_kind == kind, PushSubscription.subject_id == subject_id
    )
    return session().scalars(query.order_by(PushSubscription.id)).all()


def keys_of(uid: str) -> Keys | None:
    """The opened subscription; None when it has ended. Raises SealBroken."""
    row = session().scalar(select(PushSubscription).where(PushSubscription.uid == uid))
    if row is None:
        return None
    return Keys(
        endpoint=_opened(row.endpoint_sealed, "endpoint", uid),
        p256dh=_opened(row.p256dh_sealed, "p256dh", uid),
        auth=_opened(row.auth_sealed, "auth", uid),
    )


def end_browser(endpoint: str) -> None:
    """Forget a browser everywhere, by the address only it and its service know."""
    known = PushSubscription.endpoint_digest == endpoint_digest(endpoint)
    _drop(session().scalars(select(PushSubscription.id).where(known)))


def end_subscription(uid: str) -> None:
    """Forget one subscription that the push service has ended."""
    _drop(session().scalars(select(PushSubscription.id).where(PushSubscription.uid == uid)))


def forget_subject(kind: str, subject_ids: Collection[int]) -> None:
    """Remove subscriptions, choices and every digest of whoever was told about these records.

    What is still to be told them is not told any more.
    """
    _forget_reached(kind, subject_ids)
    session().execute(
        delete(NoticeChoice).where(
            NoticeChoice.subject_kind == kind, NoticeChoice.subject_id.in_(subject_ids)
        )
    )


def forget_ended(kind: str, subject_ids: Collection[int]) -> None:
    """The same when the time of records is over, but who stopped the mails is not asked again.

    The matter may be opened once more, and a stop then still holds.
    """
    _forget_reached(kind, subject_ids)
    session().execute(
        delete(NoticeChoice).where(
            NoticeChoice.subject_kind == kind,
            NoticeChoice.subject_id.in_(subject_ids),
            NoticeChoice.mail,
        )
    )


def forget_deliveries() -> None:
    """Remove what is known of deliveries after 30 days, of numbers after one (task)."""
    with write_unit():
        for model, kept in ((NoticeDelivery, DELIVERIES_KEPT), (SmsSent, SMS_KEPT)):
            session().execute(
                delete(model)
                .where(model.at < clock.now() - kept)
                .execution_options(synchronize_session=False)
            )


def _forget_reached(kind: str, subject_ids: Collection[int]) -> None:
    """Subscriptions, deliveries and what waits; notices to offices and officers stay."""
    session().execute(
        delete(PushSubscription).where(
            PushSubscription.subject_kind == kind, PushSubscription.subject_id.in_(subject_ids)
        )
    )
    told = select(Notice.id).where(
        Notice.subject_kind == kind,
        Notice.subject_id.in_(subject_ids),
        Notice.organisation_id.is_(None),
        Notice.person_id.is_(None),
    )
    notices = session().scalars(told).all()
    session().execute(
        delete(NoticeDelivery)
        .where(NoticeDelivery.notice_id.in_(notices))
        .execution_options(synchronize_session=False)
    )
    drop_naming(_SENDING, "notice_id", notices)


def _sealed(subject: Subject, keys: Keys, endpoint: str, language: str) -> PushSubscription:
    uid = uuid.uuid4().hex
    return PushSubscription(
        uid=uid,
        subject_kind=subject.kind,
        subject_id=subject.id,
        endpoint_digest=endpoint,
        key_id=crypto.ring().current,
        endpoint_sealed=crypto.seal(keys.endpoint.encode(), binding=_binding("endpoint", uid)),
        p256dh_sealed=crypto.seal(keys.p256dh.encode(), binding=_binding("p256dh", uid)),
        auth_sealed=crypto.seal(keys.auth.encode(), binding=_binding("auth", uid)),
        language=language,
        created_at=clock.now(),
    )


def _opened(sealed: bytes, column: str, uid: str) -> str:
    return crypto.unseal(sealed, binding=_binding(column, uid)).decode()


def _binding(column: str, uid: str) -> str:
    return f"push_subscription.{column}:{uid}"


for _column in ("endpoint", "p256dh", "auth"):
    sealed_in(
        getattr(PushSubscription, f"{_column}_sealed"),
        bound=PushSubscription.uid,
        binding=partial(_binding, _column),
    )


def endpoint_digest(endpoint: str) -> str:
    """What a browser is looked up by."""
    return digest("push_subscription.endpoint", endpoint)


def _choice(kind: str, subject_id: int) -> NoticeChoice | None:
    query = select(NoticeChoice).where(
        NoticeChoice.subject_kind == kind, NoticeChoice.subject_id == subject_id
    )
    return session().scalar(query)


def _choice_row(subject: Subject) -> NoticeChoice:
    if subject.id is None:
        raise ValueError("a choice is about a record")
    row = _choice(subject.kind, subject.id)
    if row is None:
        row = NoticeChoice(
            uid=uuid.uuid4().hex,
            subject_kind=subject.kind,
            subject_id=subject.id,
            mail=Choice.mail,
            sms=Choice.sms,
        )
        session().add(row)
        session().flush()
    return row


def _by_uid(uid: str) -> NoticeChoice:
    row = session().scalar(select(NoticeChoice).where(NoticeChoice.uid == uid).with_for_update())
    if row is None:
        raise NotFound
    return row


def _of_subject(kind: str, subject_id: int) -> list[int]:
    return [each.id for each in subscriptions_of(kind, subject_id)]


def _drop(ids: Iterable[int]) -> None:
    session().execute(delete(PushSubscription).where(PushSubscription.id.in_(list(ids))))
