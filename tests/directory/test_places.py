"""Schools and clinics: lists taken whole or not at all, and what lies near a point."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from geo.points import Point
from tests.factories.accounts import actor_with
from tests.factories.directory import a_unit
from webapp.core.actor import SYSTEM
from webapp.core.errors import Forbidden, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.place_lists import MAX_ROWS, read_places
from webapp.directory.places import (
    PlacesTaken,
    every_place,
    find_places,
    import_places,
    nearest_kind,
    remove_place,
)
from webapp.jobs.models import OutboxRow

HEAD = "kind,name,lon,lat"
SCHOOL = "Trường học,Trường Tiểu học Mường Phăng (thử),103.1420,21.4510"
CLINIC = "clinic,Trạm y tế Mường Phăng (thử),103.1450,21.4510"
PATH = "/can-bo/danh-ba/truong-hoc-y-te"


def listed(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def take(*lines: str, replace: bool = False) -> PlacesTaken:
    with write_unit():
        return import_places(SYSTEM, read_places(listed(*lines)), replace=replace)


def names() -> list[str]:
    session().rollback()
    return [each.name for each in every_place()]


def jobs() -> int:
    return len(session().scalars(select(OutboxRow).where(OutboxRow.kind == "triage.rank")).all())


def test_a_list_is_added_and_a_second_time_changes_nothing(app: Flask) -> None:
    first, again = take(SCHOOL, CLINIC), take(SCHOOL, CLINIC)
    assert (first.stored, again.stored, jobs()) == (2, 0, 1)
    renamed = take(SCHOOL.replace("Tiểu học", "Trung học"))
    assert (renamed.stored, renamed.removed) == (1, 0)
    assert names() == ["Trường Trung học Mường Phăng (thử)", "Trạm y tế Mường Phăng (thử)"]


def test_a_list_that_replaces_takes_out_what_it_lacks(app: Flask) -> None:
    take(SCHOOL, CLINIC)
    assert take(CLINIC, replace=True) == PlacesTaken(1, 0, 1, [])
    assert names() == ["Trạm y tế Mường Phăng (thử)"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Chợ,Chợ Mường Phăng,103.14,21.45", "“Trường học” hoặc “Cơ sở y tế”"),
        ("school,,103.14,21.45", "Thiếu tên"),
        (f"school,{'Trường ' * 30},103.14,21.45", "160 ký tự"),
        ("school,Trường A (thử),,", "Thiếu kinh độ"),
        ("school,Trường A (thử),21.45,103.14", "đổi chỗ"),
        ("school,Trường A (thử),2.35,48.86", "ngoài Việt Nam"),
        (SCHOOL, "đã có ở dòng 2"),
    ],
)
def test_a_bad_row_refuses_the_list(app: Flask, line: str, words: str) -> None:
    found = take(SCHOOL, line)
    assert [each.row for each in found.problems] == [3]
    assert words in str(found.problems[0].words)
    assert names() == [], "nothing half-stored"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"kind;name;lon;lat", b"[1]", b"[{]"])
def test_what_is_no_list_is_refused_in_words(app: Flask, content: bytes) -> None:
    assert [each.row for each in read_places(content).problems] == [None]


def test_a_list_has_an_end() -> None:
    assert "20000" in str(read_places(listed(*[SCHOOL] * (MAX_ROWS + 1))).problems[0].words)


def test_only_what_is_near_enough_counts_and_the_nearest_kind(app: Flask) -> None:
    take(SCHOOL, CLINIC)
    assert nearest_kind(Point(103.1434, 21.4510), 200) == "school"  # 145 m, the other 166 m
    assert nearest_kind(Point(103.1440, 21.4510), 200) == "clinic"
    assert nearest_kind(Point(103.1420, 21.4527), 200) == "school"  # 189 m north
    assert nearest_kind(Point(103.1420, 21.4529), 200) is None  # 211 m
    assert nearest_kind(Point(103.1406, 21.4497), 200) is None  # inside the box, 205 m away


def test_a_search_finds_without_marks_and_goes_on_after_a_page(app: Flask) -> None:
    take(SCHOOL, CLINIC)
    [found] = find_places("tieu hoc muong phang")
    assert found.kind == "school"
    assert [each.kind for each in find_places("", after=found.id)] == ["clinic"]


def posted(client: FlaskClient, path: str, **data: object) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(PATH).text)
    assert found
    return client.post(path, data=data | {"csrf_token": found[1]})


def test_the_page_takes_a_list_gives_it_back_and_takes_one_out(admin: FlaskClient) -> None:
    assert "Chưa có nơi nào" in admin.get(PATH).text
    refused = posted(admin, PATH, file=(io.BytesIO(listed(SCHOOL, "school,,1,1")), "a.csv"))
    assert refused.status_code == 422
    assert "Dòng 3" in refused.text
    assert "Xin" in posted(admin, PATH).text, "without a file"
    taken = posted(admin, PATH, file=(io.BytesIO(listed(SCHOOL, CLINIC)), "b.csv"))
    assert taken.status_code == 303
    page = admin.get(f"{PATH}?tim=tram+y+te").text
    assert "Trạm y tế Mường Phăng (thử)" in page
    assert "Tiểu học" not in page
    assert [each.name for each in read_places(admin.get(f"{PATH}/tai-ve").data).lines] == names()
    gone = find_places("tram y te")[0].id
    assert posted(admin, f"{PATH}/{gone}/bo").status_code == 303
    assert posted(admin, f"{PATH}/{gone}/bo").status_code == 404
    assert names() == ["Trường Tiểu học Mường Phăng (thử)"]


def test_only_who_keeps_the_directory_changes_the_list(app: Flask) -> None:
    other = actor_with("front_commune", a_unit())
    with pytest.raises(Forbidden), write_unit():
        import_places(other, read_places(listed(SCHOOL)))
    with pytest.raises(Forbidden), write_unit():
        remove_place(other, 1)
    with pytest.raises(NotFound), write_unit():
        remove_place(SYSTEM, 1)
