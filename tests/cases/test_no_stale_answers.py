"""What a reader kept of a case is not confirmed to them once the case is public no longer."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.cases import make_case
from tests.factories.casework import Desks, make_desks
from webapp.cases.categories import category, category_codes
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.casework.operations.front import hand_over_case
from webapp.core.unit_of_work import write_unit
from webapp.triage.operations.assessment import dismiss_case, recategorise_case

SUMMARY = "Rác đổ ven suối Nậm Rốm."
MAP = "/api/v1/map?bbox=103.11,21.45,103.125,21.465&zoom=18"
ADDRESSES = (
    MAP,
    "/",
    "/vu-viec",
    "/vu-viec/{code}",
    "/feeds/vu-viec/{code}.atom",
    "/open311/v2/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-03-30T00:00:00Z",
    "/open311/v2/requests/{code}.json",
    "/ogc/collections/cases/items",
    "/ogc/collections/cases/items/{code}",
    "/sitemap-1.xml",
)
Step = Callable[[Desks, Case], None]


def handed_over(desks: Desks, case: Case) -> None:
    hand_over_case(desks.front, case, body="police", reason="Có dấu hiệu tội phạm.")


def never_public(desks: Desks, case: Case) -> None:
    code = next(
        each
        for each in category_codes()
        if category(each).public_never and category(each).parent is not None
    )
    recategorise_case(desks.front, case, category_code=code, reason="Ghi lại loại việc")


def dismissed(desks: Desks, case: Case) -> None:
    dismiss_case(desks.front, case, reason="not_found", words="Không thấy rác ở chỗ này.")


@pytest.mark.parametrize("step", [handed_over, never_public, dismissed])
def test_map_lists_and_pages_answer_anew(app: Flask, client: FlaskClient, step: Step) -> None:
    with write_unit():
        desks, case = make_desks(), make_case("assessed", summary=SUMMARY)
    before = {each: client.get(each.format(code=case.code)) for each in ADDRESSES}
    kept = {
        each: answer.headers["ETag"] for each, answer in before.items() if case.code in answer.text
    }
    assert len(kept) == len(ADDRESSES)
    with write_unit():
        step(desks, lock_case(case.id))
    for address, tag in kept.items():
        again = client.get(address.format(code=case.code), headers={"If-None-Match": tag})
        assert again.status_code != 304, address
        assert SUMMARY not in again.text or (step is dismissed and "{code}" in address), address
        assert case.code not in again.text or "{code}" in address, address
