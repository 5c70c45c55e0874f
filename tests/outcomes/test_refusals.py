"""What a page refuses: words, photos, people and moments that do not fit."""

from typing import Any

import pytest
from flask import Flask

from tests.factories.accounts import make_person
from tests.factories.directory import a_unit
from tests.factories.outcomes import a_case, a_person, a_photo, an_outcome
from webapp.core.actor import GUEST, Actor
from webapp.core.errors import Conflict, Forbidden, Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import write_unit
from webapp.outcomes.models import Outcome
from webapp.outcomes.operations import (
    MAX_PHOTOS,
    MAX_WORDS,
    Draft,
    approve_draft,
    claim_outcome,
    draft_outcome,
    edit_draft,
    hide_photos,
    publish_outcome,
    retract_outcome,
    return_draft,
    revise_outcome,
)
from webapp.outcomes.presentation import changes, day, letter_facts, name
from webapp.outcomes.queries import newest, pending

WORDS = "Mặt trận xã đã theo dõi việc dọn bãi rác."


def person(role: str = "publisher") -> Actor:
    return make_person(role, unit=a_unit())[1]


def approve(outcome: Outcome, actor: Actor | None = None, **given: Any) -> None:
    answers = {"standpoint_hidden": True, "recognisable": False} | given
    approve_draft(actor or person(), outcome, **answers)


def test_a_case_without_a_page_has_none_to_claim(app: Flask) -> None:
    with write_unit():
        case = a_case()
        with pytest.raises(NotFound):
            claim_outcome(person("front_commune"), case.code, seen=1)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft("  \n"), "front_words"),
        (Draft("ă" * (MAX_WORDS + 1)), "front_words"),
        (Draft(WORDS, office_words="ơ" * (MAX_WORDS + 1)), "office_words"),
        (Draft(WORDS, explanation="ư" * (MAX_WORDS + 1)), "explanation"),
        (Draft(WORDS, photo_ids=(987_654,)), "photos"),
    ],
)
def test_a_draft_that_does_not_fit_is_told_by_the_field(
    app: Flask, draft: Draft, field: str
) -> None:
    with write_unit():
        case = a_case()
        with pytest.raises(Invalid) as refused:
            draft_outcome(person("front_commune"), case, draft)
    assert list(refused.value.fields) == [field]


def test_photos_of_another_case_and_too_many_are_refused(app: Flask) -> None:
    with write_unit():
        case, writer = a_case(), person("front_commune")
        others = (a_photo(a_case()).id,)
        many = tuple(a_photo(case).id for _each in range(MAX_PHOTOS + 1))
        for chosen in (others, many):
            with pytest.raises(Invalid) as refused:
                draft_outcome(writer, case, Draft(WORDS, photo_ids=chosen))
            assert list(refused.value.fields) == ["photos"]
        made = draft_outcome(writer, case, Draft(WORDS, photo_ids=many[:MAX_PHOTOS]))
        assert made.versions[0].photo_ids == list(many[:MAX_PHOTOS])


def test_a_guest_writes_and_approves_nothing(app: Flask) -> None:
    with write_unit():
        case = a_case()
        with pytest.raises(Forbidden):
            draft_outcome(GUEST, case, Draft(WORDS))
        outcome = an_outcome(case)
        with pytest.raises(Forbidden):
            approve(outcome, GUEST)


def test_a_correction_needs_a_reason_and_a_page_that_readers_know(app: Flask) -> None:
    with write_unit():
        writer = person("front_commune")
        with pytest.raises(TransitionRefused, match="chưa công khai"):
            revise_outcome(writer, an_outcome(a_case()), Draft(WORDS), reason="Sửa ngày.")
        public = an_outcome(a_case(), state="published")
        with pytest.raises(Invalid) as refused:
            revise_outcome(writer, public, Draft(WORDS), reason="  ")
        assert list(refused.value.fields) == ["reason"]
        assert pending(public) is None


def test_an_office_proposes_no_correction(app: Flask) -> None:
    with write_unit():
        public = an_outcome(a_case(), state="published")
        officer = person("env_commune")
        with pytest.raises(Forbidden):
            revise_outcome(officer, public, Draft(WORDS), reason="Sửa ngày.")
        assert pending(public) is None


def test_a_second_correction_rewrites_the_one_that_waits(app: Flask) -> None:
    with write_unit():
        writer = person("front_commune")
        outcome = an_outcome(a_case(), state="published")
        revise_outcome(writer, outcome, Draft("Lời thứ nhất."), reason="Sửa ngày.")
        approve(outcome)
        revise_outcome(writer, outcome, Draft("Lời thứ hai."), reason=" Sửa tên bản. ")
        waiting = newest(outcome)
        assert [each.number for each in outcome.versions] == [1, 2]
        assert (waiting.front_words, waiting.reason) == ("Lời thứ hai.", "Sửa tên bản.")
        assert (waiting.approved_by_id, waiting.standpoint_checked) == (None, False)


def test_nothing_waits_on_a_page_just_published(app: Flask) -> None:
    with write_unit():
        outcome = an_outcome(a_case(), state="published")
        with pytest.raises(TransitionRefused, match="Chưa có bản mới"):
            approve(outcome)
        with pytest.raises(TransitionRefused, match="Chưa có bản mới"):
            publish_outcome(person(), outcome)


def test_one_more_approval_than_needed_is_refused(app: Flask) -> None:
    with write_unit():
        outcome = an_outcome(a_case(), state="published")
        revise_outcome(person("front_commune"), outcome, Draft(WORDS), reason="Sửa ngày.")
        approve(outcome)
        with pytest.raises(TransitionRefused, match="đủ người duyệt"):
            approve(outcome)


def test_nobody_approves_twice_and_the_second_is_asked_for(app: Flask) -> None:
    with write_unit():
        outcome, first = an_outcome(a_case(), recognisable=True), person()
        approve(outcome, first)
        assert outcome.state == "draft"
        with pytest.raises(Forbidden, match="người khác"):
            approve(outcome, first)
        approve(outcome)
        assert outcome.state == "approved"


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_draft_given_back_and_a_retraction_have_a_reason(app: Flask, reason: str) -> None:
    with write_unit():
        approved = an_outcome(a_case(), state="approved", approved_by_id=a_person().id)
        with pytest.raises(Invalid):
            return_draft(person(), approved, reason=reason)
        public = an_outcome(a_case(), state="published")
        with pytest.raises(Invalid):
            retract_outcome(person(), public, why="wrong", words=reason)
        assert (approved.state, public.state) == ("approved", "published")


def test_readers_are_told_one_of_the_known_reasons(app: Flask) -> None:
    with write_unit():
        public = an_outcome(a_case(), state="published")
        with pytest.raises(Invalid) as refused:
            retract_outcome(person(), public, why="ghét", words="Nhà trong ảnh.")
        assert list(refused.value.fields) == ["why"]
        retract_outcome(person(), public, why="asked", words="Văn bản số 12.")
        assert public.tombstone == "Gỡ theo yêu cầu của cơ quan có thẩm quyền"


@pytest.mark.parametrize("state", ["hidden"])
def test_a_photo_lost_since_it_was_chosen_stops_publication(app: Flask, state: str) -> None:
    with write_unit():
        case = a_case()
        photo = a_photo(case)
        outcome = an_outcome(
            case,
            state="approved",
            approved_by_id=a_person().id,
            photo_ids=[photo.id],
            standpoint_checked=True,
        )
        photo.state = state
        with pytest.raises(Conflict, match="bỏ ảnh đó"):
            publish_outcome(person(), outcome)
        assert outcome.state == "approved"


def test_photos_already_public_stay_and_hiding_twice_is_no_error(app: Flask) -> None:
    with write_unit():
        case, publisher = a_case(), person()
        kept, fresh = a_photo(case, state="approved"), a_photo(case)
        outcome = an_outcome(
            case,
            state="approved",
            approved_by_id=a_person().id,
            photo_ids=[kept.id, fresh.id],
            standpoint_checked=True,
        )
        publish_outcome(publisher, outcome)
        assert (kept.state, fresh.state) == ("approved", "approved")
        for _twice in range(2):
            hide_photos(publisher, outcome)
        assert (kept.state, fresh.state) == ("hidden", "hidden")


def test_an_edit_needs_the_right_to_write(app: Flask) -> None:
    with write_unit():
        outcome = an_outcome(a_case())
        with pytest.raises(Forbidden):
            edit_draft(GUEST, outcome, Draft(WORDS))


def test_days_months_and_missing_names_are_put_into_words(app: Flask) -> None:
    assert (day(None), day("2026-02"), day("2026-02-05")) == ("", "02/2026", "05/02/2026")
    assert name(None) == ""


def test_what_changed_is_told_word_by_word(app: Flask) -> None:
    with write_unit():
        outcome = an_outcome(a_case(), front_words="Đã dọn rác ở bản Noong Nhai")
        old = outcome.versions[0]
        words = Draft("Đã dọn sạch rác ở bản")
        edit_draft(person("front_commune"), other := an_outcome(a_case()), words)
    [(_label, told), *_rest] = changes(old, other.versions[0])
    assert [(each.kind, each.words) for each in told] == [
        ("same", "Đã dọn"),
        ("new", "sạch"),
        ("same", "rác ở bản"),
        ("gone", "Noong Nhai"),
    ]


def a_letter(**changed: Any) -> dict[str, Any]:
    letter = {
        "number": "12/MTTQ-BTT",
        "addressee": {"vi": "Ủy ban nhân dân xã", "en": "People's Committee"},
        "issued_on": "2026-02-04",
        "delivered_on": "2026-02-05",
        "due_on": "2026-03-03",
        "answered_on": None,
        "state": "delivered",
        "paper": None,
    }
    return letter | changed


@pytest.mark.parametrize(
    ("changed", "mark"),
    [
        ({"answered_on": "2026-03-03"}, "on_time"),
        ({"answered_on": "2026-03-04"}, "overdue"),
        ({"answered_on": "2026-03-04", "due_on": None}, ""),
    ],
)
def test_an_answer_is_on_time_until_the_day_it_is_due(
    app: Flask, changed: dict[str, Any], mark: str
) -> None:
    with app.test_request_context():
        facts = letter_facts(a_letter(**changed))
    answers = [each for each in facts if str(each.label) == "Ngày trả lời"]
    assert [(each.text, each.mark) for each in answers] == [
        (day(changed["answered_on"]), mark),
    ]
