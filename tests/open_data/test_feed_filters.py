"""Feeds by several filters, by an old unit, around a place: lasting names, true dates."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.factories.cases import AT_NA_TAU, make_case, make_line
from tests.factories.directory import NA_TAU, a_unit, an_organisation, make_unit
from tests.factories.outcomes import EXACT, a_case, an_outcome
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Organisation, UnitSuccession

ATOM = "{http://www.w3.org/2005/Atom}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00")
NAME = re.compile(r"https?://[^ ]+$|tag:[a-z0-9.-]+,2026:[a-z]+/[^ ]+$")


@pytest.fixture
def world(client: FlaskClient) -> None:
    """Two cases about two kilometres apart, of two kinds in two communes; a published result."""
    with write_unit():
        here = make_case("assessed")
        there = make_case("assessed", category_code="burning", unit=a_unit(NA_TAU), point=EXACT)
        make_line(here, "Ở đây.")
        make_line(there, "Ở kia.")
        an_outcome(a_case(state="closed"), state="published")


def read(client: FlaskClient, path: str) -> ElementTree.Element:
    """A feed with all that RFC 4287 asks of it."""
    answer = client.get(f"/feeds/{path}")
    assert answer.status_code == 200, path
    top = ElementTree.fromstring(answer.data)  # noqa: S314
    assert top.tag == f"{ATOM}feed" and top.findtext(f"{ATOM}author/{ATOM}name")
    own = top.find(f"{ATOM}link[@rel='self']")
    assert own is not None and own.attrib["href"] == top.findtext(f"{ATOM}id")
    seen = set()
    for each in (top, *top.findall(f"{ATOM}entry")):
        parts = [part.tag.removeprefix(ATOM) for part in each]
        assert all(parts.count(once) == 1 for once in ("id", "title", "updated")), parts
        assert MOMENT.fullmatch(str(each.findtext(f"{ATOM}updated")))
        name = str(each.findtext(f"{ATOM}id"))
        assert NAME.match(name) and name not in seen
        seen.add(name)
        page = each.find(f"{ATOM}link[@rel='alternate']")
        assert page is not None and page.attrib["href"].startswith("http://localhost/")
    return top


def words(client: FlaskClient, path: str) -> list[str]:
    entries = read(client, path).findall(f"{ATOM}entry")
    return [str(each.findtext(f"{ATOM}summary")) for each in entries]


def test_filters_are_asked_together(client: FlaskClient, world: None) -> None:
    front = an_organisation(unit=a_unit(NA_TAU))
    near = f"lat={AT_NA_TAU.lat}&lon={AT_NA_TAU.lon}"
    for asked, found in (
        ("", ["Ở kia.", "Ở đây."]),
        ("category=dumping", ["Ở đây."]),
        ("category=dumping&unit=gso-2025:03316", []),
        ("category=burning&unit=gso-2025:03316", ["Ở kia."]),
        (f"office={front.id}", ["Ở kia."]),
        (f"{near}&radius=2", ["Ở đây."]),
        (f"{near}&radius=20", ["Ở kia.", "Ở đây."]),
        (f"{near}&radius=20&category=burning", ["Ở kia."]),
    ):
        assert words(client, f"vu-viec.atom?{asked}") == found, asked
    assert len(words(client, "ket-qua.atom?category=dumping&unit=gso-2025:03325")) == 1
    assert words(client, "ket-qua.atom?category=burning") == []


def test_a_feed_is_named_by_what_it_asks_for(client: FlaskClient, world: None) -> None:
    one = read(client, "vu-viec.atom?unit=gso-2025:03325&category=dumping&rss=1")
    other = read(client, "vu-viec.atom?category=dumping&unit=gso-2025:03325")
    same = "http://localhost/feeds/vu-viec.atom?category=dumping&unit=gso-2025%3A03325"
    assert one.findtext(f"{ATOM}id") == other.findtext(f"{ATOM}id") == same
    about = one.find(f"{ATOM}link[@rel='alternate']")
    assert about is not None and "/vu-viec?category=dumping" in about.attrib["href"]
    assert "Mường Phăng" in str(one.findtext(f"{ATOM}title"))
    ids = [each.findtext(f"{ATOM}id") for each in one.findall(f"{ATOM}entry")]
    everything = read(client, "vu-viec.atom").findall(f"{ATOM}entry")
    assert set(ids) < {each.findtext(f"{ATOM}id") for each in everything}


def test_what_never_changed_says_so(client: FlaskClient, world: None) -> None:
    empty = read(client, "vu-viec.atom?category=noise")
    assert empty.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00+07:00"
    full = read(client, "vu-viec.atom")
    newest = max(str(each.findtext(f"{ATOM}updated")) for each in full.findall(f"{ATOM}entry"))
    assert full.findtext(f"{ATOM}updated") == newest


def test_an_old_unit_finds_the_new_one(client: FlaskClient, world: None) -> None:
    with write_unit():
        old = make_unit("99012", name="Xã Cũ", valid_to=date(2025, 12, 31))
        new = a_unit(NA_TAU)
        session().add(UnitSuccession(old_id=old.id, new_id=new.id, effective=date(2026, 1, 1)))
    assert words(client, "dia-ban/gso-2025/99012.atom") == ["Ở kia."]
    assert words(client, "vu-viec.atom?unit=gso-2025:99012") == ["Ở kia."]


def test_an_office_that_ended_finds_the_one_that_took_its_place(
    client: FlaskClient, world: None
) -> None:
    front = an_organisation().id
    with write_unit():
        ended = session().get_one(Organisation, front)
        ended.valid_to, ended.successor_id = (
            date(2026, 1, 31),
            an_organisation(unit=a_unit(NA_TAU)).id,
        )
    assert words(client, f"co-quan/{front}.atom") == ["Ở kia.", "Ở đây."]
    assert words(client, f"vu-viec.atom?office={front}") == ["Ở kia.", "Ở đây."]


@pytest.mark.parametrize(
    "asked",
    ["category=khong-co", "unit=x", "office=0", "lat=103.1&lon=21.4&radius=5", "lat=21&lon=103"],
)
def test_a_wrong_filter_is_told(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/feeds/vu-viec.atom?{asked}").status_code == 422


def test_lists_localities_and_cases_name_their_feed(client: FlaskClient) -> None:
    with write_unit():
        page = an_outcome(a_case(state="closed"), state="published")
        code, office = page.case.code, page.case.office_id
    head = '<link rel="alternate" type="application/atom+xml"'
    for path, feed, news in (
        ("/vu-viec?unit=gso-2025:03325&overdue=", "vu-viec.atom?unit=gso-2025%3A03325", "unit="),
        ("/en/ket-qua?category=dumping", "ket-qua.atom?category=dumping", "results=1"),
        ("/don-vi/gso-2025/03325", "dia-ban/gso-2025/03325.atom", "unit=gso-2025%3A03325"),
        (f"/vu-viec/{code}", f"vu-viec/{code}.atom", f"case={code}"),
        (f"/ket-qua/{code}", f"vu-viec/{code}.atom", f"case={code}"),
        (f"/vu-viec/co-quan/{office}/qua-han", f"co-quan/{office}.atom", f"office={office}"),
    ):
        text = client.get(path).text
        prefix = "/en" if path.startswith("/en") else ""
        assert head in text and text.count(f'href="{prefix}/feeds/{feed}"') == 2, path
        assert f"{prefix}/nhan-tin?" in text and news in text, path
