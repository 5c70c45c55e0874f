"""Papers become pictures: nothing of their text or metadata is left, unsafe ones are refused."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from geo.photos import Mark
from tests.factories.papers import a_pdf, a_stored_paper, assembled
from webapp.core import files
from webapp.core.unit_of_work import session
from webapp.media.models import Paper
from webapp.media.papers import REFUSED, Unredactable, make_pages, page_bytes, read_paper

ID_LINE = "So can cuoc 012345678901"
# The line stands at 72 pt from the left, 770 of 842 from below.
OVER_THE_LINE = Mark(0.1, 0.06, 0.6, 0.05)


def refusal(content: bytes) -> str | None:
    paper = session().get_one(Paper, a_stored_paper(content).id, populate_existing=True)
    assert (paper.state == "unreadable") is (paper.refused is not None)
    return paper.refused


def test_a_paper_becomes_pages_to_draw_on(app: Flask) -> None:
    paper = a_stored_paper(a_pdf(ID_LINE, "Trang hai"))
    paper = session().get_one(Paper, paper.id, populate_existing=True)
    assert [(page.number, page.height) for page in paper.pages] == [(0, 1754), (1, 1754)]
    assert page_bytes(paper, 1).startswith(b"\xff\xd8\xff")
    assert b"012345678901" not in files.store().get(paper.original_key)


def test_reading_twice_changes_nothing(app: Flask) -> None:
    paper = a_stored_paper(a_pdf("Mot"))
    read_paper(paper.id)
    assert len(session().get_one(Paper, paper.id, populate_existing=True).pages) == 1


def test_what_lies_under_a_mark_is_not_in_the_text_left(app: Flask) -> None:
    paper = a_stored_paper(a_pdf(ID_LINE, ID_LINE))
    first, second = make_pages(paper, [OVER_THE_LINE])
    assert first.text.strip() == ""
    assert second.text == ID_LINE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (a_pdf(*["trang"] * 31), "too_many_pages"),
        (a_pdf("dai", size=(595, 20_000)), "too_large"),
        (a_pdf("hep", size=(20, 842)), "too_large"),
        (b"%PDF-1.7\nkhong phai PDF\n%%EOF", "broken"),
        (
            assembled(
                [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"],
                b"",
            ),
            "broken",
        ),
        (
            assembled(
                [
                    b"<< /Type /Catalog /Pages 2 0 R >>",
                    b"<< /Type /Pages /Kids [] /Count 0 >>",
                    b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <%s> /U <%s> >>"
                    % (b"ab" * 32, b"cd" * 32),
                ],
                b"/Encrypt 3 0 R /ID [<00112233445566778899aabbccddeeff> <00>]",
            ),
            "encrypted",
        ),
    ],
)
def test_a_paper_that_cannot_be_redacted_safely(app: Flask, content: bytes, reason: str) -> None:
    assert refusal(content) == reason
    assert reason in REFUSED


def test_a_child_that_dies_leaves_no_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.media.papers.CHILD_COMMAND", (sys.executable, "-c", "exit(3)"))
    assert refusal(a_pdf("mot")) == "failed"


def test_an_unknown_reason_is_told_as_a_failure() -> None:
    assert Unredactable("gì đó").reason == "failed"


def test_the_child_answers_with_sizes_and_texts(tmp_path: Path) -> None:
    """The child by itself, as the worker starts it."""
    done = subprocess.run(
        [sys.executable, "-m", "webapp.media.paper_child", str(tmp_path)],
        input=a_pdf("mot"),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout)["pages"][0]["text"] == "mot"
    assert [file.name for file in tmp_path.iterdir()] == ["0.jpg"]
