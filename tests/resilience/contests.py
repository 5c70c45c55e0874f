"""Many races of officers on one case: one success each, nothing lost, no deadlock shown.

``python -m tests.resilience.contests [--count N] [--database NAME]`` runs N races of 2 to 20
officers on both databases, then issues 50 letters at once of which some fail after they took a
number; the suite runs a few. Half of the races are of people who take different steps.
"""

import argparse
import sys
import threading
from collections import Counter
from random import Random

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.documents.issuing import drafts, issue_at_once
from tests.factories.accounts import make_person, sign_in, token_header
from tests.factories.cases import make_case, make_line
from tests.factories.directory import a_unit
from tests.resilience.places import ask_for_database, new_databases
from webapp.audit.models import AuditEntry
from webapp.cases.models import Case, TimelineLine
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db

MOST = 20
LETTERS, FAILING = 50, 7
TOLD_EVERY = 50
_STEPS = {
    "assess": {"severity": "minor", "waste_source": "market", "site_note": "Đã xem."},
    "dismiss": {"reason": "not_found"},
}
_WORDS = {"assess": "summary", "dismiss": "words"}


class Contest:
    """Twenty signed-in officers of one commune, and what came of their races."""

    def __init__(self, app: Flask, seed: int) -> None:
        self.app = app
        self.random = Random(seed)  # who races, no secret
        self.faults: list[str] = []
        with write_unit():
            people = [
                make_person("front_commune", unit=a_unit(), name=f"Cán bộ Số {number}")
                for number in range(MOST)
            ]
            emails = [account.email for account, _actor in people]
        self.clients = [self._signed_in(email) for email in emails]

    def run(self, count: int) -> None:
        """So many races, each on a case of its own."""
        for number in range(count):
            with write_unit():
                case = make_case("received")
                make_line(case, None, transition="open_case")
                case_id, code, version = case.id, case.code, case.version
            size = self.random.randint(2, MOST)
            steps = self.random.choices(
                ("assess", "dismiss") if number % 2 else ("assess",), k=size
            )
            db.session.remove()
            statuses = self._race(code, version, steps)
            self._judge(number, case_id, version, statuses)
            if (number + 1) % TOLD_EVERY == 0:
                print(f"  {number + 1} of {count} races, {len(self.faults)} faults", flush=True)

    def _signed_in(self, email: str) -> tuple[FlaskClient, dict[str, str]]:
        client = self.app.test_client()
        sign_in(client, email)
        return client, token_header(client)

    def _race(self, code: str, version: int, steps: list[str]) -> list[int]:
        start = threading.Barrier(len(steps))
        statuses = [0] * len(steps)

        def take(number: int, step: str) -> None:
            client, header = self.clients[number]
            form = _STEPS[step] | {_WORDS[step]: f"Lời của cán bộ số {number}."}
            address = f"/can-bo/vu-viec/{code}/buoc/{step}"
            with self.app.app_context():
                start.wait()
                answer = client.post(address, data=form | {"version": version}, headers=header)
                statuses[number] = answer.status_code
                db.session.remove()

        threads = [threading.Thread(target=take, args=each) for each in enumerate(steps)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        return statuses

    def _judge(self, number: int, case_id: int, version: int, statuses: list[int]) -> None:
        """One success, everybody else 409; the case moved once, and says so once."""
        case = session().get_one(Case, case_id, populate_existing=True)
        lines = select(func.count()).where(TimelineLine.case_id == case_id)
        acts = select(func.count()).where(
            AuditEntry.subject_kind == "case",
            AuditEntry.subject_id == case_id,
            AuditEntry.action.in_(("case.assess", "case.dismiss")),
        )
        found = (
            Counter(statuses),
            case.version - version,
            session().scalar(lines),
            session().scalar(acts),
        )
        if found != (Counter({303: 1, 409: len(statuses) - 1}), 1, 2, 1):
            self.faults.append(f"race {number} of {len(statuses)}: {found}")
        session().rollback()


def numbering(app: Flask) -> list[str]:
    """Letters issued at once: what is wrong with their numbers."""
    issued = issue_at_once(app, drafts(LETTERS), failing=FAILING)
    wanted = list(range(1, LETTERS - len(issued.failed) + 1))
    numbers = [] if issued.numbers == wanted else [f"numbers {issued.numbers}"]
    return [*numbers, *map(repr, issued.others)]


def main() -> None:
    """A new database of each kind, the races, what went wrong; ends with 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    ask_for_database(parser)
    asked = parser.parse_args()
    faults: list[str] = []
    for name, app in new_databases(asked.database):
        with app.app_context():
            contest = Contest(app, seed=4)
            contest.run(asked.count)
            wrong = numbering(app)
        print(f"{name}: {asked.count} races, {len(contest.faults)} faults;", end=" ")
        print(f"{LETTERS} letters at once, {len(wrong)} faults", flush=True)
        faults += contest.faults + wrong
    print("\n".join(faults))
    sys.exit(int(bool(faults)))


if __name__ == "__main__":
    main()
