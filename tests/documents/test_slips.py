"""Transfer slip, receipt and certificate, and what none of them can hold."""

import dataclasses
import hashlib
import inspect
from datetime import date, datetime

import pytest

from tests.documents import samples
from tests.documents.readers import docx_lines
from webapp.documents import certificate, facts, front_letters, letters, slips
from webapp.documents.docx_writer import render_docx
from webapp.documents.evidence import SealedOriginal

IDENTITY_WORDS = (
    "reporter",
    "resident",
    "phone",
    "contact",
    "email",
    "citizen",
    "sender",
    "person",
)


@pytest.mark.parametrize("module", [letters, facts, front_letters, slips, certificate])
def test_no_value_that_makes_a_letter_can_hold_a_reporter(module: object) -> None:
    names: set[str] = set()
    for _, member in inspect.getmembers(module, inspect.isclass):
        if dataclasses.is_dataclass(member):
            names |= {field.name for field in dataclasses.fields(member)}
    for _, member in inspect.getmembers(module, inspect.isfunction):
        names |= set(inspect.signature(member).parameters)
    assert names
    assert not [name for name in names if any(word in name for word in IDENTITY_WORDS)]


def test_receipt_shows_code_and_vietnamese_time_and_no_number_line() -> None:
    lines = docx_lines(render_docx(samples.report_receipt()))
    assert "- Mã tra cứu: 7K2M-9QXT-4HVB-1CZD" in lines
    assert "- Thời điểm tiếp nhận: 09 giờ 05 phút, ngày 05/09/2026" in lines
    assert not [line for line in lines if line.startswith(("Số:", "Nơi nhận"))]


def test_transfer_slip_asks_for_the_result_by_the_agreed_day() -> None:
    lines = docx_lines(render_docx(samples.transfer()))
    assert "Nội dung trên thuộc địa bàn của quý cơ quan." in lines
    assert any("chậm nhất vào ngày 25/09/2026 (theo quy chế" in line for line in lines)


def test_certificate_lists_hash_time_and_place_of_every_original() -> None:
    lines = docx_lines(render_docx(samples.certificate()))
    first = samples.ORIGINALS[0].sha256
    assert " ".join([first[:16], first[16:32], first[32:48], first[48:]]) in lines
    assert "01:30 ngày 03/09/2026" in lines
    assert "bờ suối Nậm Rốm, bản Nà Luống" in lines
    assert {"Ảnh không ghi thời điểm", "Ảnh không ghi nơi chụp"} <= set(lines)


@pytest.mark.parametrize(
    ("sha256", "taken_at"),
    [
        ("A" * 64, None),
        ("abc", None),
        (hashlib.sha256(b"x").hexdigest(), datetime(2026, 9, 3, 8, 0)),
    ],
)
def test_an_original_that_could_not_be_checked_is_refused(
    sha256: str, taken_at: datetime | None
) -> None:
    with pytest.raises(ValueError, match=r"SHA-256|time zone"):
        SealedOriginal(sha256, date(2026, 9, 3), taken_at)


def test_a_certificate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no original"):
        certificate.certificate_of_originals(
            samples.ISSUER, "MX-11-26-000123", (), samples.DATED_SLIP, signature=samples.CHAIR
        )
