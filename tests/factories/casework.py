"""The people around a recommendation, and letters driven to a state by the real operations."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.factories.accounts import make_person
from tests.factories.cases import make_case
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.casework.letters import RecommendationContent
from webapp.casework.models import Recommendation
from webapp.casework.operations.answering import deliver_recommendation
from webapp.casework.operations.drafting import (
    draft_recommendation,
    sign_recommendation,
    submit_for_signature,
)
from webapp.casework.operations.issuing import issue_recommendation
from webapp.casework.operations.moves import lock_recommendation
from webapp.casework.operations.office import accept_case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.directory.models import Organisation, Unit
from webapp.triage.operations.assessment import Assessment

REQUEST = "Kiểm tra việc đổ rác cạnh đường vào bản Nà Nhạn.\nBố trí thêm điểm tập kết rác."
ANSWER = "Đã kiểm tra ngày 05/3/2026, lập biên bản, yêu cầu thu gom rác và cắm biển cấm đổ."
ASSESSMENT = Assessment("Suối bốc mùi, cá chết.", "serious", "industry")


@dataclass(frozen=True)
class Desks:
    """One actor for every role around a case of Xã Mường Phăng, with their accounts' e-mails."""

    front: Actor
    signer: Actor
    office: Actor
    chair: Actor
    province: Actor
    emails: dict[str, str]


def make_desks(unit: Unit | None = None) -> Desks:
    """The officers of a commune and of its province, inside the caller's write unit."""
    unit = unit or a_unit()
    province = a_unit(DIEN_BIEN)
    rows: dict[str, tuple[str, Unit, Organisation, str]] = {
        "front": ("front_commune", unit, an_organisation(unit=unit), "Lò Thị Ẳng"),
        "signer": ("front_signer", unit, an_organisation(unit=unit), "Cà Văn Noọng"),
        "office": ("env_commune", unit, an_organisation("env_office", unit=unit), "Quàng Văn Sín"),
        "chair": (
            "commune_chair",
            unit,
            an_organisation("peoples_committee", unit=unit),
            "Vàng A Chứ",
        ),
        "province": ("front_province", province, an_organisation(unit=province), "Tòng Thị Hặc"),
    }
    made = {
        name: make_person(role, unit=where, organisation=body, name=who)
        for name, (role, where, body, who) in rows.items()
    }
    actors = {name: actor for name, (_, actor) in made.items()}
    return Desks(**actors, emails={name: account.email for name, (account, _) in made.items()})


def content_for(case: Case, **changes: Any) -> RecommendationContent:
    """A letter from the commune to its People's Committee, the environment office to act."""
    unit = case.handling_unit
    values: dict[str, Any] = {
        "addressee": an_organisation("peoples_committee", unit=unit),
        "handler": an_organisation("env_office", unit=unit),
        "request": REQUEST,
        "term": "front_reco_reply",
    }
    return RecommendationContent(**values | changes)


def make_letter(
    desks: Desks,
    state: str = "drafted",
    *,
    case: Case | None = None,
    number: str = "5",
    **content: Any,
) -> Recommendation:
    """A recommendation driven to drafted, submitted_for_signature, signed, issued or delivered."""
    case = case or make_case("assessed")
    letter = draft_recommendation(desks.front, case, content_for(case, **content))
    if state == "drafted":
        return letter
    submit_for_signature(desks.front, letter)
    if state == "submitted_for_signature":
        return letter
    sign_recommendation(desks.signer, letter, position="chair", name="Cà Văn Noọng")
    if state == "signed":
        return letter
    issue_recommendation(desks.front, letter, number=number, issued_on=clock.today_local())
    if state == "delivered":
        deliver(desks, letter)
    return letter


def deliver(desks: Desks, letter: Recommendation, on: date | None = None) -> None:
    """Note delivery by hand."""
    deliver_recommendation(
        desks.front,
        letter,
        channel="by_hand",
        delivered_on=on or clock.today_local(),
        proof="Văn thư ký nhận, số đến 112",
    )


def accepted_case(desks: Desks, **changes: Any) -> Case:
    """A case the office has taken, with its letter, inside the caller's write unit."""
    case = make_case("assessed", **changes)
    make_letter(desks, "issued", case=case, number=str(case.id))
    accept_case(desks.office, case, handler="Quàng Văn Sín", planned_on=date(2026, 3, 20))
    return case


def relock(letter: Recommendation) -> Recommendation:
    """The recommendation anew in the present write unit, its case locked first."""
    lock_case(letter.case_id)
    return lock_recommendation(letter)
