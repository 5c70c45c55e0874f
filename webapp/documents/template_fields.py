"""A docx with named fields, filled from a letter and from nothing else.

The language of a template is checked on its syntax tree before anything runs: named fields, loops
over listed fields, conditions on fields. No attribute, index, call, arithmetic or assignment
exists in it, so a template can neither reach into the program nor count without end.
"""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

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
from webapp.documents.template_package import BROKEN, check_package

_SAMPLE_DAY: Final = date(2026, 1, 1)
_MAX_FILLED: Final = 8 * 1024 * 1024  # letters of one part once filled
# A template is tried out with as many lines as the longest letter and annex may have.
_LONGEST: Final = 300

# What a template may name, with what it stands for. Fields marked [] are loops.
FIELDS: Final[Mapping[str, Text]] = {
    "co_quan_chu_quan": _("Tên cơ quan chủ quản, từng dòng []"),
    "co_quan_ban_hanh": _("Tên cơ quan ban hành, từng dòng []"),
    "co_quan_cung_ky": _("Tên cơ quan cùng ban hành, từng dòng []"),
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
_WORDS: Final = "noi_dung"
_TOLD: Final = frozenset({"body", "closing"})
_FILTERS: Final = frozenset({"upper", "lower", "e", "escape"})


class _Counted(Template):
    """Stops when what it fills grows beyond any letter: a loop may hold much fixed text."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        room, parts = _MAX_FILLED, []
        for part in self.generate(*args, **kwargs):
            room -= len(part)
            if room < 0:
                raise TooLarge(_("Mẫu này điền ra quá dài. Xin bớt phần lặp lại."))
            parts.append(part)
        return "".join(parts)


class _Checked(SandboxedEnvironment):
    """Refuses what is not in the language wherever a text is compiled: body, head, properties."""

    template_class = _Counted

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.named: set[str] = set()
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _check_tree(tree, frozenset(FIELDS), in_loop=False)
        self.named |= {each.name for each in tree.find_all(nodes.Name) if each.name in FIELDS}
        return tree


def check_template(content: bytes) -> list[str]:
    """The fields that a docx as a template leaves out: what they say is in no letter made by it.

    Raises TooLarge, UnsupportedMedia; Invalid on ``file`` for a field that there is not, by its
    name, and for a template without the words of the letter.
    """
    check_package(content)
    checked = _Checked()
    _fill(content, sample_letter(_LONGEST), checked)
    if _WORDS not in checked.named:
        raise _refused(_("Mẫu thiếu trường “%(name)s”, văn bản sẽ không có nội dung.", name=_WORDS))
    return [name for name in FIELDS if name not in checked.named]


def fill_template(content: bytes, letter: Letter) -> bytes:
    """The docx of a letter in an organisation's own layout. Raises Invalid on ``file``."""
    return _fill(content, letter, _Checked())


def _fill(content: bytes, letter: Letter, environment: _Checked) -> bytes:
    # 5 MB that few web servers ever need: most letters follow no template.
    from docxtpl import DocxTemplate
    from lxml.etree import LxmlError

    template = DocxTemplate(BytesIO(content))
    try:
        template.render(_values(letter), jinja_env=environment, autoescape=True)
    except TemplateError as error:
        raise _refused(
            _("Mẫu viết sai cú pháp. Xin xem lại ngoặc nhọn; mỗi “for”, “if” phải có lệnh đóng.")
        ) from error
    except (*BROKEN, LxmlError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise UnsupportedMedia(_("Tệp Word này hỏng, không đọc được.")) from error
    stream = BytesIO()
    template.save(stream)
    return stream.getvalue()


def sample_letter(paragraphs: int = 2) -> Letter:
    """An invented letter to try a template out with."""
    return Letter(
        type_code="CV",
        notation="MAU",
        registration=Registration(drafted_on=_SAMPLE_DAY),
        header=OrganisationHeader(("Cơ quan chủ quản",), ("Cơ quan ban hành",), "Địa danh"),
        subject="trích yếu của văn bản",
        addressees=("Nơi nhận thứ nhất", "Nơi nhận thứ hai"),
        bases=("Căn cứ thứ nhất", "Căn cứ thứ hai"),
        blocks=(
            *(Paragraph(f"Đoạn thứ {number} của nội dung.") for number in range(1, paragraphs)),
            Paragraph("Đoạn cuối của nội dung."),
        ),
        recipients=(),
        filing="VT",
        signature=Signature(("TM. BAN THƯỜNG TRỰC",), "Chủ tịch", "Họ và tên"),
    )


def _values(letter: Letter) -> dict[str, Any]:
    sheet = lay_out(letter)
    return {
        "co_quan_chu_quan": [each.upper() for each in letter.header.parent_lines],
        "co_quan_ban_hanh": [each.upper() for each in letter.header.issuing_lines],
        "co_quan_cung_ky": [each.upper() for each in letter.partner.header.issuing_lines]
        if letter.partner
        else [],
        "so_ky_hieu": _first(sheet, "number"),
        "dia_danh_ngay": sheet.place_date.text,
        "loai_van_ban": letter.document_type.name,
        "trich_yeu": letter.subject,
        "do_khan": letter.urgency or "",
        "kinh_gui": list(letter.addressees),
        "can_cu": _texts(sheet.body, "basis"),
        "noi_dung": [text for item in sheet.body if _is_told(item) for text in _flat(item)],
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


def _is_told(item: Item) -> bool:
    """Whether a part of the body is what the letter says, and not its title or addressees."""
    return isinstance(item, Table) or (isinstance(item, Line) and item.style in _TOLD)


def _flat(item: Item) -> list[str]:
    """A table as lines: a template has no place for its rows."""
    if isinstance(item, Table):
        return ["; ".join(row) for row in item.rows]
    return [item.text] if isinstance(item, Line) else []


def _check_tree(node: nodes.Node, known: frozenset[str], *, in_loop: bool) -> None:
    if not isinstance(node, _ALLOWED):
        raise _refused(
            _("Mẫu chỉ được dùng tên trường, vòng lặp và điều kiện; không dùng phép tính, lệnh.")
        )
    if isinstance(node, nodes.Name) and node.name not in known:
        raise _refused(_("Không có trường “%(name)s”. Xin xem danh sách trường.", name=node.name))
    if isinstance(node, nodes.Filter) and (node.name not in _FILTERS or node.args):
        raise _refused(_("Không dùng được bộ lọc “%(name)s”.", name=node.name))
    if isinstance(node, nodes.For):
        _check_loop(node, known, in_loop=in_loop)
        return
    for child in node.iter_child_nodes():
        _check_tree(child, known, in_loop=in_loop)


def _check_loop(loop: nodes.For, known: frozenset[str], *, in_loop: bool) -> None:
    """One loop over a listed field; none inside another, for lists hold plain lines."""
    listed = isinstance(loop.iter, nodes.Name) and loop.iter.name in FIELDS
    if in_loop or not listed or not isinstance(loop.target, nodes.Name) or loop.recursive:
        raise _refused(_("Vòng lặp chỉ đi qua một trường, không lồng nhau."))
    inside = known | {loop.target.name}
    for part in [*loop.body, *loop.else_, *([loop.test] if loop.test else [])]:
        _check_tree(part, inside, in_loop=True)


def _refused(words: Text) -> DomainError:
    return Invalid(words, fields={"file": words})
