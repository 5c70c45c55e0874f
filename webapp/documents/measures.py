"""Measures of an administrative document: NĐ 30/2020, Phụ lục I, in millimetres and points.

Where the decree gives a range, one value inside it is chosen here, once, for both renderers.
The Front may lay out its own documents suitably (Đ.2.2): what differs is a row of this table.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Align = Literal["left", "center", "right", "justify"]

# Written into the docx; the PDF uses Liberation Serif, which has the same metrics and is free.
FONT_NAME: Final = "Times New Roman"
PDF_FONT_NAME: Final = "Liberation Serif"


@dataclass(frozen=True, kw_only=True)
class PageMeasures:
    """A4 upright. The page number stands alone in the top margin, from page 2."""

    width_mm: float = 210
    height_mm: float = 297
    top_mm: float = 20
    bottom_mm: float = 20
    left_mm: float = 30
    right_mm: float = 15
    page_number_from_top_mm: float = 10

    @property
    def text_width_mm(self) -> float:
        """Width between the margins."""
        return self.width_mm - self.left_mm - self.right_mm


@dataclass(frozen=True, kw_only=True)
class TextStyle:
    """How one kind of line looks; spaces in points, indents in millimetres."""

    size_pt: float
    bold: bool = False
    italic: bool = False
    align: Align = "left"
    first_line_mm: float = 0
    left_mm: float = 0
    before_pt: float = 0
    after_pt: float = 0
    line_spacing: float = 1.0
    keep_with_next: bool = False
    box_indent_mm: float = 0

    @property
    def boxed(self) -> bool:
        """Whether the line stands in a frame, drawn this far inside its column."""
        return self.box_indent_mm > 0


PAGE: Final = PageMeasures()

# The national title at 12 pt is 82 mm and the motto at 13 pt is 54 mm wide in these metrics.
HEAD_LEFT_MM: Final = 72.0
HEAD_RIGHT_MM: Final = PAGE.text_width_mm - HEAD_LEFT_MM
RECIPIENTS_MM: Final = 82.5
SIGNATURE_MM: Final = PAGE.text_width_mm - RECIPIENTS_MM

# The line under the motto is as long as its text; the others ⅓ to ½ of the text above.
RULES_MM: Final = MappingProxyType({"motto": 53.5, "issuer": 24.0, "subject": 40.0})

STYLES: Final = MappingProxyType(
    {
        "parent": TextStyle(size_pt=12, align="center"),
        "issuer": TextStyle(size_pt=12, bold=True, align="center"),
        # Where two parties sign, the second header and the recipients stand apart from the first.
        "parent_second": TextStyle(size_pt=12, align="center", before_pt=6),
        "issuer_second": TextStyle(size_pt=12, bold=True, align="center", before_pt=6),
        "recipients_head_second": TextStyle(
            size_pt=12, bold=True, italic=True, before_pt=14, keep_with_next=True
        ),
        "national_title": TextStyle(size_pt=12, bold=True, align="center"),
        "motto": TextStyle(size_pt=13, bold=True, align="center"),
        "number": TextStyle(size_pt=13, align="center", before_pt=6),
        "letter_subject": TextStyle(size_pt=12, align="center", before_pt=3),
        "place_date": TextStyle(size_pt=13, italic=True, align="center", before_pt=6),
        "urgency": TextStyle(size_pt=13, bold=True, align="center", before_pt=8, box_indent_mm=18),
        "title": TextStyle(
            size_pt=14, bold=True, align="center", before_pt=18, keep_with_next=True
        ),
        "subject": TextStyle(size_pt=14, bold=True, align="center", keep_with_next=True),
        "salutation": TextStyle(size_pt=14, align="center", before_pt=18, after_pt=12),
        "salutation_head": TextStyle(size_pt=14, left_mm=25, before_pt=18, keep_with_next=True),
        "salutation_item": TextStyle(size_pt=14, left_mm=45, before_pt=3),
        "basis": TextStyle(
            size_pt=14, italic=True, align="justify", first_line_mm=12.7, before_pt=6
        ),
        "body": TextStyle(
            size_pt=14, align="justify", first_line_mm=12.7, before_pt=6, line_spacing=1.1
        ),
        # As the body; the signature never stands on a page without a line of the text.
        "closing": TextStyle(
            size_pt=14,
            align="justify",
            first_line_mm=12.7,
            before_pt=6,
            line_spacing=1.1,
            keep_with_next=True,
        ),
        "position": TextStyle(size_pt=14, bold=True, align="center", keep_with_next=True),
        # The space above the name is for the wet signature and the seal.
        "signer_name": TextStyle(size_pt=14, bold=True, align="center", before_pt=68),
        "recipients_head": TextStyle(size_pt=12, bold=True, italic=True, keep_with_next=True),
        "recipients_copy": TextStyle(size_pt=11, italic=True, keep_with_next=True),
        "recipient": TextStyle(size_pt=11),
        "annex_title": TextStyle(size_pt=14, bold=True, align="center", keep_with_next=True),
        "annex_reference": TextStyle(
            size_pt=14, italic=True, align="center", after_pt=12, keep_with_next=True
        ),
        "cell_head": TextStyle(size_pt=12, bold=True, align="center"),
        "cell": TextStyle(size_pt=12),
        "cell_center": TextStyle(size_pt=12, align="center"),
        "page_number": TextStyle(size_pt=13, align="center"),
    }
)
