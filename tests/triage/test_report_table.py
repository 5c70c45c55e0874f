"""Every step of the report table from every state, by the real operations of the Front."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import make_report
from tests.factories.triage import PLACE, a_member, an_officer
from webapp.audit.models import AuditEntry
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.reporting.models import Report
from webapp.reporting.workflow import REPORT, REPORT_STATES
from webapp.triage.operations import joining
from webapp.triage.operations import reports as deciding
from webapp.triage.operations.priority import prioritise_report
from webapp.triage.operations.stepping_aside import step_aside_from_report

Act = Callable[[Actor, Report], Any]


def _forward(actor: Actor, report: Report) -> None:
    deciding.forward_report(actor, report, unit_id=a_unit(NA_TAU).id, reason="Bên kia suối")


def _open(actor: Actor, report: Report) -> None:
    joining.open_case_for(actor, report, category_code="dumping", place_note=PLACE)


ACTS: dict[str, Act] = {
    "request_info": lambda a, r: deciding.request_info(a, r, question="Ở đâu?"),
    "forward": _forward,
    "attach": _open,
    "detach": lambda a, r: joining.detach_report(a, r, reason="Nhầm"),
    "reject": lambda a, r: deciding.reject_report(a, r, reason="no_place", words="Không rõ."),
    "redirect": lambda a, r: deciding.redirect_report(a, r, door="crime", words="Gọi 113."),
    "reconsider": lambda a, r: deciding.reconsider_report(a, r, reason="Xem lại"),
    "undo": deciding.undo_decision,
    "prioritise": lambda a, r: prioritise_report(a, r, chosen="high", reason="Gần trường học"),
    "step_aside": lambda a, r: step_aside_from_report(a, r, reason="Nhà tôi ở cạnh đó"),
}
WAYS: dict[str, tuple[str, ...]] = {
    "submitted": (),
    "needs_info": ("request_info",),
    "attached": ("attach",),
    "rejected": ("reject",),
    "redirected": ("redirect",),
}
# undo also asks for the hold, which a redirect never has; withdraw is the reporter's.
# A merger moves reports by its own batch (tests/reassignment).
FRONT_STEPS = sorted({row.name for row in REPORT.rows if row.permissions} - {"move_unit"})
CELLS = [(step, state) for step in FRONT_STEPS for state in WAYS]


def test_every_step_of_the_front_has_an_operation() -> None:
    assert sorted(ACTS) == FRONT_STEPS
    assert set(WAYS) == set(REPORT_STATES) - {"withdrawn"}


def _report_in(state: str, officer: Actor) -> Report:
    with write_unit():
        report = make_report()
    for step in WAYS[state]:
        with write_unit():
            ACTS[step](officer, report)
    assert report.state == state
    return report


@pytest.mark.parametrize(("step", "state"), CELLS)
def test_the_table_holds(app: Flask, step: str, state: str) -> None:
    with write_unit():
        officer = an_officer()
    report = _report_in(state, officer)
    before = (report.state, report.version)
    if REPORT.allows(step, state):
        with write_unit():
            ACTS[step](officer, report)
        assert report.state == (REPORT.transition(step, state).target or state)
        assert report.version == before[1] + 1
        done = select(AuditEntry.id).where(AuditEntry.action == f"report.{step}")
        assert session().scalars(done).first() is not None
        return
    with pytest.raises(TransitionRefused), write_unit():
        ACTS[step](officer, report)
    session().expire_all()
    assert (report.state, report.version) == before


@pytest.mark.parametrize("step", FRONT_STEPS)
def test_nobody_else_decides(app: Flask, step: str) -> None:
    state = next(state for state in WAYS if REPORT.allows(step, state))
    with write_unit():
        officer, other = an_officer(), an_officer(unit=a_unit(NA_TAU), name="Sùng A Vừ")
        member = a_member()
    report = _report_in(state, officer)
    for stranger in (other, member):
        with pytest.raises(Forbidden), write_unit():
            ACTS[step](stranger, report)
    session().expire_all()
    assert report.state == state
