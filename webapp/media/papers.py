"""Papers to be published: received and sealed, turned into pictures of pages, never decoded here.

A paper that cannot be redacted safely is not published; ``REFUSED`` says why in words.
"""

import hashlib
import json
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from geo.photos import Mark
from webapp.core import clock, crypto, files
from webapp.core.confined import ChildFailed, ask_child, child_command
from webapp.core.errors import NotFound
from webapp.core.resealing import sealed_in
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import enqueue
from webapp.media.decoding import marks_word
from webapp.media.models import Paper, PaperPage
from webapp.media.workflow import PAPER

CHILD_COMMAND = child_command("webapp.media.paper_child")
REFUSED: dict[str, Text] = {
    "encrypted": _("Văn bản có mật khẩu hoặc bị khóa, nên không che được chắc chắn."),
    "broken": _("Văn bản bị hỏng, không đọc được trang nào."),
    "too_many_pages": _("Văn bản dài hơn 30 trang. Xin tách phần cần công khai."),
    "too_large": _("Có trang lớn hoặc nhỏ khác thường, không phải trang giấy."),
    "memory": _("Có trang phức tạp quá, máy chủ không vẽ lại được."),
    "cpu_limit": _("Có trang phức tạp quá, máy chủ không vẽ lại được."),
    "timeout": _("Máy chủ vẽ lại văn bản này lâu quá nên thôi. Xin quét lại bản nhẹ hơn."),
    "failed": _("Máy chủ không vẽ lại được văn bản này."),
}
_WORTH_ANOTHER_TRY = {"timeout", "failed"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReceivedPaper:
    """A checked PDF whose sealed file is safe on disk; it has no row yet."""

    uid: str
    sha256: str
    size: int
    original_key: str


@dataclass(frozen=True)
class PageMade:
    """A page as a JPEG, its size in pixels, and the text that no mark covers."""

    jpeg: bytes
    width: int
    height: int
    text: str


class Unredactable(Exception):
    """A paper that gave no pages; ``reason`` is a code of REFUSED."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason if reason in REFUSED else "failed"


def receive_paper(content: bytes) -> ReceivedPaper:
    """Seal a checked PDF durably; outside any write unit. Raises StorageFull."""
    uid = uuid.uuid4().hex
    sealed = crypto.seal(content, binding=_binding(uid))
    key = files.store().put("sealed", sealed)
    return ReceivedPaper(uid, hashlib.sha256(content).hexdigest(), len(content), key)


def store_paper(received: ReceivedPaper) -> Paper:
    """The row of a received paper; its pages are made by the worker."""
    paper = Paper(
        uid=received.uid,
        sha256=received.sha256,
        size=received.size,
        state=PAPER.transition("store", None).target or "stored",
        original_key=received.original_key,
        received_at=clock.now(),
    )
    session().add(paper)
    session().flush()
    enqueue("media.read_paper", paper_id=paper.id)
    return paper


def read_paper(paper_id: int) -> None:
    """Make the pages of a stored paper, or note why it cannot be redacted; may run twice."""
    with write_unit():
        paper = session().get(Paper, paper_id, populate_existing=True)
    if paper is None or paper.state != "stored":
        return
    try:
        pages = [_kept(number, page) for number, page in enumerate(make_pages(paper))]
        refused = None
    except Unredactable as refusal:
        pages, refused = [], refusal.reason
    with write_unit():
        paper = session().get_one(Paper, paper_id, with_for_update=True, populate_existing=True)
        if paper.state != "stored":
            return  # read by a twin meanwhile
        row = PAPER.transition("fail" if refused else "read", paper.state)
        paper.state, paper.refused = row.target or paper.state, refused
        paper.pages.extend(pages)


def make_pages(paper: Paper, marks: Sequence[Mark] = ()) -> list[PageMade]:
    """The pages as pictures without what lies under the marks. Raises Unredactable.

    Takes seconds: for the worker, outside any transaction.
    """
    content = open_paper(paper)
    for attempt in (1, 2):
        try:
            return _pages(content, marks)
        except Unredactable as refusal:
            log.warning("paper gave no pages: %s", refusal.reason)
            if attempt == 2 or refusal.reason not in _WORTH_ANOTHER_TRY:
                raise
    raise AssertionError("the loop returns or raises")


def open_paper(paper: Paper) -> bytes:
    """The received bytes; never served. Raises SealBroken when they are another paper's."""
    return crypto.unseal(files.store().get(paper.original_key), binding=_binding(paper.uid))


def page_bytes(paper: Paper, number: int) -> bytes:
    """The JPEG of a page, for a caller who checked sight. Raises NotFound."""
    for page in paper.pages:
        if page.number == number:
            return files.store().get(page.file_key)
    raise NotFound


def _pages(content: bytes, marks: Sequence[Mark]) -> list[PageMade]:
    with TemporaryDirectory(prefix="matxanh-photo-") as name:
        folder = Path(name)
        try:
            told = json.loads(ask_child(CHILD_COMMAND, content, folder, *marks_word(marks)))
        except (ChildFailed, ValueError) as failure:
            raise Unredactable(str(failure)) from failure
        if "reason" in told:
            raise Unredactable(str(told["reason"]))
        return [_made(folder, number, page) for number, page in enumerate(told["pages"])]


def _made(folder: Path, number: int, told: dict[str, Any]) -> PageMade:
    jpeg = (folder / f"{number}.jpg").read_bytes()
    return PageMade(jpeg, int(told["width"]), int(told["height"]), str(told["text"]))


def _kept(number: int, page: PageMade) -> PaperPage:
    key = files.store().put("renditions", page.jpeg)
    return PaperPage(number=number, file_key=key, width=page.width, height=page.height)


def _binding(uid: str) -> str:
    return f"paper.original:{uid}"


sealed_in(Paper.original_key, bound=Paper.uid, binding=_binding)
