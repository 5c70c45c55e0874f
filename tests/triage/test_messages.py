"""What notices of the desk say, and that they fall silent once their matter is settled."""

import pytest
from flask import Flask

from tests.factories.clock import FrozenClock, freeze
from tests.factories.reporting import WORDS, make_report
from tests.factories.triage import (
    ASSESSMENT,
    a_group,
    a_member,
    a_task,
    a_visit,
    an_officer,
    due,
    opened_case,
)
from webapp.cases.models import Case
from webapp.core.actor import Actor
from webapp.core.unit_of_work import write_unit
from webapp.notifications.messages import Reader, Rendered, message_of
from webapp.notifications.queries import notices_of
from webapp.triage import messages
from webapp.triage.operations import local_action as acting
from webapp.triage.operations import reports as deciding
from webapp.triage.operations import verification as checking
from webapp.triage.operations.assessment import assess_case

WHICH = "Đổ rác xuống sông, suối, Xã Mường Phăng"
TASKS, QUEUE = "/can-bo/nhiem-vu", "/can-bo/hang-doi"


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    return freeze(monkeypatch)


@pytest.fixture
def officer(app: Flask, still: FrozenClock) -> Actor:
    with write_unit():
        return an_officer()


@pytest.fixture
def case(officer: Actor) -> Case:
    with write_unit():
        return opened_case(officer)


def shown(message: str, subject_id: int) -> Rendered | None:
    return message_of(message).render(subject_id, Reader())


def words(message: str, subject_id: int) -> tuple[str, str, str]:
    rendered = shown(message, subject_id)
    assert rendered is not None
    return str(rendered.subject), str(rendered.body), rendered.path


def test_who_is_left_out_of_a_check_is_told_nothing_of_it(officer: Actor, case: Case) -> None:
    with write_unit():
        left, goes = a_member(), a_member("Lò Văn Pánh")
        check = checking.request_verification(
            officer,
            case,
            organisation_id=a_group().id,
            question="Rác còn đó không?",
            due_on=due(),
            left_out=[left.person_id or 0],
        )
    told = {
        who: message_of(messages.CHECK_ASKED).render(check.id, Reader(person_id=who))
        for who in (left.person_id, goes.person_id, None)
    }
    assert told[left.person_id] is None
    named = told[goes.person_id]
    assert named is not None and WHICH in str(named.body)
    mail = told[None]
    assert mail is not None and "Đổ rác" not in f"{mail.subject} {mail.body}"
    listed = [each.rendered for each in notices_of(left, language="vi")]
    assert listed == [None]


def test_a_check_asked_becomes_a_check_done(officer: Actor, case: Case) -> None:
    with write_unit():
        check = checking.request_verification(
            officer, case, organisation_id=a_group().id, question="Rác còn không?", due_on=due()
        )
    assert words(messages.CHECK_ASKED, check.id) == (
        "Mặt trận nhờ đi xem tại chỗ",
        f"{WHICH}. Xin đi xem trước hết ngày {check.due_on:%d/%m/%Y}.",
        TASKS,
    )
    assert shown(messages.CHECK_DONE, check.id) is None
    with write_unit():
        checking.record_verification(a_member(), case, visit=a_visit())
    assert shown(messages.CHECK_ASKED, check.id) is None
    assert words(messages.CHECK_DONE, check.id) == (
        "Đã có kết quả xem tại chỗ",
        f"{WHICH}. Xin mở hồ sơ để xem kết quả.",
        QUEUE,
    )


def test_a_cancelled_check_says_nothing(officer: Actor, case: Case) -> None:
    with write_unit():
        check = checking.request_verification(
            officer, case, organisation_id=a_group().id, question="Rác còn không?", due_on=due()
        )
        checking.cancel_verification(officer, case, reason="Đã có ảnh rõ")
    assert shown(messages.CHECK_ASKED, check.id) is None
    assert shown(messages.CHECK_DONE, check.id) is None


def test_a_task_given_becomes_a_task_done(officer: Actor, case: Case) -> None:
    with write_unit():
        assess_case(officer, case, assessment=ASSESSMENT, site_note="Cán bộ đã đi xem.")
        action = acting.act_locally(officer, case, task=a_task())
    assert words(messages.ACTION_GIVEN, action.id) == (
        "Mặt trận giao giải quyết tại cơ sở",
        f"{WHICH}. Hạn: hết ngày {action.due_on:%d/%m/%Y}.",
        TASKS,
    )
    assert shown(messages.ACTION_DONE, action.id) is None
    result = acting.LocalResult(words="Đã dọn sạch.", no_photo_reason="Điện thoại hết pin")
    with write_unit():
        acting.report_local_result(a_member(), case, result=result)
    assert shown(messages.ACTION_GIVEN, action.id) is None
    assert words(messages.ACTION_DONE, action.id) == (
        "Đã có kết quả tại cơ sở",
        f"{WHICH}. Xin mở hồ sơ để xem.",
        QUEUE,
    )


def test_a_case_copied_or_offered_is_named_by_category_and_unit_only(case: Case) -> None:
    copied = words(messages.CASE_COPIED, case.id)
    offered = words(messages.TRANSFER_ASKED, case.id)
    assert copied[1:] == (f"{WHICH}. Mặt trận tỉnh giữ, cấp xã cùng theo dõi.", QUEUE)
    assert offered[1:] == (
        "Đổ rác xuống sông, suối, đang ở Xã Mường Phăng. Xin nhận hoặc trả lại.",
        QUEUE,
    )
    assert case.code not in "".join(copied + offered)


@pytest.mark.parametrize(("language", "unit"), [("vi", "Xã Mường Phăng"), ("en", None)])
def test_a_place_is_named_in_the_language_of_who_reads(
    case: Case, language: str, unit: str | None
) -> None:
    told = message_of(messages.CASE_COPIED).render(case.id, Reader(language))
    assert told is not None
    assert told.body.values["unit"] == (unit or case.handling_unit.name_en)


def test_a_report_is_told_until_somebody_decided(officer: Actor) -> None:
    with write_unit():
        report = make_report()
    told = words(messages.REPORT_RECEIVED, report.id)
    assert told == ("Có phản ánh chuyển đến địa bàn", f"{WHICH}.", QUEUE)
    assert report.code not in "".join(told) and WORDS not in "".join(told)
    with write_unit():
        deciding.reject_report(officer, report, reason="no_place", words="Không rõ ở đâu.")
    assert shown(messages.REPORT_RECEIVED, report.id) is None


@pytest.mark.parametrize(
    "message",
    [
        messages.CHECK_ASKED,
        messages.CHECK_DONE,
        messages.ACTION_GIVEN,
        messages.ACTION_DONE,
        messages.CASE_COPIED,
        messages.CASE_TAKEN_OVER,
        messages.CASE_ASSIGNED,
        messages.TRANSFER_ASKED,
        messages.REPORT_RECEIVED,
    ],
)
def test_what_is_gone_says_nothing(app: Flask, message: str) -> None:
    assert shown(message, 987_654) is None
