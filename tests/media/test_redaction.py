"""What is hidden is gone from the pixels; one draws, another approves; the original stays."""

import io
import json
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from geo.photos import Mark, page_picture
from geo.photos.marks import hide_marks
from tests.factories.accounts import make_person
from tests.factories.directory import a_unit
from tests.factories.media import a_photo_file, a_ready_photo
from tests.factories.papers import a_pdf, a_stored_paper
from tests.media.test_papers import ID_LINE, OVER_THE_LINE
from webapp.core import clock, files
from webapp.core.actor import GUEST, Actor
from webapp.core.errors import Forbidden, Invalid, TransitionRefused
from webapp.core.unit_of_work import session, write_unit
from webapp.media.marks import MOST_MARKS, read_marks
from webapp.media.models import Paper, Photo, Redaction
from webapp.media.operations import erase_photo, remove_file
from webapp.media.queries import copies_among, rendition_bytes, with_copies
from webapp.media.redaction import (
    approve_redaction,
    draw_on_paper,
    draw_on_photo,
    make_redaction,
    return_redaction,
)
from webapp.media.workflow import REDACTION

HALF = Mark(0, 0, 0.5, 1)


def person() -> Actor:
    return make_person("publisher", unit=a_unit())[1]


def hidden(photo: Photo, *marks: Mark, drawer: Actor | None = None) -> Redaction:
    """What the worker made of these marks."""
    with write_unit():
        redaction = draw_on_photo(drawer or person(), photo, marks)
    make_redaction(redaction.id)
    return session().get_one(Redaction, redaction.id, populate_existing=True)


def hidden_paper(content: bytes, *marks: Mark) -> Redaction:
    paper = a_stored_paper(content)
    with write_unit():
        redaction = draw_on_paper(person(), session().get_one(Paper, paper.id), marks)
    make_redaction(redaction.id)
    return session().get_one(Redaction, redaction.id, populate_existing=True)


def pixels(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["JPEG"]).convert("RGB")


def test_every_rendition_of_the_copy_is_black_under_the_mark(app: Flask) -> None:
    source = a_ready_photo()
    made = hidden(source, HALF)
    assert made.state == "ready" and made.result is not None
    for kind in ("full", "large", "card", "thumb"):
        picture = pixels(rendition_bytes(made.result, kind))
        left = picture.crop((0, 0, picture.width // 2 - 8, picture.height))
        assert max(high for _low, high in left.getextrema()) < 60  # type: ignore[misc, has-type]
        assert picture.crop((picture.width // 2 + 8, 0, *picture.size)).getextrema() != (
            left.getextrema()
        )


def test_the_original_and_its_photo_stay_as_they_were(app: Flask) -> None:
    source = a_ready_photo()
    before = rendition_bytes(source, "full"), files.store().get(str(source.original_key))
    made = hidden(source, HALF)
    source = session().get_one(Photo, source.id, populate_existing=True)
    assert (rendition_bytes(source, "full"), files.store().get(str(source.original_key))) == before
    assert copies_among([source.id, made.result_id or 0]) == {made.result_id}
    assert with_copies([source.id]) == [source.id, made.result_id]


def test_a_copy_has_neither_place_nor_likeness(app: Flask) -> None:
    made = hidden(a_ready_photo(), HALF)
    assert made.result is not None
    assert (made.result.facts_sealed, made.result.likeness) == (None, None)
    assert b"Exif" not in rendition_bytes(made.result, "full")[:4096]


def test_a_blur_keeps_a_handful_of_colours() -> None:
    stripes = Image.new("RGB", (400, 400), "white")
    for x in range(0, 400, 8):
        stripes.paste((0, 0, 0), (x, 0, x + 4, 400))
    hide_marks(stripes, [Mark(0.25, 0.25, 0.5, 0.5, "blur")])
    inside = stripes.crop((110, 110, 290, 290)).convert("L")
    low, high = inside.getextrema()
    assert high - low < 12  # type: ignore[operator]
    assert stripes.getpixel((4, 4)) != stripes.getpixel((0, 4))


def test_a_mark_on_the_edge_stays_in_the_picture() -> None:
    jpeg = page_picture(b"\xff" * 30 * 30 * 3, 30, 30, 90, [Mark(0.99, 0.99, 0.01, 0.01)])
    assert pixels(jpeg).size == (30, 30)


def test_the_paper_has_no_text_and_no_metadata(app: Flask, tmp_path: Path) -> None:
    made = hidden_paper(a_pdf(ID_LINE, "Trang hai", author="Nguoi Soan"), OVER_THE_LINE)
    assert (made.state, made.pages, made.found) == ("ready", 2, [])
    content = files.store().get(str(made.file_key))
    out = tmp_path / "che.pdf"
    out.write_bytes(content)
    text = subprocess.run(["pdftotext", str(out), "-"], capture_output=True, check=True).stdout
    assert text.strip() == b""
    told = subprocess.run(["exiftool", "-json", "-G", str(out)], capture_output=True, check=True)
    names = {name for name in json.loads(told.stdout)[0] if name.startswith(("PDF:", "XMP:"))}
    assert names == {"PDF:PDFVersion", "PDF:Linearized", "PDF:PageCount"}
    for secret in (b"012345678901", b"Nguoi Soan", b"May soan", b"/Font", b"/Info"):
        assert secret not in content


def test_the_one_who_drew_does_not_approve(app: Flask) -> None:
    with write_unit():
        drawer = person()
    made = hidden(a_ready_photo(), HALF, drawer=drawer)
    with write_unit(), pytest.raises(Forbidden, match="người khác"):
        approve_redaction(drawer, made)
    with write_unit(), pytest.raises(Forbidden):
        approve_redaction(GUEST, made)
    with write_unit():
        approve_redaction(person(), made)
    assert session().get_one(Redaction, made.id).state == "approved"


def test_giving_back_needs_words(app: Flask) -> None:
    made = hidden(a_ready_photo(), HALF)
    with write_unit():
        with pytest.raises(Invalid) as refused:
            return_redaction(person(), made, reason=" ")
        assert "reason" in refused.value.fields
        return_redaction(person(), made, reason="Còn biển số bên trái.")
    assert made.state == "returned"


STEPS = {
    "approve": lambda made: approve_redaction(person(), made),
    "return_redaction": lambda made: return_redaction(person(), made, reason="Che thêm."),
}


@pytest.mark.parametrize("step", list(STEPS))
def test_only_what_is_ready_is_decided(app: Flask, step: str) -> None:
    with write_unit():
        paper = Paper(uid="a" * 32, sha256="b" * 64, size=1, state="ready", original_key="sealed/c")
        paper.received_at = clock.now()
        session().add(paper)
        session().flush()
        made = draw_on_paper(person(), paper, [])
        made.file_key, made.decided_by_id = "renditions/d", person().person_id
        for state in ("drawn", "approved", "returned", "failed"):
            assert not REDACTION.allows(step, state)
            made.state = state
            session().flush()
            with pytest.raises(TransitionRefused):
                STEPS[step](made)


def test_a_photo_that_was_erased_takes_its_copies_along(app: Flask) -> None:
    source = a_ready_photo()
    made = hidden(source, HALF)
    with write_unit():
        late = draw_on_photo(person(), source, [HALF])
    with write_unit():
        erase_photo(source)
    make_redaction(late.id)
    copy = session().get_one(Photo, made.result_id, populate_existing=True)
    assert (copy.state, copy.renditions, copy.original_key) == ("erased", [], None)
    assert session().get_one(Redaction, late.id, populate_existing=True).state == "failed"


def test_a_page_that_a_paper_still_needs_is_not_removed(app: Flask) -> None:
    made = hidden_paper(a_pdf("mot"))
    assert made.file_key and made.paper
    page = made.paper.pages[0].file_key
    remove_file(made.file_key)
    remove_file(page)
    assert files.store().get(made.file_key) and files.store().get(page)


def test_a_redaction_that_gives_nothing_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = a_ready_photo(a_photo_file(200, 150))
    monkeypatch.setattr("webapp.media.decoding.CHILD_COMMAND", ("/bin/false",))
    assert hidden(source, HALF).state == "failed"


def test_drawing_needs_marks_and_something_to_draw_on(app: Flask) -> None:
    source = a_ready_photo()
    with write_unit():
        with pytest.raises(Invalid):
            draw_on_photo(person(), source, [])
        with pytest.raises(Forbidden):
            draw_on_photo(GUEST, source, [HALF])
        erase_photo(source)
        with pytest.raises(TransitionRefused):
            draw_on_photo(person(), source, [HALF])
        with pytest.raises(TransitionRefused):
            draw_on_paper(person(), Paper(state="stored"), [])


GOOD = {"page": 0, "x": 0.1, "y": 0.2, "width": 0.3, "height": 0.1, "kind": "box"}


def test_marks_are_read_and_kept_on_their_page() -> None:
    marks = read_marks(json.dumps([GOOD, GOOD | {"x": 0.9, "page": 1, "kind": "blur"}]), pages=2)
    assert marks[0] == Mark(0.1, 0.2, 0.3, 0.1)
    assert marks[1].width == pytest.approx(0.1) and marks[1].page == 1
    assert read_marks("") == []


@pytest.mark.parametrize(
    "text",
    [
        "{", "7", "[7]", '"lời"', "[{}]",
        *(json.dumps([GOOD | wrong]) for wrong in (
            {"x": -0.1}, {"x": 1}, {"width": 0}, {"height": 2}, {"kind": "sơn"}, {"page": 1},
            {"page": "0"}, {"x": "nan"}, {"y": None}, {"width": []},
        )),
        json.dumps([GOOD] * (MOST_MARKS + 1)),
    ],
)  # fmt: skip
def test_marks_that_cannot_be_read_are_refused_by_their_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_marks(text)
    assert "marks" in refused.value.fields
