"""The outcome's whole table, the separation of duties, what the builder refuses, retraction."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.outcomes import (
    EXACT,
    a_case,
    a_person,
    a_photo,
    a_recommendation,
    an_inspection,
    an_outcome,
)
from webapp.audit.models import AuditEntry, AuditReason
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, DomainError, Forbidden, Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.outcomes.facts import build_facts
from webapp.outcomes.models import Outcome
from webapp.outcomes.operations import (
    Draft,
    approve_draft,
    claim_outcome,
    draft_outcome,
    edit_draft,
    publish_outcome,
    retract_outcome,
    return_draft,
    revise_outcome,
)
from webapp.outcomes.queries import pending, shown
from webapp.outcomes.workflow import OUTCOME, OUTCOME_STATES

WORDS = "Mặt trận đã theo dõi việc dọn bãi rác."


def person(role: str = "publisher", **given: Any) -> Actor:
    return make_person(role, unit=a_unit(), **given)[1]


def approved(case: Case, **changes: Any) -> Outcome:
    return an_outcome(case, state="approved", approved_by_id=a_person().id, **changes)


def revised(outcome: Outcome) -> Outcome:
    """With a next version that somebody else has approved."""
    revise_outcome(person("front_commune"), outcome, Draft(WORDS), reason="Sửa ngày.")
    approve_draft(person(), outcome, standpoint_hidden=True, recognisable=False)
    return outcome


STEPS = {
    "edit": lambda outcome: edit_draft(person(), outcome, Draft(WORDS)),
    "approve": lambda outcome: approve_draft(
        person(), outcome, standpoint_hidden=True, recognisable=False
    ),
    "return_draft": lambda outcome: return_draft(person(), outcome, reason="Thiếu ngày."),
    "publish": lambda outcome: publish_outcome(person(), outcome),
    "correct": lambda outcome: publish_outcome(person(), revised(outcome)),
    "retract": lambda outcome: retract_outcome(
        person(), outcome, why="private", words="Ảnh có nhà."
    ),
    "republish": lambda outcome: publish_outcome(person(), revised(outcome)),
}
# Publishing, correcting and publishing again are one button; the state says which step it is.
ONE_BUTTON = {"publish", "correct", "republish"}


def test_the_table_has_no_step_without_a_test() -> None:
    assert set(OUTCOME.names()) == {"draft", *STEPS}


@pytest.mark.parametrize("state", list(OUTCOME_STATES))
@pytest.mark.parametrize("step", list(STEPS))
def test_only_the_steps_of_the_table(app: Flask, step: str, state: str) -> None:
    with write_unit():
        case = a_case()
        outcome = approved(case) if state == "approved" else an_outcome(case, state=state)
        if OUTCOME.allows(step, state):
            STEPS[step](outcome)
            assert outcome.state == (OUTCOME.transition(step, state).target or state)
        elif step in ONE_BUTTON and any(OUTCOME.allows(each, state) for each in ONE_BUTTON):
            pass  # the same button takes the step of that state, tested there
        else:
            with pytest.raises(DomainError):
                STEPS[step](outcome)
            assert outcome.state == state


def test_every_step_is_audited(app: Flask) -> None:
    with write_unit():
        outcome = draft_outcome(person("front_commune"), a_case(), Draft(WORDS))
        approve_draft(person(), outcome, standpoint_hidden=True, recognisable=False)
        publish_outcome(person(), outcome)
    actions = session().scalars(select(AuditEntry.action).order_by(AuditEntry.id))
    assert list(actions) == ["outcome.draft", "outcome.approve", "outcome.publish"]


def test_one_page_per_case(app: Flask) -> None:
    with write_unit():
        case = a_case()
        draft_outcome(person(), case, Draft(WORDS))
        with pytest.raises(Conflict):
            draft_outcome(person(), case, Draft(WORDS))


def test_the_writer_does_not_approve(app: Flask) -> None:
    with write_unit():
        writer = person()
        outcome = draft_outcome(writer, a_case(), Draft(WORDS))
        with pytest.raises(Forbidden, match="người khác"):
            approve_draft(writer, outcome, standpoint_hidden=True, recognisable=False)


def test_the_author_of_the_finding_never_suffices(app: Flask) -> None:
    with write_unit():
        case, author, other = a_case(), person(), person()
        an_inspection(case, author=author.person_id)
        outcome = an_outcome(case)
        with pytest.raises(Forbidden, match="kết luận"):
            approve_draft(author, outcome, standpoint_hidden=True, recognisable=False)
        approve_draft(author, outcome, standpoint_hidden=True, recognisable=True)
        assert outcome.state == "draft"
        approve_draft(other, outcome, standpoint_hidden=True, recognisable=False)
        assert outcome.state == "approved"


def test_two_approvers_where_something_can_be_recognised(app: Flask) -> None:
    with write_unit():
        first, second = person(), person()
        outcome = an_outcome(a_case(), recognisable=True)
        approve_draft(first, outcome, standpoint_hidden=True, recognisable=False)
        assert outcome.state == "draft"
        with pytest.raises(Forbidden):
            approve_draft(first, outcome, standpoint_hidden=True, recognisable=False)
        approve_draft(second, outcome, standpoint_hidden=True, recognisable=False)
    assert outcome.state == "approved"


def test_an_edit_takes_approvals_back(app: Flask) -> None:
    with write_unit():
        outcome = an_outcome(a_case(), recognisable=True, approved_by_id=a_person().id)
        edit_draft(person("front_commune"), outcome, Draft(WORDS, recognisable=True))
    assert pending(outcome).approved_by_id is None  # type: ignore[union-attr]


def test_a_photo_that_shows_where_it_was_taken_from_is_not_approved(app: Flask) -> None:
    with write_unit():
        case = a_case()
        outcome = an_outcome(case, photo_ids=[a_photo(case).id])
        with pytest.raises(Invalid) as refused:
            approve_draft(person(), outcome, standpoint_hidden=False, recognisable=False)
    assert "standpoint" in refused.value.fields


@pytest.mark.parametrize("role", ["front_commune", "env_commune", "commune_chair", "front_signer"])
def test_only_publishers_approve_publish_and_retract(app: Flask, role: str) -> None:
    with write_unit():
        actor = person(role)
        with pytest.raises(Forbidden):
            approve_draft(actor, an_outcome(a_case()), standpoint_hidden=True, recognisable=False)
        with pytest.raises(Forbidden):
            publish_outcome(actor, approved(a_case()))
        with pytest.raises(Forbidden):
            retract_outcome(
                actor, an_outcome(a_case(), state="published"), why="wrong", words="Sai."
            )


def test_a_publisher_of_another_commune_has_no_say(app: Flask) -> None:
    with write_unit():
        _account, stranger = make_person("publisher", unit=a_unit(NA_TAU))
        with pytest.raises(Forbidden):
            publish_outcome(stranger, approved(a_case()))


def test_photos_become_public_only_with_the_page(app: Flask) -> None:
    with write_unit():
        case = a_case()
        chosen, other = a_photo(case), a_photo(case)
        outcome = approved(case, photo_ids=[chosen.id])
        assert (chosen.state, other.state) == ("ready", "ready")
        publish_outcome(person(), outcome)
    assert (chosen.state, other.state) == ("approved", "ready")


def test_retraction_hides_photos_and_versions_at_once(app: Flask) -> None:
    with write_unit():
        case = a_case()
        photo = a_photo(case, state="approved")
        outcome = an_outcome(case, state="published", photo_ids=[photo.id])
        retract_outcome(person(), outcome, why="private", words="Thấy biển số xe nhà hàng xóm.")
    assert (outcome.state, photo.state) == ("retracted", "hidden")
    assert outcome.versions[0].withdrawn_at is not None
    assert outcome.tombstone == "Nội dung có thể để lộ người hoặc nhà của bà con"
    assert session().scalars(select(AuditReason)).one().sealed != b""


def test_a_correction_is_a_new_version_and_drops_photos(app: Flask) -> None:
    with write_unit():
        case = a_case()
        photo = a_photo(case, state="approved")
        outcome = an_outcome(case, state="published", photo_ids=[photo.id])
        publish_outcome(person(), revised(outcome))
    assert [version.number for version in outcome.versions] == [1, 2]
    assert outcome.versions[0].front_words != outcome.versions[1].front_words
    assert shown(outcome) is outcome.versions[1]
    assert (outcome.state, photo.state) == ("corrected", "hidden")


def test_a_proposed_correction_changes_nothing_yet(app: Flask) -> None:
    with write_unit():
        outcome = an_outcome(a_case(), state="published")
        with pytest.raises(Invalid):
            revise_outcome(person("front_commune"), outcome, Draft(WORDS), reason=" ")
        revise_outcome(person("front_commune"), outcome, Draft(WORDS), reason="Sai ngày.")
        assert (outcome.state, outcome.current) == ("published", 1)
        with pytest.raises(TransitionRefused, match="chưa đủ"):
            publish_outcome(person(), outcome)


def test_a_stale_version_is_told_who_and_when(app: Flask) -> None:
    with write_unit():
        case = a_case()
        writer = person("front_commune", name="Lò Văn Thuận")
        outcome = draft_outcome(writer, case, Draft(WORDS))
    seen = outcome.version
    with write_unit():
        edit_draft(writer, claim_outcome(writer, case.code, seen=seen), Draft(WORDS))
    with write_unit(), pytest.raises(Conflict) as refused:
        claim_outcome(writer, case.code, seen=seen)
    assert "Lò Văn Thuận" in str(refused.value.detail)
    assert "09:00 24/02/2026" in str(refused.value.detail)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"state": "handed_over"}, "chuyển cơ quan"),
        ({"state": "assessed"}, "chưa có kết quả"),
        ({"public_since": None}, "chưa công khai"),
        ({"category": "burial"}, "Loại việc này"),
    ],
)
def test_the_builder_refuses_and_names_the_rule(
    app: Flask, changes: dict[str, Any], rule: str
) -> None:
    with write_unit(), pytest.raises(Invalid) as refused:
        draft_outcome(person(), a_case(**changes), Draft(WORDS))
    assert rule in str(refused.value.detail)


def test_facts_have_every_field_and_nothing_exact(app: Flask) -> None:
    with write_unit():
        case = a_case()
        a_recommendation(case)
        an_inspection(case)
        facts = build_facts(case)
    assert facts["unit"]["vi"] == "Xã Mường Phăng"
    assert facts["old_unit"] is not None
    assert (facts["reports"], facts["households"]) == (None, 5)
    assert facts["first_reported"] == "2026-02-03"
    letter, done = facts["recommendations"][0], facts["inspections"][0]
    assert (letter["delivered_on"], letter["due_on"]) == ("2026-02-05", "2026-03-03")
    assert (done["form"], done["document"]) == ("examination", "15/KL-UBND")
    assert str(EXACT.lon) not in str(facts) and str(EXACT.lat) not in str(facts)


def test_a_secret_category_tells_only_the_month(app: Flask) -> None:
    with write_unit():
        assert build_facts(a_case(secret=True))["first_reported"] == "2026-02"


def test_a_stale_page_without_an_audit_entry_is_a_conflict(app: Flask) -> None:
    with write_unit():
        outcome = an_outcome(a_case())
        with pytest.raises(Conflict, match="Hồ sơ đã thay đổi"):
            claim_outcome(person(), outcome.case.code, seen=99)
