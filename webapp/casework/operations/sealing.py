"""The signed scan of a recommendation or another letter of the Front becomes the issued one."""

from webapp.casework import permissions as may
from webapp.casework.queries import own_document
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.documents.models import Document, DocumentScan
from webapp.documents.scans import Scan
from webapp.documents.sealing import seal_scan


def may_seal(actor: Actor, author_id: int, document: Document) -> bool:
    """Whether to offer the upload: the author's officers, of a numbered letter that counts."""
    mine = actor.organisations_for(may.ISSUE)
    return document.number is not None and not document.void and author_id in mine


def seal_signed_scan(
    actor: Actor, uid: str, scan: Scan, *, key: str, reason: str = ""
) -> DocumentScan:
    """Keep the scan as the issued document. Raises NotFound, Forbidden, TransitionRefused, Invalid.

    ``key`` is where the file lies already.
    """
    found = own_document(actor, uid)
    if found.author_id not in actor.organisations_for(may.ISSUE):
        raise Forbidden(_("Chỉ cơ quan ban hành được đưa bản quét lên."))
    document = session().get_one(
        Document, found.document.id, with_for_update=True, populate_existing=True
    )
    if document.void:
        raise TransitionRefused(_("Văn bản này đã hủy."))
    return seal_scan(actor, document, scan, key=key, reason=reason)
