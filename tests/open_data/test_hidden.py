"""What left the public record, or never was in it, changes no public list, count or file."""

from datetime import timedelta

from flask.testing import FlaskClient

from tests.factories.cases import PUBLISHED, REPORTED, make_case, make_line
from tests.factories.clock import FrozenClock
from tests.factories.directory import a_unit, an_organisation
from tests.factories.figures import a_clock
from tests.factories.outcomes import a_recommendation
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.queries import predecessors

DAY = "from=2026-02-05&to=2026-02-05"
KEY = "gso-2025:03325"
PUBLIC = (
    "/",
    f"/vu-viec?{DAY}&unit={KEY}",
    f"/vu-viec/co-quan?{DAY}",
    f"/so-lieu?{DAY}",
    f"/so-lieu?{DAY}&dia-ban=cu",
    "/don-vi/gso-2025/03325",
    "/ket-qua",
    "/sitemap-1.xml",
    f"/du-lieu-mo/vu-viec.csv?{DAY}",
    f"/du-lieu-mo/vu-viec.geojson?{DAY}",
    "/ogc/collections/cases/items?f=json",
    "/ogc/collections/units/items?f=json&limit=500",
    "/open311/v2/requests.json",
    "/feeds/vu-viec.atom",
    "/feeds/dia-ban/gso-2025/03325.atom",
    "/api/v1/map?bbox=102,20,105,23&zoom=8",
    "/api/v1/map?bbox=103.10,21.44,103.13,21.47&zoom=15",
)


def read(client: FlaskClient) -> dict[str, bytes]:
    found = {}
    for path in PUBLIC:
        answer = client.get(path)
        assert answer.status_code == 200, path
        found[path] = answer.data
    return found


def hide(state: str, survivor: Case) -> None:
    """A case of this state with clocks and an answered letter, in the caller's write unit."""
    office = an_organisation("peoples_committee")
    (old, *_more) = predecessors(a_unit())
    public = state != "received"
    hidden = make_case(
        state,
        observed_unit_id=old.id,
        office_id=office.id,
        overdue=True,
        merged_into_id=survivor.id if state == "merged" else None,
        **({"waste_source": "hospital"} if public else {}),
    )
    make_line(hidden, "Đã chuyển đi." if public else None)
    a_clock("case", hidden.id, "verification_task", PUBLISHED, 4, 48)
    letter = a_recommendation(hidden, addressee_id=office.id, handler_id=office.id)
    letter.due_on = letter.delivered_on = PUBLISHED.date()
    session().flush()
    a_clock("recommendation", letter.id, "front_reco_reply", PUBLISHED, 4, 48)


def test_no_answer_differs_by_hidden_cases(client: FlaskClient, frozen: FrozenClock) -> None:
    with write_unit():
        shown = make_case(waste_source="market")
        make_line(shown, "Đã xem xét.")
    before = read(client)
    with write_unit():
        for state in ("handed_over", "dismissed", "merged", "received"):
            hide(state, shown)
    after = read(client)
    assert [path for path in PUBLIC if after[path] != before[path]] == []


def test_days_before_a_secret_case_was_public_are_in_no_figure(client: FlaskClient) -> None:
    """Its page tells only the month of the first report; a deadline that ended tells the day."""
    early = REPORTED - timedelta(days=1)
    with write_unit():
        make_case(public_since=REPORTED)
        secret, plain = make_case(category_code="hazardous"), make_case()
        for case in (secret, plain):
            a_clock("case", case.id, "verification_task", early, 24, 48)
            a_clock("case", case.id, "verification_task", PUBLISHED, 24, 48)
    told = client.get("/so-lieu?from=2026-02-03&to=2026-02-03").text
    assert "trên 1 hạn đã kết thúc" in told
    assert "trên 2 hạn đã kết thúc" in client.get("/so-lieu?from=2026-02-05&to=2026-02-06").text
