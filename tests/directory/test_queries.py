"""Units, places and organisations as other features ask for them."""

from flask import Flask

from geo.points import Point
from tests.factories.directory import MUONG_PHANG, TODAY, a_unit, an_organisation
from webapp.directory import queries


def test_place_in_muong_phang(app: Flask) -> None:
    found = queries.unit_at(Point(103.10, 21.47), TODAY)
    assert found is not None
    assert (found.unit.code, found.doubtful, found.approximate) == (MUONG_PHANG, False, True)
    assert an_organisation().notation == "MTTQ-BTT"
    assert a_unit().name == "Xã Mường Phăng"
