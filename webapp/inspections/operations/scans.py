"""The signed paper of an inspection as it was scanned: kept sealed, shown to those who may open the
file, and to nobody else but through redaction."""

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.inspections.models import InspectionFile, InspectionScan
from webapp.inspections.operations.files import move, refused
from webapp.inspections.queries import scans_of, signable
from webapp.inspections.workflow import SCANS
from webapp.media.papers import ReceivedPaper, store_paper

MAX_REASON = 200


def add_scan(
    actor: Actor, file: InspectionFile, received: ReceivedPaper, *, kind: str, reason: str = ""
) -> InspectionScan:
    """Keep the scan of a signed paper of this file; the ones before it are kept too.

    Raises Forbidden, TransitionRefused for a paper that has no number yet, Invalid on ``kind`` and
    on ``reason`` where one is replaced without any.
    """
    with move(actor, file, "add_scan", given={"kind": kind}) as facts:
        if kind not in SCANS:
            raise refused("kind", _("Xin chọn loại văn bản."))
        if kind not in signable(file):
            raise TransitionRefused(_("Văn bản chưa có số, chưa nhận bản quét được."))
        why = reason.strip()
        if len(why) > MAX_REASON:
            raise refused("reason", _("Xin viết lý do ngắn hơn."))
        if not why and any(each.kind == kind for each in scans_of(file)):
            raise refused("reason", _("Văn bản này đã có bản ký. Xin ghi vì sao thay bản quét."))
        scan = InspectionScan(
            file_id=file.id,
            kind=kind,
            paper=store_paper(received),
            at=clock.now(),
            person_id=actor.person_id,
            reason=why or None,
        )
        session().add(scan)
        session().flush()
        facts |= {"paper": kind, "sha256": received.sha256}
    return scan
