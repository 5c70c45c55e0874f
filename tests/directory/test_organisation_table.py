"""Which bodies a unit has before and after 2025-07-01 (actors-and-units B.1, S1-I.1c)."""

from datetime import date

import pytest

from webapp.directory.models import ORGANISATION_KINDS
from webapp.directory.organisation_table import (
    OrganisationKind,
    organisation_kinds,
    organisations_of,
)
from webapp.directory.served_units import UnitRow, served_units

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def unit(system: str, code: str) -> UnitRow:
    return next(row for row in served_units() if row.key == (system, code))


def names(row: UnitRow, on: date) -> set[str]:
    return {kind.named(row).vi for kind in organisations_of(row, on=on) if not kind.in_area}


def one(code: str, row: UnitRow, on: date = AFTER) -> OrganisationKind:
    (found,) = [kind for kind in organisations_of(row, on=on) if kind.code == code]
    return found


def test_bodies_of_a_new_commune() -> None:
    assert names(unit("gso-2025", "03316"), AFTER) == {
        "Ủy ban MTTQ Việt Nam xã Nà Tấu",
        "UBND xã Nà Tấu",
        "Phòng Kinh tế xã Nà Tấu",
        "Đơn vị thu gom rác xã Nà Tấu",
        "Công an xã Nà Tấu",
    }


def test_a_ward_has_the_urban_office() -> None:
    ward = unit("gso-2025", "03127")
    assert "Phòng Kinh tế, Hạ tầng và Đô thị phường Điện Biên Phủ" in names(ward, AFTER)
    assert "Phòng Kinh tế phường Điện Biên Phủ" not in names(ward, AFTER)


def test_an_old_commune_had_no_environment_office_of_its_own() -> None:
    town = unit("gso-2021", "03172")
    assert "Ủy ban MTTQ Việt Nam thị trấn Mường Chà" in names(town, BEFORE)
    assert not [kind for kind in organisations_of(town, on=BEFORE) if kind.kind == "env_office"]
    assert organisations_of(town, on=AFTER) == ()


def test_district_bodies_end_with_the_districts() -> None:
    district = unit("gso-2021", "097")
    assert names(district, BEFORE) == {
        "Ủy ban MTTQ Việt Nam huyện Mường Chà",
        "Phòng Tài nguyên và Môi trường huyện Mường Chà",
    }
    assert names(district, AFTER) == set()


@pytest.mark.parametrize(
    ("system", "on", "name"),
    [
        ("gso-2021", date(2025, 2, 28), "Sở Tài nguyên và Môi trường tỉnh Điện Biên"),
        ("gso-2021", date(2025, 3, 1), "Sở Nông nghiệp và Môi trường tỉnh Điện Biên"),
        ("gso-2025", AFTER, "Sở Nông nghiệp và Môi trường tỉnh Điện Biên"),
    ],
)
def test_one_department_at_a_time(system: str, on: date, name: str) -> None:
    province = unit(system, "11")
    assert one("env_province", province, on).named(province).vi == name


def test_pairs_are_mutual_and_of_one_level() -> None:
    levels = {kind.code: kind.level for kind in organisation_kinds()}
    pairs = {(kind.code, other) for kind in organisation_kinds() for other in kind.pairs_with}
    assert pairs == {(other, code) for code, other in pairs}
    assert all(levels[code] == levels[other] for code, other in pairs)
    assert ("front_commune", "env_commune") in pairs
    assert ("front_province", "province") in pairs


def test_letterhead_of_the_front() -> None:
    commune = unit("gso-2025", "03316")
    assert one("front_commune", commune).letterhead(commune) == (
        "MẶT TRẬN TỔ QUỐC VIỆT NAM",
        "ỦY BAN MTTQ VIỆT NAM\nXÃ NÀ TẤU",
    )


def test_a_village_body_needs_its_village() -> None:
    commune = unit("gso-2025", "03316")
    area = one("front_area", commune)
    assert area.named(commune, "bản Nà Cái").vi == "Ban công tác Mặt trận bản Nà Cái, xã Nà Tấu"
    with pytest.raises(ValueError, match="village or block"):
        area.named(commune)


def test_kinds_are_those_of_the_directory() -> None:
    assert {kind.kind for kind in organisation_kinds()} == set(ORGANISATION_KINDS)


def test_every_name_can_be_filled_for_every_unit() -> None:
    for row in served_units():
        for on in (BEFORE, AFTER):
            for kind in organisations_of(row, on=on):
                name = kind.named(row, "bản Mới")
                assert "{" not in name.vi + name.en + "".join(kind.letterhead(row))
