"""Documents in the register: numbers unique for organisation, year and type; files that stay."""

from datetime import date

import pytest
from flask import Flask

from tests.documents import samples
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from webapp.core import files
from webapp.core.actor import SYSTEM
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Organisation
from webapp.documents.letters import Letter
from webapp.documents.models import Document
from webapp.documents.operations import (
    create_document,
    issue_document,
    record_delivery,
    render_document,
    rewrite_document,
    sign_document,
    void_document,
)
from webapp.documents.queries import code_of, docx_of, letter_of, pdf_of

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _register(app: Flask, frozen: FrozenClock) -> None:
    """A clean register on a Monday."""


def issued(
    number: str, on: date = TODAY, *, body: Organisation | None = None, letter: Letter | None = None
) -> Document:
    draft = letter or samples.recommendation(samples.DRAFT)
    document = create_document(SYSTEM, body or an_organisation(), draft)
    sign_document(SYSTEM, document, samples.CHAIR)
    return issue_document(SYSTEM, document, number=number, issued_on=on)


def test_a_draft_prints_blanks_and_an_issued_letter_its_number() -> None:
    with write_unit():
        document = create_document(SYSTEM, an_organisation(), samples.recommendation(samples.DRAFT))
        assert code_of(document) is None
        assert letter_of(document).signature.name is None
        sign_document(SYSTEM, document, samples.CHAIR)
        issue_document(SYSTEM, document, number="9 A", issued_on=TODAY)
    assert code_of(document) == "09a/KN-MTTQ-BTT"
    assert letter_of(document).signature == samples.CHAIR
    assert letter_of(document).registration.issued_on == TODAY


def test_a_number_counts_for_one_organisation_year_and_type() -> None:
    with write_unit():
        issued("5")
        issued("5", date(2025, 12, 31))
        issued("5", body=an_organisation(unit=a_unit(NA_TAU)))
        issued("5", letter=samples.urging())
        with pytest.raises(Invalid) as caught:
            issued("05")
    assert set(caught.value.fields) == {"number"}


def test_who_is_refused_a_number_reads_which_letter_has_it() -> None:
    with write_unit():
        first = issued("5")
    with pytest.raises(Invalid) as refused, write_unit():
        issued("05")
    told = str(refused.value.fields["number"])
    assert first.subject[:60] in told and f"{first.issued_on:%d/%m/%Y}" in told


def test_a_void_document_keeps_its_number() -> None:
    with write_unit():
        void_document(SYSTEM, issued("5"))
        with pytest.raises(Invalid, match="cho văn bản đã hủy “kiến nghị"):
            issued("5")


@pytest.mark.parametrize("number", ["", "0", "năm", "5/KN", "1234567", "5'; DROP"])
def test_what_is_no_number_is_refused(number: str) -> None:
    with write_unit(), pytest.raises(Invalid) as caught:
        issued(number)
    assert set(caught.value.fields) == {"number"}


def test_a_signed_text_is_not_rewritten() -> None:
    with write_unit():
        document = create_document(SYSTEM, an_organisation(), samples.recommendation(samples.DRAFT))
        rewrite_document(SYSTEM, document, samples.transfer())
        sign_document(SYSTEM, document, samples.CHAIR)
        with pytest.raises(Invalid, match="đã ký"):
            rewrite_document(SYSTEM, document, samples.transfer())


def test_files_are_made_once_and_stay_the_same() -> None:
    with write_unit():
        document = issued("5")
        document_id = document.id
    assert pdf_of(document) is None
    drawn = docx_of(document)
    render_document(document_id)
    render_document(document_id)
    session().expire_all()
    made = session().get_one(Document, document_id)
    assert docx_of(made) == drawn
    assert (pdf_of(made) or b"").startswith(b"%PDF")
    assert files.store().get(made.docx_key or "") == drawn


def test_rendering_a_draft_or_nothing_does_nothing() -> None:
    with write_unit():
        document = create_document(SYSTEM, an_organisation(), samples.recommendation(samples.DRAFT))
    render_document(document.id)
    render_document(987_654)
    session().expire_all()
    assert session().get_one(Document, document.id).docx_key is None


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 3, 3)])
def test_delivery_is_neither_before_issue_nor_to_come(on: date) -> None:
    with write_unit():
        document = issued("5")
        with pytest.raises(Invalid) as caught:
            record_delivery(
                SYSTEM,
                document,
                an_organisation("peoples_committee"),
                copy="paper",
                channel="post",
                delivered_on=on,
                proof="RR123",
            )
    assert set(caught.value.fields) == {"delivered_on"}
