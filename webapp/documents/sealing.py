"""The signed scan becomes the issued document."""

import hashlib

from webapp.audit.operations import record
from webapp.core import clock, files
from webapp.core.actor import Actor
from webapp.core.errors import Invalid, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.documents.models import Document, DocumentScan
from webapp.documents.operations import subject_of
from webapp.documents.queries import scan_of
from webapp.documents.scans import Scan


def keep_scan(scan: Scan) -> str:
    """Store the file durably, before any transaction; the key of it. Raises StorageFull."""
    return files.store().put("documents", scan.content)


def seal_scan(
    actor: Actor, document: Document, scan: Scan, *, key: str, reason: str = ""
) -> DocumentScan:
    """Make the scan the issued document; the caller has authorised and locked the record.

    Raises TransitionRefused before issue, Invalid on ``reason`` when one is replaced without any.
    """
    if document.number is None:
        raise TransitionRefused(_("Văn bản chưa có số, chưa nhận bản quét được."))
    if scan_of(document) is not None and not reason.strip():
        words = _("Văn bản này đã có bản ký. Xin ghi vì sao thay bản quét.")
        raise Invalid(words, fields={"reason": words})
    sealed = DocumentScan(
        document_id=document.id,
        file_key=key,
        sha256=hashlib.sha256(scan.content).hexdigest(),
        pages=scan.pages,
        size=len(scan.content),
        at=clock.now(),
        person_id=actor.person_id,
        reason=reason.strip(),
    )
    session().add(sealed)
    session().flush()
    record(
        actor,
        "documents.seal_scan",
        subject_of(document),
        scan=sealed.id,
        sha256=sealed.sha256,
        pages=scan.pages,
    )
    return sealed
