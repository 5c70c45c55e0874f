"""What a typed text becomes before it is printed."""

import pytest

from webapp.documents.plain_text import clean_line, clean_paragraphs


def test_decomposed_vietnamese_becomes_nfc() -> None:
    assert clean_line("Ho\u0300a Bi\u0300nh, xa\u0303 Na\u0300 Ta\u0302\u0301u") == (
        "Hòa Bình, xã Nà Tấu"
    )


@pytest.mark.parametrize(
    "typed",
    [
        "nước\x00 thải",
        "nước\x07 thải\x1b",
        "nước \u202ethải\u202c",
        "nước\u200b thải\ufeff",
        "nước \ud800thải",
        "nước thải\uffff",
        "  nước\t\r\nthải\u00a0",
    ],
)
def test_nothing_invisible_is_left(typed: str) -> None:
    assert clean_line(typed) == "nước thải"


def test_lines_become_paragraphs_without_the_empty_ones() -> None:
    assert clean_paragraphs("Một\r\n\r\n  hai \n\x00\nba\u2028bốn") == ("Một", "hai", "ba", "bốn")
