"""Boundary files: good ones replace the approximate areas, bad ones change nothing."""

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import shapefile
from flask import Flask
from sqlalchemy import func, select

from geo.boundaries import read_boundaries
from geo.points import Point
from tests.factories.accounts import actor_with
from tests.factories.directory import MUONG_PHANG, NA_TAU, TODAY, a_unit, an_organisation
from webapp.audit.models import AuditEntry
from webapp.core.actor import SYSTEM
from webapp.core.errors import Forbidden
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.boundary_import import import_boundaries
from webapp.directory.import_results import ImportSummary, words_for
from webapp.directory.models import UnitArea
from webapp.directory.queries import unit_at
from webapp.directory.served_units import NEW_SYSTEM

SQUARE = [[103.0, 21.4], [103.2, 21.4], [103.2, 21.5], [103.0, 21.5], [103.0, 21.4]]
BOW_TIE = [[103.0, 21.4], [103.2, 21.5], [103.2, 21.4], [103.0, 21.5], [103.0, 21.4]]
METRES = [[x * 1e5, y * 1e5] for x, y in SQUARE]
SWAPPED = [[y, x] for x, y in SQUARE]


def a_feature(
    code: str | None = MUONG_PHANG,
    name: str | None = "Xã Mường Phăng",
    ring: Sequence[Sequence[float]] = SQUARE,
) -> dict[str, Any]:
    properties = {"code": code, "fullName": name}
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def a_file(*features: dict[str, Any], **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def a_shapefile(prj: str) -> bytes:
    shp, shx, dbf, zipped = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POLYGON) as writer:
        writer.field("MAXA", "C", 10)
        writer.field("TENXA", "C", 60)
        writer.poly([list(reversed(SQUARE))])
        writer.record(MUONG_PHANG, "Mường Phăng")
    with zipfile.ZipFile(zipped, "w") as archive:
        for ending, content in (("shp", shp), ("shx", shx), ("dbf", dbf)):
            archive.writestr(f"ranh_gioi.{ending}", content.getvalue())
        archive.writestr("ranh_gioi.prj", prj)
        archive.writestr("ranh_gioi.cpg", "UTF-8")
    return zipped.getvalue()


def run(content: bytes, *, dry_run: bool = False, system: str = NEW_SYSTEM) -> ImportSummary:
    found = read_boundaries(content)
    with write_unit():
        return import_boundaries(SYSTEM, found, code_system=system, dry_run=dry_run)


def surveyed() -> int:
    session().rollback()
    found = select(func.count()).select_from(UnitArea).where(UnitArea.approximate.is_(False))
    return session().scalars(found).one()


def test_a_good_file_replaces_the_approximate_area(app: Flask) -> None:
    elsewhere = a_feature("26734", "Phường Bến Nghé", [[x + 3.6, y - 10.6] for x, y in SQUARE])
    summary = run(a_file(a_feature(), elsewhere))
    assert (summary.read, summary.imported, summary.skipped) == (2, 1, 1)
    session().rollback()
    match = unit_at(Point(103.01, 21.41), TODAY)
    assert match is not None
    assert (match.unit.code, match.approximate) == (MUONG_PHANG, False)
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.facts == {"system": NEW_SYSTEM, "imported": 1}


def test_a_second_import_replaces_the_first(app: Flask) -> None:
    run(a_file(a_feature()))
    run(a_file(a_feature(ring=[[x + 0.5, y] for x, y in SQUARE])))
    assert surveyed() == 1
    match = unit_at(Point(103.51, 21.41), TODAY)
    assert match is not None
    assert match.unit.code == MUONG_PHANG


def test_a_dry_run_tells_and_changes_nothing(app: Flask) -> None:
    assert run(a_file(a_feature()), dry_run=True).imported == 1
    assert surveyed() == 0


def test_a_zipped_shapefile_in_wgs84(app: Flask) -> None:
    wgs84 = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]'
    assert run(a_shapefile(wgs84)).imported == 1
    assert surveyed() == 1


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [
        (a_shapefile('PROJCS["VN_2000_UTM_Zone_48N"]'), None, "VN-2000"),
        (
            a_file(a_feature(), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}),
            None,
            "không ở hệ tọa độ WGS84",
        ),
        (a_file(a_feature(ring=METRES)), 1, "tính bằng mét"),
        (a_file(a_feature(ring=SWAPPED)), 1, "bị đổi chỗ"),
        (a_file(a_feature(ring=BOW_TIE)), 1, "tự cắt nhau gần kinh độ 103.10000"),
        (a_file(a_feature(ring=SQUARE[:-1])), 1, "chưa khép kín ở kinh độ 103.00000"),
        (a_file(a_feature(), a_feature(code=None)), 2, "chưa có mã"),
        (a_file(a_feature(code="93325")), 1, "mang mã 03325"),
        (a_file(a_feature(), a_feature(name="Xã Nà Tấu")), 2, "mang hai tên khác nhau"),
        (a_file(a_feature(), a_feature()), 2, "đã có ở vùng thứ 1"),
        (a_file(a_feature(code=NA_TAU)), 1, "trong danh mục là Xã Nà Tấu, trong tệp là"),
        (a_file(a_feature("26734", "Phường Bến Nghé")), None, "không có mã nào thuộc bộ mã"),
        (b"{", None, "Không đọc được JSON"),
        (b"PK\x03\x04hong", None, "Không mở được tệp zip"),
    ],
)
def test_bad_files_are_refused_by_row(
    app: Flask, content: bytes, row: int | None, words: str
) -> None:
    summary = run(content)
    (problem,) = summary.problems
    assert problem.row == row
    assert words in str(problem.words)
    assert summary.imported == 0
    assert surveyed() == 0


def test_a_namesake_beside_the_right_code_is_another_place(app: Flask) -> None:
    summary = run(a_file(a_feature(), a_feature(code="93325")))
    assert (summary.imported, summary.skipped) == (1, 1)


def test_one_bad_row_refuses_the_good_ones(app: Flask) -> None:
    good = a_feature(NA_TAU, "Nà Tấu", [[x + 0.3, y] for x, y in SQUARE])
    summary = run(a_file(good, a_feature(ring=BOW_TIE)))
    assert (summary.read, summary.imported, len(summary.problems)) == (2, 0, 1)
    assert surveyed() == 0


def test_what_is_wrong_outside_the_served_area_is_not_our_problem(app: Flask) -> None:
    summary = run(a_file(a_feature(), a_feature("26734", "Phường Bến Nghé", BOW_TIE)))
    assert (summary.read, summary.imported, summary.skipped) == (2, 1, 1)


def test_old_codes_under_the_new_system_are_noticed(app: Flask) -> None:
    old_ward = a_feature("03334", "Xã Thanh Xương")
    (problem,) = run(a_file(old_ward)).problems
    assert "Phường Mường Thanh" in str(problem.words)


def test_only_who_may_manage_the_directory_imports(app: Flask) -> None:
    found = read_boundaries(a_file(a_feature()))
    officer = actor_with("front_commune", a_unit(), an_organisation())
    with pytest.raises(Forbidden), write_unit():
        import_boundaries(officer, found, code_system=NEW_SYSTEM)


@pytest.mark.parametrize(
    "code",
    ["bad_ring", "self_intersection", "crs_unknown", "outside_region", "bad_geometry", "bad_code"],
)
def test_every_message_has_words_without_a_place(code: str) -> None:
    assert str(words_for(code, {})).endswith(".")


def test_commands_tell_what_they_did(app: Flask, tmp_path: Path) -> None:
    good, bad = tmp_path / "tot.geojson", tmp_path / "hong.geojson"
    good.write_bytes(a_file(a_feature()))
    bad.write_bytes(a_file(a_feature(ring=SWAPPED)))
    runner = app.test_cli_runner()
    command = ["directory", "import-boundaries", "--code-system", NEW_SYSTEM]
    told = runner.invoke(args=[*command, str(good), "--dry-run"])
    assert (told.exit_code, told.output) == (0, "Đọc 1, sẽ nạp 1, bỏ qua vì ngoài địa bàn 0.\n")
    refused = runner.invoke(args=[*command, str(bad)])
    assert refused.exit_code == 1
    assert "Dòng 1 (mã 03325): Kinh độ và vĩ độ bị đổi chỗ" in refused.output
    assert surveyed() == 0


@pytest.mark.shared_data
def test_the_real_boundaries_of_2025(app: Flask, shared_data: Path) -> None:
    folder = shared_data / "boundaries" / "2025"
    names = ("wards_11_dien_bien.geojson", "wards_19_thai_nguyen.geojson")
    done = [run((folder / name).read_bytes()) for name in names]
    assert [(each.read, each.imported, each.skipped) for each in done] == [
        (45, 45, 0),
        (92, 37, 55),
    ]
    assert surveyed() == 82
    match = unit_at(Point(103.10, 21.47), TODAY)
    assert match is not None
    assert (match.unit.code, match.approximate) == (MUONG_PHANG, False)
