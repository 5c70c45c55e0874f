"""Unit lists: new units and corrected ones; a bad list changes nothing."""

from pathlib import Path

import orjson
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.directory import DIEN_BIEN, MUONG_PHANG, TODAY, a_unit
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import session, write_unit
from webapp.directory import queries
from webapp.directory.import_results import ImportSummary
from webapp.directory.models import Unit
from webapp.directory.unit_import import import_units
from webapp.directory.unit_lists import read_units

HEAD = "system,code,kind,name,parent,lon,lat,valid_from,valid_to,successor,successor_system"
NEW = "gso-2025,99001,Xã,Pá Mới,11,103.100,21.470,2026-07-01,,,"


def run(*lines: str, dry_run: bool = False) -> ImportSummary:
    return run_bytes("\n".join((HEAD, *lines)).encode(), dry_run=dry_run)


def run_bytes(content: bytes, *, dry_run: bool = False) -> ImportSummary:
    found = read_units(content)
    with write_unit():
        return import_units(SYSTEM, found, dry_run=dry_run)


def count() -> int:
    session().rollback()
    return session().scalars(select(func.count(Unit.id))).one()


def test_a_new_unit_with_its_parent_before_or_after_it(app: Flask) -> None:
    summary = run(
        "gso-2025,99002,Xã,Nậm Mới,99,103.2,21.5,2026-07-01,,,",
        "gso-2025,99,Tỉnh,Sông Mới,,103.1,21.4,2026-07-01,,,",
    )
    assert (summary.read, summary.imported, summary.skipped) == (2, 2, 0)
    unit = a_unit("99002")
    assert (unit.name, unit.kind, unit.lon, unit.lat) == ("Xã Nậm Mới", "commune", 103.2, 21.5)
    assert queries.province_of(unit).name == "Tỉnh Sông Mới"
    assert queries.search_units("nam moi", TODAY) == [], "not in force yet"


def test_a_changed_fact_is_brought_up_to_date(app: Flask) -> None:
    before = count()
    ended = f"gso-2025,{MUONG_PHANG},Xã,Mường Phăng,{DIEN_BIEN},,,2025-07-01,2026-06-30,99001,"
    summary = run(ended, NEW)
    assert summary.imported == 2
    assert count() == before + 1
    old = a_unit()
    assert (str(old.valid_to), old.lon is not None) == ("2026-06-30", True)
    assert [each.id for each in queries.predecessors(a_unit("99001"))] == [old.id]


def test_the_same_list_again_changes_nothing(app: Flask) -> None:
    run(NEW)
    summary = run(NEW)
    assert (summary.imported, summary.skipped) == (0, 1)


def test_a_dry_run_changes_nothing(app: Flask) -> None:
    before = count()
    assert run(NEW, dry_run=True).imported == 1
    assert count() == before


def test_json_lists(app: Flask) -> None:
    row = {"system": "gso-2025", "code": "99001", "kind": "Xã", "name": "Pá Mới", "parent": "11"}
    assert run_bytes(orjson.dumps([row])).imported == 1
    assert a_unit("99001").name == "Xã Pá Mới"


@pytest.mark.parametrize(
    ("lines", "row", "words"),
    [
        (["gso-2025,,Xã,Pá Mới,11,,,,,,"], 1, "Thiếu code."),
        ([NEW, NEW.replace("Pá Mới", "Pá Cũ")], 2, "mang hai tên: Xã Pá Mới ở dòng 2 và Xã Pá Cũ"),
        ([NEW, NEW], 2, "đã có ở dòng 2"),
        ([NEW.replace("Xã,", "Buôn,")], 1, "Không có loại đơn vị “Buôn”"),
        ([NEW.replace(",11,", ",98,")], 1, "cấp trên mang mã 98"),
        ([NEW.replace(",11,", ",03325,")], 1, "không thể là cấp trên"),
        ([NEW.replace(",11,", ",,")], 1, "Thiếu mã đơn vị cấp trên"),
        ([NEW.replace("103.100,21.470", "21.470,103.100")], 1, "bị đổi chỗ"),
        ([NEW.replace("103.100", "NaN")], 1, "Tọa độ không đúng"),
        ([NEW.replace("2026-07-01", "01/07/2026")], 1, "năm-tháng-ngày"),
        ([NEW.replace("2026-07-01,", "2026-07-01,2026-06-01")], 1, "đứng trước ngày bắt đầu"),
        ([NEW.replace("99001", "99-001")], 1, "không đúng dạng"),
        ([NEW[:-2] + ",88888,"], 1, "kế thừa mang mã 88888"),
    ],
)
def test_bad_lines_are_refused_by_row(app: Flask, lines: list[str], row: int, words: str) -> None:
    before = count()
    summary = run(*lines, "gso-2025,99003,Xã,Bản Tốt,11,,,,,,")
    (problem,) = summary.problems
    assert problem.row == row + 1
    assert words in str(problem.words)
    assert (summary.imported, count()) == (0, before)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"ma,ten\n1,2", "thiếu cột system, code, kind, name"),
        ("system,code,kind,name\n".encode("utf-16"), "không phải là chữ UTF-8"),
        (b"[1, 2]", "phải là một danh sách"),
        (b"[{", "Không đọc được JSON"),
        (b'system,code,kind,name\n"a', "Không đọc được tệp CSV"),
        (b" " * (8 * 1024 * 1024 + 1), "lớn hơn 8 MB"),
    ],
)
def test_bad_files_are_refused(app: Flask, content: bytes, words: str) -> None:
    (problem,) = run_bytes(content).problems
    assert problem.row is None
    assert words in str(problem.words)


def test_names_that_mislead_stay_apart(app: Flask) -> None:
    """A code alone is another place in the other system, and so is a name."""
    run("gso-2025,99004,Xã,Mường Chà,11,103.1,21.9,2026-07-01,,,")
    assert a_unit("99004").id != a_unit("03166").id
    assert a_unit("03166").name == a_unit("99004").name


def test_the_command_tells_what_it_did(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "don_vi.csv"
    file.write_text(f"{HEAD}\n{NEW}\n", encoding="utf-8-sig")
    told = app.test_cli_runner().invoke(args=["directory", "import-units", str(file)])
    assert (told.exit_code, told.output) == (0, "Đọc 1, đã nạp 1, không đổi 0.\n")
