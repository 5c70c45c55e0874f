"""No clock outlives what it waits for: an office would be late, publicly, with nothing."""

from datetime import date

from tests.factories.cases import make_case
from tests.factories.casework import Desks, accepted_case, content_for, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import make_report
from tests.factories.triage import a_task, opened_case
from webapp.cases.clocks import subject_of
from webapp.cases.models import Case
from webapp.cases.workflow import CASE, EARLY, RAISABLE
from webapp.casework.letters import addressees_of, handlers_of
from webapp.casework.operations.drafting import draft_recommendation
from webapp.casework.operations.issuing import issue_recommendation, void_recommendation
from webapp.casework.operations.raising import propose_raise, raise_case
from webapp.casework.suggestions import loads
from webapp.core import clock
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import recompute_clocks
from webapp.deadlines.queries import clocks_of
from webapp.deadlines.rule_table import started_by, stopped_by
from webapp.directory.models import CalendarDay
from webapp.reporting.operations import subject_of as subject_of_report
from webapp.triage.operations.assessment import dismiss_case
from webapp.triage.operations.local_action import act_locally
from webapp.triage.operations.reports import request_info
from webapp.triage.operations.transfer import propose_transfer

# The states in which somebody can still do what a clock waits for.
WAITS_IN = {
    "verification_task": {"verifying"},
    "local_action": {"local_action"},
    "transfer_take": {"received", "assessed"},
    "raise_take": set(RAISABLE),
    "accept": {"escalated"},
    "regularise": {"accepted", "inspecting", "concluded", "remedying", "awaiting_confirmation"},
    "conclude": {"accepted", "inspecting"},
    "remedy": {"remedying"},
    "confirmation_window": {"awaiting_confirmation"},
}
URGENT = "water.fish_kill"
ALL_STOPPED = {"dismiss", "merge_into", "hand_over"}
# Called off by subscribers: with the site check, and with the proposal that lapses.
CALLED_OFF = {"verification_task": {"received", "verifying"}} | {
    key: WAITS_IN[key] for key in ("transfer_take", "raise_take")
}
# A case is closed with its letter only (outcomes.conditions); a local result is no office's.
NEVER = {("regularise", "close"), ("regularise", "deny_local")}


def after(step: str, target: str, running: frozenset[str]) -> frozenset[str]:
    """The clocks that run once a step was taken, by the shipped rules."""
    event = f"case.{step}"
    left = frozenset() if step in ALL_STOPPED else running - set(stopped_by(event))
    left |= {key for key in started_by(event, urgent=False) if key in WAITS_IN}
    return left - {key for key, states in CALLED_OFF.items() if target not in states}


def test_whatever_way_a_case_goes_no_clock_waits_for_nothing() -> None:
    todo: list[tuple[str, frozenset[str]]] = [("received", frozenset())]
    seen, wrong = set(todo), set()
    while todo:
        state, running = todo.pop()
        for row in CASE.possible(state):
            target = row.target or state
            clocks = after(row.name, target, running)
            for each in sorted(clocks):
                if target not in WAITS_IN[each] and (each, row.name) not in NEVER:
                    wrong.add((each, row.name, target))
            found = (target, frozenset(each for each in clocks if target in WAITS_IN[each]))
            if found not in seen:
                seen.add(found)
                todo.append(found)
    assert wrong == set()
    assert len(seen) > 30 and set(EARLY) <= {state for state, _running in seen}


def running(case: Case) -> set[str]:
    return {each.rule.key for each in clocks_of(subject_of(case)) if each.stopped_at is None}


def test_a_void_letter_leaves_no_office_late(desks: Desks) -> None:
    letter = make_letter(desks, "issued")
    assert running(letter.case) == {"accept"}
    void_recommendation(desks.signer, letter, reason="Ghi nhầm tên xã.")
    assert (running(letter.case), letter.case.due_at) == (set(), None)


def test_a_proposal_that_lapsed_is_nobodys_to_answer(desks: Desks) -> None:
    case = make_case("assessed")
    propose_transfer(desks.front, case, unit_id=a_unit(NA_TAU).id, reason="Bên kia suối")
    assert running(case) == {"transfer_take"}
    act_locally(desks.front, case, task=a_task(due_on=date(2026, 5, 5)))
    assert running(case) == {"local_action"}
    assert case.due_at is not None and clock.local(case.due_at).date() == date(2026, 5, 5)


def test_the_department_is_not_late_with_what_the_commune_did_not_do(
    desks: Desks, frozen: FrozenClock
) -> None:
    case = accepted_case(desks)
    frozen.forward(days=120)
    propose_raise(desks.front, case, ground="overdue", reason="Quá hạn kết luận.")
    raise_case(desks.province, case)
    assert case.overdue
    session().refresh(case)
    today = clock.today_local()
    content = content_for(
        case, addressee=addressees_of(case, today)[0], handler=handlers_of(case, today)[0]
    )
    letter = draft_recommendation(desks.province, case, content)
    letter.state, letter.document.signed_at = "signed", clock.now()
    session().flush()
    issue_recommendation(desks.province, letter, number="1", issued_on=today)
    assert (case.state, running(case), case.overdue) == ("escalated", {"accept"}, False)
    (accept,) = (each for each in clocks_of(subject_of(case)) if each.stopped_at is None)
    assert accept.owner_id == case.office_id == letter.handler_id


def test_the_time_of_residents_is_no_load_of_the_front(desks: Desks, frozen: FrozenClock) -> None:
    case, report = make_case("assessed"), make_report()
    dismiss_case(desks.front, case, reason="not_found", words="Không thấy rác ở chỗ này.")
    assert running(case) == {"reopen_window"}
    request_info(desks.front, report, question="Chỗ đó gần cầu nào?")
    opened_case(desks.front, report)
    assert [each for each in clocks_of(subject_of_report(report)) if not each.stopped_at] == []
    frozen.forward(days=100)
    assert loads(desks.front) == []
    make_report()
    (own,) = loads(desks.front)
    assert (own.load.running, own.load.overdue) == (1, 0)


def test_an_urgent_report_that_was_decided_on_unopened_is_not_told_to_be_waiting(
    desks: Desks,
) -> None:
    report = make_report(category=URGENT)
    assert report.urgent
    opened_case(desks.front, report, category=URGENT)
    assert [each for each in clocks_of(subject_of_report(report)) if not each.stopped_at] == []


def test_an_edited_calendar_gives_no_day_to_a_report_that_waits_for_its_sender(
    committed: Desks,
) -> None:
    with write_unit():
        report = make_report()
    with write_unit():
        request_info(committed.front, report, question="Chỗ đó gần cầu nào?")
        session().add(CalendarDay(day=date(2026, 3, 3), works=False, name="Nghỉ bù"))
    recompute_clocks()
    session().expire_all()
    assert (report.state, report.due_at) == ("needs_info", None)
