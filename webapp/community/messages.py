"""What is told to those who follow a case; on a lock screen only that there is something new."""

from webapp.cases.sentences import case_title
from webapp.community.models import CaseFollower
from webapp.community.operations import follower_email
from webapp.community.queries import survivor
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.directory.names import name_in
from webapp.notifications.messages import Address, Message, Reader, Rendered, register_message

FOLLOWED = "case.followed"


def _render(follower_id: int, reader: Reader) -> Rendered | None:
    follower = session().get(CaseFollower, follower_id)
    case = survivor(follower.case) if follower else None
    if case is None or case.public_since is None:
        return None  # who left, or what is no longer public, is told nothing
    unit = name_in(reader.language, case.handling_unit)
    title = case_title(case.category, unit, reader.language)
    return Rendered(
        _("Mắt Xanh: có cập nhật"),
        _("Việc ông/bà theo dõi có cập nhật: %(title)s.", title=title),
        f"/vu-viec/{case.code}",
    )


def _addresses(follower_id: int) -> list[Address]:
    follower = session().get(CaseFollower, follower_id)
    email = follower_email(follower) if follower else None
    return [Address(email, follower.locale)] if follower and email else []


register_message(Message(FOLLOWED, "case_follower", _render, addresses=_addresses))
