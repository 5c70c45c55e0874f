"""A board as a workbook: a sheet for each of its tables, in the words of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from webapp.documents.workbook import Cell, SheetColumn, SheetTable, write_workbook
from webapp.figures.queries.board import Board, CaseTally
from webapp.figures.queries.first_looks import ALL, Looks
from webapp.figures.window import Window

_COUNTS: Final = (
    SheetColumn("Đang mở", 10),
    SheetColumn("Quá hạn", 10),
    SheetColumn("Mở mới", 10),
    SheetColumn("Đã xong", 10),
    SheetColumn("Kiến nghị được trả lời", 14),
    SheetColumn("Trả lời đúng hạn", 12),
)
_LOOKS: Final = (
    SheetColumn("Phản ánh đã xem", 12),
    SheetColumn("Xem lần đầu, trung vị (giờ)", 14),
    SheetColumn("Xem lần đầu, 9 trên 10 (giờ)", 14),
)
_HOUR: Final = 3600


@dataclass(frozen=True)
class NamedTally:
    """A row of a table: its words and what is counted, and the key that links to it."""

    key: str
    label: str
    tally: CaseTally


@dataclass(frozen=True)
class NamedTable:
    """A table of the board under its heading; ``name`` is the filter that its rows set."""

    name: str
    heading: str
    rows: list[NamedTally]


def board_workbook(
    board: Board, tables: Sequence[NamedTable], holders: Iterable[tuple[str, int, int]], asked: str
) -> bytes:
    """The whole board; ``asked`` says the days and the filters, on every sheet."""
    whole = NamedTable(ALL, "Tổng hợp", [NamedTally(ALL, "Tất cả", board.all)])
    sheets = [_sheet(table, asked, board) for table in (whole, *tables)]
    sheets += [_holders(asked, holders), _trend(asked, board)]
    return write_workbook(sheets, footer=f"Mắt Xanh, bảng số liệu. {asked}")


def _sheet(table: NamedTable, asked: str, board: Board) -> SheetTable:
    columns: tuple[SheetColumn, ...] = (SheetColumn(table.heading, 40), *_COUNTS)
    rows = [_row(row) for row in table.rows]
    if board.all_looks:
        columns += _LOOKS
        looks = (board.looks_of(table.name, row.key) for row in table.rows)
        rows = [[*row, *_waited(each)] for row, each in zip(rows, looks, strict=True)]
    return SheetTable(
        name=table.heading[:31], title=table.heading, notes=(asked,), columns=columns, rows=rows
    )


def _row(row: NamedTally) -> list[Cell]:
    tally = row.tally
    counts = (tally.open, tally.overdue, tally.opened, tally.closed, tally.answered, tally.on_time)
    return [row.label, *counts]


def _waited(looks: Looks | None) -> list[Cell]:
    if looks is None:
        return [None, None, None]
    hours = (round(each.total_seconds() / _HOUR, 1) for each in (looks.median, looks.p90))
    return [looks.n, *hours]


def _holders(asked: str, holders: Iterable[tuple[str, int, int]]) -> SheetTable:
    columns = (SheetColumn("Nơi giữ việc", 50), *_COUNTS[:2])
    rows: list[list[Cell]] = [[name, n, late] for name, n, late in holders]
    return SheetTable(
        name="Nơi giữ việc", title="Nơi giữ việc", notes=(asked,), columns=columns, rows=rows
    )


def _trend(asked: str, board: Board) -> SheetTable:
    columns = (SheetColumn("Từ ngày", 14), SheetColumn("Đến ngày", 14), *_COUNTS[2:4])
    rows = [_part(part.window, part.opened, part.closed) for part in board.trend]
    return SheetTable(
        name="Theo thời gian", title="Theo thời gian", notes=(asked,), columns=columns, rows=rows
    )


def _part(window: Window, opened: int, closed: int) -> list[Cell]:
    return [window.first, window.last, opened, closed]
