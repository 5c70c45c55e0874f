"""What the list of outcomes may be asked."""

from collections.abc import Mapping
from typing import Any

from webapp.cases.categories import UnknownCategory, category
from webapp.cases.public_list import MAX_WORDS
from webapp.cases.workflow import CONCLUSIONS
from webapp.core.clock import today_local
from webapp.core.errors import Invalid
from webapp.core.text import Text, _
from webapp.directory.followed_units import units_followed
from webapp.directory.queries import unit_asked
from webapp.outcomes.record import Question

_NO_CATEGORY = _("Không có loại việc này.")
_NO_UNIT = _("Không có xã, phường này.")
_NO_CONCLUSION = _("Không có kết luận này.")


def question(query: Mapping[str, str]) -> Question:
    """The question of the list page. Raises Invalid with a message for each wrong field."""
    asked: dict[str, Any] = {name: value for name, value in query.items() if value}
    wrong: dict[str, Text] = {}
    code, conclusion = asked.get("category"), asked.get("conclusion")
    if code and not _is_category(code):
        wrong["category"] = _NO_CATEGORY
    if conclusion and conclusion not in CONCLUSIONS:
        wrong["conclusion"] = _NO_CONCLUSION
    unit_ids = _unit_ids(asked["unit"]) if "unit" in asked else frozenset()
    if unit_ids is None:
        wrong["unit"] = _NO_UNIT
    if wrong:
        raise Invalid(_("Điều ông/bà hỏi có chỗ chưa đúng."), fields=wrong)
    words = str(asked.get("q", "")).strip()[:MAX_WORDS]
    return Question(code, unit_ids or frozenset(), conclusion, words, asked.get("after"))


def _is_category(code: str) -> bool:
    try:
        category(code)
    except UnknownCategory:
        return False
    return True


def _unit_ids(key: str) -> frozenset[int] | None:
    unit = unit_asked(key)
    return units_followed(unit, today_local()) if unit else None
