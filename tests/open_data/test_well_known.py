"""Robots, sitemap, whom to tell of a weakness, and what a pasted link shows."""

import re
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.outcomes import a_case, a_photo, an_outcome
from webapp.core.unit_of_work import write_unit

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def locations(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return [str(each.text) for each in ElementTree.fromstring(answer.data).iter(SITEMAP)]  # noqa: S314


def test_the_sitemap_lists_public_pages_and_no_other(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.open_data.views.well_known.PART", 2)
    with write_unit():
        shown = [make_case("assessed").code for _number in range(2)]
        hidden = make_case("received")
        page = an_outcome(a_case(state="closed"), state="published")
        drafted = an_outcome(a_case(state="closed"), state="draft")
    parts = locations(client, "/sitemap.xml")
    assert len(parts) == 3
    listed = [path for part in parts for path in locations(client, part)]
    assert "http://localhost/don-vi/gso-2025/03325" in listed
    assert all(f"http://localhost/vu-viec/{code}" in listed for code in shown)
    assert f"http://localhost/ket-qua/{page.case.code}" in listed
    assert f"http://localhost/ket-qua/{drafted.case.code}" not in listed
    assert hidden.code not in " ".join(listed)
    assert client.get("/sitemap-4.xml").status_code == 404
    for path in listed[:8]:
        assert client.get(path).status_code == 200, path


def test_robots_and_security(client: FlaskClient, frozen: FrozenClock) -> None:
    robots = client.get("/robots.txt").text
    assert "Disallow: /can-bo/" in robots and "Sitemap: http://localhost/sitemap.xml" in robots
    security = client.get("/.well-known/security.txt")
    assert security.content_type == "text/plain; charset=utf-8"
    assert "Expires: 2026-08-29T00:00:00+07:00" in security.text
    assert "Contact: mailto:" in security.text


def test_a_pasted_link_shows_title_words_and_an_approved_photo(client: FlaskClient) -> None:
    with write_unit():
        case = a_case(state="closed")
        photo = a_photo(case, state="approved")
        an_outcome(case, state="published", photo_ids=[photo.id])
    page = client.get(f"/ket-qua/{case.code}").text
    told = dict(re.findall(r'<meta property="(og:[a-z_]+)" content="([^"]*)">', page))
    assert told["og:url"] == f"http://localhost/ket-qua/{case.code}"
    assert told["og:title"].startswith("Kết quả: ") and told["og:description"].startswith(
        "Mặt trận"
    )
    assert told["og:image"] == f"http://localhost/anh/{photo.uid}/card.jpg"
    assert 'itemtype="https://schema.org/Report"' in page
    published = re.search(r'itemprop="datePublished" content="([^"]*)"', page)
    assert published and re.fullmatch(r"\d{4}-\d\d-\d\d", published[1])


def test_a_case_handed_over_has_no_preview(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("handed_over")
        shown = make_case("assessed")
    assert "og:title" not in client.get(f"/vu-viec/{case.code}").text
    page = client.get(f"/vu-viec/{shown.code}").text
    assert "Rác đổ thành đống" in page and f"/feeds/vu-viec/{shown.code}.atom" in page
