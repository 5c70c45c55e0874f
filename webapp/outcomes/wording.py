"""What may not stand in words that go on a public page; each refusal says which rule it is.

The checks find what can be found by reading: they help the writer and the approver, who remain
responsible, and never open a sealed identity.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from webapp.accounts.models import Assignment
from webapp.cases.models import Case, CaseVote
from webapp.casework.models import Inspection
from webapp.core.errors import Invalid
from webapp.core.search_text import fold
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Person
from webapp.inspections.queries import named_parties, unnamed_parties
from webapp.reporting.models import Report

CUT = "[…]"
MAX_CUTS = 20
# Six words in a row are no accident; fewer would refuse ordinary phrases.
COPIED_WORDS = 6
_GROUPS = ("group", "front_area")

_PATTERNS: tuple[tuple[re.Pattern[str], Text], ...] = (
    (
        re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){9}(?!\d)"),
        _("Trang công khai không nêu số điện thoại."),
    ),
    (re.compile(r"\S+@\S+\.\w+"), _("Trang công khai không nêu địa chỉ thư điện tử.")),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), _("Trang công khai không nêu số giấy tờ tùy thân.")),
    (
        re.compile(r"(?<!\d)\d{1,3}[.,]\d{4,}(?!\d)|\d+\s*°"),
        _("Trang công khai không nêu tọa độ chính xác; bản đồ đã có vị trí làm tròn."),
    ),
)
_COPIED = _(
    "Trang công khai không chép lời của người gửi phản ánh; xin viết lại bằng lời của mình."
)
_MEMBER = _("Trang công khai không nêu tên người gửi phản ánh hoặc thành viên tổ tự quản.")
_NAMED = _(
    "Trang công khai chưa được nêu tên “%(name)s”: chỉ nêu tên người, cơ sở mà kết luận "
    "có vi phạm đã nêu."
)
_PARTY_OF_FILE = _(
    "Trang công khai chưa được nêu tên cơ sở, người đại diện trong hồ sơ kiểm tra: chỉ nêu khi "
    "kết luận đã duyệt nêu tên cơ sở vi phạm."
)
_PARTY = re.compile(
    r"\b(?:công ty|doanh nghiệp|hợp tác xã|htx|cơ sở|trang trại|nhà máy|xưởng|hộ|ông|bà|anh|chị)"
    r"(?=\s+([\w ]+))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Known:
    """What of a case must not be repeated: words of residents, names of those who helped."""

    sayings: list[str]
    names: list[str]
    conclusion: str
    parties: list[str]


def check_words(case: Case, words: Mapping[str, str]) -> None:
    """Refuse words by field that break a rule of the public page (workflow.md, C.8).

    Raises Invalid with one message per field.
    """
    parties = [_plain(name) for name in unnamed_parties(case.id)]
    known = _Known(_sayings(case), _names(case), _naming_conclusion(case), parties)
    found = {name: _broken_rule(text, known) for name, text in words.items()}
    refused = {name: rule for name, rule in found.items() if rule is not None}
    if refused:
        raise Invalid(_("Có chỗ chưa được công khai."), kind="not-publishable", fields=refused)


def check_cut(words: str, source: str) -> None:
    """Refuse office words that are not the office's own, parts left out being marked "[…]".

    Raises Invalid on ``office_words``.
    """
    pieces = [_spaced(piece) for piece in words.split(CUT)]
    pattern = r".*?".join(re.escape(piece) for piece in pieces)
    if len(pieces) > MAX_CUTS or not re.fullmatch(pattern, _spaced(source), re.DOTALL):
        altered = _(
            "Lời của cơ quan giữ nguyên văn; chỗ không công khai được thì thay bằng %(cut)s.",
            cut=CUT,
        )
        raise Invalid(altered, fields={"office_words": altered})


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _broken_rule(text: str, known: _Known) -> Text | None:
    for pattern, rule in _PATTERNS:
        if pattern.search(text):
            return rule
    folded = f" {_plain(text)} "
    if any(f" {name} " in folded for name in known.names):
        return _MEMBER
    if any(_copies(folded, saying) for saying in known.sayings):
        return _COPIED
    hidden = (f" {party} " for party in known.parties)
    if any(party in folded and party not in known.conclusion for party in hidden):
        return _PARTY_OF_FILE
    unnamed = (name for name in _parties(text) if f" {_plain(name)} " not in known.conclusion)
    name = next(unnamed, None)
    return Text(_NAMED.source, {"name": name}) if name else None


def _copies(folded: str, saying: str) -> bool:
    words = saying.split()
    runs = range(len(words) - COPIED_WORDS + 1)
    return any(f" {' '.join(words[at : at + COPIED_WORDS])} " in folded for at in runs)


def _parties(text: str) -> Iterator[str]:
    """Names after a word such as "công ty" or "ông": the words that begin with a capital."""
    for match in _PARTY.finditer(text):
        words = match.group(1).split()
        kept = 0
        while kept < len(words) and words[kept][0].isupper():
            kept += 1
        if kept:
            yield " ".join(words[:kept])


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _sayings(case: Case) -> list[str]:
    reports = select(Report.description).where(Report.case_id == case.id)
    votes = select(CaseVote.words).where(CaseVote.case_id == case.id)
    said = [*session().scalars(reports), *session().scalars(votes)]
    return [_plain(words) for words in said if words]


def _names(case: Case) -> list[str]:
    """People of the unit's groups and reporters with an account; sealed names stay sealed."""
    members = (
        select(Person.name)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .where(Organisation.kind.in_(_GROUPS), Organisation.unit_id == case.handling_unit_id)
    )
    reporters = (
        select(Person.name)
        .join(Report, Report.person_id == Person.id)
        .where(Report.case_id == case.id)
    )
    return [_plain(name) for name in {*session().scalars(members), *session().scalars(reporters)}]


def _naming_conclusion(case: Case) -> str:
    """The words of conclusions that found a violation: only they may name somebody."""
    query = select(Inspection.answer).where(
        Inspection.case_id == case.id, Inspection.conclusion == "violation"
    )
    told = [*(answer for answer in session().scalars(query) if answer), *named_parties(case.id)]
    return f" {' '.join(map(_plain, told))} "
