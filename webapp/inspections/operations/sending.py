"""Minutes that waited in a phone for a network: taken once, however often they come."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.codes import digest
from webapp.core.unit_of_work import session
from webapp.inspections.models import VisitRequest
from webapp.inspections.operations.files import demand_seen, lock_file
from webapp.inspections.operations.visiting import Measured, Visit, write_minutes
from webapp.inspections.queries import inspection_file
from webapp.reporting.keys import key_digest, key_reused, plain_key
from webapp.reporting.submission import canonical_of

_BODY = "visit_request.body"


@dataclass(frozen=True)
class SentVisit:
    """What became of sent minutes: the version of their file, and whether they are new."""

    version: int
    created: bool


def send_visit(
    actor: Actor,
    uid: str,
    *,
    seen: int,
    visit: Visit,
    measured: Sequence[Measured],
    raw_key: str | None,
) -> SentVisit:
    """Keep minutes from a phone, once per idempotency key; the same again changes nothing.

    The file is locked, so that twins come one after the other. Raises BadRequest without a key,
    NotFound, Conflict for a file that moved on, Forbidden, TransitionRefused, Invalid by field
    and (kind ``key-reused``) for other content under a used key.
    """
    key = key_digest(plain_key(raw_key))
    content = {"visit": asdict(visit), "measured": [asdict(each) for each in measured]}
    body = digest(_BODY, canonical_of({"file": uid, "seen": seen, **content}))
    file = lock_file(inspection_file(actor, uid))
    known = session().get(VisitRequest, key)
    if known is not None:
        if (known.body_digest, known.person_id) != (body, actor.person_id):
            raise key_reused()
        return SentVisit(known.version, created=False)
    demand_seen(file, seen)
    write_minutes(actor, file, visit, measured)
    session().add(
        VisitRequest(
            key_digest=key,
            body_digest=body,
            file_id=file.id,
            person_id=actor.person_id,
            version=file.version,
            at=clock.now(),
        )
    )
    session().flush()
    return SentVisit(file.version, created=True)
