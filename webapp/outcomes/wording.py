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

_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){9,10}(?!\d)")
_PATTERNS: dict[str, re.Pattern[str]] = {
    "id_number": re.compile(
        r"(?<!\d)(?:\d{12}|0\d{2}(?:[ .]\d{3}){3}|\d{9})(?!\d)"  # căn cước, chứng minh cũ
    ),
    "phone": _PHONE,
    "email": re.compile(r"\S+@\S+\.\w+"),
    "plate": re.compile(
        r"(?<!\w)\d{2}[ -]?[A-ZĐ]{1,2}\d?[ .-]{0,3}(?:\d{3}\.?\d{2}|\d{4})(?![\d/])", re.IGNORECASE
    ),
    "coordinates": re.compile(r"(?<!\d)\d{1,3}[.,]\d{4,}(?!\d)|\d+\s*°"),
}
RULES: dict[str, Text] = {
    "id_number": _("Trang công khai không nêu số giấy tờ tùy thân."),
    "phone": _("Trang công khai không nêu số điện thoại."),
    "email": _("Trang công khai không nêu địa chỉ thư điện tử."),
    "plate": _("Trang công khai không nêu biển số xe."),
    "coordinates": _("Trang công khai không nêu tọa độ chính xác; bản đồ đã có vị trí làm tròn."),
    "member": _("Trang công khai không nêu tên người gửi phản ánh hoặc thành viên tổ tự quản."),
}
_COPIED = _(
    "Trang công khai không chép lời của người gửi phản ánh; xin viết lại bằng lời của mình."
)
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
# Family names of the region with a usual middle name after them: nothing else is written so.
_SURNAMES = (
    "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Ngô|Dương|Lý|Đinh|Đoàn|Trịnh|Lương|"
    "Lò|Lường|Quàng|Cà|Tòng|Lù|Lèo|Bạc|Vàng|Giàng|Sùng|Thào|Mùa|Hạng|Vừ|Lầu|Chá|Ly|Khoàng|Pờ|Vi"
)
_MIDDLE = (
    "Văn|Thị|A|Đức|Hữu|Đình|Xuân|Ngọc|Quang|Minh|Thanh|Quốc|Bá|Duy|Công|Mạnh|Trọng|Thế|Páo|Seo"
)
# The youth union and an inspection team begin like a name: Đoàn is a family too.
_BODY = r"(?i:đoàn\s+thanh\s+(?:niên|tra)\b)"
_PERSON = re.compile(rf"(?<!\w)(?!{_BODY})((?:{_SURNAMES})\s+(?:{_MIDDLE})\s+\w+)")
# A street, a school, a ward bears the name of somebody whom everybody may name.
_BEARS_A_NAME = re.compile(
    r"(?:đường|phố|phường|xã|trường|thpt|thcs|tiểu học|cầu|chợ|quảng trường|tượng đài)\s+$",
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


def patterns_in(text: str) -> Iterator[str]:
    """The codes of RULES that a text breaks by a number or an address."""
    for code, pattern in _PATTERNS.items():
        if pattern.search(text):
            yield code


def members_in(case: Case, text: str) -> bool:
    """Whether a text names somebody who reported the case or belongs to the unit's groups."""
    folded = f" {_plain(text)} "
    return any(f" {name} " in folded for name in _names(case))


def check_cut(words: str, source: str) -> None:
    """Refuse office words that are not the office's own, parts left out being marked "[…]".

    Raises Invalid on ``office_words``.
    """
    if not _is_cut(words, source):
        altered = _(
            "Lời của cơ quan giữ nguyên văn; chỗ không công khai được thì thay bằng %(cut)s.",
            cut=CUT,
        )
        raise Invalid(altered, fields={"office_words": altered})


def check_reply(words: str, source: str) -> None:
    """Refuse an explanation that is not the establishment's own, or that was left out.

    Raises Invalid on ``explanation``.
    """
    if source and not words.strip():
        left_out = _(
            "Cơ sở đã gửi ý kiến giải trình nên phải đăng; chỗ không công khai được thì thay "
            "bằng %(cut)s.",
            cut=CUT,
        )
        raise Invalid(left_out, fields={"explanation": left_out})
    if not _is_cut(words, source):
        altered = _(
            "Ý kiến giải trình giữ nguyên văn như đã ghi; chỗ không công khai được thì thay "
            "bằng %(cut)s.",
            cut=CUT,
        )
        raise Invalid(altered, fields={"explanation": altered})


def _is_cut(words: str, source: str) -> bool:
    pieces = [_spaced(piece) for piece in words.split(CUT)]
    pattern = r".*?".join(re.escape(piece) for piece in pieces)
    return len(pieces) <= MAX_CUTS and bool(re.fullmatch(pattern, _spaced(source), re.DOTALL))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _broken_rule(text: str, known: _Known) -> Text | None:
    for code in patterns_in(text):
        return RULES[code]
    folded = f" {_plain(text)} "
    if any(f" {name} " in folded for name in known.names):
        return RULES["member"]
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
    """Names after a word such as "công ty" or "ông", and whole names of people."""
    for match in _PARTY.finditer(text):
        words = match.group(1).split()
        kept = 0
        while kept < len(words) and words[kept][0].isupper():
            kept += 1
        if kept:
            yield " ".join(words[:kept])
    for match in _PERSON.finditer(text):
        if not _BEARS_A_NAME.search(text[: match.start()]):
            yield " ".join(match[1].split())


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
