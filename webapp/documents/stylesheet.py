"""The measures as CSS, for the HTML twin and the PDF made from it."""

from collections.abc import Iterator

from webapp.documents.measures import (
    FONT_NAME,
    HEAD_LEFT_MM,
    HEAD_RIGHT_MM,
    PAGE,
    PDF_FONT_NAME,
    RECIPIENTS_MM,
    RULES_MM,
    SIGNATURE_MM,
    STYLES,
    TextStyle,
)

_FONTS = f'"{PDF_FONT_NAME}", "{FONT_NAME}", serif'

# Two columns are a table: flex items that are longer than a page take WeasyPrint over a minute.
_FIXED = f"""
body {{ margin: 0; color: #000; font-family: {_FONTS}; overflow-wrap: anywhere; }}
p, hr, table {{ margin: 0; }}
hr {{ border: 0; border-top: 0.75pt solid #000; margin: 2pt auto 0; }}
.head, .foot {{ display: table; table-layout: fixed; width: {PAGE.text_width_mm}mm; }}
.head-left, .head-right, .foot-left, .foot-right {{ display: table-cell; vertical-align: top; }}
.head-left {{ width: {HEAD_LEFT_MM}mm; }}
.head-right {{ width: {HEAD_RIGHT_MM}mm; }}
.foot {{ margin-top: 14pt; break-inside: avoid; }}
.foot-left {{ width: {RECIPIENTS_MM}mm; }}
.foot-right {{ width: {SIGNATURE_MM}mm; }}
.annex {{ break-before: page; }}
.list {{ width: 100%; border-collapse: collapse; table-layout: fixed; margin-top: 6pt; }}
.list tr {{ break-inside: avoid; }}
.list th, .list td {{ border: 0.5pt solid #000; padding: 0.5mm 1mm; vertical-align: middle; }}
"""


def stylesheet() -> str:
    """Page, columns and one class for each style, rule and column share."""
    return "\n".join(
        (*_page_rules(), _FIXED, *map(_style_rule, STYLES, STYLES.values()), *_widths())
    )


def _page_rules() -> Iterator[str]:
    number = STYLES["page_number"]
    yield (
        f"@page {{ size: {PAGE.width_mm}mm {PAGE.height_mm}mm; margin: {PAGE.top_mm}mm "
        f"{PAGE.right_mm}mm {PAGE.bottom_mm}mm {PAGE.left_mm}mm; @top-center {{ "
        f"content: counter(page); font-family: {_FONTS}; font-size: {number.size_pt}pt; "
        f"vertical-align: top; padding-top: {PAGE.page_number_from_top_mm}mm; }} }}"
    )
    yield "@page :first { @top-center { content: none; } }"


def _style_rule(name: str, style: TextStyle) -> str:
    return (
        f".{name} {{ font-size: {style.size_pt}pt; line-height: {1.15 * style.line_spacing:.3f}; "
        f"font-weight: {'bold' if style.bold else 'normal'}; "
        f"font-style: {'italic' if style.italic else 'normal'}; text-align: {style.align}; "
        f"text-indent: {style.first_line_mm}mm; margin: {style.before_pt}pt 0 {style.after_pt}pt "
        f"{style.left_mm}mm; break-after: {'avoid' if style.keep_with_next else 'auto'}; "
        f"{_box(style)}}}"
    )


def _box(style: TextStyle) -> str:
    if not style.boxed:
        return ""
    side = f"{style.box_indent_mm}mm"
    return f"border: 0.75pt solid #000; margin-left: {side}; margin-right: {side}; padding: 1pt; "


def _widths() -> Iterator[str]:
    for name, width in RULES_MM.items():
        yield f".rule-{name} {{ width: {width}mm; }}"
    for share in range(1, 101):
        yield f".share-{share} {{ width: {share}%; }}"
