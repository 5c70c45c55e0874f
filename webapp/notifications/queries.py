"""Reading notices and the development mailbox."""

from dataclasses import dataclass

from sqlalchemy import func, select

from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.notifications.messages import Reader, Rendered, message_of
from webapp.notifications.models import MailboxItem, Notice
from webapp.notifications.policy import addressed_to


@dataclass(frozen=True)
class ShownNotice:
    """A notice with its words for this reader, None when there is nothing to know (any more)."""

    notice: Notice
    rendered: Rendered | None


def notices_of(
    actor: Actor, *, language: str, before_id: int | None = None, limit: int = 50
) -> list[ShownNotice]:
    """Notices to the actor or the actor's organisations, newest first."""
    query = select(Notice).where(addressed_to(actor)).order_by(Notice.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Notice.id < before_id)
    notices = session().scalars(query).all()
    return [ShownNotice(notice, _render(actor, notice, language)) for notice in notices]


def unread_count(actor: Actor) -> int:
    """How many notices to the actor nobody has read."""
    query = select(func.count(Notice.id)).where(addressed_to(actor), Notice.read_at.is_(None))
    return session().scalar(query) or 0


def mailbox(*, before_id: int | None, limit: int) -> list[MailboxItem]:
    """What would have been sent, newest first; development only, the view checks."""
    query = select(MailboxItem).order_by(MailboxItem.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(MailboxItem.id < before_id)
    return list(session().scalars(query))


def mailbox_item(item_id: int) -> MailboxItem | None:
    """One mail of the development mailbox."""
    return session().get(MailboxItem, item_id)


def _render(actor: Actor, notice: Notice, language: str) -> Rendered | None:
    reader = Reader(language, notice.organisation_id, actor.person_id)
    return message_of(notice.message).render(notice.subject_id, reader)
