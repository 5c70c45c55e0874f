"""What a phone keeps for the time without network holds nothing of anybody."""

import json
import re

from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from tests.factories.reporting import a_body, new_key
from webapp.core.unit_of_work import write_unit

FRAMES = ("/gui-phan-anh/khung", "/phan-anh-cho-gui", "/ngoai-tuyen")


def signed_in(client: FlaskClient) -> str:
    with write_unit():
        account, _actor = make_person("resident", unit=a_unit())
    sign_in(client, account.email)
    return account.email


def kept(client: FlaskClient) -> dict[str, object]:
    first = client.get("/sw.js").text.split(";\n", 1)[0]
    found: dict[str, object] = json.loads(first.removeprefix("self.MAT_XANH="))
    return found


def test_frames_are_the_same_for_everyone_and_hold_no_token(client: FlaskClient) -> None:
    as_guest = {path: client.get(path) for path in FRAMES}
    signed_in(client)
    for path, answer in as_guest.items():
        again = client.get(path)
        assert again.data == answer.data, path
        assert "Set-Cookie" not in again.headers
        assert "public" in answer.headers["Cache-Control"]
        assert not re.search(r"csrf_token|idempotency_key|data-account", answer.text), path


def test_the_form_names_the_account_only_to_itself(client: FlaskClient) -> None:
    assert 'data-account=""' in client.get("/gui-phan-anh").text
    email = signed_in(client)
    page = client.get("/gui-phan-anh")
    mark = re.search(r'data-account="([0-9a-f]{22})"', page.text)
    assert mark and email not in page.text
    answer = client.get("/api/v1/session")
    assert answer.json["account"] == mark[1]
    assert answer.headers["Cache-Control"] == "private, no-store"
    sent = client.post(
        "/api/v1/reports",
        json=a_body(),
        headers={"Idempotency-Key": new_key(), "X-CSRFToken": answer.json["csrf_token"]},
    )
    assert sent.status_code == 201


def test_a_guest_has_no_mark_and_gets_no_token(client: FlaskClient) -> None:
    answer = client.get("/api/v1/session")
    assert answer.json == {"account": "", "csrf_token": ""}
    assert "Set-Cookie" not in answer.headers


def test_the_worker_lists_files_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    files = kept(client)["files"]
    assert isinstance(files, list) and len(files) > 10
    for path in files:
        assert client.get(path, buffered=True).status_code == 200, path


def test_a_frame_of_another_version_is_refused(client: FlaskClient) -> None:
    assert client.get(f"/gui-phan-anh/khung?v={kept(client)['version']}").status_code == 200
    assert client.get("/gui-phan-anh/khung?v=khac").status_code == 404


def test_the_manifest_names_icons_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.content_type == "application/manifest+json"
    manifest = answer.json
    assert manifest["start_url"] == "/gui-phan-anh" and manifest["display"] == "standalone"
    sizes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert sizes == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for icon in manifest["icons"]:
        assert client.get(icon["src"], buffered=True).content_type == "image/png"


def test_the_receipt_says_who_looks_first(client: FlaskClient) -> None:
    sent = client.post("/api/v1/reports", json=a_body(), headers={"Idempotency-Key": new_key()})
    assert "Ủy ban MTTQ Việt Nam" in sent.json["next_step"]
    assert sent.json["received_at"]
