"""The Front's further papers in the demonstration: urged, transferred, told, invited, voided."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from webapp.casework.models import CaseLetter
from webapp.casework.operations.case_letters import (
    draft_letter,
    issue_letter,
    sign_letter,
    submit_letter,
)
from webapp.casework.operations.issuing import void_recommendation
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.demo.life import Life, front_of_case, letter_of, soon
from webapp.directory.queries import organisation


def urge(life: Life) -> None:
    """The term has passed without an answer; the committee recalls its letter."""
    situation = "Qua xem lại tại chỗ, sự việc vẫn như khi Mặt trận kiến nghị."
    given = {"new_due_on": soon(7).isoformat(), "situation": situation}
    _issue(life, _signed(life, "urging", given), "CV")


def transfer(life: Life) -> None:
    """A part of the matter belongs to another body."""
    given = {
        "addressee": "Đơn vị quản lý đường bộ (ví dụ)",
        "reason": "Chỗ này nằm trong hành lang đường do đơn vị quản lý.",
        "due_on": soon(10).isoformat(),
    }
    _issue(life, _signed(life, "transfer", given), "PC")


def notify(life: Life) -> None:
    """The committee tells residents what came of it."""
    given = {"result": life.story.measures, "paper": "Trưởng bản (thử)"}
    _issue(life, _signed(life, "notice", given), "TB")


def invite(life: Life) -> None:
    """The committee drafts an invitation to a talk; the chair has it to sign."""
    given = {
        "invited": "Phòng Kinh tế xã\nTrưởng bản (thử)",
        "purpose": "Buổi đối thoại với bà con về việc khắc phục",
        "at": (clock.now() + timedelta(days=6)).isoformat(),
        "place": "Nhà văn hóa bản",
        "points": "Nghe ý kiến bà con.\nThống nhất biện pháp, thời hạn.",
    }
    officer = front_of_case(life)
    submit_letter(officer, draft_letter(officer, life.case, "invitation", given))


def void(life: Life) -> None:
    """The letter named the wrong handler; it is taken back and its number stays."""
    reason = "Ghi nhầm đơn vị xử lý, sẽ gửi công văn khác."
    void_recommendation(_signer(life), letter_of(life), reason=reason)


def _signed(life: Life, kind: str, given: Mapping[str, Any]) -> CaseLetter:
    officer = front_of_case(life)
    letter = draft_letter(officer, life.case, kind, given)
    submit_letter(officer, letter)
    sign_letter(_signer(life), letter, position="chair", name="Chủ tịch (thử)")
    return letter


def _issue(life: Life, letter: CaseLetter, type_code: str) -> None:
    today = clock.today_local()
    number = life.numbers.next(letter.author_id, today.year, type_code)
    issue_letter(front_of_case(life), letter, number=number, issued_on=today)


def _signer(life: Life) -> Actor:
    return life.cast.actor("front_signer", organisation(life.case.owner_id))
