"""Cases that wait for the residents' word, votes, and outcome pages in every state."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from geo.points import Point
from tests.factories.directory import a_unit, an_organisation
from webapp.cases.models import Case, CasePhoto, TimelineLine
from webapp.cases.operations import place_case
from webapp.casework.models import Inspection, Recommendation
from webapp.core import files
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Person, Unit
from webapp.documents.models import Document
from webapp.media.models import Photo, Rendition
from webapp.outcomes.facts import build_facts
from webapp.outcomes.models import Outcome, OutcomeVersion

# The exact place lies off the grid, so that a leak of it is told from the public point.
EXACT = Point(lon=103.020_637, lat=21.386_919)
REPORTED = datetime(2026, 2, 3, 1, 30, tzinfo=UTC)
RESULT_AT = datetime(2026, 2, 20, 8, 0, tzinfo=UTC)
_NUMBERS = itertools.count(1)


def a_case(
    *,
    state: str = "awaiting_confirmation",
    last_result: str | None = "report_remedied",
    unit: Unit | None = None,
    point: Point = EXACT,
    **changes: Any,
) -> Case:
    """A public case of Xã Mường Phăng, with the line of its last result when there is one."""
    unit = unit or a_unit()
    values = {
        "code": f"VVTHU{next(_NUMBERS):04d}",
        "category": "dumping.roadside",
        "state": state,
        "version": 5,
        "level": "commune",
        "urgent": False,
        "secret": False,
        "severity": "moderate",
        "waste_source": "household",
        "conclusion": "violation",
        "summary": "Bãi rác tự phát cạnh đường liên xã, gần cầu treo.",
        "handling_unit_id": unit.id,
        "owner_id": an_organisation(unit=unit).id,
        "office_id": an_organisation("env_office", unit=unit).id,
        "addressee_id": an_organisation("peoples_committee", unit=unit).id,
        "to_province": False,
        "released": False,
        "last_result": last_result,
        "precision_m": 100,
        "first_reported_at": REPORTED,
        "opened_at": REPORTED,
        "public_since": REPORTED,
        "report_count": 3,
        "household_count": 7,
        "closed_at": RESULT_AT if state == "closed" else None,
        "dismissal": "not_found" if state == "dismissed" else None,
    }
    case = Case(**values | changes)
    place_case(case, point)
    session().add(case)
    session().flush()
    a_line(case, "open_case", at=REPORTED)
    if last_result:
        a_line(case, last_result, at=RESULT_AT)
    return case


def a_line(case: Case, transition: str, *, at: datetime = RESULT_AT) -> TimelineLine:
    """One line of the case's history."""
    line = TimelineLine(
        case_id=case.id,
        at=at,
        transition=transition,
        to_state=case.state,
        voice="front",
        facts={},
        visible_from=at,
    )
    session().add(line)
    session().flush()
    return line


def a_recommendation(case: Case, *, state: str = "agreed", **changes: Any) -> Recommendation:
    """A recommendation of the case's Front, delivered on 05/02/2026 and answered on 19/02/2026."""
    number = next(_NUMBERS)
    document = Document(
        uid=f"{number:032x}",
        organisation_id=case.owner_id,
        type_code="CV",
        subject="Kiến nghị xử lý bãi rác tự phát",
        content={},
        notation="MTTQ-BTT",
        number=f"{number}",
        year=2026,
        issued_on=date(2026, 2, 4),
        created_at=REPORTED,
    )
    session().add(document)
    session().flush()
    values = {
        "case_id": case.id,
        "document_id": document.id,
        "author_id": case.owner_id,
        "addressee_id": case.addressee_id,
        "handler_id": case.office_id,
        "state": state,
        "version": 4,
        "term": "front_reco_reply",
        "request": "Đề nghị kiểm tra và có biện pháp xử lý.",
        "issued_on": date(2026, 2, 4),
        "delivered_on": date(2026, 2, 5),
        "due_on": date(2026, 3, 3),
        "answered_on": date(2026, 2, 19),
        "view": "Mặt trận đồng tình với cách xử lý.",
    }
    recommendation = Recommendation(**values | changes)
    session().add(recommendation)
    session().flush()
    return recommendation


def an_inspection(case: Case, *, author: int | None = None, **changes: Any) -> Inspection:
    """The office's answer slip: examined, a violation found, cleaned up."""
    values = {
        "case_id": case.id,
        "office_id": case.office_id,
        "form": "examination",
        "started_on": date(2026, 2, 10),
        "conclusion": case.conclusion,
        "answer": "Đã kiểm tra, buộc thu dọn toàn bộ rác trước ngày 25/02/2026.",
        "document_number": "15/KL-UBND",
        "document_on": date(2026, 2, 12),
        "concluded_at": datetime(2026, 2, 12, 3, 0, tzinfo=UTC),
        "concluded_by_id": author,
        "written_by_id": author,
        "measures": "Thu dọn rác, cắm biển cấm đổ.",
        "remedy_due_on": date(2026, 2, 25),
        "remedied_on": date(2026, 2, 20),
    }
    inspection = Inspection(**values | changes)
    session().add(inspection)
    session().flush()
    return inspection


def a_photo(
    case: Case, *, purpose: str = "before", voice: str = "residents", state: str = "ready"
) -> Photo:
    """A rendered photo of the case; the renditions are a few bytes that can be served."""
    number = next(_NUMBERS)
    key = files.store().put("renditions", f"ảnh số {number}".encode())
    photo = Photo(
        uid=f"{number:032x}",
        sha256=f"{number:064x}",
        size=120_000,
        mime="image/jpeg",
        width=1600,
        height=1200,
        state=state,
        original_key=f"originals/{number}",
        received_at=REPORTED,
        renditions=[
            Rendition(kind=kind, file_key=key, mime="image/jpeg", width=320, height=240, size=9_000)
            for kind in ("large", "card")
        ],
    )
    session().add(photo)
    session().flush()
    session().add(CasePhoto(case_id=case.id, photo_id=photo.id, purpose=purpose, voice=voice))
    session().flush()
    return photo


def a_group(unit: Unit | None = None) -> Organisation:
    """A self-managed group of the unit."""
    group = Organisation(
        kind="group",
        name="Tổ tự quản bảo vệ môi trường",
        name_en="Self-managed environment group",
        unit_id=(unit or a_unit()).id,
        signs_in=True,
        valid_from=date(2025, 7, 1),
    )
    session().add(group)
    session().flush()
    return group


def a_person(name: str = "Vàng A Chứ") -> Person:
    """Somebody with no role."""
    person = Person(name=name)
    session().add(person)
    session().flush()
    return person


def an_outcome(
    case: Case, *, state: str = "draft", writer: int | None = None, **changes: Any
) -> Outcome:
    """The case's page with one version, published unless it is a draft or approved."""
    public = state not in {"draft", "approved"}
    values = {
        "number": 1,
        "front_words": "Mặt trận xã đã kiến nghị và theo dõi việc dọn bãi rác.",
        "office_words": "Đã kiểm tra, buộc thu dọn toàn bộ rác.",
        "facts": build_facts(case),
        "photo_ids": [],
        "recognisable": False,
        "written_by_id": writer or a_person("Lường Văn Viết").id,
        "written_at": RESULT_AT,
        "published_at": RESULT_AT if public else None,
    }
    outcome = Outcome(
        case=case,
        state=state,
        version=1,
        current=1 if public else None,
        first_published_at=RESULT_AT if public else None,
    )
    outcome.versions.append(OutcomeVersion(**values | changes))
    session().add(outcome)
    session().flush()
    return outcome
