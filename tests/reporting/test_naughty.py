"""I3: every naughty string through every text field; what is stored is what was sent, in NFC."""

import json
import unicodedata
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.reporting import a_body, new_key, widen_limits
from webapp.core.unit_of_work import session
from webapp.reporting.models import Report
from webapp.reporting.wording import cleaned

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="session")
def strings(shared_data: Path) -> list[str]:
    found = json.loads((shared_data / "strings" / "blns.json").read_text())
    return [str(each) for each in found]


def test_naughty_strings_are_stored_as_sent_and_sealed_as_sent(
    app: Flask, client: FlaskClient, strings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    widen_limits(app, monkeypatch)
    third = len(strings) // 3 + 1
    for number in range(third):
        words, place, name = (strings[(number + n * third) % len(strings)] for n in range(3))
        body = a_body(description=f"x{words}", place_note=place[:300], contact={"name": name[:120]})
        answer = client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": new_key()})
        assert answer.status_code == 201, (words, place, name, answer.json)
        code = answer.json["report_code"]
        stored = session().scalars(select(Report).where(Report.code == code)).one()
        assert stored.description == cleaned(f"x{words}", "description", 4000, lines=True)
        assert stored.place_note == cleaned(place[:300], "place_note", 300)


def test_naughty_strings_in_the_form_never_break_the_page(
    client: FlaskClient, strings: list[str]
) -> None:
    for words in strings[::9]:
        fields = {"description": words, "place_note": words, "contact_name": words, "code": words}
        form = client.post("/gui-phan-anh", data=fields | {"category": words, "unit": words})
        assert form.status_code == 422
        if words.strip() and "\r" not in words and "\x00" not in words:
            assert words in unescape(form.text), words
        assert client.post("/tra-cuu", data={"code": words}).status_code == 422


def test_other_fields_with_naughty_strings_are_refused(
    client: FlaskClient, strings: list[str]
) -> None:
    names = ("category", "nature", "channel", "preferred_language", "consent_version")
    for number, words in enumerate(words for words in strings[::3] if words not in {"", "0"}):
        body = a_body(**{names[number % len(names)]: words})
        answer = client.post("/api/v1/reports", json=body, headers={"Idempotency-Key": words})
        assert answer.status_code in {400, 422}, words
        header = {"X-Tracking-Code": words.encode("ascii", "ignore").decode().replace("\n", "")}
        header = {name: "".join(filter(str.isprintable, text)) for name, text in header.items()}
        assert client.get("/api/v1/reports/x", headers=header).status_code in {404, 429}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Re\u0300n", unicodedata.normalize("NFC", "Rèn")),
        ("a\x00b\x07c\u202ed", "abcd"),
        ("  hai\r\ndòng  ", "hai\ndòng"),
        ("\ud800", None),
        (" \t ", None),
    ],
)
def test_words_are_kept_in_nfc_without_controls(sent: str, stored: str | None) -> None:
    assert cleaned(sent, "description", 100, lines=True) == stored
