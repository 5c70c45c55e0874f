"""Browser tests that share a server go to one worker."""

import pytest

from tests.spreading import server_of


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (
            "journeys/test_loop.py::test_a[spatialite]",
            "journeys/test_desk.py::test_b[spatialite]",
            1,
        ),
        ("journeys/test_loop.py::test_a[spatialite]", "journeys/test_loop.py::test_a[postgis]", 0),
        ("journeys/test_reach.py::test_a[home]", "journeys/test_reach.py::test_a[case]", 1),
        ("journeys/test_reach.py::test_a[home]", "journeys/test_desk.py::test_b[spatialite]", 0),
        ("offline/test_phone.py::test_a", "offline/test_away.py::test_b", 1),
        ("offline/test_phone.py::test_a", "outcomes/test_drawing.py::test_b[spatialite]", 0),
    ],
)
def test_who_shares_a_server_shares_a_worker(one: str, other: str, together: int) -> None:
    assert (server_of(f"tests/{one}") == server_of(f"tests/{other}")) == bool(together)
