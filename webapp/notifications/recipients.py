"""To whom a notice goes, found out when it is sent and stored nowhere in clear."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.core import clock, codes
from webapp.directory.queries import inboxes_of
from webapp.notifications.channels import MAIL, PUSH, SMS
from webapp.notifications.delivery import delivery
from webapp.notifications.messages import Address, Phone, Reader, message_of
from webapp.notifications.models import Notice, PushSubscription
from webapp.notifications.phones import international
from webapp.notifications.subscriptions import choice_of, subscriptions_of

PersonAddress = Callable[[int], Address | None]
AddressesLeft = Callable[[int], set[str]]

_person_address: PersonAddress = lambda person_id: None  # noqa: E731
_addresses_left: AddressesLeft = lambda notice_id: set()  # noqa: E731


@dataclass(frozen=True)
class Recipient:
    """One address of a notice on one channel: a mail address, +84…, or a subscription's uid.

    ``shown`` is what the development mailbox writes for it.
    """

    channel: str
    to: str
    shown: str
    reader: Reader

    @property
    def digest(self) -> str:
        """A name for the address that tells nobody the address."""
        return codes.digest("notice.recipient", self.to.lower())[:20]


def set_person_address(source: PersonAddress) -> None:
    """Say where a person's address is found; accounts know it, and stand above."""
    global _person_address
    _person_address = source


def set_addresses_left(source: AddressesLeft) -> None:
    """Say to which addresses a notice does not go, because who has them stepped aside."""
    global _addresses_left
    _addresses_left = source


def recipients_of(notice: Notice) -> list[Recipient]:
    """The addresses in force now, each once; of officers only those who have not stepped aside."""
    found = {(one.channel, one.to.lower()): one for one in _all_recipients(notice)}
    if found and (notice.organisation_id is not None or notice.person_id is not None):
        left = _addresses_left(notice.id)
        return [one for (_channel, to), one in found.items() if to not in left]
    return list(found.values())


def _all_recipients(notice: Notice) -> list[Recipient]:
    if notice.organisation_id is not None:
        reader = Reader(organisation_id=notice.organisation_id)
        inboxes = inboxes_of(notice.organisation_id, clock.today_local())
        return [Recipient(MAIL, box.email, box.email, reader) for box in inboxes if box.email]
    if notice.person_id is not None:
        address = _person_address(notice.person_id)
        return [_to_person(address, notice.person_id)] if address else []
    return _reporters(notice)


def _reporters(notice: Notice) -> list[Recipient]:
    """By the channels that the one whose record it is has chosen."""
    kind = message_of(notice.message)
    resolve = kind.addresses
    found = [_to_reporter(address) for address in resolve(notice.subject_id)] if resolve else []
    way, wanted = delivery(), choice_of(notice.subject_kind, notice.subject_id)
    open_channels = {MAIL: wanted.mail, SMS: wanted.sms and way.sms is not None}
    if kind.asked_for:
        open_channels = {MAIL: True, SMS: way.sms is not None}
    chosen = [one for one in found if one is not None and open_channels[one.channel]]
    if way.push is not None and not kind.asked_for:
        chosen += map(_to_browser, subscriptions_of(notice.subject_kind, notice.subject_id))
    return chosen


def _to_person(address: Address, person_id: int) -> Recipient:
    reader = Reader(address.language, person_id=person_id)
    return Recipient(MAIL, address.email, address.email, reader)


def _to_reporter(address: Address | Phone) -> Recipient | None:
    reader = Reader(address.language)
    if isinstance(address, Phone):
        number = international(address.number)
        return Recipient(SMS, number, f"{number[:3]}…{number[-2:]}", reader) if number else None
    name, _, domain = address.email.partition("@")
    return Recipient(MAIL, address.email, f"{name[:1]}…@{domain}", reader)


def _to_browser(subscription: PushSubscription) -> Recipient:
    return Recipient(PUSH, subscription.uid, "push", Reader(subscription.language))
