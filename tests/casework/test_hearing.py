"""The pack for the half-yearly hearing: figures that add up, letters that still wait."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask

from tests.casework.test_case_letters import browser
from tests.casework.test_registers import text_of
from tests.documents.readers import docx_lines
from tests.factories.accounts import actor_with
from tests.factories.cases import make_case
from tests.factories.casework import Desks, make_letter
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from tests.factories.reporting import make_report
from webapp.casework.half_years import Half, half_before, half_of, recent_halves
from webapp.casework.hearing import compose_report, figures_of, hearing_pack
from webapp.casework.models import Recommendation
from webapp.casework.operations.answering import answer_recommendation, give_view
from webapp.casework.operations.issuing import void_recommendation
from webapp.core.errors import Forbidden
from webapp.core.unit_of_work import write_unit
from webapp.documents.docx_writer import render_docx
from webapp.figures.filters import BoardFilters
from webapp.figures.queries.board import board
from webapp.figures.window import Window

HALF = (date(2026, 1, 1), date(2026, 6, 30))


def letters(desks: Desks, frozen: FrozenClock) -> list[Recommendation]:
    """One agreed in time, one answered late, one that waits, one void."""
    made = [make_letter(desks, "delivered", number=str(n)) for n in (1, 2, 3)]
    made.append(make_letter(desks, "issued", number="4", case=make_case("assessed")))
    void_recommendation(desks.signer, made[3], reason="Nhầm.")
    answered = {"answer": "Đã xử lý.", "document": "12/UBND"}
    answer_recommendation(desks.office, made[0], answered_on=date(2026, 3, 2), **answered)  # type: ignore[arg-type]
    give_view(desks.front, made[0], "agree", words="Đồng tình.")
    frozen.forward(days=60)
    answer_recommendation(desks.office, made[1], answered_on=date(2026, 5, 1), **answered)  # type: ignore[arg-type]
    return made


def test_the_figures_add_up(desks: Desks, frozen: FrozenClock) -> None:
    made = letters(desks, frozen)
    figures = figures_of(an_organisation(), HALF, made[:3])
    assert (figures.letters, figures.answered, figures.on_time, figures.late) == (3, 2, 1, 1)
    assert (figures.waiting_late, figures.agreed, figures.clarified) == (1, 1, 0)
    assert figures.cases == 4


def opened_in_january(state: str = "assessed", **changes: Any) -> None:
    make_case(state, **{"opened_at": datetime(2026, 1, 10, 3, tzinfo=UTC)} | changes)


def test_cases_are_counted_as_on_the_board_of_the_committee(desks: Desks) -> None:
    province = an_organisation(unit=a_unit(DIEN_BIEN))
    opened_in_january()
    opened_in_january("closed")
    opened_in_january("dismissed")
    opened_in_january(owner=province, level="province", raised=True)
    opened_in_january(to_province=True, public=False)
    opened_in_january(opened_at=datetime(2026, 6, 30, 17, tzinfo=UTC))  # 1 July here
    filters = BoardFilters(Window(*HALF))
    told = figures_of(an_organisation(), HALF, [])
    assert (told.cases, told.closed, told.ended_otherwise, told.raised) == (4, 1, 1, 1)
    assert told.cases == board(desks.front, filters).all.opened
    above = actor_with("front_province", a_unit(DIEN_BIEN))
    of_province = figures_of(province, HALF, []).cases
    assert of_province == board(above, filters).all.opened == 5


def test_the_report_says_what_became_of_the_rest(desks: Desks) -> None:
    opened_in_january("dismissed")
    author = an_organisation()
    report = "\n".join(docx_lines(render_docx(compose_report(author, Half(2026, 1)))))
    assert "mở 01 vụ việc; đến nay 00 vụ việc đã xong, 01 vụ việc không xử lý tiếp" in report


def test_the_figures_say_whose_and_of_which_day(desks: Desks) -> None:
    pack = ZipFile(BytesIO(hearing_pack(desks.front, an_organisation().id, Half(2026, 1))))
    told = text_of(pack.read("so-lieu.xlsx"))
    assert "Ủy ban MTTQ Việt Nam xã Mường Phăng" in told and "Tính đến ngày 02/03/2026" in told


def test_a_commune_does_not_count_what_was_sent_past_it(desks: Desks) -> None:
    make_report()
    make_report(to_province=True)
    assert figures_of(an_organisation(), HALF, []).reports == 1
    assert figures_of(an_organisation(unit=a_unit(DIEN_BIEN)), HALF, []).reports == 2


def test_the_pack_holds_report_invitation_and_figures(desks: Desks, frozen: FrozenClock) -> None:
    letters(desks, frozen)
    with ZipFile(BytesIO(hearing_pack(desks.front, an_organisation().id, Half(2026, 1)))) as pack:
        report = "\n".join(docx_lines(pack.read("bao-cao.docx")))
        invited = docx_lines(pack.read("giay-moi.docx"))
        book = text_of(pack.read("so-lieu.xlsx"))
    assert "6 tháng đầu năm 2026" in report
    assert "ban hành 03 công văn" in report
    assert "quá hạn" in report
    assert "02/KN-MTTQ-BTT" in report and "01/KN-MTTQ-BTT" not in report  # agreed: settled
    assert "TM. ỦY BAN NHÂN DÂN" in invited
    assert "04/KN-MTTQ-BTT" not in book
    for told in ("01/KN-MTTQ-BTT", "Mặt trận đồng tình", "quá hạn"):
        assert told in book
    other = ZipFile(BytesIO(hearing_pack(desks.front, an_organisation().id, Half(2025, 2))))
    assert "ban hành 00 công văn" in "\n".join(docx_lines(other.read("bao-cao.docx")))


def test_only_for_the_own_committee(desks: Desks) -> None:
    for actor in (desks.office, desks.chair):
        with pytest.raises(Forbidden):
            hearing_pack(actor, an_organisation().id, Half(2026, 1))


@pytest.mark.parametrize(
    ("day", "half"),
    [
        (date(2026, 3, 2), (2025, 2)),
        (date(2026, 6, 30), (2025, 2)),
        (date(2026, 7, 1), (2026, 1)),
    ],
)
def test_the_half_that_has_ended(day: date, half: tuple[int, int]) -> None:
    assert half_before(day) == Half(*half)


def test_a_hearing_is_about_the_last_half_year_or_one_next_to_it() -> None:
    keys = [half.key for half in recent_halves(date(2026, 3, 2))]
    assert keys == ["2025-2", "2026-1", "2025-1"]
    assert half_of("2025-2").days == (date(2025, 7, 1), date(2025, 12, 31))
    for wrong in ("2025-3", "2025", "nay", ""):
        with pytest.raises(ValueError):
            half_of(wrong)


def test_the_download(app: Flask, committed: Desks) -> None:
    with write_unit():
        organisation_id = an_organisation().id
    front = browser(app, committed, "front")
    path = f"/can-bo/so/phien-nghe/{organisation_id}.zip"
    assert front.get(f"{path}?ky=2025-2").data.startswith(b"PK")
    assert front.get(f"{path}?ky=2025-3").status_code == 404
    assert "6 tháng cuối năm 2025" in front.get("/can-bo/so").text
