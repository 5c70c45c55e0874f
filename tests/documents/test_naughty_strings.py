"""Any text, in any field, gives a docx that opens and a PDF (trust I3)."""

from pathlib import Path

import pytest

from tests.documents import samples
from tests.documents.readers import docx_lines, html_lines
from webapp.documents.docx_writer import render_docx
from webapp.documents.evidence import evidence_table
from webapp.documents.letters import (
    Annex,
    Letter,
    OrganisationHeader,
    Paragraph,
    Recipient,
    Signature,
)
from webapp.documents.pdf import render_html, render_pdf
from webapp.documents.plain_text import clean_line

STRINGS = Path(__file__).parents[3] / "shared" / "data" / "strings" / "blns.txt"
HOSTILE = (
    "<script>alert(1)</script> & <b>đậm</b>",
    "{{ 7 * 7 }} {% raw %} ${x}",
    '<img src="http://127.0.0.1:9/x.png"> <link rel=stylesheet href=file:///etc/passwd>',
    "]]> <!-- --> &amp; &#0; \x00\x0b\ud800\ufffe",
    "x" * 3000,
    "Ủy ban " * 500,
    "",
)


def letter_full_of(text: str) -> Letter:
    """The text in every field that takes text."""
    return Letter(
        type_code="PC",
        notation=text,
        registration=samples.ISSUED,
        header=OrganisationHeader((text,), (text,), text),
        subject=text,
        addressees=(text, text),
        bases=(text,),
        blocks=(Paragraph(text), evidence_table(samples.ORIGINALS), Paragraph(text)),
        recipients=(Recipient(text),),
        filing=text or "VT",
        signature=Signature((text,), text, text),
        annex=Annex(text, (Paragraph(text),)),
    )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_printed_as_text(text: str) -> None:
    letter = letter_full_of(text)
    lines = docx_lines(render_docx(letter))
    assert html_lines(render_html(letter)) == lines
    assert clean_line(text) in [*lines, ""]
    assert render_pdf(letter).startswith(b"%PDF-1.")


def naughty_lines() -> list[str]:
    """The list, without its comments; skips where the reference data is absent."""
    if not STRINGS.exists():
        pytest.skip("the reference data beside the checkout (../shared/data) is absent")
    lines = STRINGS.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.shared_data
def test_naughty_strings_survive_in_docx_html_and_pdf() -> None:
    strings = naughty_lines()
    assert len(strings) > 400
    for text in strings[::10]:
        letter = letter_full_of(text)
        assert html_lines(render_html(letter)) == docx_lines(render_docx(letter))
    everything = letter_full_of("VT")
    blocks = (*map(Paragraph, strings), Paragraph("Hết"))
    whole = Letter(**{**vars(everything), "blocks": blocks})
    printed = docx_lines(render_docx(whole))
    assert {clean_line(text) for text in strings} - {""} <= set(printed)
    assert html_lines(render_html(whole)) == printed
    assert render_pdf(whole).startswith(b"%PDF-1.")
