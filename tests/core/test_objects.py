"""Objects made from columns are the session's own, as those of any other statement."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, select
from sqlalchemy.orm import object_session
from sqlalchemy.orm.exc import DetachedInstanceError

from tests.factories.cases import make_case
from webapp.cases.models import Case
from webapp.core.objects import columns_of, object_of, read_object
from webapp.core.prepared import Prepared
from webapp.core.unit_of_work import session, write_unit


def _row(code: str) -> Sequence[Any]:
    query = select(*columns_of(Case).values()).where(Case.code == bindparam("code"))
    [row] = Prepared(query).rows({"code": code})
    return row


def _read(code: str) -> Case:
    return object_of(Case, dict(zip(columns_of(Case), _row(code), strict=True)))


def _a_case() -> str:
    with write_unit():
        code = make_case("local_action", summary="Rác ven suối Nậm Rốm").code
    session().expunge_all()
    return code


def test_it_has_what_its_row_has(app: Flask) -> None:
    code = _a_case()
    found = _read(code)
    values = {name: getattr(found, name) for name in columns_of(Case)}
    session().expunge_all()
    asked = session().scalars(select(Case).where(Case.code == code)).one()
    assert values == {name: getattr(asked, name) for name in columns_of(Case)}


def test_it_is_of_the_session_and_reads_its_relations(app: Flask) -> None:
    found = _read(_a_case())
    assert object_session(found) is session()
    assert found.owner.id == found.owner_id
    assert found not in session().dirty


def test_a_change_is_stored(app: Flask) -> None:
    code = _a_case()
    with write_unit():
        _read(code).summary = "Đã dọn xong"
    session().expunge_all()
    assert _read(code).summary == "Đã dọn xong"


def test_one_that_the_session_holds_stays_as_it_is(app: Flask) -> None:
    code = _a_case()
    held = session().scalars(select(Case).where(Case.code == code)).one()
    row = dict(zip(columns_of(Case), _row(code), strict=True))
    held.summary = "Đang sửa"
    assert object_of(Case, row) is held
    assert held.summary == "Đang sửa"
    session().rollback()


def test_one_that_is_only_read_is_nobodys(app: Flask) -> None:
    code = _a_case()
    found = read_object(Case, dict(zip(columns_of(Case), _row(code), strict=True)))
    assert found.summary == "Rác ven suối Nậm Rốm"
    assert object_session(found) is None
    with pytest.raises(DetachedInstanceError):
        _ = found.owner
    held = session().get_one(Case, found.id)
    assert read_object(Case, dict(zip(columns_of(Case), _row(code), strict=True))) is held
