"""The package of a stranger's docx: opened within limits, nothing active, nothing from elsewhere.

Sizes are counted while a part is opened, whatever its entry declares. Every XML part is parsed with
entities and document types off, and judged by what it says, not by how it is written.
"""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from webapp.core.errors import DomainError, TooLarge, UnsupportedMedia
from webapp.core.text import _

if TYPE_CHECKING:
    from lxml import etree

MAX_TEMPLATE_BYTES: Final = 2 * 1024 * 1024
# What zipfile raises for a bad package. RuntimeError is its word for a locked part and, through a
# kind of it, for a format version or a packing method that it cannot read.
BROKEN: Final = (BadZipFile, RuntimeError, OSError, EOFError, zlib.error)
_MAX_OPENED: Final = 12 * 1024 * 1024
_MAX_XML: Final = 4 * 1024 * 1024
_MAX_PARTS: Final = 200
# Each tag of a template begins with a brace, and a letter has some dozen tags.
_MAX_BRACES: Final = 4000
_XML: Final = (".xml", ".rels")
_PICTURES: Final = (".png", ".jpeg", ".jpg", ".gif", ".bmp", ".emf", ".wmf", ".odttf")
_XML_KIND: Final = re.compile(r"[+/]xml$", re.IGNORECASE)
# The last word of a relationship's type: programs, files inside files, parts written elsewhere.
_ACTIVE: Final = frozenset(
    {"vbaproject", "wordvbadata", "oleobject", "package", "control", "activexcontrolbinary"}
    | {"afchunk", "attachedtemplate", "subdocument", "frame"}
)
# Words of the fields that Word counts by itself; all others may fetch or run something.
_COUNTED: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "MERGEFORMAT", "ARABIC", "ROMAN"})
_WORD: Final = re.compile(r"[^\W\d]\w*")


def check_package(content: bytes) -> None:
    """Raises TooLarge or UnsupportedMedia for what is no plain docx."""
    if not content:
        raise UnsupportedMedia(_("Xin chọn một tệp Word (.docx)."))
    if len(content) > MAX_TEMPLATE_BYTES:
        raise TooLarge(_("Mẫu lớn quá 2 MB. Xin bỏ bớt hình."))
    try:
        with ZipFile(BytesIO(content)) as package:
            _check_parts(package)
    except BROKEN as error:
        raise no_docx() from error


def no_docx() -> DomainError:
    """The refusal of what is no Word file at all."""
    return UnsupportedMedia(_("Chỉ nhận tệp Word (.docx)."))


def _check_parts(package: ZipFile) -> None:
    parts = [each for each in package.infolist() if not each.is_dir()]
    names = {each.filename for each in parts}
    if "word/document.xml" not in names:
        raise no_docx()
    # Two parts of one name are two files, of which each program reads another.
    if len(parts) > _MAX_PARTS or len(names) < len(parts):
        raise _too_large()
    room, braces = _MAX_OPENED, _MAX_BRACES
    for part in parts:
        xml = part.filename.lower().endswith(_XML)
        opened = _open(package, part, min(room, _MAX_XML) if xml else room)
        room -= len(opened)
        if xml:
            braces -= opened.count(b"{")
            _check_xml(opened)
        elif not part.filename.lower().endswith(_PICTURES):
            raise _active()
    if braces < 0:
        raise _too_large()


def _open(package: ZipFile, part: ZipInfo, room: int) -> bytes:
    if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or part.flag_bits & 1:
        raise no_docx()
    with package.open(part) as stream:
        opened = stream.read(room + 1)
    if len(opened) > room:
        raise _too_large()
    return opened


def _check_xml(part: bytes) -> None:
    from lxml import etree  # only where a template is read: most web servers never do

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unreadable() from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unreadable()
    for element in root.iter(etree.Element):
        _check_element(element)
    if any(word.upper() not in _COUNTED for word in _WORD.findall(" ".join(_fields(root)))):
        raise UnsupportedMedia(_("Trong mẫu chỉ được dùng trường số trang của Word."))


def _check_element(element: "etree._Element") -> None:
    from lxml import etree  # see above

    told = {etree.QName(name).localname: str(value) for name, value in element.attrib.items()}
    name = etree.QName(element).localname
    if name == "Relationship":
        kind = told.get("Type", "").rsplit("/", 1)[-1].lower()
        if kind in _ACTIVE:
            raise _active()
        if told.get("TargetMode", "").strip().lower() == "external" and kind != "hyperlink":
            raise UnsupportedMedia(_("Mẫu lấy hình hoặc mẫu từ nơi khác. Xin nhúng vào tệp."))
    elif name in {"Default", "Override"} and _XML_KIND.search(told.get("ContentType", "")):
        where = f".{told['Extension']}" if "Extension" in told else told.get("PartName", "")
        if not where.lower().endswith(_XML):
            raise _active()


def _fields(root: "etree._Element") -> Iterator[str]:
    """What the fields of a part say; one that Word spread over runs is one text again."""
    yield "".join(element.text or "" for element in root.iter("{*}instrText"))
    for element in root.iter("{*}fldSimple"):
        yield from (str(element.attrib[n]) for n in element.attrib if str(n).endswith("instr"))


def _active() -> DomainError:
    return UnsupportedMedia(_("Mẫu có macro hoặc tệp nhúng. Xin bỏ đi rồi gửi lại."))


def _too_large() -> DomainError:
    return TooLarge(_("Mẫu này mở ra quá lớn."))


def _unreadable() -> DomainError:
    return UnsupportedMedia(_("Tệp Word này hỏng, không đọc được."))
