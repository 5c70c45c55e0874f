"""What the web serves of photos: approved ones to all, others to whom a rule shows them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from tests.factories.media import a_ready_photo, a_stored_photo
from webapp.core.actor import SYSTEM, Actor
from webapp.core.unit_of_work import write_unit
from webapp.media import operations, policy
from webapp.media.models import Photo


@pytest.fixture
def approved(app: Flask) -> Photo:
    photo = a_ready_photo()
    with write_unit():
        return operations.approve_photo(SYSTEM, photo)


@pytest.fixture
def officer(app: Flask, client: FlaskClient) -> FlaskClient:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit())
    sign_in(client, account.email)
    return client


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The uids that a rule shows to everybody who is signed in."""
    uids: set[str] = set()

    def rule(actor: Actor, photo: Photo) -> bool:
        return photo.uid in uids

    monkeypatch.setattr(policy, "_viewers", [rule])
    yield uids


@pytest.mark.parametrize("kind", ["full", "large", "card", "thumb"])
def test_an_approved_photo_is_served_so_that_it_can_do_nothing(
    client: FlaskClient, approved: Photo, kind: str
) -> None:
    answer = client.get(f"/anh/{approved.uid}/{kind}.jpg")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xff\xd8\xff") and b"Exif" not in answer.data
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"] == f"inline; filename={approved.uid}.jpg"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers


def test_a_cached_photo_is_not_sent_again(client: FlaskClient, approved: Photo) -> None:
    address = f"/anh/{approved.uid}/card.jpg"
    tag = client.get(address).headers["ETag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_unknown_and_unapproved_photos_answer_alike(client: FlaskClient, app: Flask) -> None:
    stored, ready, hidden = a_stored_photo(), a_ready_photo(), a_ready_photo()
    with write_unit():
        operations.hide_photo(SYSTEM, hidden)
    answers = {
        (answer.status_code, answer.data)
        for uid in ("0" * 32, stored.uid, ready.uid, hidden.uid)
        for answer in [client.get(f"/anh/{uid}/card.jpg", headers={"Accept": "application/json"})]
    }
    assert [status for status, _body in answers] == [404]


def test_a_hidden_photo_leaves_the_public(client: FlaskClient, approved: Photo) -> None:
    with write_unit():
        operations.hide_photo(SYSTEM, approved)
    assert client.get(f"/anh/{approved.uid}/full.jpg").status_code == 404


@pytest.mark.parametrize("kind", ["original", "sealed", "full.jpg", "..%2Ffull"])
def test_no_other_kind_is_served(client: FlaskClient, approved: Photo, kind: str) -> None:
    assert client.get(f"/anh/{approved.uid}/{kind}.jpg").status_code == 404


def test_staff_see_what_a_rule_shows_and_keep_no_copy(
    officer: FlaskClient, shown: set[str]
) -> None:
    photo, other = a_ready_photo(), a_ready_photo()
    shown.add(photo.uid)
    answer = officer.get(f"/can-bo/anh/{photo.uid}/full")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "ETag" not in answer.headers
    hidden = officer.get(f"/can-bo/anh/{other.uid}/full", headers={"Accept": "application/json"})
    unknown = officer.get("/can-bo/anh/0/full", headers={"Accept": "application/json"})
    assert (hidden.status_code, hidden.data) == (404, unknown.data)


def test_a_photo_that_is_not_rendered_shows_nothing_even_where_a_rule_would(
    officer: FlaskClient, shown: set[str]
) -> None:
    photo = a_stored_photo()
    shown.add(photo.uid)
    assert officer.get(f"/can-bo/anh/{photo.uid}/full").status_code == 404


def test_a_guest_gets_no_staff_photo(client: FlaskClient, shown: set[str], app: Flask) -> None:
    photo = a_ready_photo()
    shown.add(photo.uid)
    answer = client.get(f"/can-bo/anh/{photo.uid}/full", headers={"Accept": "application/json"})
    assert answer.status_code in {302, 401, 403} and b"\xff\xd8\xff" not in answer.data
