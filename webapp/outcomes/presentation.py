"""How an outcome page is put into words: three voices side by side, what changed, who confirmed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from flask import Flask

from webapp.cases.models import CaseVote
from webapp.cases.public_words import people
from webapp.cases.workflow import CONCLUSIONS, WASTE_SOURCES
from webapp.casework.workflow import INSPECTION_FORMS, JUDGED, RECOMMENDATION_STATES
from webapp.core.clock import today_local
from webapp.core.text import Text, _
from webapp.core.working_days import working_days_between
from webapp.directory.queries import working_calendar
from webapp.media.workflow import PAPER_STATES, REDACTION_STATES
from webapp.outcomes.models import OutcomeVersion
from webapp.outcomes.workflow import OUTCOME_STATES
from webapp.web.locale import choose, format_day, translated

_VIEWS = JUDGED | {"clarification_asked", "reconsidered"}


@dataclass(frozen=True)
class Fact:
    """One fact of a page; ``mark`` is on_time or overdue where the fact is about a limit."""

    label: Text
    text: str
    mark: str = ""


@dataclass(frozen=True)
class Confirmations:
    """What people of one kind say of the fix, in words that hide small numbers."""

    who: Text
    words: Text


@dataclass(frozen=True)
class Change:
    """Some words that stayed, came or went: ``kind`` is same, new or gone."""

    kind: str
    words: str


@dataclass(frozen=True)
class FactChange:
    """A fact that is another now; empty where it was not or is no more."""

    label: Text
    was: str
    now: str


def day(iso: str | None) -> str:
    """An ISO day as dd/mm/yyyy, a month as mm/yyyy, nothing for none."""
    if not iso:
        return ""
    if len(iso) == len("2026-02"):
        return f"{iso[5:]}/{iso[:4]}"
    return format_day(date.fromisoformat(iso))


def name(named: dict[str, str] | None) -> str:
    """A stored name in the language of the request."""
    return named[choose()] if named else ""


def place_facts(facts: dict[str, Any]) -> list[Fact]:
    """Where it is, before 2025-07-01 too, the source of the waste, who is competent."""
    source = WASTE_SOURCES.get(facts["waste_source"] or "")
    return _told(
        (_("Nguồn chất thải"), translated(source) if source else ""),
        (_("Địa bàn"), name(facts["unit"])),
        (_("Trước 01/7/2025 thuộc"), name(facts["old_unit"])),
        (_("Chỗ"), facts["place"] or ""),
        (_("Cơ quan có thẩm quyền"), name(facts["authority"])),
        (_("Mã vụ việc"), facts["code"]),
    )


def letter_facts(letter: dict[str, Any]) -> list[Fact]:
    """One recommendation: sent, due, answered on time or late, and the Front's view."""
    told = _told(
        (_("Kiến nghị số"), letter["number"]),
        (_("Gửi"), name(letter["addressee"])),
        (_("Ngày ban hành"), day(letter["issued_on"])),
        (_("Ngày nhận"), day(letter["delivered_on"])),
        (_("Hạn trả lời"), day(letter["due_on"])),
    )
    told += [each for each in (_answer(letter), _waiting(letter)) if each]
    if letter["state"] in _VIEWS:
        view = translated(RECOMMENDATION_STATES[letter["state"]])
        told.append(Fact(_("Ý kiến về trả lời"), view))
    return told + _from_paper(letter)


def inspection_facts(done: dict[str, Any]) -> list[Fact]:
    """One inspection: who, in what form, the conclusion, the document, the remedy."""
    form = INSPECTION_FORMS.get(done["form"] or "")
    conclusion = CONCLUSIONS.get(done["conclusion"] or "")
    document = " ".join(filter(None, (done["document"], day(done["document_on"]))))
    told = _told(
        (_("Cơ quan"), name(done["office"])),
        (_("Hình thức"), translated(form) if form else ""),
        (_("Ngày làm việc tại chỗ"), day(done["started_on"])),
        (_("Kết luận"), translated(conclusion) if conclusion else ""),
        (_("Văn bản"), document),
        (_("Hạn khắc phục"), day(done["remedy_due_on"])),
        (_("Khắc phục xong"), day(done["remedied_on"])),
    )
    return told + _from_paper(done)


def confirmations(votes: Iterable[CaseVote]) -> list[Confirmations]:
    """Residents and groups apart; of what nobody said nothing is told, as if it were few."""
    said = [(vote.role == "group", vote.fixed) for vote in votes]
    kinds = ((False, _("Bà con")), (True, _("Tổ tự quản, tổ chức thành viên")))
    counted = (
        (who, _said(said.count((group, True)), said.count((group, False)))) for group, who in kinds
    )
    return [Confirmations(who, words) for who, words in counted if words is not None]


def _said(fixed: int, not_fixed: int) -> Text | None:
    if fixed and not_fixed:
        return _(
            "%(fixed)s người nói đã xong, %(open)s người nói chưa xong",
            fixed=people(fixed),
            open=people(not_fixed),
        )
    if fixed:
        return _("%(fixed)s người nói đã xong", fixed=people(fixed))
    return _("%(open)s người nói chưa xong", open=people(not_fixed)) if not_fixed else None


def changes(old: OutcomeVersion, new: OutcomeVersion) -> list[tuple[Text, list[Change]]]:
    """What changed in the words from one version to the next, field by field."""
    fields = (
        (_("Lời của Mặt trận"), old.front_words, new.front_words),
        (_("Lời của cơ quan"), old.office_words or "", new.office_words or ""),
        (
            _("Ý kiến giải trình của cơ sở"),
            old.facts["explanation"] or "",
            new.facts["explanation"] or "",
        ),
    )
    return [(label, list(_words(was, now))) for label, was, now in fields if was != now]


def fact_changes(old: OutcomeVersion, new: OutcomeVersion) -> list[FactChange]:
    """What changed besides the words: facts out of the records, how many photos and papers."""
    was, now = _flat(old), _flat(new)
    labels = {**was, **now}
    return [
        FactChange(label, was.get(key, (label, ""))[1], now.get(key, (label, ""))[1])
        for key, (label, _text) in labels.items()
        if was.get(key, (label, ""))[1] != now.get(key, (label, ""))[1]
    ]


def _flat(version: OutcomeVersion) -> dict[tuple[str, ...], tuple[Text, str]]:
    """Every fact of a version under a key that is the same in the next one."""
    facts = version.facts
    told = [(("place",), fact) for fact in place_facts(facts)]
    for letter in facts["recommendations"]:
        told += [((letter["number"],), fact) for fact in _letter_days(letter)]
    for order, done in enumerate(facts["inspections"]):
        told += [((str(order),), fact) for fact in inspection_facts(done)]
    counts = (
        (_("Số ảnh"), len(version.photo_ids)),
        (_("Số văn bản đăng kèm"), len(version.paper_ids)),
    )
    told += [(("count",), Fact(label, str(count))) for label, count in counts]
    return {(*key, fact.label.source): (fact.label, fact.text) for key, fact in told}


def _letter_days(letter: dict[str, Any]) -> list[Fact]:
    return _told(
        (_("Ngày nhận"), day(letter["delivered_on"])),
        (_("Hạn trả lời"), day(letter["due_on"])),
        (_("Ngày trả lời"), day(letter["answered_on"])),
    )


def _words(was: str, now: str) -> Iterator[Change]:
    old, new = was.split(), now.split()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change("same", " ".join(old[a:b]))
            continue
        if b > a:
            yield Change("gone", " ".join(old[a:b]))
        if d > c:
            yield Change("new", " ".join(new[c:d]))


def _answer(letter: dict[str, Any]) -> Fact | None:
    answered, due = letter["answered_on"], letter["due_on"]
    if not answered:
        return None
    if not due:
        return Fact(_("Ngày trả lời"), day(answered))
    return Fact(_("Ngày trả lời"), day(answered), "on_time" if answered <= due else "overdue")


def _waiting(letter: dict[str, Any]) -> Fact | None:
    line = reply_line(letter, today_local())
    return Fact(_("Trả lời"), translated(line), "overdue") if line else None


def reply_line(letter: dict[str, Any], on: date) -> Text | None:
    """The line on a letter whose answer is overdue; only with proof of delivery.

    No law gives a number of days: the limit is the province's own agreement (workflow.md).
    """
    delivered, due = letter["delivered_on"], letter["due_on"]
    if not delivered or letter["answered_on"] or not due or on <= date.fromisoformat(due):
        return None
    waited = working_days_between(working_calendar(), date.fromisoformat(delivered), on)
    return _(
        "Chưa có trả lời sau %(days)s ngày làm việc (hạn theo quy chế phối hợp của tỉnh)",
        days=waited,
    )


def _from_paper(record: dict[str, Any]) -> list[Fact]:
    return _told((_("Mặt trận ghi theo văn bản số"), record["paper"] or ""))


def _told(*facts: tuple[Text, str]) -> list[Fact]:
    return [Fact(label, text) for label, text in facts if text]


def init_outcome_words(app: Flask) -> None:
    """Offer the words of outcome pages to templates."""
    app.jinja_env.globals.update(
        outcome_states=OUTCOME_STATES,
        paper_states=PAPER_STATES,
        redaction_states=REDACTION_STATES,
        outcome_day=day,
        place_facts=place_facts,
        letter_facts=letter_facts,
        inspection_facts=inspection_facts,
    )
