"""The built-in layout with named fields in the place of a letter's words, to be edited in Word.

An organisation that wants a layout of its own starts from this docx instead of an empty page.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from webapp.documents.letters import DOCUMENT_TYPES, OrganisationHeader
from webapp.documents.sheet import MOTTO, NATIONAL_TITLE, Item, Line, Rule, Sheet
from webapp.documents.template_fields import sample_letter

_NOBODY: Final = OrganisationHeader((), (), "")


def starter_docx(type_code: str) -> bytes:
    """The docx for one type of letter; it fills as the built-in layout does.

    A type that has a title (NĐ 30/2020) prints it with the subject below; others say "V/v" under
    the number. Raises KeyError for a type there is not.
    """
    # python-docx and lxml take 5 MB, and a web server writes few letters.
    from webapp.documents.docx_file import write_sheet

    titled = DOCUMENT_TYPES[type_code].titled
    about = replace(sample_letter(), header=_NOBODY, subject="{{ trich_yeu }}")
    return write_sheet(_sheet(titled=titled), about)


def _sheet(*, titled: bool) -> Sheet:
    subject = () if titled else (Line("letter_subject", "V/v {{ trich_yeu }}"),)
    # Each cell keeps a line outside loops: Word opens no cell without a paragraph.
    return Sheet(
        head_left=(
            *_each("co_quan_chu_quan", "parent"),
            *_each("co_quan_ban_hanh", "issuer"),
            Rule("issuer"),
            *_each("co_quan_cung_ky", "issuer"),
        ),
        head_right=(
            Line("national_title", NATIONAL_TITLE),
            Line("motto", MOTTO),
            Rule("motto"),
        ),
        number=(
            Line("number", "{{ so_ky_hieu }}"),
            *subject,
            Line("urgency", "{%p if do_khan %}"),
            Line("urgency", "{{ do_khan }}"),
            Line("urgency", "{%p endif %}"),
        ),
        place_date=Line("place_date", "{{ dia_danh_ngay }}"),
        body=tuple(_body(titled=titled)),
        recipients=(
            *_each("ben_cung_ky", "position"),
            Line("recipients_head", "Nơi nhận:"),
            *_each("noi_nhan", "recipient"),
        ),
        signature=(*_each("quyen_han_ky", "position"), Line("signer_name", "{{ nguoi_ky }}")),
        partner_signature=(),
        annex=(
            Line("annex_title", "{%p if phu_luc %}"),
            Line("annex_title", ""),
            *_each("phu_luc", "body"),
            Line("annex_title", "{%p endif %}"),
        ),
    )


def _body(*, titled: bool) -> Iterator[Item]:
    if titled:
        yield Line("title", "{{ loai_van_ban | upper }}")
        yield Line("subject", "{{ trich_yeu }}")
        yield Rule("subject")
    yield Line("salutation_head", "{%p if kinh_gui %}")
    yield Line("salutation_head", "Kính gửi:")
    yield Line("salutation_head", "{%p endif %}")
    yield from _each("kinh_gui", "salutation_item", before="- ", after=";")
    yield from _each("can_cu", "basis")
    yield from _each("noi_dung", "body")


def _each(field: str, style: str, *, before: str = "", after: str = "") -> Iterator[Line]:
    """A loop over a listed field: each command stands in a paragraph of its own."""
    yield Line(style, f"{{%p for dong in {field} %}}")
    yield Line(style, f"{before}{{{{ dong }}}}{after}")
    yield Line(style, "{%p endfor %}")
