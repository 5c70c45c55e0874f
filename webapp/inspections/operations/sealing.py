"""Handing a file over: the whole of it sealed; opened with a reason that the audit keeps."""

import json
import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect

from webapp.audit.operations import record, seal_reason
from webapp.cases.operations import may_take
from webapp.casework.operations.front import HAND_OVER_BODIES, hand_over_case
from webapp.core import clock, crypto
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.core.resealing import sealed_in
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.operations import stop_all
from webapp.directory.queries import organisation
from webapp.inspections import permissions as may
from webapp.inspections.models import InspectionFile, SealedFile
from webapp.inspections.operations.files import demand, move, refused, settle, subject_of
from webapp.inspections.operations.following import subject_of as subject_of_measure
from webapp.inspections.policy import opens
from webapp.inspections.queries import photos_of, scans_of, sealed_of, steps_of
from webapp.inspections.workflow import FILE


def hand_over_file(actor: Actor, file: InspectionFile, *, body: str, reason: str) -> SealedFile:
    """Seal the whole file for the body that may investigate; its case goes there too.

    From then on no page shows what the file holds. Raises Forbidden, TransitionRefused, Invalid.
    """
    with move(actor, file, "hand_over", given={"body": body, "reason": reason}) as facts:
        if body not in HAND_OVER_BODIES:
            raise refused("body", _("Xin chọn nơi nhận."))
        uid = uuid.uuid4().hex
        content = json.dumps({**contents(file), "reason": reason}, ensure_ascii=False)
        sealed = SealedFile(
            uid=uid,
            file_id=file.id,
            body=body,
            sealed=crypto.seal(content.encode(), binding=_binding(uid)),
            at=clock.now(),
            person_id=actor.person_id,
        )
        session().add(sealed)
        session().flush()
        facts["body"] = body
        for measure in file.measures:
            stop_all(subject_of_measure(measure))
        if file.case is not None and may_take(actor, file.case, "hand_over"):
            hand_over_case(actor, file.case, body=body, reason=reason)
    return sealed


def open_sealed_file(actor: Actor, file: InspectionFile, *, reason: str) -> dict[str, Any]:
    """The content of a sealed file, for a reason that is kept sealed beside the audit row.

    Raises NotFound when nothing is sealed, TransitionRefused, Forbidden, Invalid on ``reason``.
    """
    row = FILE.transition("open_sealed", file.state)
    sealed = sealed_of(file)
    if sealed is None:
        raise NotFound
    allowed = any(
        opens(grant, file, sealed, organisation(grant.organisation_id).kind)
        for grant in actor.grants_for(may.OPEN_SEALED)
    )
    if not allowed:
        raise Forbidden
    demand(row, {"reason": reason.strip()})
    settle(actor, file, "open_sealed", used=may.OPEN_SEALED)
    record(
        actor,
        "inspections.read_sealed",
        subject_of(file),
        by=may.OPEN_SEALED,
        reason=seal_reason(reason),
    )
    content: dict[str, Any] = json.loads(
        crypto.unseal(sealed.sealed, binding=_binding(sealed.uid)).decode()
    )
    return content


def contents(file: InspectionFile) -> dict[str, Any]:
    """Everything a file holds, ready for JSON; photos by their names and digests."""
    return {
        "file": _columns(file),
        "office": file.office.name,
        "case": file.case.code if file.case else None,
        "establishment": _columns(file.establishment) if file.establishment else None,
        "minutes": _columns(file.minutes) if file.minutes else None,
        "result": _columns(file.result) if file.result else None,
        "measurements": [_columns(each) for each in file.measurements],
        "measures": [_columns(each) for each in file.measures],
        "photos": [
            {**_columns(each), "uid": each.photo.uid, "sha256": each.photo.sha256}
            for each in photos_of(file)
        ],
        "scans": [
            {**_columns(each), "uid": each.paper.uid, "sha256": each.paper.sha256}
            for each in scans_of(file)
        ],
        "steps": [_columns(each) for each in steps_of(file)],
    }


def _columns(row: object) -> dict[str, Any]:
    names = (column.key for column in inspect(type(row)).column_attrs)
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _binding(uid: str) -> str:
    return f"sealed_file.sealed:{uid}"


sealed_in(SealedFile.sealed, bound=SealedFile.uid, binding=_binding)
