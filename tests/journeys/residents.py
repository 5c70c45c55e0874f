"""A site with one record for every state that a page of a resident or an officer can show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tests.conftest import build_app
from tests.factories.alerts import a_reader, a_step
from tests.factories.cases import make_case, make_line
from tests.factories.media import a_photo_file
from tests.factories.reporting import a_jpeg, listed, new_key, send
from tests.resilience.world import World, actor_named
from tests.resilience.world_made import make_world
from webapp.alerts import operations as alerts
from webapp.alerts.news import spread_news
from webapp.audit.operations import Subject
from webapp.cases.models import Case
from webapp.community.operations import follow_case
from webapp.core import clock
from webapp.core.actor import GUEST
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import start_clock
from webapp.extensions import db
from webapp.media import operations as media
from webapp.reporting import operations as acts
from webapp.reporting.operations import claim_report, lock_report
from webapp.reporting.reprisal import answer_reprisal
from webapp.reporting.steps import new_line
from webapp.triage.operations.joining import open_case_for
from webapp.triage.operations.merging import merge_cases
from webapp.triage.operations.reports import redirect_report, reject_report, request_info
from webapp.triage.operations.same_problem import say_not_same

YESTERDAY = datetime.now(UTC) - timedelta(days=1)
"""When everything happened: later than any hold, earlier than the end of any window."""


@dataclass
class Places:
    """By the name of what is shown: tracking codes, case codes, codes of followers, ids.

    ``desk`` are codes of reports and cases that are alike, ``news`` the signed parts of links.
    """

    codes: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    following: dict[str, str] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)
    desk: dict[str, str] = field(default_factory=dict)
    news: dict[str, str] = field(default_factory=dict)


def make_places(folder: Path) -> Places:
    """Fill a new SpatiaLite database in the folder."""
    app = build_app(folder, "")
    with app.app_context():
        with clock.standing_at(YESTERDAY):
            world = make_world(app)
            places = Places(dict(world.tracking), dict(world.cases))
            _reports(places)
            _ends(places)
            _followers(places)
            _answered(world)
            _readers(places)
            _alike(places)
        db.session.remove()
        db.engine.dispose()
    return places


def _sent(places: Places, name: str) -> int:
    receipt = send(actor_named("nguoidan"), photos=(listed(a_jpeg()),))
    places.codes[name] = receipt.tracking_code or ""
    places.reports[name] = receipt.report.id
    return receipt.report.id


def _reports(places: Places) -> None:
    """Still with the Front: asked, refused, led to another door, taken back."""
    front = actor_named("mattran.xa")
    for name in ("waiting", "asked", "rejected", "redirected", "withdrawn"):
        report_id = _sent(places, name)
        with write_unit():
            report = claim_report(front, lock_report(report_id).code, seen=None)
            if name == "asked":
                request_info(front, report, question="Rác ở đoạn nào của suối?")
            elif name == "rejected":
                reject_report(front, report, reason="not_environment", words="Không phải việc này.")
            elif name == "redirected":
                redirect_report(front, report, door="complaint", words="Xin gửi nơi khác.")
            elif name == "withdrawn":
                acts.withdraw(report, raw_key=new_key())


@contextmanager
def _in_case(places: Places, name: str, state: str) -> Iterator[Case]:
    report_id = _sent(places, name)
    with write_unit():
        case = make_case(state)
        report = lock_report(report_id)
        report.case_id, report.state = case.id, "attached"
        session().add(new_line(GUEST, report, "attach", by_sender=False))
        yield case
        places.cases[name] = case.code


def _ends(places: Places) -> None:
    """In a case: taken up, asked whether it is done, ended, ended and not content."""
    with _in_case(places, "taken up", "assessed") as case:
        make_line(case, "Mặt trận đã xem chỗ đó.")
    with _in_case(places, "done?", "awaiting_confirmation") as case:
        make_line(case, "Đã dọn.", transition="report_local_result", at=clock.now())
    for name in ("ended", "unsatisfied"):
        with _in_case(places, name, "closed") as case:
            start_clock("reopen_window", Subject("case", case.id), started_at=clock.now())
            make_line(case, None, transition="close", to_state="closed", at=clock.now())
    with write_unit():
        report = lock_report(places.reports["unsatisfied"])
        acts.rate(report, mark="unsatisfied", words="Rác vẫn còn.", raw_key=new_key())


def _followers(places: Places) -> None:
    """One follower of an open case and one who is asked whether it is done."""
    for name in ("public", "done?"):
        with write_unit():
            code = places.cases[name]
            following = follow_case(GUEST, code, raw_key=new_key(), locale="vi")
        places.following[name] = following.follow_code


def _readers(places: Places) -> None:
    """Who is told by mail, and who is asked to confirm it."""
    reader = a_reader(unit="gso-2025:03325")
    places.news["news"] = alerts.token_of(reader, alerts.MANAGE)
    places.news["confirmed"] = alerts.token_of(reader, alerts.CONFIRM)
    case = session().scalars(select(Case).where(Case.code == places.cases["taken up"])).one()
    session().rollback()
    a_step(case)
    spread_news()


def _answered(world: World) -> None:
    """The one who told of a reprisal has an answer."""
    with write_unit():
        answer_reprisal(
            actor_named("mattran.tinh"), world.uids["reprisal"], words="Mặt trận tỉnh đã gọi."
        )


def _alike(places: Places) -> None:
    """A waiting report, a case with the same photo, one said to be another, one merged."""
    front, content = actor_named("mattran.xa"), a_photo_file()
    sent = {name: _with_photo(content) for name in ("report", "like", "unlike", "merged")}
    with write_unit():
        cases = {}
        for name in ("like", "unlike", "merged"):
            report = claim_report(front, sent[name], seen=None)
            cases[name] = open_case_for(
                front, report, category_code="dumping.river_dump", place_note="Cạnh cầu treo"
            )
        places.desk |= {"report": sent["report"]} | {n: each.code for n, each in cases.items()}
        merge_cases(front, cases["merged"], other_code=cases["like"].code)
        say_not_same(front, cases["like"], cases["unlike"])


def _with_photo(content: bytes) -> str:
    """A report whose photo was rendered; returns its code."""
    code = send(photos=(listed(content),)).report.code
    received = media.examine(content)
    with write_unit():
        report = claim_report(actor_named("mattran.xa"), code, seen=None)
        acts.receive_photo(report, received, sha256=received.sha256)
        photo_id = report.photos[0].photo_id
    media.render_photo(photo_id)
    return code
