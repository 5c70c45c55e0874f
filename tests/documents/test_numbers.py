"""Numbers given by the platform: none doubled, none lost, also when fifty ask at once."""

from datetime import date

import pytest
from flask import Flask

from tests.documents.issuing import drafts, issue_at_once
from tests.factories.clock import FrozenClock
from tests.factories.directory import an_organisation
from webapp.core.actor import SYSTEM
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.models import Document
from webapp.documents.numbers import set_numbering, suggested_number
from webapp.documents.operations import issue_document, void_document

TODAY = date(2026, 3, 2)
AT_ONCE, FAILING = 50, 7


def issue(document_id: int, number: str | None = None, on: date = TODAY) -> str:
    document = session().get_one(Document, document_id)
    return issue_document(SYSTEM, document, number=number, issued_on=on).number or ""


def test_fifty_at_once_double_none_and_lose_none(app: Flask, frozen: FrozenClock) -> None:
    issued = issue_at_once(app, drafts(AT_ONCE), failing=FAILING)
    assert issued.others == []
    assert len(issued.failed) == len(range(0, AT_ONCE, FAILING))
    assert issued.numbers == list(range(1, AT_ONCE - len(issued.failed) + 1))


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


def test_each_type_and_each_body_counts_by_itself(app: Flask, frozen: FrozenClock) -> None:
    ids, elsewhere = drafts(4), an_organisation("env_office")
    with write_unit():
        set_numbering(SYSTEM, elsewhere, by_platform=True)
        session().get_one(Document, ids[1]).type_code = "TB"
        session().get_one(Document, ids[2]).organisation_id = elsewhere.id
        assert issue(ids[0], "41") == "41"
        assert suggested_number(an_organisation().id, "TB", 2026) == "01"
        assert [issue(each) for each in ids[1:]] == ["01", "01", "42"]


def test_without_the_setting_a_number_must_be_typed(app: Flask, frozen: FrozenClock) -> None:
    (document_id,) = drafts(1)
    with write_unit():
        set_numbering(SYSTEM, an_organisation(), by_platform=False)
        with pytest.raises(Invalid) as caught:
            issue(document_id)
    assert set(caught.value.fields) == {"number"}
