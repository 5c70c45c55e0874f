"""Files that leave: what the officer may read, with the other number and the outcome, no names."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.exchange.files import a_row, as_csv
from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case
from tests.factories.casework import make_desks, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit
from tests.factories.outcomes import a_case, an_outcome
from tests.factories.reporting import WORDS, make_report
from webapp.audit.models import AuditEntry
from webapp.cases.models import Case
from webapp.core.actor import SYSTEM, Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.exchange.export import export_cases
from webapp.exchange.operations import RowResult, keep_file, take_over
from webapp.exchange.queries import ExportQuestion
from webapp.exchange.table import COLUMNS, NAMES, TAKEN
from webapp.figures.window import Window
from webapp.reporting.identity import seal_identity
from webapp.reporting.models import Report
from webapp.reporting.submission import Contact
from webapp.triage.filters import CASES, QueueFilters
from webapp.triage.operations.joining import attach_to_case

DICTIONARY = Path(__file__).resolve().parents[2] / "docs" / "exchange.md"
EVERYTHING = ExportQuestion(QueueFilters(tab=CASES), ended=True)
NAME, PHONE = "Quàng Thị Chim Cú", "0987123654"


@pytest.fixture
def officer(app: Flask, frozen: FrozenClock) -> Actor:
    with write_unit():
        return make_person("front_commune", unit=a_unit())[1]


def bring(actor: Actor, content: bytes) -> list[RowResult]:
    return take_over(actor, keep_file(actor, content, opens_cases=True, rows=1).uid)


def exported(actor: Actor, asked: ExportQuestion = EVERYTHING, kind: str = "csv") -> bytes:
    with write_unit():
        return export_cases(actor, asked, kind)


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_number_comes_back_with_the_outcome(app: Flask, officer: Actor) -> None:
    with write_unit():
        case = a_case(state="closed")
        an_outcome(case, state="published")
        bring(officer, as_csv({"reference_number": "TW-9", "case_code": case.code}))
        code = case.code
    with app.test_request_context(base_url="http://localhost"):
        (row,) = rows(exported(officer))
        whole = orjson.loads(exported(officer, kind="json"))
    assert (row["reference_number"], row["case_code"], row["state"]) == ("TW-9", code, "closed")
    assert row["outcome_front"].startswith("Mặt trận xã")
    assert row["outcome_url"] == f"http://localhost/ket-qua/{code}"
    assert whole["cases"][0]["reference_number"] == "TW-9"
    assert (whole["format"], list(whole["cases"][0])) == ("matxanh-exchange-1", list(NAMES))


def test_a_case_with_two_numbers_is_two_rows(officer: Actor) -> None:
    with write_unit():
        first, second = bring(officer, as_csv(a_row(), a_row(reference_number="B2")))
    with write_unit():
        kept, gone = session().scalars(select(Case).order_by(Case.id))
        report = make_report()
        attach_to_case(officer, report, case_code=kept.code)
        gone.state, gone.merged_into_id = "merged", kept.id
        for moved in session().scalars(select(Report).where(Report.case_id == gone.id)):
            moved.case_id = kept.id
        code = kept.code
    found = rows(exported(officer, ExportQuestion(QueueFilters(tab=CASES), ended=False)))
    assert [(row["reference_number"], row["case_code"]) for row in found] == [
        (first.number, code),
        (second.number, code),
    ]


def test_nobody_is_named_and_no_exact_place_leaves(officer: Actor) -> None:
    with write_unit():
        report = make_report()
        seal_identity(report, Contact(NAME, PHONE, None))
        case = make_case("assessed", place_note="Sau nhà bà Quàng")
        report.state, report.case_id = "attached", case.id
        secret = make_case("assessed", category_code="livestock.manure", secret=True)
        handed = make_case("handed_over", summary="Chuyển công an điều tra.")
    for kind in ("csv", "json"):
        text = exported(officer, kind=kind).decode()
        for word in (NAME, PHONE, WORDS, "Sau nhà bà Quàng", "103.117283", "21.457619", "công an"):
            assert word not in text, word
    by_code = {row["case_code"]: row for row in rows(exported(officer))}
    assert by_code[secret.code]["first_reported"] == "2026-02"
    assert by_code[handed.code]["state"] == "handed_over"
    assert by_code[case.code]["lon"] == str(case.public_lon)


def test_only_cases_in_the_officers_sight_leave(officer: Actor) -> None:
    with write_unit():
        mine = make_case("assessed")
        make_case("assessed", unit=a_unit(NA_TAU))
        make_case("received", to_province=True)
    assert [row["case_code"] for row in rows(exported(officer))] == [mine.code]


def test_the_filters_of_the_queue_and_the_days_narrow_it(officer: Actor) -> None:
    early = datetime(2026, 1, 10, 3, 0, tzinfo=UTC)
    with write_unit():
        old = make_case("closed", opened_at=early)
        new = make_case("assessed", category_code="burning")
    january = Window(early.date(), early.date())
    for asked, expected in (
        (EVERYTHING, [old.code, new.code]),
        (ExportQuestion(QueueFilters(tab=CASES), ended=False), [new.code]),
        (ExportQuestion(QueueFilters(tab=CASES, category="dumping"), ended=True), [old.code]),
        (ExportQuestion(QueueFilters(tab=CASES), ended=True, window=january), [old.code]),
    ):
        assert [row["case_code"] for row in rows(exported(officer, asked))] == expected


def test_words_that_a_spreadsheet_would_calculate_are_disarmed(officer: Actor) -> None:
    with write_unit():
        make_case("assessed", summary='=HYPERLINK("http://xau.example")', public_place="@Bua")
    (row,) = rows(exported(officer))
    assert row["summary"].startswith("'=HYPERLINK") and row["place"] == "'@Bua"


def test_the_letter_and_its_answer_go_along(officer: Actor) -> None:
    with write_unit():
        letter = make_letter(make_desks(), "issued", number="12")
        code = letter.case.code
    by_code = {row["case_code"]: row for row in rows(exported(officer))}
    assert by_code[code]["letter_number"].startswith("12/KN-MTTQ")
    assert by_code[code]["letter_sent_on"] and not by_code[code]["letter_answered_on"]


def test_every_file_is_in_the_audit(officer: Actor) -> None:
    with write_unit():
        make_case("assessed")
    exported(officer, kind="json")
    query = select(AuditEntry).where(AuditEntry.action == "exchange.export")
    entry = session().scalars(query).one()
    assert (entry.actor_id, entry.facts["cases"], entry.facts["kind"]) == (
        officer.person_id,
        1,
        "json",
    )
    with write_unit():
        assert rows(export_cases(SYSTEM, EVERYTHING, "csv")) == []


def test_the_dictionary_names_every_column() -> None:
    text = DICTIONARY.read_text()
    table = [line.split("|")[1:5] for line in text.splitlines() if line.startswith("| `")]
    told = [(name.strip(" `"), kind.strip(), taken.strip()) for name, kind, taken, _ in table]
    assert told == [(c.name, c.kind, "yes" if c.name in TAKEN else "") for c in COLUMNS]


PAGE = "/can-bo/trao-doi"


def upload(client: FlaskClient, content: bytes, **fields: str) -> Any:
    return send(client, "/nap", fields | {"file": (io.BytesIO(content), "a.csv")})


def send(client: FlaskClient, path: str, fields: dict[str, Any]) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PAGE).text)
    assert token is not None
    return client.post(PAGE + path, data=fields | {"csrf_token": token[1]})


@pytest.fixture
def browser(app: Flask, frozen: FrozenClock) -> FlaskClient:
    with write_unit():
        account = make_person("front_commune", unit=a_unit())[0]
    client = app.test_client()
    sign_in(client, account.email)
    return client


def test_the_page_looks_at_a_file_and_takes_it_over(browser: FlaskClient) -> None:
    agreed = {"becomes": "case", "agreed": "y"}
    page = upload(browser, as_csv(a_row()), **agreed).text
    found = re.search(r"/can-bo/trao-doi(/nap/[0-9a-f]+)", page)
    assert found is not None and session().scalars(select(Case)).all() == []
    done = send(browser, found[1], {})
    assert done.status_code == 303
    code = session().scalars(select(Case.code)).one()
    told = browser.get(done.location).text
    assert code in told and "PA-2026/0301-17" in told
    assert send(browser, found[1], {}).status_code == 409
    for address in (f"/can-bo/vu-viec/{code}", f"/can-bo/phan-anh/{_report_code()}"):
        shown = browser.get(address).text
        assert "PA-2026/0301-17" in shown and "01/03/2026" in shown
    file = send(browser, "/xuat", {"kind": "csv", "ended": "y"})
    assert file.headers["Content-Disposition"].endswith("vu-viec-2026-03-02.csv")
    assert rows(file.data)[0]["reference_number"] == "PA-2026/0301-17"


def _report_code() -> str:
    return session().scalars(select(Report.code)).one()


def test_the_page_says_what_is_wrong(browser: FlaskClient) -> None:
    agreed = {"becomes": "report", "agreed": "y"}
    for content, words in (
        (as_csv(a_row(category="khong-co")), "<code>category</code>"),
        (b"\xff", "bảng mã"),
        (b"", "không có dòng nào"),
    ):
        answer = upload(browser, content, **agreed)
        assert (answer.status_code, words in answer.text) == (422, True), words
    assert upload(browser, as_csv(a_row()), becomes="report").status_code == 422  # nobody agreed
    assert send(browser, "/xuat", {"kind": "csv", "first": "2026-03-02"}).status_code == 422
    assert send(browser, "/xuat", {"kind": "exe"}).status_code == 422


def test_the_commands_act_as_an_officer(app: Flask, frozen: FrozenClock, tmp_path: Path) -> None:
    with write_unit():
        account = make_person("front_commune", unit=a_unit())[0]
    brought, taken = tmp_path / "vao.csv", tmp_path / "ra.json"
    brought.write_bytes(as_csv(a_row()))
    run = app.test_cli_runner().invoke
    base = ["exchange", "import", str(brought), "--as", account.email]
    looked = run(args=[*base, "--dry-run"])
    assert looked.exit_code == 0 and "mới" in looked.output
    assert session().scalars(select(Case)).all() == []
    assert run(args=[*base, "--open-cases"]).exit_code == 0
    again = run(args=[*base, "--open-cases"])
    assert again.exit_code == 0 and "đã có, không đổi" in again.output
    told = run(args=["exchange", "export", str(taken), "--as", account.email])
    assert told.exit_code == 0, told.output
    assert orjson.loads(taken.read_bytes())["cases"][0]["reference_number"] == "PA-2026/0301-17"
    assert run(args=["exchange", "export", "x.txt", "--as", account.email]).exit_code == 1
    assert run(args=[*base[:-1], "khong@matxanh.invalid"]).exit_code == 1
