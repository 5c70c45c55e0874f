"""Many random operations, after which every count must be what the cases themselves say.

``python -m tests.resilience.moves [--count N] [--database NAME]`` does it with N operations on
both databases; the suite does a few hundred.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select

from geo.points import Point
from tests.factories.clock import FrozenClock, freeze
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.reporting import LAT, LON, make_report, new_key
from tests.factories.triage import an_officer
from tests.resilience.places import ask_for_database, new_databases
from webapp.cases import counts
from webapp.cases.models import Case, CellCount, Proposal
from webapp.cases.operations import claim_case, lock_case, take_step
from webapp.cases.workflow import CASE, EARLY, ENDED
from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor
from webapp.core.errors import DomainError, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.directory.models import Unit
from webapp.reporting.models import Report
from webapp.reporting.operations import claim_report
from webapp.reporting.sender import withdraw
from webapp.triage.operations.assessment import (
    Amendment,
    Assessment,
    amend_case,
    assess_case,
    dismiss_case,
    recategorise_case,
)
from webapp.triage.operations.joining import (
    attach_to_case,
    detach_report,
    lock_case_of,
    open_case_for,
)
from webapp.triage.operations.merging import lock_pair, merge_cases, unmerge_case
from webapp.triage.operations.reports import undo_decision
from webapp.triage.operations.transfer import propose_transfer, transfer_case

CATEGORIES = (
    *("dumping.river_dump", "dumping.forest_dump", "burning.dump_fire", "hazardous.oil"),
    *("unsorted.no_bin", "forest.logging"),
)
"""Two precisions, urgent, secret, begun at the province, never public."""
_REASON = "Cán bộ thử lại cho đúng."
_FIELDS = (
    *("who", "due_on", "finding", "reason", "what", "result", "planned_on", "right_body", "form"),
    *("team", "on_date", "conclusion", "answer", "measures", "body"),
)
_ANY = dict.fromkeys(_FIELDS, "x")
"""Whatever a plain step asks for: what is counted does not depend on it."""
_PLAIN = (
    *("request_verification", "record_verification", "act_locally", "report_local_result"),
    *("escalate", "decline", "reassess", "accept", "start_inspection", "conclude"),
    *("order_remedy", "report_remedied", "no_remedy", "deny_local", "deny_remedy", "close"),
    *("close", "hand_over", "reopen"),
)


TOLD_EVERY = 1000


class Found(NamedTuple):
    """A case somebody comes across; the operation itself locks and loads it."""

    id: int
    code: str
    unit_id: int


class Moves:
    """Everybody who moves cases in two communes and their province."""

    def __init__(self, frozen: FrozenClock, seed: int) -> None:
        self.random = Random(seed)  # a history, no secret
        self.frozen = frozen
        self.last_case = 0
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        with write_unit():
            self.officer = an_officer()
            self.neighbour = an_officer(unit=a_unit(NA_TAU))
            self.unit_ids = (a_unit().id, a_unit(NA_TAU).id)

    def run(self, count: int) -> None:
        """Take so many operations; one that the state or the rules refuse is counted apart."""
        for number in range(count):
            name, act = self.random.choices(_ACTS, _WEIGHTS)[0]
            try:
                with write_unit():
                    act(self)
                self.done[name] += 1
            except DomainError:
                self.refused[name] += 1
            self.frozen.forward(minutes=self.random.randrange(90))
            if number % 97 == 0:
                self._meanwhile()
            session().expunge_all()
            if (number + 1) % TOLD_EVERY == 0:
                took = f"{time.process_time():.0f} s of this process"
                print(f"  {number + 1} of {count} operations, {took}", flush=True)

    def _meanwhile(self) -> None:
        """What the worker does: deadlines pass, the journal is folded."""
        tell_deadlines()
        with write_unit():
            counts.fold()

    def send(self) -> None:
        """A report that opens a case of its own."""
        self._open(self._sent(), place_note="gần cầu")

    def join(self) -> None:
        """A report of something known already."""
        case = self._case()
        attach_to_case(self._officer(case), self._sent(), case_code=case.code)

    def part(self) -> None:
        """A report leaves its case."""
        report = self._report()
        lock_case_of(report.code)
        detach_report(
            self.officer, claim_report(self.officer, report.code, seen=None), reason=_REASON
        )

    def undo(self) -> None:
        """The last decision on a report is taken back at once."""
        report = self._sent()
        self._open(report, place_note=None)
        undo_decision(self.officer, report)

    def take_back(self) -> None:
        """The sender takes a report back; refused once it is in a case."""
        report = self._sent() if self.random.random() < 0.5 else self._report()
        withdraw(report, raw_key=new_key())

    def assess(self) -> None:
        """A case becomes public."""
        case = self._case(*EARLY)
        severity = self.random.choice(("minor", "serious", "grave"))
        seen = Assessment("Rác đổ thành đống cạnh đường.", severity, "household")
        assess_case(self._officer(case), self._claim(case), assessment=seen, site_note="Đã xem.")

    def dismiss(self) -> None:
        """A case ends without being handled."""
        case = self._case(*EARLY)
        dismiss_case(
            self._officer(case), self._claim(case), reason="not_found", words="Mặt trận đã đến xem."
        )

    def merge(self) -> None:
        """Two cases of one unit become one."""
        one, other = self._case(), self._case()
        actor = self._officer(one)
        lock_pair(actor, one.code, other.code)
        merge_cases(actor, self._claim(one), other_code=other.code)

    def unmerge(self) -> None:
        """A merged case comes out again."""
        case = self._case("merged")
        unmerge_case(self._officer(case), self._claim(case), reason=_REASON)

    def move(self) -> None:
        """An officer sets the place anew."""
        case = self._case()
        point = Point(
            LON + self.random.uniform(-0.01, 0.01), LAT + self.random.uniform(-0.01, 0.01)
        )
        amended = Amendment(point=point)
        amend_case(self._officer(case), self._claim(case), amendment=amended, reason=_REASON)

    def recategorise(self) -> None:
        """Another category: another precision, sometimes never public."""
        case = self._case()
        recategorise_case(
            self._officer(case), self._claim(case), category_code=self._category(), reason=_REASON
        )

    def transfer(self) -> None:
        """Another unit takes a case that was offered to it, or one is offered."""
        query = select(Proposal).where(Proposal.kind == "transfer", Proposal.state == "pending")
        proposal = session().scalars(query.limit(1)).first()
        if proposal is not None:
            offered = session().get_one(Case, proposal.case_id, with_for_update=True)
            target = proposal.target_unit_id
            transfer_case(self.officer if target == self.unit_ids[0] else self.neighbour, offered)
            return
        case = self._case("received", "assessed")
        other = next(each for each in self.unit_ids if each != case.unit_id)
        propose_transfer(self._officer(case), self._claim(case), unit_id=other, reason=_REASON)

    def step(self) -> None:
        """A plain step of the table, whichever the state allows."""
        case = lock_case(self._case(*CASE.states).id)
        allowed = [name for name in _PLAIN if CASE.allows(name, case.state)]
        if not allowed:
            raise TransitionRefused(_REASON)
        name = self.random.choice(allowed)
        with take_step(SYSTEM, case, name, voice="front", given=_ANY):
            case.closed_at = clock.now() if name == "close" else None
            case.dismissal = None

    def _open(self, report: Report, *, place_note: str | None) -> None:
        opened = open_case_for(
            self.officer, report, category_code=self._category(), place_note=place_note
        )
        self.last_case = opened.id

    def _case(self, *states: str) -> Found:
        """Some case in one of the states, an open one when none are given."""
        wanted = Case.state.in_(states) if states else Case.state.not_in(sorted(ENDED))
        query = select(Case.id, Case.code, Case.handling_unit_id).where(wanted)
        after = Case.id >= self.random.randint(0, self.last_case)
        for condition in (after, Case.id <= self.last_case):
            found = session().execute(query.where(condition).order_by(Case.id).limit(1)).first()
            if found is not None:
                return Found(*found)
        raise TransitionRefused(_REASON)

    def _claim(self, case: Found) -> Case:
        return claim_case(self._officer(case), case.code, seen=None)

    def _officer(self, case: Found) -> Actor:
        return self.officer if case.unit_id == self.unit_ids[0] else self.neighbour

    def _sent(self) -> Report:
        report: Report = make_report()
        return report

    def _report(self) -> Report:
        last = session().scalar(select(func.max(Report.id))) or 0
        query = select(Report).where(
            Report.id >= self.random.randint(0, last), Report.state == "attached"
        )
        found = session().scalars(query.order_by(Report.id).limit(1)).first()
        if found is None:
            raise TransitionRefused(_REASON)
        return found

    def _category(self) -> str:
        return self.random.choice(CATEGORIES)


_TABLE: tuple[tuple[Callable[[Moves], None], int], ...] = (
    (Moves.send, 20),
    (Moves.join, 8),
    (Moves.part, 5),
    (Moves.undo, 3),
    (Moves.take_back, 3),
    (Moves.assess, 16),
    (Moves.dismiss, 3),
    (Moves.merge, 7),
    (Moves.unmerge, 4),
    (Moves.move, 6),
    (Moves.recategorise, 6),
    (Moves.transfer, 6),
    (Moves.step, 30),
)
_ACTS = [(act.__name__, act) for act, _weight in _TABLE]
_WEIGHTS = [weight for _act, weight in _TABLE]


def wrong_counts() -> dict[str, Any]:
    """What differs from a full count: cells of the map, reports of cases, counts below nothing."""
    with write_unit():
        cells = counts.rebuild()
    attached = (
        select(func.count()).where(Report.case_id == Case.id).correlate(Case).scalar_subquery()
    )
    reports = session().scalar(select(func.count(Case.id)).where(Case.report_count != attached))
    below = session().scalar(select(func.count()).select_from(CellCount).where(CellCount.n < 0))
    unit_ids = select(Unit.id)
    lost = session().scalar(
        select(func.count(Case.id)).where(Case.handling_unit_id.not_in(unit_ids))
    )
    found = {"cells": cells, "reports": reports, "below nothing": below, "no unit": lost}
    return {name: value for name, value in found.items() if value}


def main() -> None:
    """A new database of each kind, the operations, what is wrong afterwards; ends with 1 if any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    ask_for_database(parser)
    asked = parser.parse_args()
    failed = False
    with pytest.MonkeyPatch.context() as monkeypatch:
        frozen = freeze(monkeypatch)
        for name, app in new_databases(asked.database):
            with app.app_context():
                moves = Moves(frozen, seed=4)
                moves.run(asked.count)
                wrong = wrong_counts()
            print(f"{name}: {moves.done.total()} done, {moves.refused.total()} refused")
            print(f"  {dict(moves.done)}\n  wrong: {wrong or 'nothing'}", flush=True)
            failed = failed or bool(wrong)
    sys.exit(int(failed))


if __name__ == "__main__":
    main()
