"""The register: found without marks, seen in one's own units, never named on public pages."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.factories.accounts import make_person
from tests.factories.casework import Desks, accepted_case
from tests.factories.directory import a_unit, an_organisation
from tests.factories.inspections import NAME, OWNER, RESULT, an_establishment, an_inspection_file
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, Forbidden, Invalid, NotFound
from webapp.inspections.operations.establishments import (
    Entry,
    add_permit,
    claim_establishment,
    correct_establishment,
    link_establishment,
)
from webapp.inspections.queries import (
    establishment,
    establishments_of_case,
    establishments_page,
    history_of,
    kept_units,
)
from webapp.outcomes.wording import check_words


def found(actor: Actor, words: str, *, priority: bool = False) -> list[str]:
    page = establishments_page(actor, words=words, priority=priority, cursor=None)
    return [each.name for each in page.rows]


def fields(caught: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return set(caught.value.fields)


def an_entry(**changes: Any) -> Entry:
    """The entry of the factory, changed."""
    values: dict[str, Any] = {
        "name": NAME, "kind": "livestock", "address": "Bản Che Căn", "unit_id": a_unit().id,
    }  # fmt: skip
    return Entry(**values | changes)


def test_it_is_found_with_and_without_marks(desks: Desks) -> None:
    an_establishment(desks)
    an_establishment(desks, name="Xưởng đá số 3 (ví dụ)", kind="mining", address="Bản Yên")
    for words in ("chăn nuôi", "CHAN NUOI", "che can so 12", "giet mo"):
        assert found(desks.office, words) == [NAME]
        assert found(desks.office, f"{words} khong co") == []
    assert len(found(desks.office, "")) == 2
    assert found(desks.office, "%") == []


def test_the_tag_needs_its_document(desks: Desks) -> None:
    with pytest.raises(Invalid) as caught:
        an_establishment(desks, priority=True)
    assert fields(caught) == {"priority_source"}
    an_establishment(desks)
    an_establishment(
        desks, name="Xưởng đá số 3 (ví dụ)", priority=True, priority_source="Kế hoạch 12/KH-UBND"
    )
    assert found(desks.front, "", priority=True) == ["Xưởng đá số 3 (ví dụ)"]


def test_what_an_entry_asks_for(desks: Desks) -> None:
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": " "}, "name"),
        ({"kind": "x"}, "kind"),
        ({"kind": ""}, "kind"),
    )
    for changes, field in wrong:
        with pytest.raises(Invalid) as caught:
            an_establishment(desks, **changes)
        assert fields(caught) == {field}


def test_each_keeps_and_sees_its_own_units(desks: Desks) -> None:
    entry = an_establishment(desks)
    sibling = a_unit("03256")
    office = an_organisation("env_office", unit=sibling)
    _account, other = make_person("env_commune", unit=sibling, organisation=office)
    assert found(other, "") == []
    with pytest.raises(NotFound):
        establishment(other, entry.uid)
    with pytest.raises(Forbidden):
        an_establishment(replace(desks, office=other))
    assert found(desks.province, "") == [NAME]
    with pytest.raises(Forbidden):
        claim_establishment(desks.front, entry.uid, seen=entry.version)
    assert [unit.name for unit in kept_units(other)] == [sibling.name]


def test_corrections_and_permits_count_versions(desks: Desks) -> None:
    entry = an_establishment(desks)
    correct_establishment(desks.office, entry, an_entry(address="Bản Yên"))
    assert (entry.address, entry.version) == ("Bản Yên", 2)
    assert found(desks.office, "ban yen") == [NAME]
    with pytest.raises(Conflict):
        claim_establishment(desks.office, entry.uid, seen=1)
    permit: dict[str, Any] = {
        "kind": "licence", "number": "12/GPMT", "issuer": "UBND tỉnh",
        "issued_on": date(2025, 8, 1), "valid_to": date(2032, 8, 1),
    }  # fmt: skip
    add_permit(desks.office, entry, **permit)
    assert [(each.kind, each.number) for each in entry.permits] == [("licence", "12/GPMT")]
    for changes, field in (
        ({"kind": "x"}, "kind"),
        ({"issued_on": date(2027, 1, 1)}, "issued_on"),
        ({"valid_to": date(2025, 7, 31)}, "valid_to"),
    ):
        with pytest.raises(Invalid) as caught:
            add_permit(desks.office, entry, **permit | changes)
        assert fields(caught) == {field}


def test_its_history_is_cases_and_inspections_one_may_see(desks: Desks) -> None:
    entry, case = an_establishment(desks), accepted_case(desks)
    link_establishment(desks.office, entry, case)
    with pytest.raises(Invalid) as caught:
        link_establishment(desks.office, entry, case)
    assert fields(caught) == {"code"}
    file = an_inspection_file(desks, "decided", case=case, establishment=entry)
    mine = history_of(desks.office, entry)
    assert (mine.cases, mine.files) == ([case], [file])
    theirs = history_of(desks.front, entry)
    assert (theirs.cases, theirs.files) == ([case], [])
    assert establishments_of_case(desks.office, case.id) == [entry]


def refusal(case: Any, words: str) -> str | None:
    """Why words may not stand on the public page of a case."""
    try:
        check_words(case, {"front_words": words})
    except Invalid as error:
        return str(error.fields["front_words"])
    return None


def test_no_public_page_names_a_party_before_the_conclusion_does(desks: Desks) -> None:
    entry, case = an_establishment(desks), accepted_case(desks)
    told = f"Đã kiểm tra {NAME.lower()}, yêu cầu xây bể."
    assert refusal(case, told) is None
    link_establishment(desks.office, entry, case)
    rule = refusal(case, told)
    assert rule is not None and "kết luận đã duyệt nêu tên" in rule
    assert NAME not in rule
    assert refusal(case, "Đã kiểm tra co so chan nuoi so 12 (vi du).") == rule
    assert refusal(case, f"Người đại diện là {OWNER}.") == rule
    naming = replace(RESULT, names_party=True)
    an_inspection_file(desks, "proposed", case=case, establishment=entry, result=naming)
    assert refusal(case, told) == rule


def test_an_approved_conclusion_names_the_establishment_but_not_its_people(desks: Desks) -> None:
    entry, case = an_establishment(desks), accepted_case(desks)
    naming = replace(RESULT, names_party=True)
    an_inspection_file(desks, "concluded", case=case, establishment=entry, result=naming)
    assert refusal(case, f"Đã kiểm tra {NAME}, yêu cầu xây bể.") is None
    assert refusal(case, f"Người đại diện là {OWNER}.") is not None
