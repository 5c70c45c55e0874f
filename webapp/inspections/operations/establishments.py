"""The register of establishments: entered, corrected, permits noted, linked with cases."""

import uuid
from dataclasses import dataclass
from datetime import date

from webapp.audit.operations import Subject, record
from webapp.cases.models import Case
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid, stale
from webapp.core.search_text import fold
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.models import Unit
from webapp.directory.queries import unit as unit_of_id
from webapp.inspections import permissions as may
from webapp.inspections.models import Establishment, Permit
from webapp.inspections.operations.files import MISSING, refused
from webapp.inspections.operations.planning import link_case
from webapp.inspections.queries import establishment as visible_establishment
from webapp.inspections.workflow import ESTABLISHMENT_KINDS, PERMIT_KINDS


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the register says of an establishment."""

    name: str
    kind: str
    address: str
    unit_id: int
    representative: str = ""
    registration: str = ""
    priority: bool = False
    priority_source: str = ""
    note: str = ""


def enter_establishment(actor: Actor, entry: Entry) -> Establishment:
    """Enter an establishment of a unit the actor keeps. Raises Forbidden, Invalid by field."""
    unit = _checked(actor, entry)
    found = Establishment(
        uid=uuid.uuid4().hex, version=1, made_at=clock.now(), made_by_id=actor.person_id
    )
    _write(found, entry, unit)
    session().add(found)
    session().flush()
    record(
        actor, "establishments.enter", subject_of(found), by=may.KEEP_ESTABLISHMENTS, unit=unit.id
    )
    return found


def correct_establishment(actor: Actor, found: Establishment, entry: Entry) -> None:
    """Correct an entry that the caller has claimed. Raises Forbidden, Invalid by field."""
    unit = _checked(actor, entry)
    changed = [
        name for name in vars(entry) if (getattr(found, name) or "") != (getattr(entry, name) or "")
    ]
    _write(found, entry, unit)
    found.version += 1
    session().flush()
    record(
        actor,
        "establishments.correct",
        subject_of(found),
        by=may.KEEP_ESTABLISHMENTS,
        fields=" ".join(changed),
        priority=found.priority,
    )


def claim_establishment(actor: Actor, uid: str, *, seen: int) -> Establishment:
    """Lock an entry in the version seen. Raises NotFound, Forbidden, Conflict."""
    found = visible_establishment(actor, uid)
    if found.unit_id not in actor.units_for(may.KEEP_ESTABLISHMENTS):
        raise Forbidden(_("Sổ cơ sở của địa bàn này do cơ quan khác ghi."))
    locked = session().get_one(
        Establishment, found.id, with_for_update=True, populate_existing=True
    )
    if locked.version != seen:
        raise stale(None)
    return locked


def add_permit(
    actor: Actor,
    found: Establishment,
    *,
    kind: str,
    number: str,
    issuer: str,
    issued_on: date | None,
    valid_to: date | None,
) -> Permit:
    """Note a permit of an establishment the caller has claimed. Raises Invalid by field."""
    if kind not in PERMIT_KINDS:
        raise refused("kind", _("Xin chọn loại giấy tờ."))
    if issued_on is None or issued_on > clock.today_local():
        raise refused("issued_on", _("Ngày này chưa tới. Xin ghi lại."))
    if valid_to is not None and valid_to < issued_on:
        raise refused("valid_to", _("Ngày hết hạn không thể trước ngày cấp."))
    permit = Permit(
        kind=kind,
        number=number.strip(),
        issuer=issuer.strip(),
        issued_on=issued_on,
        valid_to=valid_to,
    )
    found.permits.append(permit)
    found.version += 1
    session().flush()
    record(
        actor,
        "establishments.add_permit",
        subject_of(found),
        by=may.KEEP_ESTABLISHMENTS,
        permit=permit.id,
    )
    return permit


def link_establishment(actor: Actor, found: Establishment, case: Case) -> None:
    """Note that the establishment may have a part in a case the caller has locked.

    Raises Invalid on ``code`` when that was noted already.
    """
    if not link_case(actor, found, case):
        raise refused("code", _("Vụ việc này đã có trong sổ của cơ sở."))
    found.version += 1
    record(
        actor, "establishments.link", subject_of(found), by=may.KEEP_ESTABLISHMENTS, case=case.id
    )


def subject_of(found: Establishment) -> Subject:
    """How the audit names an establishment."""
    return Subject("establishment", found.id)


def _checked(actor: Actor, entry: Entry) -> Unit:
    wrong: dict[str, Text] = {
        name: MISSING for name in ("name", "kind", "address") if not getattr(entry, name).strip()
    }
    if entry.kind and entry.kind not in ESTABLISHMENT_KINDS:
        wrong["kind"] = _("Xin chọn loại hình.")
    if entry.priority and not entry.priority_source.strip():
        wrong["priority_source"] = _("Xin ghi văn bản xếp cơ sở vào diện này.")
    if wrong:
        raise Invalid(_("Có chỗ cần sửa."), fields=wrong)
    if entry.unit_id not in actor.units_for(may.KEEP_ESTABLISHMENTS):
        raise Forbidden(_("Sổ cơ sở của địa bàn này do cơ quan khác ghi."))
    return unit_of_id(entry.unit_id)


def _write(found: Establishment, entry: Entry, unit: Unit) -> None:
    found.name, found.kind, found.unit_id = entry.name.strip(), entry.kind, unit.id
    found.address = entry.address.strip()
    found.representative = entry.representative.strip() or None
    found.registration = entry.registration.strip() or None
    found.priority = entry.priority
    found.priority_source = entry.priority_source.strip() or None
    found.note = entry.note.strip() or None
    found.search_text = searched_words(found, unit)


def searched_words(found: Establishment, unit: Unit) -> str:
    """The words by which an establishment of this unit is found, without their marks."""
    label = ESTABLISHMENT_KINDS[found.kind].source
    return fold(f"{found.name} {label} {found.address} {unit.name} {found.registration or ''}")
