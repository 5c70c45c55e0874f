"""Numbers of the register: reading, order, next one, what must be unique."""

from datetime import date

import pytest

from webapp.documents.numbering import (
    DocumentNumber,
    InvalidNumber,
    compose_code,
    compose_notation,
    next_number,
    parse_number,
    register_key,
)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("5", "05"),
        ("05", "05"),
        ("0005", "05"),
        ("09a", "09a"),
        ("09^a", "09a"),
        ("9ª", "09a"),
        (" 9 A ", "09a"),
        ("12đ", "12đ"),
        ("112", "112"),
        ("３", "03"),
    ],
)
def test_typed_numbers_are_printed_padded(typed: str, printed: str) -> None:
    assert str(parse_number(typed)) == printed


@pytest.mark.parametrize("typed", ["", "0", "00", "a", "-5", "5.5", "09ab", "1234567", "05/KN"])
def test_other_texts_are_refused(typed: str) -> None:
    with pytest.raises(InvalidNumber):
        parse_number(typed)


def test_order_is_that_of_the_register_not_of_the_text() -> None:
    typed = ["10", "9b", "112", "9", "09a"]
    assert [str(number) for number in sorted(map(parse_number, typed))] == [
        "09",
        "09a",
        "09b",
        "10",
        "112",
    ]


def test_next_number_follows_the_highest_and_starts_at_one() -> None:
    assert str(next_number([])) == "01"
    assert str(next_number([DocumentNumber(4), DocumentNumber(9, "a"), DocumentNumber(7)])) == "10"


@pytest.mark.parametrize(
    ("type_code", "code"),
    [("KN", "05/KN-MTTQ-BTT"), ("pc", "05/PC-MTTQ-BTT"), ("CV", "05/MTTQ-BTT")],
)
def test_code_as_cited(type_code: str, code: str) -> None:
    assert compose_code(DocumentNumber(5), compose_notation(type_code, " MTTQ-BTT ")) == code


def test_key_parts_years_types_bodies_and_organisations() -> None:
    number = parse_number("05")
    key = register_key(7, date(2026, 12, 31), "KN", "MTTQ-BTT", number)
    assert key == register_key(7, date(2026, 1, 1), "kn", "mttq - btt", parse_number("5"))
    others = {
        register_key(7, date(2027, 1, 1), "KN", "MTTQ-BTT", number),
        register_key(8, date(2026, 12, 31), "KN", "MTTQ-BTT", number),
        register_key(7, date(2026, 12, 31), "CV", "MTTQ-BTT", number),
        register_key(7, date(2026, 12, 31), "KN", "MTTQ-TTr", number),
        register_key(7, date(2026, 12, 31), "KN", "MTTQ-BTT", parse_number("05a")),
    }
    assert len(others) == 5
    assert key not in others
