"""What is read out by loudspeaker: at most two minutes, at the pace of a village speaker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from webapp.cases.categories import category
from webapp.cases.workflow import CONCLUSIONS
from webapp.outcomes.models import Outcome, OutcomeVersion
from webapp.outcomes.wording import CUT

# Syllables a minute: news is read at some 180, a commune loudspeaker must be heard across a valley.
PACE: Final = 130
LONGEST_SECONDS: Final = 120
_LONGEST: Final = PACE * LONGEST_SECONDS // 60
_SENTENCE = re.compile(r"[^.;\n]+[.;]?")
_DAY = re.compile(r"(?:\bngày\s+)?\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


@dataclass(frozen=True)
class Script:
    """The paragraphs to read, how many syllables they have, and how long reading them takes."""

    paragraphs: list[str]
    syllables: int
    seconds: int


def loudspeaker_script(outcome: Outcome, version: OutcomeVersion) -> Script:
    """The script of a version, always in Vietnamese. Long words are cut at the end of a sentence.

    The Front's words get half of what the fixed sentences leave, the office's the rest.
    """
    before, after = list(_opening(outcome, version)), list(_ending(version))
    room = _LONGEST - sum(map(syllables, [*before, *after]))
    front = _shortened(f"Mặt trận cho biết: {_said(version.front_words)}", room // 2)
    office = ""
    if version.office_words:
        left = room - syllables(front)
        office = _shortened(f"Cơ quan trả lời: {_said(version.office_words)}", left)
    paragraphs = [each for each in (*before, front, office, *after) if each]
    count = sum(map(syllables, paragraphs))
    return Script(paragraphs, count, round(count * 60 / PACE))


def syllables(text: str) -> int:
    """How many syllables a reader says: Vietnamese writes them apart; figures are spelt out."""
    return sum(map(_length, re.findall(r"\w+", text)))


def _length(word: str) -> int:
    return 2 * len(word) - 1 if word.isdigit() else 1


def _opening(outcome: Outcome, version: OutcomeVersion) -> Iterator[str]:
    facts = version.facts
    label = str(category(outcome.case.category).label)
    unit = facts["unit"]["vi"] if facts["unit"] else outcome.case.handling_unit.name
    yield "Thông báo kết quả giải quyết phản ánh về môi trường. Kính mời bà con nghe."
    yield f"Vụ việc: {label}, tại {unit}. Bà con phản ánh lần đầu {_day(facts['first_reported'])}."
    for done in facts["inspections"]:
        if done["conclusion"]:
            yield f"Cơ quan kết luận: {str(CONCLUSIONS[done['conclusion']]).lower()}."
        yield from _remedy(done)


def _remedy(done: dict[str, Any]) -> Iterator[str]:
    if done["remedied_on"]:
        yield f"Đã khắc phục xong {_day(done['remedied_on'])}."
    elif done["remedy_due_on"]:
        yield f"Hạn khắc phục là {_day(done['remedy_due_on'])}."


def _ending(version: OutcomeVersion) -> Iterator[str]:
    if version.facts["explanation"]:
        yield "Cơ sở có ý kiến giải trình, đăng nguyên văn ở bảng tin."
    yield (
        f"Mã vụ việc là {' '.join(version.facts['code'])}. Bà con đọc đầy đủ ở bảng tin hoặc hỏi "
        "Mặt trận. Ai thấy chưa đúng, xin báo Mặt trận. Cảm ơn bà con đã nghe."
    )


def _day(iso: str) -> str:
    if len(iso) == len("2026-02"):
        return f"tháng {int(iso[5:])} năm {iso[:4]}"
    year, month, day = iso.split("-")
    return f"ngày {int(day)} tháng {int(month)} năm {year}"


def _said(text: str) -> str:
    """As it is spoken: days in words, no marks for what was left out."""
    spoken = _DAY.sub(lambda day: _day(f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}"), text)
    return " ".join(spoken.replace(CUT, " ").split())


def _shortened(text: str, room: int) -> str:
    """As many whole sentences as there is room for; of a longer first one its beginning."""
    if syllables(text) <= room:
        return text
    kept = ""
    for sentence in _SENTENCE.findall(text):
        if syllables(kept + sentence) > room:
            break
        kept += sentence
    return kept.strip() or _beginning(text, room)


def _beginning(text: str, room: int) -> str:
    words: list[str] = []
    for word in text.split():
        if syllables(" ".join([*words, word])) > room:
            break
        words.append(word)
    return f"{' '.join(words)}…" if words else ""
