"""A board as a workbook: a sheet for each of its tables, in the words of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from webapp.documents.workbook import Cell, SheetColumn, SheetTable, write_workbook
from webapp.figures.queries.board import Board, CaseTally
from webapp.figures.queries.first_looks import Looks
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
    sheets = [_sheet("Tổng hợp", asked, [NamedTally("", "Tất cả", board.all)], board)]
    sheets += [_sheet(table.heading, asked, table.rows, board) for table in tables]
    sheets += [_holders(asked, holders), _trend(asked, board)]
    return write_workbook(sheets, footer=f"Mắt Xanh, bảng số liệu. {asked}")


def _sheet(heading: str, asked: str, rows: Sequence[NamedTally], board: Board) -> SheetTable:
    looks = [_looks_of(row, board) for row in rows]
    columns: tuple[SheetColumn, ...] = (SheetColumn(heading, 40), *_COUNTS)
    table = [_row(row) for row in rows]
    if any(looks):  # of reports, which know no source, severity or priority
        columns += _LOOKS
        table = [[*row, *_waited(each)] for row, each in zip(table, looks, strict=True)]
    return SheetTable(name=heading[:31], title=heading, notes=(asked,), columns=columns, rows=table)


def _row(row: NamedTally) -> list[Cell]:
    tally = row.tally
    counts = (tally.open, tally.overdue, tally.opened, tally.closed, tally.answered, tally.on_time)
    return [row.label, *counts]


def _looks_of(row: NamedTally, board: Board) -> Looks | None:
    if row.tally is board.all:
        return board.looks
    for unit_id, tally in board.by_unit.items():
        if tally is row.tally:
            return board.looks_by_unit.get(unit_id)
    return None


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
