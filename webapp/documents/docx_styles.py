"""Styles, page and properties of a docx, set from the measures.

Every kind of line is a named paragraph style, so that an officer who edits the file changes a
style and not a hundred lines.
"""

from datetime import UTC, datetime
from typing import Any, Final

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from webapp.documents.letters import Letter
from webapp.documents.measures import FONT_NAME, PAGE, STYLES, TextStyle

RULE_STYLE: Final = "VB rule"

_ALIGN: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
# A rule is the border of an empty paragraph, which must be as low as Word allows.
_RULE_PT: Final = 2


def prepare(document: Any, letter: Letter) -> None:
    """Give a blank document the page, the styles and the properties of the letter."""
    _set_properties(document, letter)
    for key, style in STYLES.items():
        _add_style(document, style_name(key), style)
    rule = _add_style(document, RULE_STYLE, TextStyle(size_pt=_RULE_PT, keep_with_next=True))
    rule.paragraph_format.line_spacing = Pt(_RULE_PT)
    _set_page(document.sections[0])


def style_name(key: str) -> str:
    """The name Word shows for a key of measures.STYLES."""
    return f"VB {key.replace('_', ' ')}"


def _add_style(document: Any, name: str, style: TextStyle) -> Any:
    made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Normal"]
    _set_font(made, style)
    layout = made.paragraph_format
    layout.alignment = _ALIGN[style.align]
    layout.first_line_indent = Mm(style.first_line_mm)
    layout.left_indent = Mm(style.left_mm)
    layout.space_before = Pt(style.before_pt)
    layout.space_after = Pt(style.after_pt)
    layout.line_spacing = style.line_spacing
    layout.keep_with_next = style.keep_with_next
    layout.widow_control = True
    if style.boxed:
        add_border(made.element.get_or_add_pPr(), ("top", "left", "bottom", "right"))
    return made


def _set_font(made: Any, style: TextStyle) -> None:
    made.font.name = FONT_NAME
    made.font.size = Pt(style.size_pt)
    made.font.bold = style.bold
    made.font.italic = style.italic
    properties = made.element.get_or_add_rPr()
    # Vietnamese letters beyond Latin-1 are taken from these two where they are set.
    for script in ("w:cs", "w:eastAsia"):
        properties.rFonts.set(qn(script), FONT_NAME)
    properties.append(element("w:lang", val="vi-VN", eastAsia="vi-VN"))


def _set_page(section: Any) -> None:
    section.page_width, section.page_height = Mm(PAGE.width_mm), Mm(PAGE.height_mm)
    section.top_margin, section.bottom_margin = Mm(PAGE.top_mm), Mm(PAGE.bottom_mm)
    section.left_margin, section.right_margin = Mm(PAGE.left_mm), Mm(PAGE.right_mm)
    section.header_distance = Mm(PAGE.page_number_from_top_mm)
    # The first page has a header of its own, which stays empty.
    section.different_first_page_header_footer = True
    _number_pages(section.header.paragraphs[0])


def _number_pages(paragraph: Any) -> None:
    paragraph.style = style_name("page_number")
    field = element("w:fldSimple", instr="PAGE")
    field.append(OxmlElement("w:r"))
    paragraph._p.append(field)


def _set_properties(document: Any, letter: Letter) -> None:
    about = document.core_properties
    day = letter.registration.reference_date
    about.author = ", ".join(letter.header.issuing_lines)[:255]
    about.last_modified_by = ""
    about.comments = ""
    about.title = letter.subject[:255]
    about.language = "vi-VN"
    about.created = about.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)


def add_border(properties: Any, sides: tuple[str, ...]) -> None:
    """Black lines on these sides of a paragraph, in the order the schema asks for."""
    borders = OxmlElement("w:pBdr")
    for side in sides:
        borders.append(element(f"w:{side}", val="single", sz="6", space="1", color="000000"))
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def element(tag: str, **attributes: str) -> Any:
    """An element of the w: namespace with attributes of the same namespace."""
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
