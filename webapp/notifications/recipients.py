"""To whom a notice goes, found out when it is sent and stored nowhere in clear."""

from collections.abc import Callable
from dataclasses import dataclass

from webapp.core import clock, codes
from webapp.directory.queries import inboxes_of
from webapp.notifications.messages import Address, Reader, message_of
from webapp.notifications.models import Notice

PersonAddress = Callable[[int], Address | None]

_person_address: PersonAddress = lambda person_id: None  # noqa: E731


@dataclass(frozen=True)
class Recipient:
    """One mail address of a notice. ``shown`` is what the development mailbox writes for it."""

    email: str
    shown: str
    reader: Reader

    @property
    def digest(self) -> str:
        """A name for the address that tells nobody the address."""
        return codes.digest("notice.recipient", self.email.lower())[:20]


def set_person_address(source: PersonAddress) -> None:
    """Say where a person's address is found; accounts know it, and stand above."""
    global _person_address
    _person_address = source


def recipients_of(notice: Notice) -> list[Recipient]:
    """The addresses in force now, each once."""
    found = {one.email.lower(): one for one in _all_recipients(notice)}
    return list(found.values())


def _all_recipients(notice: Notice) -> list[Recipient]:
    if notice.organisation_id is not None:
        reader = Reader(organisation_id=notice.organisation_id)
        inboxes = inboxes_of(notice.organisation_id, clock.today_local())
        return [Recipient(box.email, box.email, reader) for box in inboxes if box.email]
    if notice.person_id is not None:
        address = _person_address(notice.person_id)
        return [_to_person(address, notice.person_id)] if address else []
    resolve = message_of(notice.message).addresses
    return [_to_reporter(address) for address in resolve(notice.subject_id)] if resolve else []


def _to_person(address: Address, person_id: int) -> Recipient:
    reader = Reader(address.language, person_id=person_id)
    return Recipient(address.email, address.email, reader)


def _to_reporter(address: Address) -> Recipient:
    name, _, domain = address.email.partition("@")
    return Recipient(address.email, f"{name[:1]}…@{domain}", Reader(address.language))
