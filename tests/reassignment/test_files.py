"""A merger moves inspection files, establishments and the committee's own letters, and back."""

from datetime import date

from sqlalchemy import select

from tests.casework.test_committee_letters import HEARING
from tests.factories.casework import Desks, make_desks
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.inspections import an_establishment, an_inspection_file
from tests.reassignment.test_reassignment import (
    a_plan,
    actor_now,
    admin,
    merge,
    undo,
)
from webapp.audit.models import AuditEntry
from webapp.casework.models import CaseLetter
from webapp.casework.operations.case_letters import draft_own_letter
from webapp.casework.queries import letter_file
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.deadlines.models import Deadline
from webapp.inspections.models import Establishment, InspectionFile, InspectionStep
from webapp.inspections.operations.files import claim_file
from webapp.inspections.operations.following import order_measure
from webapp.inspections.operations.planning import decide_inspection
from webapp.inspections.queries import establishments_page, inspection_file
from webapp.reassignment.planning import preview
from webapp.reassignment.queries import batch_file

__all__ = ["admin"]
KINDS = ("inspection_file", "establishment", "case_letter")


def at_work() -> tuple[Desks, list[InspectionFile], Establishment]:
    """A plan, a file with a measure to be carried out, a closed one, and a letter being written."""
    with write_unit():
        desks = make_desks()
        party = an_establishment(desks)
        files = [
            an_inspection_file(desks, state, establishment=party)
            for state in ("planned", "concluded", "concluded")
        ]
        order_measure(desks.office, files[1], text="Xây bể lắng", due_on=date(2026, 4, 20))
        files[2].state = "closed"
        draft_own_letter(desks.front, an_organisation(), "invitation", HEARING["invitation"])
    return desks, files, party


def standing(files: list[InspectionFile], party: Establishment) -> list[object]:
    session().expire_all()
    bodies = [(each.unit_id, each.office_id, each.approver_id, each.state) for each in files]
    clocks = select(Deadline.owner_id).where(Deadline.subject_kind == "remedial_measure")
    return [bodies, party.unit_id, party.search_text, list(session().scalars(clocks))]


def test_they_go_to_the_successor_and_whoever_worked_there_works_on(admin: Actor) -> None:
    desks, files, party = at_work()
    counted = preview(a_plan(admin))
    assert (counted.files, counted.establishments, counted.letters) == (3, 1, 1)
    uid = merge(admin)
    new = a_unit(NA_TAU)
    office, committee = (
        an_organisation(kind, unit=new) for kind in ("env_office", "peoples_committee")
    )
    bodies, unit_id, words, owners = standing(files, party)
    assert {each[:3] for each in bodies} == {(new.id, office.id, committee.id)}  # type: ignore[attr-defined]
    assert unit_id == new.id and "xa na tau" in str(words) and owners == [office.id]
    counts = batch_file(admin, uid).counts
    assert [counts[(kind, "moved")] for kind in KINDS] == [3, 1, 1]
    step = session().scalars(select(InspectionStep).order_by(InspectionStep.id.desc())).first()
    assert step is not None and step.transition == "move_unit"
    assert step.words == "Sắp xếp đơn vị hành chính: từ Xã Mường Phăng chuyển về Xã Nà Tấu."
    audited = select(AuditEntry.id).where(AuditEntry.action == "inspections.move_unit")
    assert len(session().scalars(audited).all()) == 3
    officer, chair = actor_now(desks.office), actor_now(desks.chair)
    for each in files:
        assert inspection_file(officer, each.uid) is each
    assert establishments_page(officer, words="na tau", priority=False, cursor=None).rows == [party]
    with write_unit():
        file = claim_file(chair, files[0].uid, seen=files[0].version)
        decide_inspection(chair, file, number="30/QĐ-UBND", decided_on=date(2026, 3, 2))
    assert files[0].state == "decided"


def test_the_committees_letter_goes_along_while_it_has_no_number(admin: Actor) -> None:
    desks, _files, _party = at_work()
    merge(admin)
    letter = session().scalars(select(CaseLetter)).one()
    new = an_organisation(unit=a_unit(NA_TAU))
    assert (letter.author_id, letter.document.organisation_id) == (new.id, new.id)
    assert letter_file(actor_now(desks.front), letter.document.uid) is letter


def test_undo_puts_them_back_but_not_what_somebody_changed(admin: Actor) -> None:
    desks, files, party = at_work()
    before = standing(files, party)
    uid = merge(admin)
    undo(admin, uid)
    assert standing(files, party) == before
    step = session().scalars(select(InspectionStep).order_by(InspectionStep.id.desc())).first()
    assert step is not None
    assert step.words == (
        "Hoàn tác sắp xếp đơn vị hành chính: từ Xã Nà Tấu trở lại Xã Mường Phăng."
    )
    uid = merge(admin)
    chair = actor_now(desks.chair)
    with write_unit():
        file = claim_file(chair, files[0].uid, seen=files[0].version)
        decide_inspection(chair, file, number="30/QĐ-UBND", decided_on=date(2026, 3, 2))
    undo(admin, uid)
    session().expire_all()
    assert [each.unit_id for each in files] == [a_unit(NA_TAU).id, *[a_unit().id] * 2]
    counts = batch_file(admin, uid).counts
    assert (counts[("inspection_file", "kept")], counts[("inspection_file", "restored")]) == (1, 2)
