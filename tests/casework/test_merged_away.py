"""What becomes of letters under way when their case is merged into another."""

from tests.factories.cases import make_case
from tests.factories.casework import Desks, make_letter
from webapp.cases.operations import lock_case
from webapp.casework.queries import letters_to_do
from webapp.core.unit_of_work import write_unit
from webapp.triage.operations.merging import lock_merged, merge_cases, unmerge_case


def test_a_draft_of_a_case_that_was_merged_away_waits_for_nobody(committed: Desks) -> None:
    with write_unit():
        keeper, merged = make_case("assessed"), make_case("assessed")
        make_letter(committed, "drafted", case=merged)
    assert [each.case_id for each in letters_to_do(committed.front)["drafted"]] == [merged.id]
    with write_unit():
        merge_cases(committed.front, merged, other_code=keeper.code)
    assert letters_to_do(committed.front) == {}
    with write_unit():
        lock_merged(committed.front, merged.code)
        unmerge_case(committed.front, lock_case(merged.id), reason="Hai đống rác khác nhau")
    assert [each.case_id for each in letters_to_do(committed.front)["drafted"]] == [merged.id]
