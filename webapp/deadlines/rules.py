"""Versions of a clock rule: a new one is in force from a day, running clocks keep theirs."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.bilingual import Bilingual
from webapp.core.errors import Conflict, Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.deadlines.models import ClockRule
from webapp.deadlines.permissions import MANAGE_RULES
from webapp.deadlines.rule_table import Filters, clock_rules

MAX_AMOUNT = 400
_SOURCE_LIMIT = 200


@dataclass(frozen=True)
class RuleVersions:
    """A rule for one kind of matter, its versions the newest first."""

    label: Bilingual
    versions: list[ClockRule]

    @property
    def newest(self) -> ClockRule:
        """The version that a new one would follow."""
        return self.versions[0]


def every_rule() -> list[RuleVersions]:
    """All rules in the order of the shipped table, for whoever keeps them."""
    rows = session().scalars(select(ClockRule).order_by(ClockRule.valid_from.desc()))
    grouped: dict[tuple[str, ...], list[ClockRule]] = {}
    for row in rows:
        grouped.setdefault(_matter(row), []).append(row)
    labels = {_matter(rule): rule.label for rule in clock_rules()}
    return [RuleVersions(labels[each], grouped[each]) for each in labels if each in grouped]


def rule_versions(rule_id: int) -> RuleVersions:
    """The versions of the rule that this row belongs to. Raises NotFound."""
    for each in every_rule():
        if any(version.id == rule_id for version in each.versions):
            return each
    raise NotFound


def add_version(
    actor: Actor, rule_id: int, *, amount: int, due_soon: int, valid_from: date, source: str
) -> ClockRule:
    """Let a rule say another amount from a day on; its unit stays.

    ``rule_id`` is the newest version. Raises Forbidden, NotFound, Conflict when another one came
    meanwhile, Invalid by field.
    """
    actor.demand(MANAGE_RULES)
    newest = session().get(ClockRule, rule_id, with_for_update=True, populate_existing=True)
    if newest is None:
        raise NotFound
    if rule_versions(rule_id).newest.id != rule_id:
        raise Conflict(_("Quy tắc này vừa có phiên bản mới. Xin xem lại trước khi ghi."))
    _check(newest, amount, due_soon, valid_from, source)
    newest.valid_to = valid_from - timedelta(days=1)
    added = ClockRule(
        key=newest.key,
        category=newest.category,
        severity=newest.severity,
        level=newest.level,
        amount=amount,
        unit=newest.unit,
        due_soon=due_soon,
        valid_from=valid_from,
        source=source.strip(),
    )
    session().add(added)
    session().flush()
    record(
        actor,
        "deadlines.add_version",
        Subject("clock_rule", added.id),
        by=MANAGE_RULES,
        rule=added.key,
        amount=amount,
        valid_from=valid_from.isoformat(),
    )
    return added


def _matter(rule: Filters) -> tuple[str, ...]:
    """What tells a rule from those of the same key: its versions have all of it in common."""
    return rule.key, rule.category, rule.severity, rule.level


def _check(newest: ClockRule, amount: int, due_soon: int, valid_from: date, source: str) -> None:
    wrong: dict[str, Text] = {}
    if not 1 <= amount <= MAX_AMOUNT:
        wrong["amount"] = _("Xin ghi số từ 1 đến %(max)s.", max=MAX_AMOUNT)
    if not 0 <= due_soon <= max(amount, 0):
        wrong["due_soon"] = _("Lúc báo sắp đến hạn không dài hơn thời hạn.")
    if valid_from < clock.today_local() or valid_from <= newest.valid_from:
        wrong["valid_from"] = _("Ngày có hiệu lực phải từ hôm nay và sau phiên bản trước.")
    if not source.strip() or len(source.strip()) > _SOURCE_LIMIT:
        wrong["source"] = _("Xin ghi căn cứ, nhiều nhất %(max)s ký tự.", max=_SOURCE_LIMIT)
    if wrong:
        raise Invalid(_("Có chỗ cần sửa."), fields=wrong)
