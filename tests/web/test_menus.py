"""The menus, as a reader of English finds them: a menu leads to many of a kind and says so."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from webapp.core.unit_of_work import write_unit

SINGULAR = {"Case", "Result", "Recommendation", "Deadline", "Examination", "Outcome page", "Notice"}


def labels(page: str, menu: str) -> list[str]:
    """What the links of a menu say."""
    found = re.search(rf'<ul class="{menu}[^"]*">(.*?)</ul>', page, re.S)
    assert found is not None
    return [label.strip() for label in re.findall(r"<a [^>]*>([^<]*)</a>", found[1])]


def test_the_public_menu_names_many(client: FlaskClient) -> None:
    assert labels(client.get("/en/").text, "mx-nav") == ["Look up", "Cases", "Outcomes", "Figures"]


def test_the_menu_of_a_committee_names_many(client: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")
    sign_in(client, account.email)
    said = labels(client.get("/en/can-bo/thong-bao").text, "mx-desk-nav")
    assert {"Deadlines", "Outcome pages", "Notices", "Registers"} <= set(said)
    assert not SINGULAR & set(said)


def test_the_menu_of_an_office_names_many(client: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("env_commune", unit=a_unit(), name="Lò Thị Mai")
    sign_in(client, account.email)
    said = labels(client.get("/en/can-bo/thong-bao").text, "mx-desk-nav")
    assert "Examinations" in said
    assert not SINGULAR & set(said)


@pytest.mark.parametrize("role", ["front_commune", "env_commune", "publisher", "auditor", "admin"])
def test_the_sign_leads_each_to_a_page_of_theirs(client: FlaskClient, role: str) -> None:
    with write_unit():
        account, _actor = make_person(role, unit=a_unit(), name="Sùng Thị Chư")
    sign_in(client, account.email)
    sign = re.search(r'class="mx-brand" href="([^"]+)"', client.get("/can-bo/thong-bao").text)
    assert sign is not None
    assert client.get(sign[1]).status_code == 200
    assert (sign[1] == "/can-bo/hang-doi") == (role == "front_commune")


def test_an_officer_finds_the_way_on_from_a_page_that_is_not_for_them(client: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("auditor", unit=a_unit(), name="Sùng Thị Chư")
    sign_in(client, account.email)
    own = labels(client.get("/can-bo/thong-bao").text, "mx-desk-nav")
    for address in ("/can-bo/hang-doi", "/can-bo/viec-nen", "/can-bo/trinh-ky"):
        refused = client.get(address)
        assert refused.status_code == 403
        assert labels(refused.text, "mx-desk-nav") == own[:-1]  # but the language
        assert "/staff" in refused.text
        # Nothing of anybody and nothing of the page: only what the menu shows everywhere.
        assert "Sùng Thị Chư" not in refused.text and "aria-current" not in refused.text


def test_a_record_that_is_not_there_keeps_the_menu_too(client: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")
    sign_in(client, account.email)
    missing = client.get("/can-bo/vu-viec/ABCDEFGH")
    assert missing.status_code == 404
    assert "Hàng đợi" in labels(missing.text, "mx-desk-nav")


def test_who_holds_no_role_is_shown_no_menu_of_officers(client: FlaskClient) -> None:
    assert "mx-desk-nav" not in client.get("/can-bo/khong-co").text
    with write_unit():
        over = date(2026, 1, 31)
        account, _ = make_person("front_commune", unit=a_unit(), name="Mùa A Dơ", valid_to=over)
    sign_in(client, account.email)
    refused = client.get("/can-bo/hang-doi")
    assert refused.status_code == 403 and "mx-desk-nav" not in refused.text
