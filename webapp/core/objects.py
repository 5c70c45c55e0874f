"""Objects of the session made from columns that a prepared statement has read.

What SQLAlchemy does at each execution to make an object out of a row took longer than asking for
the row. The object is the session's own as any other: it changes with it and reads its relations.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import inspect
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.attributes import instance_dict, instance_state

from webapp.core.base import Base
from webapp.core.unit_of_work import session

Model = TypeVar("Model", bound=Base)


@cache
def columns_of(model: type[Base]) -> dict[str, InstrumentedAttribute[Any]]:
    """The columns of a model by the names of its attributes."""
    return {each.key: getattr(model, each.key) for each in inspect(model).column_attrs}


def object_of(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The object of a row that the session has just read; ``values`` are all of
    ``columns_of``.

    One that the session holds already is given as it is, as by any other statement.
    """
    found = read_object(model, values)
    if found not in session():
        session().add(found)
    return found


def read_object(model: type[Model], values: Mapping[str, Any]) -> Model:
    """The same outside of the session: what is only read needs not be watched for changes.

    Its relations raise DetachedInstanceError.
    """
    mapper = inspect(model)
    primary = tuple([values[str(each.key)] for each in mapper.primary_key])
    key: Any = mapper.identity_key_from_primary_key(primary)
    known = session().identity_map.get(key)
    if isinstance(known, model):
        return known
    found = cast(Model, mapper.class_manager.new_instance())
    instance_dict(found).update(values)
    instance_state(found).key = key
    return found
