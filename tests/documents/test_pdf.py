"""The HTML twin says what the docx says; the PDF is made of it and of nothing from outside."""

import re

import pytest

from tests.documents import samples
from tests.documents.readers import docx_lines, html_lines, pdf_objects
from webapp.documents.docx_writer import render_docx
from webapp.documents.measures import STYLES
from webapp.documents.pdf import render_html, render_pdf
from webapp.documents.stylesheet import stylesheet

PDF_PAGES = {"recommendation": 3, "hearing": 2}  # of every other kind one


@pytest.mark.parametrize("kind", samples.ALL_KINDS)
def test_docx_and_html_twin_carry_the_same_text(kind: str) -> None:
    letter = samples.ALL_KINDS[kind]()
    lines = docx_lines(render_docx(letter))
    assert len(lines) > 15
    assert html_lines(render_html(letter)) == lines


@pytest.mark.parametrize("kind", samples.ALL_KINDS)
def test_pdf_has_its_pages_and_its_fonts_inside(kind: str) -> None:
    pdf = render_pdf(samples.ALL_KINDS[kind]())
    objects = pdf_objects(pdf)
    assert pdf.startswith(b"%PDF-1.")
    assert len(re.findall(rb"/Type /Page\b", objects)) == PDF_PAGES.get(kind, 1)
    names = set(re.findall(rb"/FontName /([A-Za-z0-9+-]+)", objects))
    assert names
    assert all(b"Liberation-Serif" in name for name in names)
    assert len(re.findall(rb"/FontFile[23]? \d", objects)) >= len(names)


def test_equal_letters_give_equal_pdf_bytes() -> None:
    assert render_pdf(samples.report_receipt()) == render_pdf(samples.report_receipt())


def test_html_is_escaped_and_needs_no_inline_style_script_or_address() -> None:
    page = render_html(samples.recommendation())
    assert not re.search(r"style=|<script|<style|\son\w+=|href=|src=|url\(", page)


def test_stylesheet_has_a_rule_for_every_class_of_the_page() -> None:
    page = render_html(samples.recommendation()) + render_html(samples.transfer())
    look = stylesheet()
    for name in set(re.findall(r'class="([a-z0-9_-]+)"', page)):
        assert re.search(rf"\.{name}\b", look), name
    assert "http" not in look


def test_stylesheet_uses_the_measures() -> None:
    look = stylesheet()
    assert "margin: 20mm 15mm 20mm 30mm" in look
    assert f".recipients_head {{ font-size: {STYLES['recipients_head'].size_pt}pt" in look
    assert "@page :first { @top-center { content: none; } }" in look
