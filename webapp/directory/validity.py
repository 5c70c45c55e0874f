"""Validity as SQL: one rule for units, organisations, focal points and assignments."""

from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_, or_


def valid_on(model: Any, on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether a row of ``model`` is in force on that day; both ends belong to it.

    A missing end has not come yet, a missing beginning lies before what is recorded.
    """
    return and_(
        or_(model.valid_from.is_(None), model.valid_from <= on),
        or_(model.valid_to.is_(None), model.valid_to >= on),
    )
