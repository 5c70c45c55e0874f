"""A sheet as a Word file an officer can open and edit; built with python-docx from the measures.

No template file lies beside it: a built-in letter is this code, so it can be read and compared.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm

from webapp.documents.docx_styles import RULE_STYLE, add_border, element, prepare, style_name
from webapp.documents.letters import Column, Letter, Table
from webapp.documents.measures import (
    HEAD_LEFT_MM,
    HEAD_RIGHT_MM,
    PAGE,
    RECIPIENTS_MM,
    RULES_MM,
    SIGNATURE_MM,
    STYLES,
)
from webapp.documents.sheet import Item, Line, Rule, Sheet, lay_out

# A zip entry must carry a time; a fixed one keeps equal letters equal byte for byte.
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)


def write_docx(letter: Letter) -> bytes:
    """The letter as a docx; equal letters give equal bytes."""
    return write_sheet(lay_out(letter), letter)


def write_sheet(sheet: Sheet, letter: Letter) -> bytes:
    """A sheet as a docx with the properties of the letter; equal sheets give equal bytes."""
    document = Document()
    _drop_thumbnail(document)
    prepare(document, letter)
    _write(document, sheet)
    stream = BytesIO()
    document.save(stream)
    return _with_fixed_times(stream.getvalue())


def _write(document: Any, sheet: Sheet) -> None:
    head = _grid(document, (HEAD_LEFT_MM, HEAD_RIGHT_MM), rows=2)
    _fill(head.cell(0, 0), sheet.head_left, HEAD_LEFT_MM)
    _fill(head.cell(0, 1), sheet.head_right, HEAD_RIGHT_MM)
    _fill(head.cell(1, 0), sheet.number, HEAD_LEFT_MM)
    _fill(head.cell(1, 1), (sheet.place_date,), HEAD_RIGHT_MM)
    _append(document, sheet.body, PAGE.text_width_mm)
    _spacer(document)
    if sheet.partner_signature:
        _foot(document, sheet.partner_signature, sheet.signature)
        _append(document, sheet.recipients, PAGE.text_width_mm)
    else:
        _foot(document, sheet.recipients, sheet.signature)
    if sheet.annex:
        first = len(document.paragraphs)
        _append(document, sheet.annex, PAGE.text_width_mm)
        # A paragraph that holds a template's command goes when the template is filled.
        staying = (p for p in document.paragraphs[first:] if not p.text.startswith("{%p"))
        next(staying).paragraph_format.page_break_before = True
        _spacer(document)


def _foot(document: Any, left: tuple[Item, ...], right: tuple[Item, ...]) -> None:
    foot = _grid(document, (RECIPIENTS_MM, SIGNATURE_MM), rows=1)
    _fill(foot.cell(0, 0), left, RECIPIENTS_MM)
    _fill(foot.cell(0, 1), right, SIGNATURE_MM)
    _spacer(document)


def _append(container: Any, items: Iterable[Item], width_mm: float) -> None:
    for item in items:
        if isinstance(item, Table):
            _ruled_table(container, item)
        elif isinstance(item, Rule):
            _rule(container.add_paragraph(), RULES_MM[item.width], width_mm)
        else:
            _line(container.add_paragraph(), item)


def _fill(cell: Any, items: tuple[Item, ...], width_mm: float) -> None:
    """Write into a cell, which must keep one paragraph: the empty first one goes if it can."""
    _append(cell, items, width_mm)
    if items:
        first = cell.paragraphs[0]._p
        first.getparent().remove(first)


def _line(paragraph: Any, line: Line) -> None:
    paragraph.style = style_name(line.style)
    paragraph.add_run(line.text)
    box_mm = STYLES[line.style].box_indent_mm
    if box_mm:
        paragraph.paragraph_format.left_indent = Mm(box_mm)
        paragraph.paragraph_format.right_indent = Mm(box_mm)


def _rule(paragraph: Any, rule_mm: float, width_mm: float) -> None:
    """An empty, very low paragraph whose upper border is the line."""
    paragraph.style = RULE_STYLE
    indent = Mm((width_mm - rule_mm) / 2)
    paragraph.paragraph_format.left_indent = indent
    paragraph.paragraph_format.right_indent = indent
    add_border(paragraph._p.get_or_add_pPr(), ("top",))


def _spacer(document: Any) -> None:
    """Parts two tables, which Word would join, and ends the body, which a table may not."""
    document.add_paragraph(style=RULE_STYLE)


def _grid(document: Any, widths_mm: tuple[float, ...], *, rows: int) -> Any:
    """A table without lines, only to set two blocks side by side; its rows never split."""
    table = document.add_table(rows=rows, cols=len(widths_mm))
    _fix_widths(table, widths_mm, padding_mm=0)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    return table


def _fix_widths(table: Any, widths_mm: Iterable[float], *, padding_mm: float) -> None:
    table.autofit = False
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=str(Mm(padding_mm).twips), type="dxa"))
    # The schema fixes the order of these properties; the cell margins come before the look.
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    for column, width in zip(table.columns, widths_mm, strict=True):
        for cell in (column, *column.cells):
            cell.width = Mm(width)


def _ruled_table(container: Any, content: Table) -> None:
    table = container.add_table(rows=1 + len(content.rows), cols=len(content.columns))
    table.style = "Table Grid"
    total = sum(column.share for column in content.columns)
    widths = [PAGE.text_width_mm * column.share / total for column in content.columns]
    _fix_widths(table, widths, padding_mm=1)
    heads = tuple(column.head for column in content.columns)
    _row(table.rows[0], heads, ["cell_head"] * len(heads))
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    styles = [_cell_style(column) for column in content.columns]
    for row, cells in zip(table.rows[1:], content.rows, strict=True):
        _row(row, cells, styles)


def _cell_style(column: Column) -> str:
    return "cell_center" if column.centred else "cell"


def _row(row: Any, texts: Iterable[str], styles: Iterable[str]) -> None:
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))
    for cell, text, style in zip(row.cells, texts, styles, strict=True):
        _line(cell.paragraphs[0], Line(style, text))


def _drop_thumbnail(document: Any) -> None:
    """The library's blank document carries a picture of another page."""
    relations = document.part.package.rels
    for key in [k for k, rel in relations.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        relations.pop(key)


def _with_fixed_times(packed: bytes) -> bytes:
    stream = BytesIO()
    with ZipFile(BytesIO(packed)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _ZIP_TIME)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return stream.getvalue()
