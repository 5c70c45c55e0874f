"""Numbers that the platform gives, for organisations that keep their register here.

One row per organisation, year and type holds the next number. It is locked and moved on in the
transaction of the issue itself: who fails gives the number back, so none is doubled and none lost.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from webapp.audit.operations import Subject, record
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation
from webapp.documents.models import Document, NumberSequence, RegisterSetting
from webapp.documents.numbering import DocumentNumber, next_number, parse_number
from webapp.documents.permissions import MANAGE_LETTERS


def numbers_by_platform(organisation_id: int) -> bool:
    """Whether the organisation lets the platform number its letters; typed numbers are usual."""
    found = session().get(RegisterSetting, organisation_id)
    return found is not None and found.by_platform


def set_numbering(actor: Actor, organisation: Organisation, *, by_platform: bool) -> None:
    """Choose who gives the numbers; the caller has authorised."""
    found = session().get(RegisterSetting, organisation.id, with_for_update=True)
    if found is None:
        session().add(RegisterSetting(organisation_id=organisation.id, by_platform=by_platform))
    else:
        found.by_platform = by_platform
    subject = Subject("organisation", organisation.id)
    record(actor, "documents.numbering", subject, by=MANAGE_LETTERS, by_platform=by_platform)


def suggested_number(organisation_id: int, type_code: str, year: int) -> str:
    """The number after all those given this year, void ones too; a hint that reserves nothing."""
    return str(next_number(_given(organisation_id, type_code, year)))


def take_number(document: Document, year: int) -> str:
    """The next number of the document's register; two that ask at once wait for each other."""
    key = (document.organisation_id, year, document.type_code)
    sequence = _locked(key) or _begun(key)
    number = str(DocumentNumber(sequence.next_number))
    while _is_given(key, number):  # one that somebody typed
        sequence.next_number += 1
        number = str(DocumentNumber(sequence.next_number))
    sequence.next_number += 1
    return number


def _locked(key: tuple[int, int, str]) -> NumberSequence | None:
    return session().get(NumberSequence, key, with_for_update=True, populate_existing=True)


def _begun(key: tuple[int, int, str]) -> NumberSequence:
    organisation_id, year, type_code = key
    first = next_number(_given(organisation_id, type_code, year)).ordinal
    begun = NumberSequence(
        organisation_id=organisation_id, year=year, type_code=type_code, next_number=first
    )
    try:
        with session().begin_nested():
            session().add(begun)
    except IntegrityError:  # another officer's letter began it at this moment
        pass
    found = _locked(key)
    if found is None:
        raise LookupError(f"no number sequence {key}")
    return found


def _given(organisation_id: int, type_code: str, year: int) -> list[DocumentNumber]:
    query = select(Document.number).where(
        Document.organisation_id == organisation_id,
        Document.type_code == type_code,
        Document.year == year,
    )
    return [parse_number(number) for number in session().scalars(query) if number]


def _is_given(key: tuple[int, int, str], number: str) -> bool:
    organisation_id, year, type_code = key
    query = select(Document.id).where(
        Document.organisation_id == organisation_id,
        Document.year == year,
        Document.type_code == type_code,
        Document.number == number,
    )
    return session().scalar(query) is not None
