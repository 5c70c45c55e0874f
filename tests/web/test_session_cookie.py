"""Cookies are checked once; what they hold ends as before, and nobody shares it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.sessions import session_json_serializer
from itsdangerous import BadSignature, SignatureExpired

from webapp.web.session_cookie import CheckedOnce

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LONGEST = 3600
HELD = {"sign_in": "mã-phiên", "_flashes": [("info", "Đã gửi phản ánh.")]}


@pytest.fixture
def cookies() -> CheckedOnce:
    return CheckedOnce("khóa-thử", serializer=session_json_serializer)


@pytest.fixture
def cookie(cookies: CheckedOnce) -> str:
    with time_machine.travel(NOON, tick=False):
        made: str = cookies.dumps(HELD)
        assert cookies.loads_fresh(made, LONGEST) == HELD  # from now on it is known
    return made


def test_who_changes_what_a_cookie_held_changes_it_for_one_request(
    cookies: CheckedOnce, cookie: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        cookies.loads_fresh(cookie, LONGEST)["_flashes"].append(("info", "của người khác"))
        assert cookies.loads_fresh(cookie, LONGEST) == HELD


@pytest.mark.parametrize(
    "at", [NOON + timedelta(seconds=LONGEST + 1), NOON - timedelta(seconds=1)], ids=["old", "early"]
)
def test_a_known_cookie_is_not_good_for_longer(
    cookies: CheckedOnce, cookie: str, at: datetime
) -> None:
    with time_machine.travel(NOON + timedelta(seconds=LONGEST), tick=False):
        assert cookies.loads_fresh(cookie, LONGEST) == HELD
    with time_machine.travel(at, tick=False), pytest.raises(SignatureExpired):
        cookies.loads_fresh(cookie, LONGEST)


def test_what_was_not_signed_with_this_key_is_refused_every_time(
    cookies: CheckedOnce, cookie: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        foreign = CheckedOnce("khóa-khác", serializer=session_json_serializer).dumps(HELD)
        for forged in (foreign, cookie[:-1], f"x{cookie}", ""):
            for _time in range(2):
                with pytest.raises(BadSignature):
                    cookies.loads_fresh(forged, LONGEST)
