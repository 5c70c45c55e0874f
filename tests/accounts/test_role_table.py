"""The role catalogue against the declared permissions and the rings of sight (workflow.md)."""

from datetime import date
from importlib import import_module
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

import webapp
from webapp.accounts import role_table
from webapp.accounts.role_table import UnknownRole, role, roles
from webapp.core.data_files import DataFileError, Row
from webapp.core.permissions import declared

FRONT_OFFICERS = {"front_commune", "front_province"}
OFFICES = {"env_commune", "env_province", "env_signer", "commune_chair", "province_chair"}


def declared_permissions() -> set[str]:
    for module in Path(webapp.__path__[0]).glob("*/permissions.py"):
        import_module(f"webapp.{module.parent.name}.permissions")
    return set(declared())


def holders(permission: str) -> set[str]:
    return {row.code for row in roles() if permission in row.permissions}


def test_the_catalogue_is_complete() -> None:
    assert {row.code for row in roles()} == {
        "guest", "resident", "group_member", "group_leader", "front_area", "front_commune",
        "front_district", "front_province", "front_signer", "member_org", "religious_org",
        "people_inspection", "env_commune", "env_district", "env_province", "env_signer",
        "inspector", "waste_operator", "commune_chair", "province_chair", "duty", "police_env",
        "publisher", "auditor", "admin",
    }  # fmt: skip


def test_every_permission_held_is_declared_and_every_declared_one_is_held() -> None:
    held = frozenset().union(*(row.permissions for row in roles()))
    assert held == declared_permissions()


def test_only_the_front_reads_reports() -> None:
    assert holders("reporting.read") == FRONT_OFFICERS | {"front_signer"}
    assert holders("reporting.open_identity") == FRONT_OFFICERS
    assert holders("reporting.decide") == FRONT_OFFICERS


def test_originals_are_opened_at_province_level_only() -> None:
    assert holders("media.open_original") == {"front_province"}
    assert holders("cases.raise_take") == {"front_province"}


@pytest.mark.parametrize("code", sorted(OFFICES))
def test_offices_see_neither_reports_nor_identities_and_close_nothing(code: str) -> None:
    permissions = role(code).permissions
    assert not {name for name in permissions if name.startswith(("reporting.", "media."))}
    assert not permissions & {"cases.close", "cases.deny", "cases.assess", "casework.judge"}


@pytest.mark.parametrize("code", sorted(FRONT_OFFICERS | {"front_signer"}))
def test_the_front_never_inspects_or_concludes(code: str) -> None:
    assert not role(code).permissions & {"cases.handle", "cases.approve_conclusion"}


def test_the_administrator_manages_and_reads_nothing() -> None:
    assert role("admin").permissions == {
        "directory.manage", "directory.manage_calendar", "accounts.manage", "jobs.manage",
        "spoken_help.manage", "open_data.manage", "deadlines.manage",
    }  # fmt: skip


def test_the_auditor_reads_only_the_logs_and_reprisals() -> None:
    assert role("auditor").permissions == {
        "audit.read", "audit.read_identity_log", "reporting.read_reprisal",
    }  # fmt: skip
    assert holders("reporting.read_reprisal") == {"auditor", "front_province"}


@pytest.mark.parametrize("code", ["publisher", "waste_operator", "group_member", "duty"])
def test_those_with_one_task_see_no_files_of_cases(code: str) -> None:
    assert not role(code).permissions & {"cases.read", "reporting.read"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("casework.draft", "casework.sign"),
        ("cases.handle", "cases.approve_conclusion"),
        ("cases.handle", "outcomes.publish"),
        ("cases.approve_conclusion", "outcomes.publish"),
        ("reporting.open_identity", "audit.read_identity_log"),
    ],
)
def test_no_role_does_both(one: str, other: str) -> None:
    assert holders(one)
    assert holders(other)
    assert not holders(one) & holders(other)


def test_district_roles_belong_to_the_archive() -> None:
    archived = {row.code: row for row in roles() if row.valid_to}
    assert set(archived) == {"front_district", "env_district"}
    for row in archived.values():
        assert (row.levels, row.valid_to) == (("district",), date(2025, 6, 30))
        assert not row.permissions


def test_labels_are_distinct_in_both_languages() -> None:
    for one, other in combinations(roles(), 2):
        assert one.label.vi != other.label.vi
        assert one.label.en != other.label.en


def test_an_unknown_role_is_named() -> None:
    with pytest.raises(UnknownRole, match="mayor"):
        role("mayor")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"levels": ["village"]}, "unknown level village"),
        ({"permissions": ["cases"]}, "no permission"),
        ({"permissions": ["cases.read", "cases.read"]}, "stands twice"),
        ({"en": ""}, "en must be a text"),
        ({"permission": []}, "unknown permission"),
    ],
)
def test_unsound_rows_are_refused(change: dict[str, Any], message: str) -> None:
    cells = {"code": "duty", "vi": "Người trực", "en": "Duty", "levels": ["province"]}
    with pytest.raises(DataFileError, match=message):
        role_table._role(Row("roles.toml, role 1", {**cells, **change}))
