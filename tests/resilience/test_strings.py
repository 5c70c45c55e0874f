"""I3: naughty strings through the staff's forms and all filters: shown as sent, never run."""

import json
import re
import unicodedata
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import token_header
from tests.resilience.fingerprint import fingerprint
from tests.resilience.test_steps import PAGES, of_form
from tests.resilience.world import World
from webapp.cases.models import Case
from webapp.core.unit_of_work import session
from webapp.extensions import db, limiter

pytestmark = [pytest.mark.resilience, pytest.mark.shared_data, pytest.mark.timeout(300)]

FILTERS = {
    "guest": {
        "/": ("category", "state", "from", "to", "overdue", "sau", "words", "unit"),
        "/vu-viec": ("q", "words", "tim", "category", "state", "from", "to", "unit", "sau"),
        "/ket-qua": ("q", "words", "category", "unit", "conclusion", "from", "to", "after"),
        "/so-lieu": ("from", "to", "dia-ban", "unit", "category"),
        "/api/v1/map": (
            *("bbox", "zoom", "category", "state", "from", "to", "overdue"),
            *("unit", "q", "conclusion", "results", "days"),
        ),
        "/dang-nhap": ("next",),
    },
    "mattran.xa": {
        "/can-bo/hang-doi": ("tab", "words", "category", "state", "unit", "cursor"),
        "/api/v1/staff/queue": ("tab", "words", "cursor", "category"),
        "/api/v1/staff/map": ("bbox", "zoom"),
        "/can-bo/thong-bao": ("sau",),
    },
    "moitruong.xa": {"/can-bo/co-quan": ("muc", "sau")},
    "quantri": {
        "/can-bo/danh-ba": ("tim",),
        "/can-bo/lich": ("nam",),
        "/can-bo/viec-nen": ("sau",),
    },
}


@pytest.fixture(scope="session")
def strings(shared_data: Path) -> list[str]:
    """The big list, and the short list of scripts."""
    folder = shared_data / "strings"
    found = [str(each) for each in json.loads((folder / "blns.json").read_text())]
    quick = (folder / "xss_payloads_quick.txt").read_text(errors="replace").splitlines()
    return [each for each in [*found, *quick] if each.strip()]


class Tags(HTMLParser):
    """What a page would run: scripts without a source, on… attributes, javascript: addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.live: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is live."""
        given = {name: value or "" for name, value in attrs}
        data = given.get("type") == "application/json"
        if tag == "script" and "src" not in given and not data:
            self.live.append(tag)
        self.live += [name for name in given if name.startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            if re.match(r"\s*(javascript|data|vbscript):", given.get(name, ""), re.I):
                self.live.append(given[name])


def is_dead(page: str) -> bool:
    """Whether nothing on the page would run."""
    tags = Tags()
    tags.feed(page)
    return not tags.live


def stored(words: str) -> str:
    """As a page shows it: in NFC, white space as one space."""
    return " ".join(unicodedata.normalize("NFC", words).split())


def test_the_probe_finds_what_would_run() -> None:
    for page in ("<script>1</script>", "<img src=x onerror=1>", "<a href='javascript:1'>x</a>"):
        assert not is_dead(page)


@pytest.mark.parametrize("role", list(FILTERS))
def test_filters_take_any_text(app: Flask, world: World, strings: list[str], role: str) -> None:
    limiter.reset()
    client, before, sent = world.client(role), fingerprint(), 0
    for path, names in FILTERS[role].items():
        for number, words in enumerate(strings[:: max(1, len(names) // 2) * 9]):
            name = names[number % len(names)]
            answer = client.get(path, query_string={name: words}, buffered=True)
            assert answer.status_code in {200, 302, 303, 400, 404, 422}, (path, name, words)
            assert answer.mimetype != "text/html" or is_dead(answer.text), (path, name, words)
            sent += 1
    assert fingerprint() == before
    print(f"strings: {sent} filters as {role}, 0 server errors")


def typed_back(
    client: FlaskClient, url: str, form: dict[str, str], words: str, *, shows: bool = True
) -> None:
    """A refused form breaks nothing and, where it has a place for words, brings them back."""
    answer = client.post(url, data=form, headers=token_header(client))
    assert answer.status_code in {303, 403, 409, 422, 400}, (url, words, answer.status_code)
    assert is_dead(answer.text), (url, words)
    plain = words.isprintable() and "\ufeff" not in words
    if answer.status_code in {409, 422} and shows and plain and "mx-problem" not in answer.text:
        assert stored(words) in stored(unescape(answer.text)), (url, words)


def test_step_forms_give_every_text_back(app: Flask, world: World, strings: list[str]) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("what is refused reaches no database")
    limiter.reset()
    client = world.client("mattran.xa")
    before = fingerprint()
    code, sent = world.cases["public"], 0
    for number, step in enumerate(PAGES):
        url = f"/can-bo/vu-viec/{code}/buoc/{step}"
        page = client.get(url)
        if page.status_code != 200:
            continue
        fields = of_form(page.text)
        shows = "<textarea" in page.text
        for words in strings[number % 60 :: 60]:
            form = dict.fromkeys(fields, words) | {"version": "-1"}
            typed_back(client, url, form, words, shows=shows)
            sent += 1
    report = f"/can-bo/phan-anh/{world.reports['own']}/buoc/"
    for step, name in (("reject", "words"), ("request_info", "question"), ("forward", "reason")):
        for words in strings[::24]:
            typed_back(client, report + step, {name: words, "version": "-1"}, words)
            sent += 1
    assert fingerprint() == before
    print(f"strings: {sent} refused step forms, 0 server errors, every text given back")


def test_a_summary_is_shown_as_it_was_written(app: Flask, world: World, strings: list[str]) -> None:
    officer, guest = world.client("mattran.xa"), world.client("guest")
    code = world.cases["public"]
    url, shown = f"/can-bo/vu-viec/{code}/buoc/amend", 0
    for words in strings[::12]:
        version = session().query(Case.version).filter(Case.code == code).scalar()
        session().rollback()
        form = {"summary": words, "reason": "Sửa chữ.", "version": str(version), "severity": "",
                "place_note": "Ven suối"}  # fmt: skip
        answer = officer.post(url, data=form, headers=token_header(officer))
        assert answer.status_code in {303, 422, 400}, words
        if answer.status_code != 303:
            continue
        kept = session().query(Case.summary).filter(Case.code == code).scalar()
        session().rollback()
        for client, path in ((guest, f"/vu-viec/{code}"), (officer, f"/can-bo/vu-viec/{code}")):
            page = client.get(path)
            assert page.status_code == 200, words
            assert is_dead(page.text), words
            assert stored(kept) in stored(unescape(page.text)), words
        shown += 1
    assert shown > 20
    print(f"strings: {shown} summaries shown as stored on the public and the staff page")
