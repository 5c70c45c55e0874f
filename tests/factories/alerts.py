"""Readers who asked for news, and the steps that make it."""

import re
from typing import Any

from sqlalchemy import select

from geo.points import Point
from tests.factories.cases import make_case, make_line
from tests.factories.notifications import KeptMails
from webapp.alerts import operations
from webapp.alerts.models import Alert
from webapp.alerts.sending import tell_news
from webapp.alerts.topics import read_topic
from webapp.cases.events import CaseMoved
from webapp.cases.models import Case, TimelineLine
from webapp.core import clock
from webapp.core.events import announce
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import drain

EMAIL = "lo.thi.ang@thu.invalid"
LINK = re.compile(r"http://127\.0\.0\.1:8000((?:/en)?/nhan-tin/\S+)")


def a_reader(
    email: str = EMAIL, *, frequency: str = "now", language: str = "vi", **asked: str
) -> Alert:
    """Somebody who asked by mail and confirmed; ``asked`` by the names of an address."""
    with write_unit():
        topic = read_topic(asked)
        operations.ask_by_mail(topic, email=email, frequency=frequency, language=language)
        query = select(Alert).order_by(Alert.id.desc()).limit(1)
        alert = session().scalars(query).one()
        return operations.confirm(operations.token_of(alert, operations.CONFIRM))


def a_step(
    case: Case, words: str | None = "Mặt trận đã gửi kiến nghị.", **changes: Any
) -> TimelineLine:
    """A public step of a case, announced as the table's steps are."""
    with write_unit():
        case = session().merge(case)
        given: dict[str, Any] = {"transition": "escalate", "at": clock.now()}
        line = make_line(case, words, **given | {"visible_from": clock.now()} | changes)
        announce(CaseMoved(case.id, line.transition, "assessed", case.state, None, None))
    return line


def a_public_case(**changes: Any) -> Case:
    """A public case, committed."""
    with write_unit():
        return make_case(**changes)


def tell() -> None:
    """What the schedule and the worker do in a minute."""
    tell_news()
    drain()


def told(mails: KeptMails) -> list[str]:
    """The letters of news, without those that ask to confirm."""
    return [mail.body for mail in mails.mails if mail.stop_url]


def links(body: str) -> list[str]:
    """The paths of our own pages that a letter names."""
    return LINK.findall(body)


FAR = Point(103.9, 21.9)
