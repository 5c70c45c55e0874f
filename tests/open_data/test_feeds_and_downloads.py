"""Feeds, whole tables and the nightly archive: the same public cases, in other clothes."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.cases import make_case, make_line
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.outcomes import a_case, an_outcome
from webapp.cases.events import CaseMoved
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.events import announce
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.models import OutboxRow
from webapp.jobs.operations import drain
from webapp.open_data import dump
from webapp.outcomes.events import OutcomeMoved

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(autouse=True)
def _no_archive(app: Flask) -> None:
    """Files outlive the database between tests."""
    dump.purge_dump()


def a_world() -> tuple[Case, Case]:
    """Two public cases in two communes, one hidden; the first has two public lines."""
    with write_unit():
        here = make_case("assessed", summary="=SUM(A1) rác & khói")
        there = make_case("assessed", category_code="burning", unit=a_unit(NA_TAU))
        hidden = make_case("received")
        make_line(here, "Mặt trận xã đã xem xét.")
        make_line(here, "Đã gửi kiến nghị <gấp>.")
        make_line(here, None, note="Ghi chú nội bộ.")
        later = clock.now() + timedelta(days=365)
        make_line(here, "Bước chưa tới lúc hiện.", visible_from=later)
        make_line(there, "Đang xác minh ở Nà Tấu.")
        make_line(hidden, "Vụ việc chưa công khai.")
    return here, there


def entries(client: FlaskClient, path: str) -> list[str]:
    """The words of a feed, newest first."""
    answer = client.get(f"/feeds/{path}")
    assert answer.status_code == 200, path
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    top = ElementTree.fromstring(answer.data)  # noqa: S314
    ids = [each.findtext(f"{ATOM}id") for each in top.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    for needed in ("id", "title", "updated"):
        assert top.findtext(f"{ATOM}{needed}")
    return [str(each.findtext(f"{ATOM}summary")) for each in top.findall(f"{ATOM}entry")]


def test_feeds_by_case_category_office_and_locality(client: FlaskClient) -> None:
    here, _there = a_world()
    of_here = ["Đã gửi kiến nghị <gấp>.", "Mặt trận xã đã xem xét."]
    of_there = ["Đang xác minh ở Nà Tấu."]
    front = an_organisation(unit=a_unit(NA_TAU))
    assert entries(client, "vu-viec.atom") == of_there + of_here
    assert entries(client, f"vu-viec/{here.code}.atom") == of_here
    assert entries(client, "loai/burning.atom") == of_there
    assert entries(client, f"co-quan/{front.id}.atom") == of_there
    assert entries(client, f"dia-ban/gso-2025/{NA_TAU}.atom") == of_there
    assert entries(client, "dia-ban/gso-2025/11.atom") == of_there + of_here
    assert entries(client, "ket-qua.atom") == []


def test_published_outcomes_have_a_feed(client: FlaskClient) -> None:
    with write_unit():
        an_outcome(a_case(state="closed"), state="published")
        an_outcome(a_case(state="closed"), state="draft")
    assert entries(client, "ket-qua.atom") == [
        "Mặt trận xã đã kiến nghị và theo dõi việc dọn bãi rác."
    ]


@pytest.mark.parametrize(
    "path",
    ["vu-viec/VV0000000", "loai/khong-co", "co-quan/999999", "dia-ban/gso-2025/00000", "khac"],
)
def test_a_feed_of_nothing_known_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/feeds/{path}.atom").status_code == 404


def rows_of(content: bytes) -> list[dict[str, str]]:
    """A CSV as a spreadsheet reads it."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_holds_no_formula_and_the_public_point(client: FlaskClient) -> None:
    here, there = a_world()
    answer = client.get("/du-lieu-mo/vu-viec.csv")
    assert "mat-xanh-vu-viec.csv" in answer.headers["Content-Disposition"]
    rows = rows_of(answer.data)
    assert [row["case_code"] for row in rows] == [here.code, there.code]
    assert rows[0]["summary"] == "'=SUM(A1) rác & khói"
    assert (rows[0]["lon"], rows[0]["lat"]) == (str(here.public_lon), str(here.public_lat))
    assert rows[0]["reports"] == ""
    only = rows_of(client.get("/du-lieu-mo/vu-viec.csv?category=burning").data)
    assert [row["case_code"] for row in only] == [there.code]
    by_unit = rows_of(client.get(f"/du-lieu-mo/vu-viec.csv?unit=gso-2025:{NA_TAU}").data)
    assert [row["case_code"] for row in by_unit] == [there.code]
    assert client.get("/du-lieu-mo/vu-viec.csv?category=khong-co").status_code == 422
    assert client.get("/du-lieu-mo/khac.csv").status_code == 404


def test_geojson_of_every_table(client: FlaskClient) -> None:
    a_world()
    with write_unit():
        an_outcome(a_case(state="closed"), state="published")
    for name, count in (("vu-viec", 3), ("ket-qua", 1)):
        found = json.loads(client.get(f"/du-lieu-mo/{name}.geojson").data)
        assert len(found["features"]) == count
    assert len(json.loads(client.get("/du-lieu-mo/dia-ban.geojson").data)["features"]) > 100


def test_long_tables_are_written_slice_by_slice(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.open_data.whole_tables.SLICE", 2)
    with write_unit():
        codes = [make_case("assessed").code for _number in range(5)]
    assert [
        row["case_code"] for row in rows_of(client.get("/du-lieu-mo/vu-viec.csv").data)
    ] == codes


def archived(client: FlaskClient) -> zipfile.ZipFile:
    """The archive as a reader gets it."""
    answer = client.get("/du-lieu-mo/mat-xanh.zip", buffered=True)
    assert answer.status_code == 200 and answer.headers["Cache-Control"].endswith("must-revalidate")
    return zipfile.ZipFile(io.BytesIO(answer.data))


def test_the_archive_has_every_table_a_dictionary_and_the_licence(client: FlaskClient) -> None:
    here, _there = a_world()
    assert client.get("/du-lieu-mo/mat-xanh.zip").status_code == 404
    assert dump.write_when_due()
    archive = archived(client)
    names = {"vu-viec", "ket-qua", "dia-ban"}
    tables = {f"{name}.{kind}" for name in names for kind in ("csv", "geojson")}
    assert set(archive.namelist()) == tables | {"tu-dien-du-lieu.csv", "giay-phep.txt"}
    rows = rows_of(archive.read("vu-viec.csv"))
    assert rows[0]["url"] == f"http://localhost/vu-viec/{here.code}"
    known = {(row["bang"], row["cot"]): row for row in rows_of(archive.read("tu-dien-du-lieu.csv"))}
    assert {column for table, column in known if table == "vu-viec"} == set(rows[0])
    assert "CC BY 4.0" in archive.read("giay-phep.txt").decode()


def test_one_archive_a_night(client: FlaskClient, frozen: FrozenClock) -> None:
    assert dump.write_when_due()  # Monday 08:00
    assert not dump.write_when_due()
    frozen.forward(hours=17)  # Tuesday 01:00
    assert not dump.write_when_due()
    frozen.forward(minutes=31)
    assert dump.write_when_due()
    assert dump.made_at() == frozen.at
    assert list(dump.dump_path().parent.glob(".*")) == []


def test_what_is_retracted_leaves_the_archive_at_once(client: FlaskClient) -> None:
    with write_unit():
        page = an_outcome(a_case(state="closed"), state="published")
    dump.write_dump()
    assert len(rows_of(archived(client).read("ket-qua.csv"))) == 1
    with write_unit():
        session().merge(page).state = "retracted"
        announce(OutcomeMoved(page.id, page.case_id, "retract", "retracted"))
    drain()
    assert client.get("/du-lieu-mo/mat-xanh.zip").status_code == 404
    assert dump.write_when_due()
    assert rows_of(archived(client).read("ket-qua.csv")) == []


def test_an_archive_that_was_being_written_at_a_retraction_is_thrown_away(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = dump._members

    def members() -> object:
        dump.purge_dump()
        return real()

    monkeypatch.setattr(dump, "_members", members)
    assert not dump.write_dump()
    assert client.get("/du-lieu-mo/mat-xanh.zip").status_code == 404


@pytest.mark.parametrize(
    ("public", "to_state", "kinds"),
    [
        (True, "inspecting", []),
        (True, "dismissed", ["open_data.purge_dump"]),
        (True, "handed_over", ["open_data.purge_dump"]),
        (False, "dismissed", []),
    ],
)
def test_what_leaves_the_list_leaves_the_archive(
    client: FlaskClient, public: bool, to_state: str, kinds: list[str]
) -> None:
    with write_unit():
        case = make_case(to_state, public=public)
        announce(CaseMoved(case.id, "step", "accepted", to_state, None, None))
    assert [row.kind for row in session().scalars(select(OutboxRow))] == kinds


def test_what_becomes_secret_without_another_state_leaves_the_archive(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("assessed", public=False)
        announce(CaseMoved(case.id, "recategorise", "assessed", "assessed", None, None))
    assert [row.kind for row in session().scalars(select(OutboxRow))] == ["open_data.purge_dump"]


def test_the_page_explains_it_in_both_languages(client: FlaskClient) -> None:
    dump.write_dump()
    vi, en = client.get("/du-lieu-mo"), client.get("/en/du-lieu-mo")
    assert "CC BY 4.0" in vi.text and "/open311/v2" in vi.text and "ogr2ogr" in vi.text
    assert '<html lang="en">' in en.text
