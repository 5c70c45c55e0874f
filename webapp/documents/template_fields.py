"""A docx with named fields, filled from a letter and from nothing else.

The language of a template is checked on its syntax tree before anything runs: named fields, loops
over listed fields, conditions on fields. No attribute, index, call, arithmetic or assignment
exists in it, so a template can neither reach into the program nor count without end.
"""

import re
import zlib
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree

from webapp.core.errors import DomainError, Invalid, TooLarge, UnsupportedMedia
from webapp.core.text import Text, _
from webapp.documents.letters import (
    Letter,
    OrganisationHeader,
    Paragraph,
    Registration,
    Signature,
    Table,
)
from webapp.documents.sheet import Item, Line, Sheet, lay_out

MAX_TEMPLATE_BYTES: Final = 2 * 1024 * 1024
_MAX_OPENED: Final = 30 * 1024 * 1024
_MAX_PARTS: Final = 200
_BROKEN: Final = (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error)
_MAX_DEPTH: Final = 2
_SAMPLE_DAY: Final = date(2026, 1, 1)
_ACTIVE_PARTS: Final = re.compile(r"vbaProject|/embeddings/|/activeX/|oleObject", re.IGNORECASE)
_RELATION: Final = re.compile(rb"<Relationship\s[^>]*>")

# What a template may name, with what it stands for. Fields marked [] are loops.
FIELDS: Final[Mapping[str, Text]] = {
    "co_quan_chu_quan": _("Tên cơ quan chủ quản, từng dòng []"),
    "co_quan_ban_hanh": _("Tên cơ quan ban hành, từng dòng []"),
    "so_ky_hieu": _("Số và ký hiệu"),
    "dia_danh_ngay": _("Địa danh, ngày tháng năm"),
    "loai_van_ban": _("Tên loại văn bản"),
    "trich_yeu": _("Trích yếu"),
    "do_khan": _("Độ khẩn, để trống khi việc thường"),
    "kinh_gui": _("Nơi gửi ở phần Kính gửi []"),
    "can_cu": _("Các căn cứ []"),
    "noi_dung": _("Các đoạn nội dung []"),
    "quyen_han_ky": _("Quyền hạn, chức vụ người ký, từng dòng []"),
    "nguoi_ky": _("Họ tên người ký"),
    "ben_cung_ky": _("Quyền hạn, chức vụ, họ tên người ký của bên kia []"),
    "noi_nhan": _("Các dòng Nơi nhận []"),
    "phu_luc": _("Các dòng phụ lục []"),
}
_ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Filter,
)
_FILTERS: Final = frozenset({"upper", "lower", "e", "escape"})


class _Checked(SandboxedEnvironment):
    """Refuses what is not in the language wherever a text is compiled: body, head, properties."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check_tree(tree, frozenset(FIELDS), 0)
        return tree


def check_template(content: bytes) -> None:
    """Raise what is wrong with a docx as a template: its kind, or a field by its name.

    Raises TooLarge, UnsupportedMedia, Invalid on ``file``.
    """
    _check_package(content)
    fill_template(content, sample_letter())


def fill_template(content: bytes, letter: Letter) -> bytes:
    """The docx of a letter in an organisation's own layout. Raises Invalid on ``file``."""
    template = DocxTemplate(BytesIO(content))
    try:
        template.render(_values(letter), jinja_env=_Checked(), autoescape=True)
    except TemplateError as error:
        raise _refused(
            _("Mẫu viết sai cú pháp: %(what)s", what=str(error.message or "")[:120])
        ) from error
    except (*_BROKEN, etree.LxmlError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise UnsupportedMedia(_("Tệp Word này hỏng, không đọc được.")) from error
    stream = BytesIO()
    template.save(stream)
    return stream.getvalue()


def sample_letter() -> Letter:
    """An invented letter to try a template out with."""
    return Letter(
        type_code="CV",
        notation="MAU",
        registration=Registration(drafted_on=_SAMPLE_DAY),
        header=OrganisationHeader(("Cơ quan chủ quản",), ("Cơ quan ban hành",), "Địa danh"),
        subject="trích yếu của văn bản",
        addressees=("Nơi nhận thứ nhất", "Nơi nhận thứ hai"),
        bases=("Căn cứ thứ nhất", "Căn cứ thứ hai"),
        blocks=(Paragraph("Đoạn thứ nhất của nội dung."), Paragraph("Đoạn cuối của nội dung.")),
        recipients=(),
        filing="VT",
        signature=Signature(("TM. BAN THƯỜNG TRỰC",), "Chủ tịch", "Họ và tên"),
    )


def _values(letter: Letter) -> dict[str, Any]:
    sheet = lay_out(letter)
    return {
        "co_quan_chu_quan": [each.upper() for each in letter.header.parent_lines],
        "co_quan_ban_hanh": [each.upper() for each in letter.header.issuing_lines],
        "so_ky_hieu": _first(sheet, "number"),
        "dia_danh_ngay": sheet.place_date.text,
        "loai_van_ban": letter.document_type.name,
        "trich_yeu": letter.subject,
        "do_khan": letter.urgency or "",
        "kinh_gui": list(letter.addressees),
        "can_cu": _texts(sheet.body, "basis"),
        "noi_dung": [*_texts(sheet.body, "body"), *_texts(sheet.body, "closing")],
        "quyen_han_ky": _texts(sheet.signature, "position"),
        "nguoi_ky": letter.signature.name or "",
        "ben_cung_ky": [each.text for each in sheet.partner_signature],
        "noi_nhan": _texts(sheet.recipients, "recipient"),
        "phu_luc": [text for item in sheet.annex for text in _flat(item)],
    }


def _first(sheet: Sheet, style: str) -> str:
    return next((each.text for each in sheet.number if each.style == style), "")


def _texts(items: tuple[Item, ...], style: str) -> list[str]:
    return [each.text for each in items if isinstance(each, Line) and each.style == style]


def _flat(item: Item) -> list[str]:
    """A table as lines: a template has no place for its rows."""
    if isinstance(item, Table):
        return ["; ".join(row) for row in item.rows]
    return [item.text] if isinstance(item, Line) else []


def _check_tree(node: nodes.Node, known: frozenset[str], depth: int) -> None:
    if not isinstance(node, _ALLOWED):
        raise _refused(
            _("Mẫu chỉ được dùng tên trường, vòng lặp và điều kiện; không dùng phép tính, lệnh.")
        )
    if isinstance(node, nodes.Name) and node.name not in known:
        raise _refused(_("Không có trường “%(name)s”. Xin xem danh sách trường.", name=node.name))
    if isinstance(node, nodes.Filter) and (node.name not in _FILTERS or node.args):
        raise _refused(_("Không dùng được bộ lọc “%(name)s”.", name=node.name))
    if isinstance(node, nodes.For):
        _check_loop(node, known, depth + 1)
        return
    for child in node.iter_child_nodes():
        _check_tree(child, known, depth)


def _check_loop(loop: nodes.For, known: frozenset[str], depth: int) -> None:
    if depth > _MAX_DEPTH or not isinstance(loop.target, nodes.Name) or loop.recursive:
        raise _refused(_("Vòng lặp lồng nhau quá sâu."))
    _check_tree(loop.iter, known, depth)
    inside = known | {loop.target.name}
    parts = [*loop.body, *loop.else_, *([loop.test] if loop.test else [])]
    for part in parts:
        _check_tree(part, inside, depth)


def _check_package(content: bytes) -> None:
    """A docx, not too large when opened, with nothing active and nothing from elsewhere in it."""
    if len(content) > MAX_TEMPLATE_BYTES:
        raise TooLarge(_("Mẫu lớn quá 2 MB. Xin bỏ bớt hình."))
    try:
        with ZipFile(BytesIO(content)) as package:
            _check_parts(package)
    except _BROKEN as error:
        raise UnsupportedMedia(_("Chỉ nhận tệp Word (.docx).")) from error


def _check_parts(package: ZipFile) -> None:
    parts = package.infolist()
    if "word/document.xml" not in package.namelist():
        raise UnsupportedMedia(_("Chỉ nhận tệp Word (.docx)."))
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_OPENED:
        raise TooLarge(_("Mẫu này mở ra quá lớn."))
    for part in parts:
        if _ACTIVE_PARTS.search(part.filename):
            raise UnsupportedMedia(_("Mẫu có macro hoặc tệp nhúng. Xin bỏ đi rồi gửi lại."))
        if part.filename.endswith((".xml", ".rels")):
            _check_xml(package.read(part))


def _check_xml(part: bytes) -> None:
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise UnsupportedMedia(_("Tệp Word này hỏng, không đọc được."))
    foreign = (each for each in _RELATION.findall(part) if b"External" in each)
    if any(b"/hyperlink" not in each for each in foreign):
        raise UnsupportedMedia(_("Mẫu lấy hình hoặc mẫu từ nơi khác. Xin nhúng vào tệp."))


def _refused(words: Text) -> DomainError:
    return Invalid(words, fields={"file": words})
