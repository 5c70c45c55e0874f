"""A voice note: sealed like an identity, heard for a reason, gone with a withdrawal."""

import hashlib
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit, an_organisation
from tests.factories.reporting import a_body, a_submission, new_key
from tests.media.test_audio import WEBM, amr, ogg
from webapp.core import crypto, files
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import drain
from webapp.reporting.models import IdentityOpening, Report, VoiceNote
from webapp.reporting.operations import report_reprisal, withdraw, withdraw_identity
from webapp.reporting.queries import identity_log

CONTENT = WEBM + "Bà con kể.".encode()


def listed(content: bytes = CONTENT, **changes: Any) -> dict[str, Any]:
    sha = hashlib.sha256(content).hexdigest()
    note = {"sha256": sha, "size": len(content), "type": "audio/webm;codecs=opus", "seconds": 20}
    return note | changes


def post(client: FlaskClient, **changes: Any) -> Any:
    body = a_body(voice=listed(), description=None) | changes
    return client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": new_key()})


def put(client: FlaskClient, sent: Any, content: bytes = CONTENT, sha: str | None = None) -> Any:
    return client.put(
        f"/api/v1/reports/{sent['report_code']}/voice/{sha or hashlib.sha256(content).hexdigest()}",
        data=content,
        headers={"X-Tracking-Code": sent["tracking_code"], "Content-Type": "audio/webm"},
    )


def stored(client: FlaskClient) -> Any:
    sent = post(client).json
    assert put(client, sent).status_code == 201
    return sent


def officer(client: FlaskClient, role: str = "front_commune", unit: str = "03325") -> None:
    with write_unit():
        kind = "env_office" if role.startswith("env") else "front"
        place = a_unit(unit)
        account = make_person(role, unit=place, organisation=an_organisation(kind, unit=place))[0]
    sign_in(client, account.email)


def token(client: FlaskClient, address: str) -> str:
    page = client.get(address).text
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]


def open_it(client: FlaskClient, code: str) -> int:
    address = f"/can-bo/phan-anh/{code}/ghi-am"
    fields = {"csrf_token": token(client, address), "reason": "Nghe để biết chỗ đổ rác."}
    return client.post(address, data=fields).status_code


def test_a_voice_note_stands_for_words_and_arrives_once(client: FlaskClient) -> None:
    answer = post(client)
    assert answer.status_code == 201
    assert answer.json["voice"]["state"] == "wanted"
    assert put(client, answer.json).status_code == 201
    assert put(client, answer.json).status_code == 200
    note = session().scalars(select(VoiceNote)).one()
    assert (note.state, note.mime, note.seconds) == ("stored", "audio/webm", 20)
    sealed = files.store().get(note.file_key or "")
    assert "Bà con kể.".encode() not in sealed
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(sealed, binding="voice_note.file:other")


def test_a_replay_without_a_voice_note_is_the_same_as_before(app: Flask) -> None:
    assert b"voice" not in a_submission().canonical()


@pytest.mark.parametrize(
    "changes",
    [
        {"seconds": 61},
        {"seconds": 0},
        {"size": 3 * 1024 * 1024},
        {"type": "video/mp4"},
        {"sha256": "x"},
    ],
)
def test_a_wrong_listing_is_told_by_its_field(client: FlaskClient, changes: dict[str, Any]) -> None:
    refused = post(client, voice=listed(**changes))
    assert refused.status_code == 422 and list(refused.json["fields"]) == ["voice"]
    assert session().scalars(select(Report)).all() == []


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<script>alert(1)</script>", 415),
        (ogg(90), 422),
        (amr(4000), 422),
        (b"\xff\xd8\xff\xe0" + bytes(100), 415),
    ],
)
def test_other_content_is_refused_and_nothing_kept(
    client: FlaskClient, content: bytes, status: int
) -> None:
    sent = post(client, voice=listed(content)).json
    assert put(client, sent, content).status_code == status
    assert session().scalars(select(VoiceNote.state)).one() == "wanted"


def test_other_bytes_other_hashes_and_other_codes_are_refused(client: FlaskClient) -> None:
    sent = post(client).json
    assert put(client, sent, CONTENT + b"!", sha=listed()["sha256"]).status_code == 422
    assert put(client, sent, WEBM).status_code == 404
    assert put(client, sent | {"tracking_code": "0" * 16}).status_code == 404
    other = post(client, voice=None, description="Khói.").json
    assert put(client, other).status_code == 404


def test_the_front_hears_it_for_a_reason_that_the_auditor_reads(
    client: FlaskClient, frozen: FrozenClock
) -> None:
    code = stored(client)["report_code"]
    officer(client)
    sound = f"/can-bo/phan-anh/{code}/ghi-am/tep"
    assert client.get(sound).status_code == 403
    assert open_it(client, code) == 303
    heard = client.get(sound)
    assert heard.data == CONTENT and heard.content_type == "audio/webm"
    assert heard.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in heard.headers["Content-Security-Policy"]
    with write_unit():
        auditor = make_person("auditor", unit=a_unit(DIEN_BIEN))[1]
    (opening,) = identity_log(auditor).rows
    assert (opening.what, opening.reason) == ("voice", "Nghe để biết chỗ đổ rác.")
    frozen.forward(minutes=20)
    assert client.get(sound).status_code == 200
    frozen.forward(minutes=11)
    assert client.get(sound).status_code == 403


def test_what_was_heard_is_sealed_and_read_by_the_front_only(client: FlaskClient) -> None:
    code = stored(client)["report_code"]
    officer(client)
    write = f"/can-bo/phan-anh/{code}/ghi-am/chep"
    fields = {"csrf_token": token(client, f"/can-bo/phan-anh/{code}/ghi-am")}
    fields["words"] = "Xe ben đổ rác đêm qua."
    assert client.post(write, data=fields).status_code == 403
    open_it(client, code)
    assert client.post(write, data=fields).status_code == 303
    assert "Xe ben đổ rác đêm qua." in client.get(f"/can-bo/phan-anh/{code}").text
    note = session().scalars(select(VoiceNote)).one()
    assert note.transcript_sealed and b"Xe ben" not in note.transcript_sealed


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        ("env_commune", "03325", 403),
        ("auditor", DIEN_BIEN, 403),
        ("admin", DIEN_BIEN, 403),
        ("publisher", "03325", 403),
        ("front_commune", NA_TAU, 404),
    ],
)
def test_nobody_else_comes_near_it(client: FlaskClient, role: str, unit: str, status: int) -> None:
    code = stored(client)["report_code"]
    officer(client, role, unit)
    for part in ("ghi-am", "ghi-am/tep"):
        assert client.get(f"/can-bo/phan-anh/{code}/{part}").status_code == status


@pytest.mark.parametrize("act", [withdraw, withdraw_identity])
def test_it_leaves_with_a_withdrawal(client: FlaskClient, act: Any) -> None:
    sent = stored(client)
    key = session().scalars(select(VoiceNote.file_key)).one()
    session().rollback()
    with write_unit():
        act(session().scalars(select(Report)).one(), raw_key=new_key())
    drain()
    note = session().scalars(select(VoiceNote)).one()
    assert (note.state, note.file_key, note.transcript_sealed) == ("erased", None, None)
    with pytest.raises(FileNotFoundError):
        files.store().get(key or "")
    assert put(client, sent).status_code == 410


def test_after_a_reprisal_it_is_as_if_there_were_none(client: FlaskClient) -> None:
    code = stored(client)["report_code"]
    officer(client)
    open_it(client, code)
    with write_unit():
        report = session().scalars(select(Report)).one()
        report_reprisal(report, words="Có người dọa.", raw_key=new_key())
    for part in ("ghi-am", "ghi-am/tep"):
        assert client.get(f"/can-bo/phan-anh/{code}/{part}").status_code == 404
    page = client.get(f"/can-bo/phan-anh/{code}").text
    assert "ghi âm" not in page and "khó dễ" not in page and "bảo vệ người gửi" not in page


def test_a_reason_must_be_given(client: FlaskClient) -> None:
    code = stored(client)["report_code"]
    officer(client)
    address = f"/can-bo/phan-anh/{code}/ghi-am"
    refused = client.post(address, data={"csrf_token": token(client, address), "reason": " "})
    assert refused.status_code == 422
    assert session().scalars(select(IdentityOpening)).all() == []
