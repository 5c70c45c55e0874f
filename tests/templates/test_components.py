"""The macros of templates/components, rendered as the pages render them."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import Form, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@pytest.fixture
def env() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
    )
    env.install_null_translations(newstyle=True)
    env.globals["asset"] = "/static/dist/{}".format
    env.globals["csrf_token"] = lambda: "mã-phiên"
    env.globals["format_day"] = lambda at: at.strftime("%d/%m/%Y")
    return env


def call(env: Environment, file: str, macro: str, *args: object, **kwargs: object) -> str:
    return str(getattr(env.get_template(f"components/{file}.html").module, macro)(*args, **kwargs))


class ReportForm(Form):
    trouble = ""
    place_note = StringField("Mô tả địa điểm")
    category = RadioField(
        "Chuyện gì đang xảy ra",
        choices=[SelectChoice("p_water", "Nước bẩn, cá chết")],
        validators=[InputRequired("Ông/bà chọn một hình.")],
    )


def test_error_stands_by_its_field_and_is_tied_to_it(env: Environment) -> None:
    form = ReportForm()
    form.place_note.errors = ["Ghi ngắn hơn 500 chữ."]
    page = call(env, "forms", "field", form.place_note, "Gần cầu treo", rows=2)
    assert 'aria-describedby="place_note-hint place_note-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="place_note-error"' in page
    assert "Ghi ngắn hơn 500 chữ." in page
    assert 'rows="2"' in page


def test_field_without_error_says_nothing_of_errors(env: Environment) -> None:
    page = call(env, "forms", "field", ReportForm().place_note)
    assert "aria-" not in page.replace("aria-hidden", "")
    assert "(không bắt buộc)" in page


def test_what_was_typed_is_escaped(env: Environment) -> None:
    form = ReportForm(MultiDict({"place_note": '"><script>alert(1)</script>'}))
    assert "<script>" not in call(env, "forms", "field", form.place_note)


def test_summary_links_to_the_picture_grid(env: Environment) -> None:
    form = ReportForm(MultiDict())
    assert not form.validate()
    summary = call(env, "forms", "form_errors", form)
    grid = call(
        env,
        "forms",
        "category_picker",
        form.category,
        [("p_water", "Nước bẩn, cá chết", "suối")],
    )
    assert 'href="#category"' in summary
    assert 'id="category"' in grid
    assert "Ông/bà chọn một hình." in grid


def test_finer_choice_replaces_the_picture(env: Environment) -> None:
    form = ReportForm(data={"category": "water.fish_kill"})
    page = call(
        env,
        "forms",
        "category_picker",
        form.category,
        [("p_water", "Nước bẩn, cá chết", "")],
        [("Nước thải", [("water.fish_kill", "Cá chết", "")])],
    )
    assert page.count(" checked") == 1
    assert 'value="water.fish_kill" checked' in page


@pytest.mark.parametrize(
    ("state", "shape"),
    [
        ("received", "open"),
        ("inspecting", "inspection"),
        ("awaiting_confirmation", "concluded"),
        ("closed", "closed"),
    ],
)
def test_state_has_its_shape_and_its_word(env: Environment, state: str, shape: str) -> None:
    chip = call(env, "chips", "state_chip", state, "Đang kiểm tra")
    assert f"#state_{shape}" in chip
    assert "Đang kiểm tra" in chip


@pytest.mark.parametrize(
    ("result", "word"),
    [
        ("on_time", "Đúng hạn"),
        ("due_soon", "Sắp đến hạn"),
        ("overdue", "Quá hạn"),
        ("paused", "Tạm dừng tính hạn"),
    ],
)
def test_deadline_is_an_icon_and_a_word(env: Environment, result: str, word: str) -> None:
    chip = call(env, "chips", "deadline_chip", result, "3 ngày làm việc")
    assert f"{word}, 3 ngày làm việc" in chip
    assert "<use href=" in chip


def test_timeline_keeps_the_voices_apart(env: Environment) -> None:
    at = datetime(2025, 11, 3, 2, tzinfo=UTC)
    entries = [
        SimpleNamespace(voice="residents", at=at, text="Suối <đen>", detail=None),
        SimpleNamespace(voice="office", at=at, text="Đã kiểm tra", detail="Biên bản"),
    ]
    page = call(env, "timeline", "timeline", entries)
    assert page.index("Bà con") < page.index("Suối &lt;đen&gt;") < page.index("Cơ quan")
    assert 'datetime="2025-11-03T02:00:00+00:00"' in page
    assert "03/11/2025" in page


def test_bars_are_parts_of_the_highest(env: Environment) -> None:
    page = call(env, "bars", "bars", "Theo loại", [("Rác", 64), ("Nước", 16, "16 %"), ("Ồn", 0)])
    assert 'width="100.0"' in page
    assert 'width="25.0"' in page
    assert 'width="0.0"' in page
    assert "16 %" in page


def test_bars_of_nothing_are_still_a_table(env: Environment) -> None:
    assert "<caption>Theo loại</caption>" in call(env, "bars", "bars", "Theo loại", [])


def test_map_texts_cannot_break_out_of_their_attribute(env: Environment) -> None:
    states = {"received": "Đã 'tiếp' <nhận>"}
    page = call(env, "maps", "case_map", "/api/v1/map", "", "", "/vu-viec/", states)
    assert "'tiếp'" not in page
    assert "<nhận>" not in page
    assert page.count("(Việt Nam)") >= 2


def test_every_icon_a_component_names_is_in_the_sprite(env: Environment) -> None:
    sprite = (TEMPLATES.parent / "static/img/icons.svg").read_text(encoding="utf-8")
    for file in TEMPLATES.rglob("*.html"):
        for part in file.read_text(encoding="utf-8").split("icon('")[1:]:
            name = part.split("'")[0]
            assert name.startswith("state_") or f'id="{name}"' in sprite, f"{file}: {name}"
