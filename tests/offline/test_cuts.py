"""R8 at a reduced count: each point of each request cut once."""

from pathlib import Path

import pytest

from tests.offline.cuts import LIMITS, PHOTOS, POINTS, run
from tests.offline.drill import new_server
from tests.servers import running

pytestmark = pytest.mark.resilience


def test_a_cut_answer_makes_no_second_report_and_loses_no_photo(tmp_path: Path) -> None:
    server = new_server(tmp_path)
    server.env.update(LIMITS)
    with running(server):
        figures = run(server, cases=len(POINTS) * (PHOTOS + 1))
    assert figures.passed(), figures
