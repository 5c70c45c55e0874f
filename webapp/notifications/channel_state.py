"""How each channel stands, for those who look after the machine: counts only, no address."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import Text
from webapp.core.unit_of_work import session
from webapp.jobs.models import OutboxRow
from webapp.jobs.permissions import MANAGE
from webapp.notifications.channels import CHANNELS, MAIL, PUSH, SMS, outbox_kind
from webapp.notifications.delivery import delivery
from webapp.notifications.models import NoticeDelivery, PushSubscription


@dataclass(frozen=True)
class ChannelState:
    """One channel: whether it is set up, what waits, what failed, what went out in 24 hours."""

    channel: str
    label: Text
    open: bool
    waiting: int
    failed: int
    sent: int
    subscribed: int | None


def channel_states(actor: Actor) -> list[ChannelState]:
    """Every channel in three statements. Raises Forbidden."""
    actor.demand(MANAGE)
    kinds = {outbox_kind(channel): channel for channel in CHANNELS}
    queued = _queued(list(kinds))
    sent = _sent_of_late()
    way = delivery()
    set_up = {
        MAIL: way.mail_open,
        PUSH: way.push is not None,
        SMS: way.sms is not None,
    }
    browsers = session().scalar(select(func.count(PushSubscription.id))) or 0
    return [
        ChannelState(
            channel=channel,
            label=CHANNELS[channel],
            open=set_up[channel],
            waiting=queued.get((kind, "waiting"), 0),
            failed=queued.get((kind, "failed"), 0),
            sent=sent.get(channel, 0),
            subscribed=browsers if channel == PUSH else None,
        )
        for kind, channel in kinds.items()
    ]


def _queued(kinds: list[str]) -> dict[tuple[str, str], int]:
    query = (
        select(OutboxRow.kind, OutboxRow.state, func.count())
        .where(OutboxRow.kind.in_(kinds), OutboxRow.state.in_(("waiting", "failed")))
        .group_by(OutboxRow.kind, OutboxRow.state)
    )
    return {(kind, state): count for kind, state, count in session().execute(query)}


def _sent_of_late() -> dict[str, int]:
    query = (
        select(NoticeDelivery.channel, func.count())
        .where(NoticeDelivery.at > clock.now() - timedelta(days=1))
        .group_by(NoticeDelivery.channel)
    )
    return {channel: count for channel, count in session().execute(query)}
