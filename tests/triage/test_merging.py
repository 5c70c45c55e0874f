"""Two cases that are one, and two officers at once; both databases."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import listed, make_report
from tests.factories.triage import ASSESSMENT, an_officer, opened_case
from tests.statements import plans
from tests.triage.test_desk_pages import token
from webapp.accounts.absence import step_aside
from webapp.cases import counts
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case, CasePhoto, TimelineLine
from webapp.cases.queries import case_file, merged_with
from webapp.community.models import CaseFollower
from webapp.community.queries import Affected, affected
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, NotFound, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.following import view_for_sender
from webapp.reporting.models import Report
from webapp.triage.operations import assessment as assessing
from webapp.triage.operations.joining import detach_report, lock_case_of
from webapp.triage.operations.merging import lock_merged, merge_cases, unmerge_case


@pytest.fixture
def officer(app: Flask) -> Actor:
    with write_unit():
        return an_officer()


def two_cases(officer: Actor) -> tuple[Case, Case]:
    """The older one has a photo and two households, the younger one three."""
    with write_unit():
        first = make_report(photos=(listed(b"anh mot"),), households_affected=2)
        older = opened_case(officer, first)
        second = make_report(photos=(listed(b"anh hai"),), households_affected=3)
        younger = opened_case(officer, second)
    return older, younger


def reports(case: Case) -> int:
    return len(session().scalars(select(Report.id).where(Report.case_id == case.id)).all())


@pytest.mark.parametrize("from_the_older", [True, False])
def test_the_older_code_survives_whichever_was_named(officer: Actor, from_the_older: bool) -> None:
    older, younger = two_cases(officer)
    here, other = (older, younger) if from_the_older else (younger, older)
    with write_unit():
        survivor = merge_cases(officer, here, other_code=other.code)
    assert survivor is older
    assert (younger.state, younger.merged_into_id) == ("merged", older.id)
    assert (older.report_count, older.household_count, reports(older)) == (2, 5, 2)
    assert (younger.report_count, reports(younger)) == (0, 0)
    photos = session().scalars(select(CasePhoto).where(CasePhoto.case_id == older.id)).all()
    assert len(photos) == 2


def test_history_followers_and_version_move_along(officer: Actor) -> None:
    older, younger = two_cases(officer)
    report = session().scalars(select(Report).where(Report.case_id == younger.id)).one()
    seen = older.version
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    assert older.version == seen + 1
    steps = [line.transition for line in case_file(officer, older.code).lines]
    assert steps.count("open_case") == 2
    session().expire_all()
    assert any(older.code in (entry.detail or "") for entry in view_for_sender(report).lines)


def test_a_sender_reads_on_what_the_public_read_of_their_case(officer: Actor) -> None:
    older, younger = two_cases(officer)
    report = session().scalars(select(Report).where(Report.case_id == younger.id)).one()
    with write_unit():
        assessing.assess_case(officer, younger, assessment=ASSESSMENT, site_note="Đã đến xem.")
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    told = [str(line.text) for line in view_for_sender(report).lines]
    assert "Mức độ: vừa." in told


def test_unmerging_gives_back_what_came(officer: Actor) -> None:
    older, younger = two_cases(officer)
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    with write_unit():
        unmerge_case(officer, younger, reason="Hai đống rác khác nhau")
    assert (younger.state, younger.merged_into_id) == ("received", None)
    assert [(e.report_count, e.household_count) for e in (older, younger)] == [(1, 2), (1, 3)]
    photos = session().scalars(select(CasePhoto.case_id).order_by(CasePhoto.case_id)).all()
    assert photos == [older.id, younger.id]


def test_what_the_public_could_read_it_reads_in_the_survivor(officer: Actor) -> None:
    older, younger = two_cases(officer)
    with write_unit():
        assessing.assess_case(officer, younger, assessment=ASSESSMENT, site_note="Đã thấy")
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    assert (older.summary, older.public_since) == (ASSESSMENT.summary, younger.public_since)


def test_a_later_case_is_not_merged_away(officer: Actor) -> None:
    older, younger = two_cases(officer)
    with write_unit():
        younger.state = "escalated"
    with pytest.raises(TransitionRefused), write_unit():
        merge_cases(officer, older, other_code=younger.code)
    with write_unit():
        older.state, older.dismissal = "dismissed", "not_found"
        younger.state = "received"
    with pytest.raises(TransitionRefused), write_unit():
        merge_cases(officer, younger, other_code=older.code)


def test_only_visible_cases_of_the_same_unit_merge(officer: Actor) -> None:
    older, younger = two_cases(officer)
    with write_unit():
        younger.handling_unit_id = a_unit(NA_TAU).id
    for code in (younger.code, older.code, "VV0000000"):
        with pytest.raises(Invalid), write_unit():
            merge_cases(officer, older, other_code=code)


def at_once(app: Flask, *acts: Callable[[], int]) -> list[int]:
    """Run each act in a thread of its own, all beginning together; the status of each."""
    barrier, statuses = threading.Barrier(len(acts)), [0] * len(acts)

    def run(number: int, act: Callable[[], int]) -> None:
        with app.app_context():
            barrier.wait()
            statuses[number] = act()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def signed_post(
    app: Flask, email: str, address: str, *, opened: str | None = None, **values: str
) -> Callable[[], int]:
    """A form that was opened now, on its own page or another, and is sent later by one officer."""
    client = app.test_client()
    sign_in(client, email)
    fields = token(client, opened or address) | values

    def act() -> int:
        return client.post(address, data=fields).status_code

    return act


@pytest.fixture
def emails(app: Flask) -> list[str]:
    with write_unit():
        made = [
            make_person("front_commune", unit=a_unit(), name=name)[0].email
            for name in ("Cà Văn Noọng", "Mùa A Dơ")
        ]
    return made


def test_merging_both_ways_at_once_ends_in_one(
    app: Flask, officer: Actor, emails: list[str]
) -> None:
    older, younger = two_cases(officer)
    codes = (older.code, younger.code)
    acts = [
        signed_post(
            app, email, f"/can-bo/vu-viec/{here}/buoc/merge_into", survivor=there, compared="1"
        )
        for email, here, there in zip(emails, codes, reversed(codes), strict=True)
    ]
    assert sorted(at_once(app, *acts)) == [303, 409]
    session().expire_all()
    states = session().scalars(select(Case.state).order_by(Case.id)).all()
    assert states == ["received", "merged"]
    assert reports(older) == 2


def test_two_officers_assess_at_once_one_gets_the_conflict(
    app: Flask, officer: Actor, emails: list[str]
) -> None:
    with write_unit():
        code = opened_case(officer).code
    acts = [
        signed_post(
            app,
            email,
            f"/can-bo/vu-viec/{code}/buoc/assess",
            summary=f"Tóm tắt của {email}",
            severity="minor",
            waste_source="household",
            site_note="Đã thấy tại chỗ",
        )
        for email in emails
    ]
    assert sorted(at_once(app, *acts)) == [303, 409]
    session().expire_all()
    assessed = select(TimelineLine.id).where(TimelineLine.transition == "assess")
    assert len(session().scalars(assessed).all()) == 1


def test_two_officers_attach_one_report_at_once(
    app: Flask, officer: Actor, emails: list[str]
) -> None:
    with write_unit():
        code = make_report().code
    acts = [
        signed_post(
            app,
            email,
            f"/can-bo/phan-anh/{code}/buoc/attach",
            case="new",
            category="dumping",
            place_note="Cạnh cầu",
        )
        for email in emails
    ]
    assert sorted(at_once(app, *acts)) == [303, 409]
    session().expire_all()
    assert len(session().scalars(select(Case.id)).all()) == 1


def counts_agree(*cases: Case) -> bool:
    """Whether the stored counts are those of the rows, and the map's are those of a rebuild."""
    with write_unit():
        counts.fold()
        wrong = counts.rebuild()
    session().expire_all()
    return wrong == 0 and all(each.report_count == reports(each) for each in cases)


def test_a_chain_of_merges_parts_into_what_each_had(officer: Actor) -> None:
    """A went into B and B into C: A still takes its own out, from where it is now."""
    oldest, middle = two_cases(officer)
    with write_unit():
        youngest = opened_case(officer, make_report(households_affected=7))
    every = (oldest, middle, youngest)
    for here, there in ((youngest, middle), (middle, oldest)):
        with write_unit():
            merge_cases(officer, here, other_code=there.code)
    assert [e.report_count for e in every] == [3, 0, 0] and counts_agree(*every)
    for first in (youngest, middle):
        with write_unit():
            lock_merged(officer, first.code)
            unmerge_case(officer, first, reason="Hai đống rác khác nhau")
        assert counts_agree(*every)
    assert [(e.report_count, e.household_count) for e in every] == [(1, 2), (1, 3), (1, 7)]
    assert [e.merged_into_id for e in every] == [None, None, None]


def test_words_that_came_with_a_merge_leave_with_it(officer: Actor) -> None:
    older, younger = two_cases(officer)
    with write_unit():
        assessing.assess_case(officer, younger, assessment=ASSESSMENT, site_note="Đã thấy")
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    assert older.public_since is not None and counts_agree(older, younger)
    with write_unit():
        unmerge_case(officer, younger, reason="Hai đống rác khác nhau")
    assert (older.public_since, older.summary, older.severity) == (None, None, None)
    assert younger.public_since is not None and counts_agree(older, younger)


def test_a_case_with_words_of_its_own_since_the_merge_stays_public(officer: Actor) -> None:
    older, younger = two_cases(officer)
    with write_unit():
        assessing.assess_case(officer, younger, assessment=ASSESSMENT, site_note="Đã thấy")
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    with write_unit():
        assessing.assess_case(officer, older, assessment=ASSESSMENT, site_note="Cũng đã thấy")
    with write_unit():
        unmerge_case(officer, younger, reason="Hai đống rác khác nhau")
    assert older.public_since is not None and counts_agree(older, younger)


def test_who_stepped_aside_from_the_one_reads_neither_while_they_are_one(officer: Actor) -> None:
    older, younger = two_cases(officer)
    with write_unit():
        aside = an_officer(name="Lò Thị Ín")
        step_aside(aside, subject_of(younger))
    assert case_file(aside, older.code).case is older
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    with pytest.raises(NotFound):
        case_file(aside, older.code)
    with write_unit():
        unmerge_case(officer, younger, reason="Hai đống rác khác nhau")
    assert case_file(aside, older.code).case is older
    with pytest.raises(NotFound):
        case_file(aside, younger.code)


def test_a_report_detached_after_a_merge_keeps_the_counts_exact(officer: Actor) -> None:
    older, younger = two_cases(officer)
    report = session().scalars(select(Report).where(Report.case_id == younger.id)).one()
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    with write_unit():
        lock_case_of(report.code)
        detach_report(officer, report, reason="Chỗ khác")
    assert (older.report_count, older.household_count) == (1, 2) and counts_agree(older, younger)
    with write_unit():
        unmerge_case(officer, younger, reason="Hai đống rác khác nhau")
    assert (older.report_count, younger.report_count) == (1, 0) and counts_agree(older, younger)


def test_followers_of_both_are_counted_once_and_part_again(officer: Actor) -> None:
    older, younger = two_cases(officer)
    with write_unit():
        for case in (older, younger):
            assessing.assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã thấy")
        person = make_person("front_commune", unit=a_unit(), name="Lò Văn Ánh")[1]
        for case, number in ((older, 1), (younger, 2), (younger, 3)):
            session().add(a_follower(case, number, person.person_id if number < 3 else None))
    apart = {older.id: Affected(1, 0), younger.id: Affected(1, 1)}
    assert affected(list(apart)) == apart
    with write_unit():
        merge_cases(officer, younger, other_code=older.code)
    assert affected([older.id]) == {older.id: Affected(1, 1)}
    with write_unit():
        unmerge_case(officer, younger, reason="Hai đống rác khác nhau")
    assert affected(list(apart)) == apart


def a_follower(case: Case, number: int, person_id: int | None) -> CaseFollower:
    """Somebody who is affected too, with an account or without."""
    name = str(number) * 32
    return CaseFollower(
        uid=name,
        case_id=case.id,
        person_id=person_id,
        key_digest=f"khóa {number}",
        code_digest=f"mã {number}",
        code_version=1,
        at=clock.now(),
        locale="vi",
    )


def test_two_merged_cases_lead_to_each_other(app: Flask) -> None:
    with write_unit():
        account, officer = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ")
    older, younger = two_cases(officer)
    client = app.test_client()
    sign_in(client, account.email)
    kept, gone = (f"/can-bo/vu-viec/{each.code}" for each in (older, younger))
    into = f'Phản ánh, ảnh và người theo dõi ở vụ việc <a href="{kept}">{older.code}</a>'
    came = f'Đã gộp vào đây</dt><dd><a href="{gone}">{younger.code}</a>'

    def told() -> tuple[bool, bool]:
        return into in client.get(gone).text, came in client.get(kept).text

    assert told() == (False, False)
    with write_unit():
        merge_cases(officer, older, other_code=younger.code)
    assert told() == (True, True)
    with write_unit():
        step_aside(officer, subject_of(younger))
    assert came not in client.get(kept).text  # no way to what one does not open any more
    with write_unit():
        colleague = an_officer(name="Sùng Thị Chư")
        lock_merged(colleague, younger.code)
        unmerge_case(colleague, session().get_one(Case, younger.id), reason="Hai đống khác nhau")
    assert "Đã gộp vào đây" not in client.get(kept).text


def test_what_came_into_a_case_is_found_by_what_it_went_into(app: Flask) -> None:
    """With the survivor's id in the same condition both databases read all that the actor may."""
    with write_unit():
        officer = an_officer()
    older, younger = two_cases(officer)
    with write_unit():
        merge_cases(officer, older, other_code=younger.code)
    file = case_file(officer, older.code)
    assert "ix_case_file_merged_into_id" in plans(lambda: merged_with(officer, file))
