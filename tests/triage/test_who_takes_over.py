"""Who is offered a report or a case: not who left, not who stepped aside; both databases."""

import pytest
from sqlalchemy import select

from tests.factories.reporting import make_report
from tests.factories.triage import an_officer, opened_case
from webapp.accounts.absence import colleagues
from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.errors import Invalid
from webapp.core.unit_of_work import session, write_unit
from webapp.triage.operations.assessment import assign_case, officers_of
from webapp.triage.operations.reports import others_decide
from webapp.triage.operations.stepping_aside import step_aside_from_case, step_aside_from_report


def leave(actor: Actor) -> None:
    """The account of somebody who left is switched off, the role runs on."""
    account = session().scalars(select(Account).where(Account.person_id == actor.person_id)).one()
    account.active = False


def test_who_left_or_stepped_aside_is_nobody_to_hand_a_report_to(officer: Actor) -> None:
    with write_unit():
        gone, aside = an_officer(name="Mùa A Dơ"), an_officer(name="Lò Thị Ín")
        report = make_report()
        assert others_decide(officer, report)
        leave(gone)
        step_aside_from_report(aside, report, reason="Nhà em trai tôi")
        assert not others_decide(officer, report)
        step_aside_from_report(officer, report, reason="Tôi là người liên quan")
    assert report.to_province


def test_who_left_or_stepped_aside_is_not_offered_a_case(officer: Actor) -> None:
    with write_unit():
        gone, aside, stays = (
            an_officer(name=name) for name in ("Mùa A Dơ", "Lò Thị Ín", "Quàng Văn Pản")
        )
        case = opened_case(officer)
        leave(gone)
        step_aside_from_case(aside, case, person_id=stays.person_id, reason="Người nhà")
    assert [each.id for each in officers_of(case)] == [officer.person_id, stays.person_id]
    assert [each.id for each in colleagues(officer, case.owner_id)] == [
        aside.person_id,
        stays.person_id,
    ]
    for person in (gone, aside):
        with pytest.raises(Invalid) as refused, write_unit():
            assign_case(officer, case, person_id=person.person_id or 0, reason="Theo địa bàn")
        assert set(refused.value.fields) == {"person"}
