"""Addresses that are kept as frames say what Flask would say."""

from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

STEP = "staff_cases.take"


@pytest.mark.parametrize("root", ["", "/en"])
def test_codes_are_put_into_the_frame_of_their_language(app: Flask, root: str) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        for code in ("VV7STMN58", "VVMD34F09"):
            address = app.url_for(STEP, code=code, step="assess")
            assert address == f"{root}/can-bo/vu-viec/{code}/buoc/assess"
        assert app.url_for(STEP, step="A1", code="B2") == f"{root}/can-bo/vu-viec/B2/buoc/A1"


@pytest.mark.parametrize("code", ["a b", "Đ1", "%41", "1.2", ""])
def test_what_must_be_quoted_is_quoted(app: Flask, code: str) -> None:
    with app.test_request_context("/"):
        app.url_for("staff_cases.show", code="VV7STMN58", tab="ban")
        found = app.url_for("staff_cases.show", code=code, tab="bản đồ&x")
        assert found == Flask.url_for(app, "staff_cases.show", code=code, tab="bản đồ&x")


def test_values_that_are_no_part_of_the_path_are_asked(app: Flask) -> None:
    with app.test_request_context("/"):
        found = [app.url_for("staff_cases.show", code="VV1", tab=tab) for tab in ("a", "b")]
    assert found == ["/can-bo/vu-viec/VV1?tab=a", "/can-bo/vu-viec/VV1?tab=b"]


def test_names_that_say_how_are_no_values(app: Flask) -> None:
    with app.test_request_context("/"):
        assert app.url_for("desk.queue_page", _anchor="cuoi") == "/can-bo/hang-doi#cuoi"
        assert app.url_for("desk.queue_page", _anchor="dau") == "/can-bo/hang-doi#dau"


def test_a_number_in_the_path_is_one(app: Flask) -> None:
    with app.test_request_context("/"):
        assert app.url_for("senders.ask", ask_id="12") == app.url_for("senders.ask", ask_id=12)


@pytest.mark.parametrize("endpoint", ["no.such", "staff_cases.show"])
def test_what_cannot_be_made_is_refused(app: Flask, endpoint: str) -> None:
    with app.test_request_context("/"), pytest.raises(BuildError):
        app.url_for(endpoint, step="assess")


def test_an_address_asked_for_in_the_code_is_kept_too(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    long_way = Flask.url_for

    def note(self: Flask, endpoint: str, **values: Any) -> str:
        asked.append(endpoint)
        return long_way(self, endpoint, **values)

    with app.test_request_context("/"):
        url_for(STEP, code="VV7STMN58", step="merge_into")
        url_for("desk.queue_page", tab="vu-viec", state=None)
        monkeypatch.setattr(Flask, "url_for", note)
        assert url_for(STEP, code="VVMD34F09", step="merge_into").endswith("/buoc/merge_into")
        assert url_for("desk.queue_page", tab="phan-anh", state=None).endswith("?tab=phan-anh")
    assert asked == []
