"""Numbers given by the platform: none doubled, none lost, also when fifty ask at once."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from tests.documents import samples
from tests.factories.clock import FrozenClock
from tests.factories.directory import an_organisation
from webapp.core.actor import SYSTEM
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.models import Document
from webapp.documents.numbers import set_numbering, suggested_number
from webapp.documents.operations import create_document, issue_document, void_document
from webapp.extensions import db

TODAY = date(2026, 3, 2)
AT_ONCE, FAILING = 50, 7


def drafts(count: int) -> list[int]:
    with write_unit():
        set_numbering(SYSTEM, an_organisation(), by_platform=True)
        letter = samples.recommendation(samples.DRAFT)
        return [create_document(SYSTEM, an_organisation(), letter).id for _ in range(count)]


def issue(document_id: int, number: str | None = None, on: date = TODAY) -> str:
    document = session().get_one(Document, document_id)
    return issue_document(SYSTEM, document, number=number, issued_on=on).number or ""


class _Fails(Exception):
    """Something else of the same transaction fails after the number was taken."""


def test_fifty_at_once_double_none_and_lose_none(app: Flask, frozen: FrozenClock) -> None:
    ids = drafts(AT_ONCE)
    start, failed, others = threading.Barrier(AT_ONCE), list[int](), list[Exception]()
    db.session.remove()

    def run(place: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with write_unit():
                    issue(ids[place])
                    if place % FAILING == 0:
                        raise _Fails
            except _Fails:
                failed.append(place)
            except Exception as error:
                others.append(error)
            db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert others == []
    assert len(failed) == len(range(0, AT_ONCE, FAILING))
    numbers = session().scalars(select(Document.number).where(Document.number.is_not(None)))
    given = sorted(int(number) for number in numbers)
    assert given == list(range(1, AT_ONCE - len(failed) + 1))


def test_the_platform_goes_on_after_typed_numbers_and_skips_them(
    app: Flask, frozen: FrozenClock
) -> None:
    ids = drafts(5)
    with write_unit():
        assert issue(ids[0], "4") == "04"
        assert suggested_number(an_organisation().id, "KN", 2026) == "05"
        assert issue(ids[1]) == "05"
        assert issue(ids[2], "6") == "06"
        void_document(SYSTEM, session().get_one(Document, ids[2]))
        assert issue(ids[3]) == "07"
        assert issue(ids[4], on=date(2025, 12, 31)) == "01"


def test_without_the_setting_a_number_must_be_typed(app: Flask, frozen: FrozenClock) -> None:
    (document_id,) = drafts(1)
    with write_unit():
        set_numbering(SYSTEM, an_organisation(), by_platform=False)
        with pytest.raises(Invalid) as caught:
            issue(document_id)
    assert set(caught.value.fields) == {"number"}
