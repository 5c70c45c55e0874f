"""What staff are shown of a case, and what somebody who comes too late is told."""

import pytest
from flask import Flask

from tests.factories.accounts import actor_with
from tests.factories.cases import make_case, make_line
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit, an_organisation
from webapp.cases.operations import claim_case
from webapp.cases.policy import Sight, sight
from webapp.cases.queries import case_file
from webapp.core.actor import Actor
from webapp.core.errors import Conflict
from webapp.core.unit_of_work import write_unit


def test_a_stale_version_of_a_case_without_history_is_a_conflict(app: Flask) -> None:
    with write_unit():
        case, officer = make_case(), actor_with("front_commune", a_unit())
        with pytest.raises(Conflict, match="Hồ sơ đã thay đổi"):
            claim_case(officer, case.code, seen=99)


def test_a_stale_version_tells_the_last_step(app: Flask) -> None:
    with write_unit():
        case, officer = make_case(), actor_with("front_commune", a_unit())
        make_line(case, None)
        with pytest.raises(Conflict, match="Hệ thống vừa làm bước “Ghi ý kiến xem xét” lúc"):
            claim_case(officer, case.code, seen=99)


def of_two_roles() -> Actor:
    """The publisher of the whole province who also works at the office of one commune."""
    office = an_organisation("env_office", unit=a_unit(NA_TAU))
    publisher = actor_with("publisher", a_unit(DIEN_BIEN))
    officer = actor_with("env_commune", a_unit(NA_TAU), office)
    return Actor(publisher.kind, None, (*publisher.grants, *officer.grants))


def test_an_office_role_elsewhere_shows_no_more_than_the_publisher_sees(app: Flask) -> None:
    with write_unit():
        case, actor = make_case(), of_two_roles()
        assert sight(actor, case) is Sight.PUBLISHER
        file = case_file(actor, case.code)
        assert (file.photos, file.shows_place) == ([], False)


def test_the_office_that_is_asked_sees_as_an_office(app: Flask) -> None:
    with write_unit():
        actor = of_two_roles()
        asked = make_case("escalated", office_id=actor.grants[1].organisation_id)
        urgent = make_case("received", unit=a_unit(NA_TAU), urgent=True, public=True)
        ended = make_case("closed", unit=a_unit(NA_TAU), urgent=True)
        assert sight(actor, asked) is Sight.OFFICE
        assert sight(actor, urgent) is Sight.OFFICE
        assert sight(actor, ended) is Sight.PUBLISHER
