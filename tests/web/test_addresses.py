"""A number in an address is one that a database can hold, whatever a page asks for by it."""

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter

from webapp.web.paging import LAST_ID


def test_no_address_takes_a_number_that_no_database_holds(bare_app: Flask) -> None:
    numbers = [
        (rule.rule, each.max)
        for rule in bare_app.url_map.iter_rules()
        for each in rule._converters.values()
        if isinstance(each, IntegerConverter)
    ]
    assert numbers
    assert [place for place, limit in numbers if limit is None or limit > LAST_ID] == []


def test_beyond_it_nothing_is_found(bare_app: Flask) -> None:
    paths = bare_app.url_map.bind("localhost")
    assert paths.match(f"/can-bo/nhiem-vu/xem/{LAST_ID}")[1] == {"check_id": LAST_ID}
    with pytest.raises(NotFound):
        paths.match(f"/can-bo/nhiem-vu/xem/{LAST_ID + 1}")
