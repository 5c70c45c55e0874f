"""The shipped unit table: totals, succession, and names that mislead (actors-and-units G.1-G.4)."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from webapp.core.data_files import DataFileError
from webapp.directory import served_units as module
from webapp.directory.served_units import (
    CUT_OVER,
    NEW_SYSTEM,
    OLD_SYSTEM,
    UnitKey,
    UnitRow,
    served_units,
    successions,
)

SHARED = Path(__file__).parents[3] / "shared" / "data" / "boundaries"
OLD_DISTRICTS = {
    "058": 8, "060": 10, "061": 15, "062": 10, "063": 14, "064": 20, "065": 14, "066": 17,
    "094": 12, "095": 3, "096": 11, "097": 12, "098": 12, "099": 19, "100": 21, "101": 14,
    "102": 10, "103": 15,
}  # fmt: skip


def unit(system: str, code: str) -> UnitRow:
    return next(row for row in served_units() if row.key == (system, code))


def taken_in_by(code: str) -> set[str]:
    old = {pair.old for pair in successions() if pair.new == (NEW_SYSTEM, code)}
    return {row.full_name for row in served_units() if row.key in old and row.level == "commune"}


def test_totals() -> None:
    counts = Counter((row.key.code_system, row.level) for row in served_units())
    assert counts == {
        (OLD_SYSTEM, "province"): 2,
        (OLD_SYSTEM, "district"): 18,
        (OLD_SYSTEM, "commune"): 237,
        (NEW_SYSTEM, "province"): 2,
        (NEW_SYSTEM, "commune"): 82,
    }


def test_communes_of_each_new_province() -> None:
    new = [row for row in served_units() if row.key.code_system == NEW_SYSTEM]
    assert Counter(row.parent.code for row in new if row.parent) == {"11": 45, "19": 37}
    kinds = Counter(row.kind for row in new if row.level == "commune")
    assert kinds == {"Xã": 77, "Phường": 5}


def test_communes_of_each_old_district_and_province() -> None:
    communes = [
        row for row in served_units() if (row.key.code_system, row.level) == (OLD_SYSTEM, "commune")
    ]
    per_district = Counter(row.parent.code for row in communes if row.parent)
    assert per_district == OLD_DISTRICTS
    provinces = Counter(
        district.parent.code
        for row in communes
        if row.parent and (district := unit(*row.parent)).parent
    )
    assert provinces == {"06": 108, "11": 129}


def test_every_old_commune_and_province_has_one_successor_and_no_district_has() -> None:
    for row in served_units():
        expected = row.key.code_system == OLD_SYSTEM and row.level != "district"
        assert (row.successor is not None) is expected, row.key
    assert len(successions()) == 239
    assert {pair.effective_on for pair in successions()} == {CUT_OVER}
    assert unit(OLD_SYSTEM, "06").successor == (NEW_SYSTEM, "19")


def test_dates_meet_at_the_cut_over() -> None:
    old, new = unit(OLD_SYSTEM, "03127"), unit(NEW_SYSTEM, "03127")
    assert old.full_name != new.full_name
    assert (old.in_force(date(2025, 6, 30)), new.in_force(date(2025, 6, 30))) == (True, False)
    assert (old.in_force(CUT_OVER), new.in_force(CUT_OVER)) == (False, True)


def test_points_lie_in_the_two_provinces_and_fail_when_swapped() -> None:
    for row in served_units():
        assert 102.1 < row.lon < 106.3, row.key
        assert 20.8 < row.lat < 22.8, row.key


def test_new_communes_carry_their_area() -> None:
    for row in served_units():
        has_area = row.level == "commune" and row.key.code_system == NEW_SYSTEM
        assert (row.area_km2 is not None) is has_area, row.key


def test_new_muong_cha_is_not_the_old_one() -> None:
    assert unit(NEW_SYSTEM, "03166").full_name == "Xã Mường Chà"
    assert taken_in_by("03166") == {"Xã Chà Cang", "Xã Chà Nưa", "Xã Nậm Tin", "Xã Pa Tần"}
    assert "Thị trấn Mường Chà" in taken_in_by("03172")
    assert unit(NEW_SYSTEM, "03172").full_name == "Xã Na Sang"


def test_new_ward_muong_thanh_is_not_the_old_one() -> None:
    assert unit(NEW_SYSTEM, "03334").full_name == "Phường Mường Thanh"
    assert "Phường Mường Thanh" not in taken_in_by("03334")
    assert "Phường Mường Thanh" in taken_in_by("03127")


def test_new_sam_mun_is_not_the_old_one() -> None:
    assert unit(NEW_SYSTEM, "03356").full_name == "Xã Sam Mứn"
    assert taken_in_by("03356") == {"Xã Na Ư", "Xã Pom Lót"}
    assert "Xã Sam Mứn" in taken_in_by("03352")


def test_new_bach_thong_does_not_hold_the_old_district_seat() -> None:
    assert unit(NEW_SYSTEM, "02014").full_name == "Xã Bạch Thông"
    assert "Thị trấn Phủ Thông" not in taken_in_by("02014")
    assert "Thị trấn Phủ Thông" in taken_in_by("01969")


def test_divided_districts_are_known_only_through_their_communes() -> None:
    for code, districts in {"01849": 2, "02014": 2, "03151": 2, "03301": 2, "03244": 2}.items():
        old = {pair.old for pair in successions() if pair.new == (NEW_SYSTEM, code)}
        assert len({row.parent for row in served_units() if row.key in old}) == districts


@pytest.mark.parametrize(
    ("code", "name", "also"),
    [
        ("01978", "Sỹ Bình", "Sĩ Bình"),
        ("03178", "Sá Tổng", "Xá Tổng"),
        ("03379", "Luân Giói", "Luân Giới"),
        ("03177", "Huổi Lếch", "Huổi Lếnh"),
        ("03370", "Pu Nhi", "Pú Nhi"),
        ("03244", "Xá Nhè", "Sáng Nhè"),
        ("03223", "Sín Chải", "Xín Chải"),
        ("03352", "Noong Hẹt", "Noọng Hẹt"),
    ],
)
def test_other_spellings_are_kept(code: str, name: str, also: str) -> None:
    row = unit(OLD_SYSTEM, code)
    assert (row.name, row.also_spelled) == (name, also)


def _row(code: str, parent: str | None, level: str = "commune", **changes: object) -> UnitRow:
    values: dict[str, object] = {
        "key": UnitKey(NEW_SYSTEM, code), "level": level, "kind": "Xã", "name": "Nà Tấu",
        "parent": UnitKey(NEW_SYSTEM, parent) if parent else None, "lon": 103.15, "lat": 21.57,
        "valid_from": CUT_OVER, "valid_to": None, "successor": None, "area_km2": 1.0,
        "also_spelled": "",
    }  # fmt: skip
    return UnitRow(**{**values, **changes})  # type: ignore[arg-type]  # built from a table


@pytest.mark.parametrize(
    "rows",
    [
        [_row("11", None, "province"), _row("11", None, "province")],
        [_row("03316", "11")],
        [_row("11", None, "province"), _row("03316", None)],
        [_row("11", None, "province"), _row("100", "11", "district")],
        [_row("11", None, "province", successor=UnitKey(NEW_SYSTEM, "99"))],
    ],
    ids=["twice", "parent missing", "no parent", "district in the new system", "no successor"],
)
def test_unsound_tables_are_refused(rows: list[UnitRow]) -> None:
    with pytest.raises(DataFileError):
        module._check(rows)


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="the reference data is not beside the checkout")
def test_agrees_with_the_public_list_of_mergers() -> None:
    with (SHARED / "old_to_new_communes.csv").open(encoding="utf-8", newline="") as file:
        listed = {
            (
                row["old_district_code"],
                row["old_commune"].split()[-1].lower(),
                f"{float(row['old_lng']):.3f}",
                f"{float(row['old_lat']):.3f}",
                row["new_commune_code"],
            )
            for row in csv.DictReader(file)
        }
    spelled = {
        (
            row.parent.code,
            (row.also_spelled or row.name).split()[-1].lower(),
            f"{row.lon:.3f}",
            f"{row.lat:.3f}",
            row.successor.code,
        )
        for row in served_units()
        if row.level == "commune" and row.parent and row.successor
    }
    assert spelled == listed
