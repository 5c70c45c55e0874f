"""Measures of the docx, read from its XML: NĐ 30/2020, Phụ lục I (law-and-documents C.5)."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm

from tests.documents import samples
from tests.documents.readers import docx_part
from webapp.documents.docx_writer import render_docx
from webapp.documents.measures import PAGE, RULES_MM

CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


@pytest.fixture(scope="module")
def packed() -> bytes:
    """A recommendation with everything on it."""
    return render_docx(samples.recommendation())


@pytest.fixture(scope="module")
def document(packed: bytes) -> Any:
    """The same, opened."""
    return Document(BytesIO(packed))


def paragraphs_of(document: Any) -> list[Any]:
    """All paragraphs, those in tables too."""
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [*document.paragraphs, *(p for cell in cells for p in cell.paragraphs)]


def style_of(document: Any, starts: str) -> Any:
    """The style of the paragraph that starts so."""
    found = [p for p in paragraphs_of(document) if p.text.startswith(starts)]
    assert found, starts
    return found[0].style


def test_page_is_a4_with_margins_inside_the_decree(document: Any) -> None:
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    # Word stores twentieths of a point, so a millimetre comes back a little off.
    assert 20 <= round(section.top_margin.mm, 1) <= 25
    assert 20 <= round(section.bottom_margin.mm, 1) <= 25
    assert 30 <= round(section.left_margin.mm, 1) <= 35
    assert 15 <= round(section.right_margin.mm, 1) <= 20


@pytest.mark.parametrize(
    ("starts", "sizes", "bold", "italic", "align"),
    [
        ("CỘNG HÒA XÃ HỘI", (12, 13), True, False, CENTER),
        ("Độc lập - Tự do", (13, 14), True, False, CENTER),
        ("MẶT TRẬN TỔ QUỐC", (12, 13), False, False, CENTER),
        ("ỦY BAN MTTQ VIỆT NAM", (12, 13), True, False, CENTER),
        ("Số: 05/", (13, 13), False, False, CENTER),
        ("V/v ", (12, 13), False, False, CENTER),
        ("Nà Tấu, ngày", (13, 14), False, True, CENTER),
        ("KHẨN", (13, 14), True, False, CENTER),
        ("Căn cứ ", (13, 14), False, True, JUSTIFY),
        ("Từ ngày 03", (13, 14), False, False, JUSTIFY),
        ("TM. BAN THƯỜNG TRỰC", (13, 14), True, False, CENTER),
        ("CHỦ TỊCH", (13, 14), True, False, CENTER),
        ("Lò Thị", (13, 14), True, False, CENTER),
        ("Nơi nhận:", (12, 12), True, True, WD_ALIGN_PARAGRAPH.LEFT),
        ("- Như trên", (11, 11), False, False, WD_ALIGN_PARAGRAPH.LEFT),
    ],
)
def test_each_part_has_the_type_size_and_place_of_the_decree(
    document: Any, starts: str, sizes: tuple[int, int], bold: bool, italic: bool, align: object
) -> None:
    style = style_of(document, starts)
    assert sizes[0] <= style.font.size.pt <= sizes[1]
    assert (style.font.bold, style.font.italic) == (bold, italic)
    assert style.paragraph_format.alignment == align


@pytest.mark.parametrize("starts", ["PHIẾU CHUYỂN", "Phản ánh của người dân"])
def test_title_and_subject_of_a_titled_document(starts: str) -> None:
    style = style_of(Document(BytesIO(render_docx(samples.transfer()))), starts)
    assert (style.font.size.pt, style.font.bold) == (14, True)
    assert style.paragraph_format.alignment == CENTER


@pytest.mark.parametrize(
    "starts", ["Từ ngày 03", "Ban Thường trực Ủy ban MTTQ Việt Nam xã Nà Tấu rất"]
)
def test_body_paragraphs_are_indented_and_spaced(document: Any, starts: str) -> None:
    layout = style_of(document, starts).paragraph_format
    assert 10 <= layout.first_line_indent.mm <= 12.7
    assert layout.space_before.pt >= 6
    assert 1 <= layout.line_spacing <= 1.5


def test_every_style_is_times_new_roman_for_every_script(packed: bytes) -> None:
    styles = docx_part(packed, "word/styles.xml")
    ours = [s for s in styles if s.get(qn("w:styleId"), "").startswith("VB")]
    assert len(ours) > 20
    for style in ours:
        fonts = style.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        scripts = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")
        assert {fonts.get(qn(script)) for script in scripts} == {"Times New Roman"}


def test_no_run_departs_from_its_style(packed: bytes) -> None:
    assert not list(docx_part(packed, "word/document.xml").iter(qn("w:rPr")))


def test_line_under_the_motto_is_as_long_as_the_motto(document: Any) -> None:
    right = document.tables[0].cell(0, 1)
    rule = right.paragraphs[-1]
    layout = rule.paragraph_format
    drawn = right.width - layout.left_indent - layout.right_indent
    assert abs(drawn - Mm(RULES_MM["motto"])) < Mm(0.1)
    assert rule._p.find(f".//{qn('w:pBdr')}/{qn('w:top')}") is not None


def test_page_number_is_centred_at_the_top_from_page_two(document: Any) -> None:
    section = document.sections[0]
    assert section.different_first_page_header_footer
    header = section.header.paragraphs[0]
    assert header._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"
    assert header.style.paragraph_format.alignment == CENTER
    assert 13 <= header.style.font.size.pt <= 14
    assert section.first_page_header.paragraphs[0].text == ""
    assert section.first_page_header._element.find(f".//{qn('w:fldSimple')}") is None


def test_annex_starts_on_its_own_page_and_its_table_is_as_wide_as_the_text(document: Any) -> None:
    annex = next(p for p in document.paragraphs if p.text == "PHỤ LỤC")
    assert annex.paragraph_format.page_break_before
    table = document.tables[-1]
    assert len(table.rows) == 3
    assert abs(sum(cell.width for cell in table.rows[0].cells) - Mm(PAGE.text_width_mm)) < Mm(1)


def test_last_paragraph_stays_with_the_signature(document: Any) -> None:
    closing = next(p for p in document.paragraphs if p.text.endswith("./."))
    assert closing.style.paragraph_format.keep_with_next


def test_equal_letters_give_equal_bytes_and_other_letters_others(packed: bytes) -> None:
    assert render_docx(samples.recommendation()) == packed
    assert render_docx(samples.recommendation(samples.DRAFT)) != packed


def test_package_carries_no_clock_no_picture_and_no_program_name(packed: bytes) -> None:
    with ZipFile(BytesIO(packed)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in package.namelist() if "thumbnail" in name]
        assert b"python-docx" not in package.read("docProps/core.xml")


@pytest.mark.parametrize("kind", samples.ALL_KINDS)
def test_table_properties_stand_in_the_order_of_the_schema(kind: str) -> None:
    order = ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
    xml = docx_part(render_docx(samples.ALL_KINDS[kind]()), "word/document.xml")
    for properties in xml.iter(qn("w:tblPr")):
        names = [child.tag.split("}")[1] for child in properties]
        assert names == sorted(names, key=order.index)
