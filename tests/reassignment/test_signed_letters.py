"""Who issues a letter signs it: what an ended body signed without a number is a draft again."""

from datetime import date

from sqlalchemy import select

from tests.casework.test_committee_letters import HEARING
from tests.documents.test_own_templates import in_force
from tests.factories.casework import Desks, make_desks, make_letter
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.reassignment.test_reassignment import a_plan, actor_now, admin, merge, undo
from webapp.casework.models import CaseLetter, CaseLetterStep, Recommendation, RecommendationStep
from webapp.casework.operations.case_letters import draft_own_letter, sign_letter, submit_letter
from webapp.casework.operations.drafting import sign_recommendation, submit_for_signature
from webapp.casework.operations.issuing import issue_recommendation
from webapp.casework.operations.moves import claim_recommendation
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.models import Document
from webapp.documents.own_templates import template_of
from webapp.documents.queries import letter_of
from webapp.reassignment.planning import preview

__all__ = ["admin"]
MOVED = (
    "Sắp xếp đơn vị hành chính: từ Xã Mường Phăng chuyển về Xã Nà Tấu. "
    "Văn bản đã ký mà chưa có số trở lại bản thảo để nơi nhận việc ký."
)


def signed() -> tuple[Desks, Recommendation, CaseLetter]:
    with write_unit():
        desks = make_desks()
        letter = make_letter(desks, "signed")
        own = draft_own_letter(desks.front, an_organisation(), "invitation", HEARING["invitation"])
        submit_letter(desks.front, own)
        sign_letter(desks.signer, own, position="vice_chair", name="Lò Thị Ánh")
    return desks, letter, own


def on_paper() -> list[tuple[object, ...]]:
    session().expire_all()
    return [
        (each.organisation_id, each.subject, each.notation, each.signed_at, letter_of(each))
        for each in session().scalars(select(Document).order_by(Document.id))
    ]


def test_what_was_signed_and_has_no_number_is_a_draft_of_who_follows(admin: Actor) -> None:
    _desks, letter, own = signed()
    merge(admin)
    session().expire_all()
    assert (letter.state, own.state) == ("drafted", "drafted")
    for each in (letter, own):
        printed = letter_of(each.document)
        assert each.document.signed_at is None and printed.signature.name is None
        assert "Nà Tấu".upper() in " ".join(printed.header.issuing_lines).upper()
        assert "xã Mường Phăng trân trọng" not in str(printed.blocks)
    steps = (
        session().scalars(select(RecommendationStep).order_by(RecommendationStep.id.desc())),
        session().scalars(select(CaseLetterStep).order_by(CaseLetterStep.id.desc())),
    )
    for found in steps:
        last = found.first()
        assert last is not None
        assert (last.transition, last.to_state, last.words) == ("move_unit", "drafted", MOVED)


def test_the_successor_signs_and_numbers_it(admin: Actor) -> None:
    desks, letter, _own = signed()
    merge(admin)
    session().expire_all()
    front, signer = actor_now(desks.front), actor_now(desks.signer)
    with write_unit():
        locked = claim_recommendation(front, letter.document.uid, seen=letter.version)
        submit_for_signature(front, locked)
        sign_recommendation(signer, locked, position="chair", name="Quàng Văn Sín")
        issue_recommendation(front, locked, number="7", issued_on=date(2026, 3, 2))
    assert letter.document.organisation_id == an_organisation(unit=a_unit(NA_TAU)).id
    assert letter_of(letter.document).signature.name == "Quàng Văn Sín"


def test_a_draft_is_written_under_the_new_letterhead_where_it_stands(admin: Actor) -> None:
    with write_unit():
        letter = make_letter(make_desks(), "submitted_for_signature")
    merge(admin)
    session().expire_all()
    assert letter.state == "submitted_for_signature"
    assert "NÀ TẤU" in " ".join(letter_of(letter.document).header.issuing_lines).upper()


def test_an_issued_letter_keeps_its_letterhead(admin: Actor) -> None:
    with write_unit():
        letter = make_letter(make_desks(), "issued")
    before = on_paper()
    merge(admin)
    assert on_paper() == before
    assert letter.state == "issued"


def test_undo_gives_signature_and_letterhead_back(admin: Actor) -> None:
    _desks, letter, own = signed()
    before = on_paper()
    uid = merge(admin)
    undo(admin, uid)
    assert on_paper() == before
    assert (letter.state, own.state) == ("signed", "signed")
    last = (
        session().scalars(select(RecommendationStep).order_by(RecommendationStep.id.desc())).first()
    )
    assert last is not None and last.to_state == "signed"
    assert last.words == "Hoàn tác sắp xếp đơn vị hành chính: từ Xã Nà Tấu trở lại Xã Mường Phăng."


def test_undo_leaves_what_the_successor_wrote_on(admin: Actor) -> None:
    desks, letter, own = signed()
    uid = merge(admin)
    session().expire_all()
    front = actor_now(desks.front)
    with write_unit():
        submit_for_signature(
            front, claim_recommendation(front, letter.document.uid, seen=letter.version)
        )
    undo(admin, uid)
    session().expire_all()
    assert (letter.state, own.state) == ("submitted_for_signature", "signed")


def test_the_preview_names_them(admin: Actor) -> None:
    _desks, letter, own = signed()
    assert preview(a_plan(admin)).signed == [letter.document, own.document]


def test_undo_gives_the_layout_back_that_it_was_signed_under(admin: Actor) -> None:
    with write_unit():
        desks = make_desks()
        template_id = in_force(desks.front)
        letter = make_letter(desks, "signed")
    uid = merge(admin)
    session().expire_all()
    assert template_of(letter.document) is None
    undo(admin, uid)
    session().expire_all()
    kept = template_of(letter.document)
    assert kept is not None and kept.id == template_id
    merge(admin)
    session().expire_all()
    front, signer = actor_now(desks.front), actor_now(desks.signer)
    with write_unit():
        locked = claim_recommendation(front, letter.document.uid, seen=letter.version)
        submit_for_signature(front, locked)
        sign_recommendation(signer, locked, position="chair", name="Quàng Văn Sín")
    assert template_of(letter.document) is None
