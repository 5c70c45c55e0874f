"""Replies of establishments, sheets, scripts and postings: what the law asks for is kept."""

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.factories.accounts import make_person, sign_in
from tests.factories.directory import a_unit
from tests.factories.outcomes import a_case, a_person, an_inspection, an_outcome
from webapp.audit.operations import Subject
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.core.errors import Conflict, Forbidden, Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.operations import tell_deadlines
from webapp.deadlines.queries import next_due
from webapp.jobs.operations import drain
from webapp.notifications.messages import Reader, message_of
from webapp.notifications.models import Notice
from webapp.outcomes.models import NoticeSheet, Outcome, OutcomeVersion
from webapp.outcomes.operations import (
    Draft,
    approve_draft,
    draft_outcome,
    edit_draft,
    publish_outcome,
    retract_outcome,
    revise_outcome,
)
from webapp.outcomes.postings import end_posting, postings_of, record_posting
from webapp.outcomes.presentation import changes, fact_changes
from webapp.outcomes.queries import pending, shown
from webapp.outcomes.record import public_sheet, unpublished_counts
from webapp.outcomes.replies import record_reply
from webapp.outcomes.sheets import print_sheets, sheets_of
from webapp.outcomes.spoken import LONGEST_SECONDS, loudspeaker_script, syllables
from webapp.outcomes.workflow import UNPUBLISHED

WORDS = "Mặt trận đã theo dõi việc dọn bãi rác."
REPLY = "Cơ sở đã hợp đồng thu gom từ tháng 3. Người phụ trách gọi số 0912 345 678."
CUT_REPLY = "Cơ sở đã hợp đồng thu gom từ tháng 3. […]"
TODAY = date(2026, 2, 24)


def person(role: str = "publisher") -> Actor:
    return make_person(role, unit=a_unit())[1]


def replied(case: Case, words: str = REPLY) -> None:
    record_reply(person("front_commune"), case, words=words, received_on=TODAY)


def published(case: Case, draft: Draft) -> Outcome:
    outcome = draft_outcome(person("front_commune"), case, draft)
    approve_draft(person(), outcome, standpoint_hidden=True, recognisable=False)
    publish_outcome(person(), outcome)
    return outcome


def test_a_reply_stands_beside_the_conclusion_with_its_day(app: Flask, client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        replied(case)
        published(case, Draft(WORDS, explanation=CUT_REPLY))
    page = client.get(f"/ket-qua/{case.code}").text
    assert "Cơ sở đã hợp đồng thu gom từ tháng 3. […]" in page
    assert "Nhận ngày 24/02/2026" in page and "0912" not in page


@pytest.mark.parametrize(
    ("explanation", "rule"),
    [
        ("", "phải đăng"),
        ("Cơ sở xin lỗi bà con.", "nguyên văn"),
        (REPLY, "số điện thoại"),
    ],
)
def test_a_reply_is_shown_as_it_was_said_or_with_marked_cuts(
    app: Flask, explanation: str, rule: str
) -> None:
    with write_unit():
        case = a_case()
        replied(case)
        with pytest.raises(Invalid) as refused:
            draft_outcome(person("front_commune"), case, Draft(WORDS, explanation=explanation))
    assert rule in str(refused.value.fields["explanation"])


def test_nobody_speaks_for_the_establishment(app: Flask) -> None:
    with write_unit(), pytest.raises(Invalid):
        draft_outcome(
            person("front_commune"), a_case(), Draft(WORDS, explanation="Cơ sở rất tiếc.")
        )


def test_what_came_after_approval_must_be_shown_first(app: Flask) -> None:
    with write_unit():
        case, writer = a_case(), person("front_commune")
        outcome = draft_outcome(writer, case, Draft(WORDS))
        approve_draft(person(), outcome, standpoint_hidden=True, recognisable=False)
        replied(case)
        with pytest.raises(Conflict, match="giải trình"):
            publish_outcome(person(), outcome)
        outcome.state = "draft"
        edit_draft(writer, outcome, Draft(WORDS, explanation=CUT_REPLY))
        approve_draft(person(), outcome, standpoint_hidden=True, recognisable=False)
        publish_outcome(person(), outcome)
    told = session().scalars(select(Notice.message)).all()
    assert "outcome.reply_received" in told


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"words": " "}, "words"),
        ({"words": "ă" * 4001}, "words"),
        ({"received_on": None}, "received_on"),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"document": "ơ" * 121}, "document"),
    ],
)
def test_a_reply_without_words_or_day_is_refused(
    app: Flask, given: dict[str, object], field: str
) -> None:
    with write_unit():
        case = a_case()
        fields = {"words": REPLY, "received_on": TODAY} | given
        with pytest.raises(Invalid) as refused:
            record_reply(person("front_commune"), case, **fields)  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            record_reply(GUEST, case, words=REPLY, received_on=TODAY)
    assert list(refused.value.fields) == [field]


def test_sheets_are_printed_for_readers_and_go_at_once(app: Flask, tmp_path: Path) -> None:
    with write_unit():
        case = a_case()
        an_inspection(case)
        replied(case)
        office = "Đã kiểm tra, buộc thu dọn toàn bộ rác trước ngày 25/02/2026. […]"
        outcome = published(case, Draft(WORDS, office_words=office, explanation=CUT_REPLY))
    drain()
    client = app.test_client()
    for size, width in (("a4", "595"), ("a3", "841")):
        answer = client.get(f"/ket-qua/{case.code}/to-niem-yet-{size}.pdf")
        out = tmp_path / f"{size}.pdf"
        out.write_bytes(answer.data)
        told = subprocess.run(["pdftotext", str(out), "-"], capture_output=True, check=True)
        text = " ".join(told.stdout.decode().split())
        for words in (WORDS, "có vi phạm (15/KL-UBND 12/02/2026)", CUT_REPLY, case.code):
            assert words in text, words
        info = subprocess.run(["pdfinfo", str(out)], capture_output=True, check=True).stdout
        assert f"Page size:       {width}" in info.decode()
    version = shown(outcome)
    assert version is not None
    print_sheets(version.id)
    assert len(session().scalars(select(NoticeSheet)).all()) == 2, "twice is no harm"
    with write_unit():
        retract_outcome(person(), outcome, why="wrong", words="Sai ngày.")
    assert client.get(f"/ket-qua/{case.code}/to-niem-yet-a4.pdf").status_code == 404
    print_sheets(version.id)
    assert sheets_of(version.id) == {}


def test_a_sheet_of_another_page_is_not_found(app: Flask, client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        an_outcome(case, state="published")
    with pytest.raises(Exception, match=r".*"):
        public_sheet(case.code, "a4")
    assert client.get(f"/ket-qua/{case.code}/to-niem-yet-a5.pdf").status_code == 404


def script_of(**version: object) -> tuple[list[str], int]:
    outcome = an_outcome(a_case(), state="published", **version)
    shown_version = shown(outcome)
    assert shown_version is not None
    script = loudspeaker_script(outcome, shown_version)
    assert script.seconds <= LONGEST_SECONDS
    assert script.syllables == sum(map(syllables, script.paragraphs))
    return script.paragraphs, script.seconds


def test_the_script_says_days_in_words_and_stays_within_two_minutes(app: Flask) -> None:
    with write_unit():
        short, seconds = script_of(front_words="Họp bản ngày 05/02/2026, đã dọn.")
        long, most = script_of(
            front_words="Mặt trận đã đi xem tận nơi và ghi lại. " * 60,
            office_words="Cơ quan đã kiểm tra và buộc thu dọn. " * 60,
        )
        endless, _seconds = script_of(front_words="dọn " * 900)
    assert "Họp bản ngày 5 tháng 2 năm 2026, đã dọn." in " ".join(short) and seconds < 70
    assert "05/02" not in " ".join(short)
    assert most > 100, "the time is used"
    assert any(part.startswith("Cơ quan trả lời: Cơ quan đã kiểm tra") for part in long)
    assert any(part.endswith("…") for part in endless)


@pytest.mark.parametrize(
    ("text", "count"), [("Bà con nghe.", 3), ("ngày 5", 2), ("2026", 7), ("15 hộ", 4), ("", 0)]
)
def test_figures_are_counted_as_they_are_spelt(text: str, count: int) -> None:
    assert syllables(text) == count


def a_posting(outcome: Outcome, **given: object) -> None:
    usual = {
        "kind": "board",
        "place": "Nhà văn hóa bản Che Căn",
        "done_by": "Lường Văn Dán",
        "posted_from": TODAY,
    }
    record_posting(person("front_commune"), outcome, **(usual | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "until"), [("board", date(2026, 3, 25)), ("loudspeaker", date(2026, 2, 26))]
)
def test_the_days_of_the_law_are_counted_and_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, until: date
) -> None:
    with write_unit():
        outcome = published(a_case(), Draft(WORDS))
        assert next_due(Subject("outcome", outcome.id)) is not None
        a_posting(outcome, kind=kind)
        assert next_due(Subject("outcome", outcome.id)) is None, "it hangs"
    (posting,) = postings_of(outcome.id)
    assert posting.until == until
    later = clock.now() + timedelta(days=(until - TODAY).days + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    tell_deadlines()
    told = session().scalars(select(Notice).where(Notice.subject_kind == "posting")).all()
    assert {each.message for each in told} == {"outcome.posted_long_enough"}
    with write_unit():
        end_posting(person("front_commune"), outcome, posting, ended_on=until + timedelta(days=1))
    assert next_due(Subject("posting", posting.id)) is None


def test_what_is_not_put_up_in_time_is_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with write_unit():
        outcome = published(a_case(), Draft(WORDS))
    later = clock.now() + timedelta(days=7)
    monkeypatch.setattr(clock, "now", lambda: later)
    tell_deadlines()
    reader = Reader("vi")
    notice = session().scalars(select(Notice).where(Notice.message == "outcome.to_post")).one()
    rendered = message_of("outcome.to_post").render(notice.subject_id, reader)
    assert rendered is not None and rendered.path == f"/can-bo/niem-yet/{outcome.case.code}"


def test_a_retracted_page_is_taken_off_the_boards(app: Flask) -> None:
    with write_unit():
        outcome = published(a_case(), Draft(WORDS))
        a_posting(outcome)
        retract_outcome(person(), outcome, why="wrong", words="Sai ngày.")
        told = session().scalars(select(Notice.message)).all()
        assert "outcome.take_down" in told
        with pytest.raises(TransitionRefused):
            a_posting(outcome)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "facebook"}, "kind"),
        ({"place": " "}, "place"),
        ({"place": "Nhà ông Quàng Văn Đôi"}, "place"),
        ({"done_by": "ă" * 121}, "done_by"),
        ({"posted_from": None}, "posted_from"),
        ({"posted_from": TODAY + timedelta(days=1)}, "posted_from"),
        ({"posted_from": TODAY - timedelta(days=9)}, "posted_from"),
    ],
)
def test_a_posting_that_does_not_fit_is_told_by_the_field(
    app: Flask, given: dict[str, object], field: str
) -> None:
    with write_unit():
        outcome = published(a_case(), Draft(WORDS))
        with pytest.raises(Invalid) as refused:
            a_posting(outcome, **given)
    assert list(refused.value.fields) == [field]


def test_taken_down_early_only_with_a_reason_and_once(app: Flask) -> None:
    with write_unit():
        outcome, front = published(a_case(), Draft(WORDS)), person("front_commune")
        a_posting(outcome)
        (posting,) = postings_of(outcome.id)
        with pytest.raises(Invalid, match="Chưa đủ ngày"):
            end_posting(front, outcome, posting, ended_on=TODAY)
        with pytest.raises(Invalid):
            end_posting(front, outcome, posting, ended_on=TODAY + timedelta(days=1))
        with pytest.raises(Forbidden):
            end_posting(GUEST, outcome, posting, ended_on=TODAY, words="Mưa rách.")
        end_posting(front, outcome, posting, ended_on=TODAY, words="Mưa rách.")
        with pytest.raises(TransitionRefused):
            end_posting(front, outcome, posting, ended_on=TODAY, words="Mưa rách.")


def test_the_pages_of_reply_and_board(app: Flask) -> None:
    with write_unit():
        account, _front = make_person("front_commune", unit=a_unit())
        case = a_case()
        outcome = published(case, Draft(WORDS))
    drain()
    client = app.test_client()
    sign_in(client, account.email)

    def send(address: str, status: int = 303, **fields: str) -> str:
        token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
        assert token is not None
        answer = client.post(address, data={"csrf_token": token[1], **fields})
        assert answer.status_code == status, answer.text
        return answer.text

    board, reply = f"/can-bo/niem-yet/{case.code}", f"/can-bo/giai-trinh/{case.code}"
    page = client.get(board).text
    assert "Thông báo kết quả giải quyết phản ánh" in page and "to-niem-yet-a3.pdf" in page
    send(board, 422, kind="board", place="Nhà ông Quàng Văn Đôi", done_by="x", posted_from="")
    sent = {"kind": "board", "place": "Trụ sở UBND xã", "done_by": "Lường Văn Dán"}
    send(board, posted_from="24/02/2026", **sent)
    (posting,) = postings_of(outcome.id)
    assert "Trụ sở UBND xã" in client.get(f"/ket-qua/{case.code}").text
    assert "Lường Văn Dán" not in client.get(f"/ket-qua/{case.code}").text
    send(f"{board}/{posting.id}", 422, ended_on="24/02/2026")
    send(f"{board}/{posting.id}", ended_on="24/02/2026", words="Mưa làm rách, in lại.")
    assert client.get(f"{board}/{posting.id + 1}").status_code == 404
    send(reply, 422, words=" ", received_on="24/02/2026")
    send(reply, words=REPLY, received_on="24/02/2026", document="CV 7")
    assert "Cơ sở đã hợp đồng" in client.get(reply).text
    write = client.get(f"/can-bo/ket-qua/{case.code}/soan").text
    assert "Cơ sở đã hợp đồng" in write


def test_reasons_not_to_publish_are_counted(app: Flask, client: FlaskClient) -> None:
    reason = UNPUBLISHED["private_life"]
    with write_unit():
        for _each in range(2):
            a_case(state="closed", not_published_reason=f"{reason.source}: chỉ một nhà ở đó")
        a_case(state="closed")
    assert [(each.source, count) for each, count in unpublished_counts()] == [(reason.source, 2)]
    page = client.get("/ket-qua").text
    assert f"{reason.source}: 2 vụ" in page and "chỉ một nhà" not in page


def test_a_correction_shows_words_and_facts_that_changed(app: Flask, client: FlaskClient) -> None:
    with write_unit():
        case = a_case()
        done = an_inspection(case)
        outcome = published(case, Draft(f"{WORDS} Còn một góc.", office_words="[…]"))
        done.remedied_on = date(2026, 2, 22)
        session().flush()
        better = Draft(f"{WORDS} Đã sạch.", office_words="[…]")
        revise_outcome(person("front_commune"), outcome, better, reason="Dọn xong.")
        approve_draft(person(), outcome, standpoint_hidden=True, recognisable=False)
        waiting = pending(outcome)
        assert isinstance(waiting, OutcomeVersion)
        first = outcome.versions[0]
        publish_outcome(person(), outcome)
    with app.test_request_context("/"):
        told = {each.label.source: (each.was, each.now) for each in fact_changes(first, waiting)}
        ((_label, parts),) = changes(first, waiting)
    assert told == {"Khắc phục xong": ("20/02/2026", "22/02/2026")}
    assert [(part.kind, part.words) for part in parts][1:] == [
        ("gone", "Còn một góc."),
        ("new", "Đã sạch."),
    ]
    page = client.get(f"/ket-qua/{case.code}").text
    assert "bỏ: </span>Còn một góc.</del>" in page and "thêm: </span>22/02/2026</ins>" in page
    assert a_person().name not in page
