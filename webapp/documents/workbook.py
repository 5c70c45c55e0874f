"""Tables as xlsx to print on A4: plain texts and numbers, never a formula or a link.

What people typed is written as text, so that "=1+1" stays three signs and no program is asked to
count it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final

from webapp.documents.measures import FONT_NAME, PAGE

Cell = str | int | float | date | None
_MM_PER_INCH: Final = 25.4
_TITLE_ROW: Final = 0
_MAX_CELL: Final = 32_000  # the format holds 32,767 signs in a cell
# Empty lines push the words of a page head down into the middle of the sheet.
_WATERMARK: Final = "\n" * 9 + '&"Times New Roman,Bold"&36&KC8C8C8'


@dataclass(frozen=True)
class SheetColumn:
    """Head and width in characters; texts wrap."""

    head: str
    width: float


@dataclass(frozen=True, kw_only=True)
class SheetTable:
    """One sheet: its name, the lines above the table, columns and rows."""

    name: str
    title: str
    notes: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Cell]]


def write_workbook(tables: Sequence[SheetTable], *, footer: str, watermark: str = "") -> bytes:
    """The tables as one file, a sheet each, landscape A4, the heads on every page.

    ``footer`` stands under every page; ``watermark`` in grey across every page.
    """
    stream = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    # 2 MB that a web server needs only where somebody takes a table along.
    import xlsxwriter

    with xlsxwriter.Workbook(stream, options) as book:
        formats = _formats(book)
        for table in tables:
            sheet = book.add_worksheet(table.name)
            _set_page(sheet, table, footer, watermark)
            _fill(sheet, table, formats)
    return stream.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    common = {"font_name": FONT_NAME, "font_size": 12, "valign": "top"}
    boxed = {**common, "border": 1}
    return {
        "title": book.add_format({**common, "bold": True, "font_size": 14}),
        "note": book.add_format({**common, "italic": True}),
        "head": book.add_format({**boxed, "bold": True, "text_wrap": True, "align": "center"}),
        "text": book.add_format({**boxed, "text_wrap": True}),
        "number": book.add_format({**boxed, "align": "center"}),
        "day": book.add_format({**boxed, "num_format": "dd/mm/yyyy", "align": "center"}),
    }


def _set_page(sheet: Any, table: SheetTable, footer: str, watermark: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(
        left=PAGE.left_mm / _MM_PER_INCH,
        right=PAGE.right_mm / _MM_PER_INCH,
        top=PAGE.top_mm / _MM_PER_INCH,
        bottom=PAGE.bottom_mm / _MM_PER_INCH,
    )
    sheet.fit_to_pages(1, 0)
    head = _head_row(table)
    sheet.repeat_rows(head)
    sheet.freeze_panes(head + 1, 0)
    sheet.set_footer(f'&L&"Times New Roman"&10{_printed(footer)}&R&10&P/&N')
    if watermark:
        sheet.set_header(f"&C{_WATERMARK}{_printed(watermark)}")


def _fill(sheet: Any, table: SheetTable, formats: dict[str, Any]) -> None:
    sheet.write_string(_TITLE_ROW, 0, table.title, formats["title"])
    for place, note in enumerate(table.notes, start=1):
        sheet.write_string(place, 0, note, formats["note"])
    head = _head_row(table)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(head, place, column.head, formats["head"])
    for line, row in enumerate(table.rows, start=head + 1):
        for place, cell in enumerate(row):
            _write(sheet, line, place, cell, formats)


def _write(sheet: Any, line: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None or isinstance(cell, str):
        sheet.write_string(line, place, (cell or "")[:_MAX_CELL], formats["text"])
    elif isinstance(cell, date):
        sheet.write_datetime(line, place, cell, formats["day"])
    else:
        sheet.write_number(line, place, cell, formats["number"])


def _head_row(table: SheetTable) -> int:
    return len(table.notes) + 2


def _printed(words: str) -> str:
    """Words in a page head or foot, where & begins a command."""
    return words.replace("&", "&&")[:150]
