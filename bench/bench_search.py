"""A thousand searches of the public record, with and without diacritics, beside a floor program.

``python -m bench.bench_search [--size N] [--queries N] [--database NAME]``; servers and databases
are its own and end with it. The words are one to three that follow each other in a public case's
category, commune or summary, as people type them; each is asked as written and again without its
marks, and both must find the same cases.
"""

import argparse
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import quote

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from bench.databases import PLACES, Place, fill, in_turn, statements
from bench.floor import open_query
from bench.floor_desk import list_sql
from bench.measuring import CONNECTIONS, calibration, load, print_table, timed
from bench.serving import serving
from webapp.cases.categories import category
from webapp.cases.indexed import listed
from webapp.cases.models import Case
from webapp.cases.public_filters import PublicFilters
from webapp.cases.public_list import ListQuestion, listed_cases
from webapp.core.search_text import fold
from webapp.core.unit_of_work import session
from webapp.extensions import db

WARM_UP = 16
RAW = 100
LONGEST = 3
HEADINGS = (
    *("name", "queries", "p50", "p95", "floor p50", "floor p95", "raw p95"),
    *("ratio p50", "ratio p95", "req/s", "statements"),
)


@dataclass(frozen=True)
class Searches:
    """The same words twice: as written, and without marks; ``unlike`` found other cases."""

    written: list[str]
    folded: list[str]
    unlike: int


def main() -> None:
    """Seed, measure and print, one database after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000, help="reports")
    parser.add_argument("--queries", type=int, default=1000, help="half of them without marks")
    parser.add_argument("--database", choices=PLACES, nargs="+", default=list(PLACES))
    asked = parser.parse_args()
    print(f"calibration: {calibration():.0f} ms for a fixed loop; {CONNECTIONS} connections")
    for name in asked.database:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="matxanh-bench-")))
            place = stack.enter_context(PLACES[name](folder))
            print(f"{place.name}: seeding {asked.size} reports", flush=True)
            with place.app.app_context():
                fill(asked.size)
            _measure(place, asked.queries, folder)
    print(f"calibration: {calibration():.0f} ms")


def _measure(place: Place, count: int, folder: Path) -> None:
    with place.app.app_context():
        asked = searches(count // 2)
        cases = session().scalar(select(func.count(Case.id)).where(listed())) or 0
        counted = statements(place.app, _address(asked.written[0]))
        session().rollback()
        db.engine.dispose()
    print(f"{place.name}, {cases} public cases; without marks other cases: {asked.unlike}")
    log, floor = folder / "server.log", {"BENCH_DATABASE": place.driver}
    rows = []
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment, log) as ours,
        serving("bench.floor_desk:app", "/newest", floor, log) as bare,
    ):
        query = open_query(place.driver)
        for name, words in (("with marks", asked.written), ("without marks", asked.folded)):
            mine = [_address(each) for each in words]
            base = [f"/list?q={quote(fold(each))}" for each in words]
            load(ours.port, mine[:WARM_UP])
            load(bare.port, base[:WARM_UP])
            answered, bottom = in_turn((ours.port, mine, {}), (bare.port, base, {}))
            raw = timed([partial(query, list_sql(fold(each))) for each in words[:RAW]])
            rows.append(
                (
                    *(f"{place.name} search, {name}", len(words), answered.p50, answered.p95),
                    *(bottom.p50, bottom.p95, raw.p95),
                    *(answered.p50 / bottom.p50, answered.p95 / bottom.p95, answered.rate),
                    counted,
                )
            )
    print_table(HEADINGS, rows)


def searches(count: int) -> Searches:
    """So many searches of the words of public cases, the same in every run."""
    random = Random(11)
    query = select(Case).where(listed()).options(joinedload(Case.handling_unit))
    last = session().scalar(select(func.max(Case.id))) or 0
    ids = sorted(random.sample(range(1, last + 1), min(last, count * 4)))
    found = session().scalars(query.where(Case.id.in_(ids[:32_000])).order_by(Case.id))
    texts = [_text(case) for case in found]
    written = [_words(random, random.choice(texts)) for _number in range(count)]
    folded = [fold(each) for each in written]
    unlike = sum(_codes(a) != _codes(b) for a, b in zip(written, folded, strict=True))
    return Searches(written, folded, unlike)


def _text(case: Case) -> str:
    label = category(case.category).label.vi
    return f"{label} {case.handling_unit.name} {case.summary or ''}"


def _words(random: Random, text: str) -> str:
    """One to three neighbours; signs at their ends are not typed."""
    every = [word for each in text.split() if (word := each.strip(".,;:!?()“”")).isalnum()]
    first = random.randrange(len(every))
    return " ".join(every[first : first + random.randint(1, LONGEST)])


def _codes(words: str) -> list[str]:
    return [row.code for row in listed_cases(ListQuestion(PublicFilters(words=words))).rows]


def _address(words: str) -> str:
    return f"/vu-viec?q={quote(words)}"


if __name__ == "__main__":
    main()
