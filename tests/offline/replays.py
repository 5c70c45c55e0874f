"""R7 at its full count: one key and body, sent again and again, is one report.

``python -m tests.offline.replays --times 1000`` sends the same bytes in sequence, all at once from
fresh connections (also as the very first sending), after a restart of the server, and to a server
whose clock stands 30 days later; libfaketime does that (Debian package ``faketime``). Without it
the last part is left out, which is printed and does not pass.
"""

import argparse
import http.client
import json
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from tests.offline.drill import arrived, new_server
from tests.servers import Server, running
from webapp.app import create_app
from webapp.config import Settings

LATER = timedelta(days=30)
OLD, RACED = "Gửi lại nhiều lần", "Gửi lần đầu cùng lúc"


@dataclass(frozen=True)
class Answer:
    """What one sending was told, and the server's clock at that moment."""

    status: int
    codes: tuple[str, str]
    at: datetime


@dataclass
class Sender:
    """One report's bytes and key, and every answer to them."""

    port: int
    words: str
    answers: list[Answer] = field(default_factory=list)

    def send(self) -> Answer:
        """Send the bytes from a connection of its own."""
        body = {
            "category": "p_water",
            "description": self.words,
            "location": {"lon": 103.0205, "lat": 21.3895, "source": "gps"},
            "consent": True,
        }
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, self.words))
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/api/v1/reports", json.dumps(body).encode(), headers)
        told = connection.getresponse()
        content = json.loads(told.read())
        connection.close()
        codes = (content.get("report_code", ""), content.get("tracking_code", ""))
        answer = Answer(told.status, codes, parsedate_to_datetime(told.headers["Date"]))
        self.answers.append(answer)
        return answer

    def at_once(self, times: int) -> None:
        """Send so many copies in the same moment."""
        start = threading.Barrier(times)

        def one(_number: int) -> None:
            start.wait()
            self.send()

        with ThreadPoolExecutor(times) as pool:
            list(pool.map(one, range(times)))


@dataclass(frozen=True)
class Figures:
    """What was sent, what was told and what the server has."""

    in_sequence: int
    at_once: int
    after_restart: int
    days_later: float | None
    sent: int
    created: int
    other_answers: int
    codes: int
    reports: int
    seconds: float

    def passed(self) -> bool:
        """Two keys, two reports, each created once, always the same codes, and a month later."""
        once = self.created == self.reports == self.codes == 2 and self.other_answers == 0
        return once and self.days_later is not None and self.days_later >= LATER.days - 0.1


def run(server: Server, times: int, at_once: int) -> Figures:
    """Send two reports so often to a server that is not started yet, and count what it has."""
    old, raced = Sender(server.port, OLD), Sender(server.port, RACED)
    started = time.monotonic()
    with running(server):
        for _time in range(times):
            old.send()
        old.at_once(at_once)
        raced.at_once(at_once)
    with running(server):
        old.send()
        raced.send()
    later = _a_month_later(server, [old, raced])
    answers = old.answers + raced.answers
    statuses = [answer.status for answer in answers]
    found = [words for words, _photos in arrived(create_app(Settings(data_dir=server.folder)))]
    return Figures(
        in_sequence=times,
        at_once=at_once,
        after_restart=2,
        days_later=later,
        sent=len(answers),
        created=statuses.count(201),
        other_answers=len(statuses) - statuses.count(201) - statuses.count(200),
        codes=len({answer.codes for answer in answers}),
        reports=sum(found.count(words) for words in (OLD, RACED)),
        seconds=time.monotonic() - started,
    )


def _a_month_later(server: Server, senders: list[Sender]) -> float | None:
    """Send again to a server in 30 days; by how much its own clock was ahead, None without one."""
    library = fake_clock()
    if library is None:
        return None
    with _ahead(server, library), running(server):
        ahead = [sender.send().at - datetime.now(UTC) for sender in senders]
    return min(ahead) / timedelta(days=1)


def fake_clock() -> Path | None:
    """The library that moves a program's clock, when it is installed."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


@contextmanager
def _ahead(server: Server, library: Path) -> Iterator[None]:
    kept = server.env
    server.env = kept | {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"+{LATER.days}d",
        "NO_FAKE_STAT": "1",
    }
    try:
        yield
    finally:
        server.env = kept


def main() -> None:
    """The full count, printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(new_server(Path(folder)), asked.times, asked.at_once)
    print(figures)
    if figures.days_later is None:
        print("libfaketime is not installed (apt install faketime): 30 days later was not tried")
    raise SystemExit(0 if figures.passed() else 1)


if __name__ == "__main__":
    main()
