"""Officers, groups and cases on the desk, made by the real operations."""

import hashlib
from datetime import timedelta
from typing import Any

from tests.factories.accounts import make_person
from tests.factories.directory import a_unit, an_organisation
from tests.factories.reporting import make_report
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.directory.models import Organisation, Unit
from webapp.media.operations import ReceivedPhoto
from webapp.reporting.models import Report
from webapp.triage.operations.assessment import Assessment
from webapp.triage.operations.joining import open_case_for
from webapp.triage.operations.local_action import Task
from webapp.triage.operations.verification import Visit

PLACE = "Cạnh cầu treo bản Bua"
ASSESSMENT = Assessment(
    summary="Rác sinh hoạt đổ thành đống ven suối, dài khoảng 20 mét.",
    severity="moderate",
    waste_source="household",
)


def an_officer(
    role: str = "front_commune", *, unit: Unit | None = None, name: str = "Cà Văn Noọng"
) -> Actor:
    """A Front officer with an account, inside the caller's write unit."""
    return make_person(role, unit=unit or a_unit(), name=name)[1]


def a_group() -> Organisation:
    """The self-managed group of Xã Mường Phăng."""
    return an_organisation("group")


def a_member(name: str = "Lường Thị Xôm", *, group: Organisation | None = None) -> Actor:
    """A member of a group, inside the caller's write unit."""
    group = group or a_group()
    return make_person("group_member", unit=group.unit, organisation=group, name=name)[1]


def opened_case(
    actor: Actor, report: Report | None = None, *, category: str = "dumping.river_dump"
) -> Case:
    """A case opened for a report, inside the caller's write unit."""
    report = report or make_report(category=category)
    return open_case_for(actor, report, category_code=category, place_note=PLACE)


def a_task(**changes: Any) -> Task:
    """Work for the group within a week."""
    values = {
        "organisation_id": a_group().id,
        "what": "Dọn đống rác ven suối, chở về điểm tập kết.",
        "due_on": clock.today_local() + timedelta(days=7),
    }
    return Task(**values | changes)


def a_visit(**changes: Any) -> Visit:
    """Something was found, without a photo."""
    values = {
        "finding": "found",
        "visited_at": clock.now() - timedelta(hours=2),
        "note": "Rác đổ dài khoảng 20 mét ven suối.",
        "no_photo_reason": "Điện thoại hết pin",
    }
    return Visit(**values | changes)


def due(days: int = 3) -> Any:
    """A local day ahead."""
    return clock.today_local() + timedelta(days=days)


def a_received(content: bytes = b"anh") -> ReceivedPhoto:
    """What examining a photo gives, without a file behind it."""
    return ReceivedPhoto(
        uid=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        mime="image/jpeg",
        width=64,
        height=48,
        original_key="sealed/thu",
    )
