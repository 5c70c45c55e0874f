"""What a reader is sent, in their language: the letter to confirm, and the letter of news.

The first lines say nothing of the content: a phone that lies on a table shows them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webapp.alerts.models import Alert
from webapp.alerts.news import Told
from webapp.alerts.operations import CONFIRM, MANAGE, UNCONFIRMED_KEPT, token_of
from webapp.alerts.topics import in_words, topic_of
from webapp.cases.models import Case
from webapp.cases.sentences import case_title
from webapp.core.text import Text, _
from webapp.notifications.delivery import delivery

PAGE: Final = "/nhan-tin"
MOST_CASES: Final = 25
_CONFIRM = _(
    "Mắt Xanh nhận được yêu cầu gửi tin tới địa chỉ này. Nội dung ở phần dưới của thư này."
    "\n\n\n\n"
    "%(about)s\n\n"
    "Nếu đúng là ông/bà muốn nhận, mở liên kết dưới đây rồi bấm nút xác nhận:\n\n%(link)s\n\n"
    "Nếu không phải ông/bà yêu cầu, xin bỏ qua thư này: không có thư nào được gửi tiếp, địa chỉ "
    "được xóa sau %(hours)s giờ.\n--\nThư gửi tự động, xin không trả lời thư này.\n"
)
_NEWS = _(
    "Mắt Xanh có tin ông/bà đã đăng ký nhận. Nội dung ở phần dưới của thư này.\n\n\n\n"
    "%(about)s\n\n%(news)s\n%(more)s"
    "Đổi cách nhận tin:\n%(manage)s\n\nDừng nhận tin này:\n%(stop)s\n"
    "--\nThư gửi tự động, xin không trả lời thư này.\n"
)
_MOVED = _(
    "Mắt Xanh có tin về đăng ký nhận tin của ông/bà. Nội dung ở phần dưới của thư này.\n\n\n\n"
    "Nơi ông/bà theo dõi đã được sắp xếp lại:\n\n%(about)s\n\n"
    "Mắt Xanh tiếp tục báo việc của nơi kế tiếp, ông/bà không phải đăng ký lại.\n\n"
    "Đổi cách nhận tin:\n%(manage)s\n\nDừng nhận tin này:\n%(stop)s\n"
    "--\nThư gửi tự động, xin không trả lời thư này.\n"
)
_MORE = _("Còn %(n)s vụ việc khác có tin mới; xem cả danh sách:\n%(link)s\n\n")
_RESULT = _("Kết quả đã được công khai.")
_CORRECTED = _("Kết quả đã được đính chính.")


@dataclass(frozen=True)
class Letter:
    """The words of one mail; ``stop_url`` ends it by one request of a mail program."""

    body: str
    stop_url: str = ""


@dataclass(frozen=True)
class CaseNews:
    """All news of one case, oldest first; ``path`` is the page that says the most."""

    case: Case
    lines: list[Text | str]
    path: str


def by_case(news: Sequence[Told]) -> list[CaseNews]:
    """News by case, in the order in which each case first came."""
    found: dict[int, CaseNews] = {}
    for told in news:
        case = told.case
        of_case = found.setdefault(case.id, CaseNews(case, [], f"/vu-viec/{case.code}"))
        of_case.lines.append(told.words or (_CORRECTED if told.corrected else _RESULT))
        if told.kind == "result":
            found[case.id] = CaseNews(case, of_case.lines, f"/ket-qua/{case.code}")
    return list(found.values())


def about(alert: Alert) -> str:
    """What the alert asks for, in one line."""
    parts = in_words(topic_of(alert), alert.language)
    return ". ".join(_said(part, alert.language) for part in parts) + "."


def confirmation(alert: Alert) -> Letter:
    """The letter with the link that confirms."""
    hours = int(UNCONFIRMED_KEPT.total_seconds() // 3600)
    link = f"{_root(alert)}{PAGE}/xac-nhan/{token_of(alert, CONFIRM)}"
    return Letter(_write(alert, _CONFIRM, about=about(alert), link=link, hours=hours))


def letter(alert: Alert, news: Sequence[Told]) -> Letter:
    """The letter with the news, case by case, and the ways to change and to stop."""
    cases = by_case(news)
    more = len(cases) - MOST_CASES
    body = _write(
        alert,
        _NEWS,
        **_ways_on(alert),
        news="\n".join(_of_case(alert, each) for each in cases[:MOST_CASES]),
        more=_write(alert, _MORE, n=more, link=f"{_root(alert)}/vu-viec") if more > 0 else "",
    )
    return Letter(body, _stop_url(alert))


def moved(alert: Alert) -> Letter:
    """The letter that what the reader follows has ended, with what took its place."""
    return Letter(_write(alert, _MOVED, **_ways_on(alert)), _stop_url(alert))


def news_path(alert: Alert, *, prefix: bool = True) -> str:
    """The reader's own page: what is new, how often, and the way out."""
    language = "/en" if prefix and alert.language == "en" else ""
    return f"{language}{PAGE}/{token_of(alert, MANAGE)}"


def _ways_on(alert: Alert) -> dict[str, str]:
    manage = f"{_root(alert)}{news_path(alert, prefix=False)}"
    return {"about": about(alert), "manage": manage, "stop": _stop_url(alert)}


def _stop_url(alert: Alert) -> str:
    return f"{_root(alert)}{PAGE}/dung/{token_of(alert, MANAGE)}"


def _of_case(alert: Alert, news: CaseNews) -> str:
    unit = news.case.handling_unit
    name = unit.name_en if alert.language == "en" else unit.name
    title = case_title(news.case.category, name, alert.language)
    lines = [_said(line, alert.language) for line in news.lines]
    return "\n".join((title, *lines, f"{_root(alert)}{news.path}", ""))


def _root(alert: Alert) -> str:
    way = delivery()
    return f"{way.public_url}/en" if alert.language == "en" else way.public_url


def _write(alert: Alert, words: Text, **values: object) -> str:
    return delivery().translate(Text(words.source, values), alert.language)


def _said(words: Text | str, language: str) -> str:
    return delivery().translate(words, language) if isinstance(words, Text) else words
