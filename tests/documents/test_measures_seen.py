"""Every kind of letter as it comes out on paper, held to the ranges of NĐ 30/2020, Phụ lục I."""

import shutil
from functools import cache

import pytest

from tests.documents import samples
from tests.documents.pictures import DPI, Word, ink, pages, words
from webapp.documents.pdf import render_pdf

pytestmark = pytest.mark.skipif(
    shutil.which("pdftoppm") is None, reason="pdftoppm and pdftotext (poppler-utils) are missing"
)
EACH = pytest.mark.parametrize("kind", samples.ALL_KINDS)
SLACK_MM = 0.4  # a pixel and a half


@cache
def printed(kind: str) -> bytes:
    return render_pdf(samples.ALL_KINDS[kind]())


@cache
def words_of(kind: str) -> list[Word]:
    return words(printed(kind))


def after(kind: str, *texts: str) -> Word:
    """The first word of a run of words."""
    every = words_of(kind)
    for place, word in enumerate(every):
        run = [each.text for each in every[place : place + len(texts)]]
        if run == list(texts):
            return word
    raise AssertionError(f"{' '.join(texts)} is not in {kind}")


def middle_of(kind: str, page: int, top: float) -> float:
    """Where the middle of a line lies."""
    line = [w for w in words_of(kind) if w.page == page and abs(w.top - top) < 0.5]
    return (min(w.left for w in line) + max(w.right for w in line)) / 2


@EACH
def test_paper_and_margins(kind: str) -> None:
    for number, page in enumerate(pages(printed(kind)), start=1):
        assert abs(page.width - 210 * DPI / 25.4) < 2
        assert abs(page.height - 297 * DPI / 25.4) < 2
        left, top, right, bottom = ink(page)
        assert left >= 30 - SLACK_MM
        assert right <= 210 - 15 + SLACK_MM
        assert bottom <= 297 - 20 + SLACK_MM
        # Only the page number stands above the upper margin, and not on the first page.
        assert top >= (20 if number == 1 else 10) - SLACK_MM
    left, top, right, _bottom = ink(pages(printed(kind))[0])
    assert left <= 35
    assert top <= 25
    assert right >= 190


@EACH
def test_the_head(kind: str) -> None:
    title, motto = after(kind, "CỘNG", "HÒA"), after(kind, "Độc", "lập", "-", "Tự", "do")
    assert 12 - 0.1 <= title.size <= 13.1
    assert 13 - 0.1 <= motto.size <= 14.1
    assert title.left > 95
    assert motto.top > title.top
    day = after(kind, "ngày")
    dated = next(w for w in words_of(kind) if w.page == 1 and w.text == "năm")
    assert dated.left > 95
    assert 13 - 0.1 <= dated.size <= 14.1
    assert dated.top > motto.top
    assert day.page == 1


@pytest.mark.parametrize("kind", sorted(set(samples.ALL_KINDS) - {"receipt", "certificate"}))
def test_number_and_recipients(kind: str) -> None:
    number = after(kind, "Số:")
    assert 12.9 <= number.size <= 13.1
    assert number.right < 105
    recipients = after(kind, "Nơi", "nhận:")
    assert 11.9 <= recipients.size <= 12.1
    assert recipients.left < 35
    kept = after(kind, "-", "Lưu:")
    assert 10.9 <= kept.size <= 11.1
    assert kept.top > recipients.top


@EACH
def test_the_body(kind: str) -> None:
    every = [w for w in words_of(kind) if w.page == 1 and 30 <= w.left <= 195]
    indents = {round(w.left - 30, 1) for w in every if 13.9 <= w.size <= 14.1 and w.left < 46}
    assert any(10 - SLACK_MM <= indent <= 12.7 + SLACK_MM for indent in indents)
    sizes = {round(w.size) for w in every}
    assert sizes <= {11, 12, 13, 14}


def test_page_numbers_stand_in_the_middle_from_the_second_page() -> None:
    tops = {w.page: w for w in reversed(words_of("recommendation")) if w.top < 20 - SLACK_MM}
    assert sorted(tops) == [2, 3]
    for page, word in tops.items():
        assert word.text == str(page)
        assert 12.9 <= word.size <= 14.1
        assert abs((word.left + word.right) / 2 - (30 + 195) / 2) < 1


@pytest.mark.parametrize(
    ("kind", "title"), [("transfer", "PHIẾU"), ("notice", "THÔNG"), ("invitation", "GIẤY")]
)
def test_titles_stand_in_the_middle(kind: str, title: str) -> None:
    word = after(kind, title)
    assert 13.9 <= word.size <= 14.1
    assert abs(middle_of(kind, 1, word.top) - (30 + 195) / 2) < 1


def test_two_parties_stand_side_by_side() -> None:
    front, committee = after("invitation", "TM.", "BAN"), after("invitation", "TM.", "ỦY")
    assert committee.right < 112 < front.left
    assert abs(committee.top - front.top) < 0.5
    assert after("invitation", "Nơi", "nhận:").top > front.top
