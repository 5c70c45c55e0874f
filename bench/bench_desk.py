"""Everything the desk and the public record read, on both databases, beside a floor program.

``python -m bench.bench_desk [--size N ...] [--database NAME]``; sizes are numbers of reports, and
with two of them the growth from the first to the last is printed. Servers and databases are its
own and end with it. The officer is a province's: the largest queue there is. A target that is
missed has a ``!`` behind it.
"""

import argparse
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from bench.databases import PLACES, Place, in_turn, seeded, statements
from bench.floor import open_query
from bench.measuring import CONNECTIONS, Times, calibration, load, print_table, timed
from bench.questions import Question, questions
from bench.serving import Served, serving
from webapp.cases.models import Case
from webapp.core.unit_of_work import session
from webapp.extensions import db

WARM_UP = 16
ALONE = 24
"""So many are asked for one after another, for the rate of one connection."""
RAW = 24
HEADINGS = (
    *("name", "p50", "p95", "floor p50", "floor p95", "raw p95", "ratio p50", "ratio p95"),
    *("req/s 1", "req/s 4", "statements"),
)
Median = tuple[float, float, float]
"""Milliseconds of ours and of the floor, kilobytes of our answer."""
Medians = dict[str, Median]
MOST_MEMORY = 220
"""Megabytes of two web workers."""


def main() -> None:
    """Seed, measure and print, one database and one size after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, nargs="+", default=[100_000], help="reports")
    parser.add_argument("--database", choices=PLACES, nargs="+", default=list(PLACES))
    asked = parser.parse_args()
    print(f"calibration: {calibration():.0f} ms for a fixed loop; {CONNECTIONS} connections")
    for name in asked.database:
        medians = [_one_size(name, size) for size in asked.size]
        if len(medians) > 1:
            _print_growth(name, medians[0], medians[-1])
    print(f"calibration: {calibration():.0f} ms")


def _one_size(name: str, size: int) -> Medians:
    """Medians by question."""
    with seeded(name, size) as (place, folder):
        return measure(place, folder)


def measure(place: Place, folder: Path) -> Medians:
    """Measure a seeded place and print its table; medians by question."""
    with place.app.app_context():
        asked = questions(place.app)
        cases = session().scalar(select(func.count(Case.id))) or 0
        counted = [statements(place.app, each.ours[0], each.headers) for each in asked]
        session().rollback()
        db.engine.dispose()
    log = folder / "server.log"
    floor = {"BENCH_DATABASE": place.driver}
    rows: list[tuple[object, ...]] = []
    medians: Medians = {}
    with (
        serving("webapp.wsgi:app", "/healthz", place.environment, log) as ours,
        serving("bench.floor_desk:app", "/newest", floor, log) as bare,
    ):
        for question, number in zip(asked, counted, strict=True):
            mine, bottom, alone, raw = _times(question, ours, bare, place)
            medians[question.name] = mine.p50, bottom.p50, mine.kilobytes
            rows.append(_row(question, (mine, bottom, alone, raw), number))
        memory = ours.megabytes()
    print(f"{place.name}, {cases} cases, calibration {calibration():.0f} ms")
    print_table(HEADINGS, rows)
    missed = "!" if memory > MOST_MEMORY else ""
    print(f"memory of two web workers and their master: {memory:.0f}{missed} MB PSS", flush=True)
    return medians


def _times(
    question: Question, ours: Served, bare: Served, place: Place
) -> tuple[Times, Times, Times, Times]:
    """With four connections, the floor likewise, with one, and of the raw statement."""
    load(ours.port, question.ours[:WARM_UP], question.headers)
    load(bare.port, question.floor[:WARM_UP])
    mine, bottom = in_turn(
        (ours.port, question.ours, question.headers), (bare.port, question.floor, {})
    )
    alone = load(ours.port, question.ours[:ALONE], question.headers, connections=1)
    query = open_query(place.driver)
    raw = timed([partial(query, sql) for sql in question.raw[:RAW]])
    return mine, bottom, alone, raw


def _row(
    question: Question, times: tuple[Times, Times, Times, Times], number: int
) -> tuple[object, ...]:
    mine, bottom, alone, raw = times
    ratio = mine.p95 / bottom.p95
    return (
        question.name,
        *(mine.p50, mine.p95, bottom.p50, bottom.p95, raw.p95),
        mine.p50 / bottom.p50,
        _against(ratio, question.ratio),
        *(alone.rate, mine.rate),
        _against(number, question.statements),
    )


def _against(value: float, target: float | None) -> str:
    """A figure, marked where it is above its target."""
    words = f"{value:.1f}" if isinstance(value, float) else str(value)
    return words + ("!" if target is not None and value > target else "")


def _print_growth(name: str, first: Medians, last: Medians) -> None:
    """How much longer the median takes with the most rows than with the fewest.

    Beside it the floor's growth, and the median answer: a denser view holds more.
    """
    rows = [(each, *_growth(first[each], last[each])) for each in first]
    print(f"{name}: growth of the median")
    print_table(("name", "fewest", "most", "growth", "floor's", "kB fewest", "kB most"), rows)


def _growth(few: Median, many: Median) -> tuple[float, ...]:
    """Both times, both growths, both sizes."""
    return few[0], many[0], many[0] / few[0], many[1] / few[1], few[2], many[2]


if __name__ == "__main__":
    main()
