"""An organisation's own docx: only named fields run in it; the rest is refused by name."""

import re
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx import Document as new_docx
from docx.oxml.ns import qn
from flask import Flask

from tests.documents import samples
from tests.documents.readers import docx_lines, docx_part
from tests.factories.accounts import make_person, sign_in
from tests.factories.clock import FrozenClock
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from webapp.core import files
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, Invalid, NotFound, TooLarge, UnsupportedMedia
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.docx_writer import render_docx
from webapp.documents.letters import Letter, Table
from webapp.documents.models import Document
from webapp.documents.operations import (
    create_document,
    issue_document,
    render_document,
    sign_document,
)
from webapp.documents.own_templates import (
    bring_template,
    drop_template,
    own_template,
    own_templates,
    use_template,
)
from webapp.documents.queries import docx_of, pdf_of
from webapp.documents.starter import starter_docx
from webapp.documents.template_fields import FIELDS, check_template, fill_template

LOOP = ("{%p for doan in noi_dung %}", "{{ doan }}", "{%p endfor %}")


def template(*paragraphs: str) -> bytes:
    made = new_docx()
    for each in paragraphs:
        made.add_paragraph(each)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


OWN = template("MẪU RIÊNG", "{{ so_ky_hieu }}", "{{ trich_yeu | upper }}", *LOOP)


def test_fields_and_loops_are_filled() -> None:
    lines = docx_lines(fill_template(OWN, samples.recommendation()))
    assert lines[:2] == ["MẪU RIÊNG", "Số: 05/KN-MTTQ-BTT"]
    assert lines[2].startswith("KIẾN NGHỊ XEM XÉT")
    assert any("Nước suối trắng đục" in line for line in lines)
    assert lines[-1].endswith("./.")


def test_every_field_is_there_for_every_letter() -> None:
    every = template(*("{{ " + name + " }}" for name in FIELDS))
    for make in samples.ALL_KINDS.values():
        assert fill_template(every, make())


def test_signs_of_the_markup_are_only_signs() -> None:
    letter = samples.urging()
    object.__setattr__(letter, "subject", "A < B & C > D </w:t>{{ 7 }}")
    assert "A < B & C > D </w:t>{{ 7 }}" in docx_lines(
        fill_template(template("{{ trich_yeu }}"), letter)
    )


@pytest.mark.parametrize("kind", ["recommendation", "hearing", "invitation", "transfer"])
def test_the_layout_to_start_from_says_what_the_built_in_one_says(kind: str) -> None:
    letter = samples.ALL_KINDS[kind]()
    starter = starter_docx(letter.type_code)
    check_template(starter)
    own = docx_lines(fill_template(starter, letter))
    built_in = docx_lines(render_docx(letter))
    told = {line.removeprefix("Kính gửi: ").removeprefix("- ").rstrip(".;") for line in built_in}
    kept = {line.removeprefix("- ").rstrip(".;") for line in own}
    heads = {column.head for each in _tables(letter) for column in each.columns}
    rows = [row for each in _tables(letter) for row in each.rows]
    cells = {cell.rstrip(".;") for row in rows for cell in row}
    assert told - kept <= heads | cells | {"Gửi bản điện tử:", "Gửi bản giấy:"}
    assert {"; ".join(row).rstrip(".;") for row in rows} <= kept
    assert not any("{" in line for line in own)
    boxes = docx_part(fill_template(starter, letter), "word/document.xml").iter(qn("w:tc"))
    assert all(box.find(qn("w:p")) is not None for box in boxes)


def _tables(letter: Letter) -> list[Table]:
    blocks = (*letter.blocks, *(letter.annex.blocks if letter.annex else ()))
    return [each for each in blocks if isinstance(each, Table)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{{ nguoi_phan_anh }}", "nguoi_phan_anh"),
        ("{{ trich_yeu.__class__ }}", "phép tính"),
        ("{{ trich_yeu['upper'] }}", "phép tính"),
        ("{{ trich_yeu.upper() }}", "phép tính"),
        ("{{ 9 * 9 }}", "phép tính"),
        ("{{ 'a' * 999999999 }}", "phép tính"),
        ("{{ range(9) }}", "phép tính"),
        ("{% set a = 1 %}", "phép tính"),
        ("{% include 'x' %}", "phép tính"),
        ("{{ self }}", "self"),
        ("{{ cycler }}", "cycler"),
        ("{{ trich_yeu | attr('x') }}", "attr"),
        ("{{ trich_yeu | pprint }}", "pprint"),
        ("{% for a in can_cu %}", "cú pháp"),
        ("{{ trich_yeu", "cú pháp"),
        (
            "{% for a in can_cu %}{% for b in can_cu %}x{% endfor %}{% endfor %}",
            "lồng nhau",
        ),
        ("{% for a in can_cu %}{% for b in a %}x{% endfor %}{% endfor %}", "lồng nhau"),
    ],
)
def test_what_is_no_named_field_is_refused(words: str, said: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_template(template(words))
    assert said in str(caught.value.fields["file"])


def repacked(change) -> bytes:  # type: ignore[no-untyped-def]
    """The template with its parts changed: a name and bytes in, pairs out."""
    stream = BytesIO()
    with ZipFile(BytesIO(OWN)) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            for new_name, content in change(name, source.read(name)):
                target.writestr(new_name, content)
    return stream.getvalue()


def changed(part: str, old: str, new: str, encoding: str = "utf-8") -> bytes:
    """The template with words of one part replaced."""

    def change(name: str, content: bytes) -> list[tuple[str, bytes]]:
        if name != part:
            return [(name, content)]
        assert old in content.decode()
        return [(name, content.decode().replace(old, new, 1).encode(encoding))]

    return repacked(change)


def related(relationship: str) -> bytes:
    """The template with one more relationship of its document."""
    return changed("word/_rels/document.xml.rels", "</Relationships>", relationship + END)


def with_field(words: str) -> bytes:
    """The template with a field of Word's own."""
    return changed("word/document.xml", "<w:sectPr", f"<w:p>{words}</w:p><w:sectPr")


END = "</Relationships>"
DECLARED = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"
IMAGE = 'Type="http://x/image" Target="http://e.invalid/a.png" TargetMode'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        b"%PDF-1.4",
        repacked(lambda name, content: [] if name == "word/document.xml" else [(name, content)]),
        repacked(lambda name, content: [(name, content), (f"word/vbaProject{name}.bin", b"x")]),
        related(f'<Relationship Id="rX" {IMAGE}="External"/>'),
        related(f"<Relationship\nId='rX' {IMAGE}='&#69;xternal'/>"),
        related(f'<p:Relationship xmlns:p="http://x" Id="rX" {IMAGE}="External" t="/hyperlink"/>'),
        related('<Relationship Id="rX" Type="http://x/aFChunk" Target="/word/a.xml"/>'),
        related('<Relationship Id="rX" Type="http://x/attachedTemplate" Target="a.xml"/>'),
        changed("word/document.xml", "<w:document", "<!DOCTYPE a><w:document"),
        changed("word/document.xml", DECLARED, '<?xml version="1.0"?><!DOCTYPE a>', "utf-16"),
        changed("word/document.xml", "</w:document>", ""),
        changed(
            "[Content_Types].xml",
            "</Types>",
            '<Default Extension="png" ContentType="a/xml"/></Types>',
        ),
        with_field(
            '<w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>PICTURE "http://e.invalid/a"</w:instrText></w:r>'
        ),
        with_field('<w:fldSimple w:instr="DDEAUTO c:/x"/>'),
    ],
)
def test_what_is_no_plain_docx_is_refused(content: bytes) -> None:
    with pytest.raises(UnsupportedMedia):
        check_template(content)


@pytest.mark.parametrize(("place", "value"), [(10, 99), (6, 90), (8, 0x20)])
def test_a_package_that_zipfile_cannot_open_is_no_docx(place: int, value: int) -> None:
    """Of an unknown packing, of an unknown version, with patched data."""
    whole, start = bytearray(OWN), 0
    while (start := whole.find(b"PK\x01\x02", start)) >= 0:
        whole[start + place : start + place + 2] = value.to_bytes(2, "little")
        start += 4
    with pytest.raises(UnsupportedMedia, match="Chỉ nhận tệp Word"):
        check_template(bytes(whole))


def test_numbers_of_pages_are_fields_that_word_may_count() -> None:
    check_template(with_field('<w:fldSimple w:instr=" PAGE \\* MERGEFORMAT "/>'))


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (2 * 1024 * 1024 + 1),
        repacked(lambda name, content: [(name, content), (f"{name}.xml", b"<a/>" + b" " * 2**20)]),
        repacked(lambda name, content: [(name, content), (f"{name}.png", b" " * 2**20)]),
        repacked(
            lambda name, content: [(name, content), (f"{name}.xml", b"<a>" + b"{" * 999 + b"</a>")]
        ),
        template("{%p for doan in noi_dung %}", "x" * 40_000, "{%p endfor %}"),
    ],
)
def test_what_is_or_grows_too_large_is_refused(content: bytes) -> None:
    with pytest.raises(TooLarge):
        check_template(content)


@pytest.fixture
def officer(app: Flask, frozen: FrozenClock) -> tuple[Actor, str]:
    with write_unit():
        account, actor = make_person("front_commune", unit=a_unit(), organisation=an_organisation())
        return actor, account.email


def in_force(actor: Actor) -> int:
    key = files.store().put("documents", OWN)
    made = bring_template(actor, an_organisation().id, "KN", OWN, key=key)
    return use_template(actor, made.id).id


def signed(actor: Actor) -> Document:
    document = create_document(actor, an_organisation(), samples.recommendation(samples.DRAFT))
    sign_document(actor, document, samples.CHAIR)
    return document


def test_a_letter_keeps_the_template_it_was_signed_under(officer: tuple[Actor, str]) -> None:
    actor = officer[0]
    with write_unit():
        template_id = in_force(actor)
        document = signed(actor)
        drop_template(actor, template_id)
        other = signed(actor)
        issue_document(actor, document, number="5", issued_on=date(2026, 3, 2))
        document_id = document.id
    assert docx_lines(docx_of(document))[0] == "MẪU RIÊNG"
    assert docx_lines(docx_of(other))[0] != "MẪU RIÊNG"
    render_document(document_id)
    session().expire_all()
    made = session().get_one(Document, document_id)
    assert docx_lines(docx_of(made))[0] == "MẪU RIÊNG"
    assert pdf_of(made) is None  # until the signed scan comes


def test_one_template_is_in_force_and_only_for_the_own_organisation(
    officer: tuple[Actor, str],
) -> None:
    actor = officer[0]
    with write_unit():
        first, second = in_force(actor), in_force(actor)
        assert own_template(actor, first).state == "replaced"
        assert own_template(actor, second).state == "in_force"
        na_tau = a_unit(NA_TAU)
        stranger = make_person(
            "front_commune", unit=na_tau, organisation=an_organisation(unit=na_tau)
        )[1]
        with pytest.raises(NotFound):
            use_template(stranger, first)
        with pytest.raises(Forbidden):
            bring_template(stranger, an_organisation().id, "KN", OWN, key="documents/aa/aa")


def test_the_pages(app: Flask, officer: tuple[Actor, str]) -> None:
    client = app.test_client()
    sign_in(client, officer[1])
    page = client.get("/can-bo/mau-van-ban").text
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)[1]  # type: ignore[index]
    chosen = re.search(r'<option[^>]* value="(\d+)"', page)[1]  # type: ignore[index]

    def bring(content: bytes) -> tuple[int, str]:
        told = {"csrf_token": token, "organisation": chosen, "type_code": "KN"}
        data = told | {"file": (BytesIO(content), "mau.docx")}
        answer = client.post("/can-bo/mau-van-ban", data=data)
        return answer.status_code, answer.text

    status, refused = bring(template("{{ ten_nguoi_gui }}"))
    assert status == 422
    assert "ten_nguoi_gui" in refused
    assert "Xin chọn một tệp Word (.docx)." in bring(b"")[1]
    assert bring(OWN)[0] == 303
    assert "Mẫu không dùng các trường: co_quan_chu_quan," in client.get("/can-bo/so").text
    waiting = client.get("/can-bo/mau-van-ban").text
    base = re.search(r"/can-bo/mau-van-ban/\d+", waiting)[0]  # type: ignore[index]
    tried_out = docx_lines(client.get(f"{base}/xem-thu.docx").data)
    assert tried_out[0] == "MẪU RIÊNG" and not [line for line in tried_out if "{" in line]
    assert "Đoạn cuối của nội dung./." in tried_out
    assert client.post(f"{base}/dung", data={"csrf_token": token}).status_code == 303
    assert "Đang dùng" in client.get("/can-bo/mau-van-ban").text
    assert client.post(f"{base}/bo", data={"csrf_token": token}).status_code == 303
    left = client.get("/can-bo/mau-van-ban").text
    assert "Đang dùng" not in left and "Các mẫu đã thay, đã bỏ (1)" in left
    assert client.post(f"{base}/dung", data={"csrf_token": token}).status_code == 303
    assert "Đang dùng" in client.get("/can-bo/mau-van-ban").text


def test_the_page_offers_a_layout_to_start_from(app: Flask, officer: tuple[Actor, str]) -> None:
    client = app.test_client()
    sign_in(client, officer[1])
    offered = re.findall(r'href="([^"]*/mau-co-san/[^"]*)"', client.get("/can-bo/mau-van-ban").text)
    assert len(offered) == 6
    for address in offered:
        check_template(client.get(address).data)
    assert client.get("/can-bo/mau-van-ban/mau-co-san/XX.docx").status_code == 404


def test_a_layout_without_the_words_of_the_letter_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check_template(template("{{ so_ky_hieu }}", "{{ trich_yeu }}"))
    assert "noi_dung" in str(refused.value.fields["file"])
    assert check_template(OWN)[:2] == ["co_quan_chu_quan", "co_quan_ban_hanh"]
    assert "phu_luc" in check_template(OWN) and "so_ky_hieu" not in check_template(OWN)


def test_it_is_told_by_which_template_letters_were_signed(officer: tuple[Actor, str]) -> None:
    actor = officer[0]
    with write_unit():
        first = in_force(actor)
        signed(actor)
        second = in_force(actor)
    (newest, before) = own_templates(actor)
    assert (newest.template.id, newest.letters) == (second, 0)
    assert (before.template.id, before.letters, before.template.state) == (first, 1, "replaced")
    assert before.person
