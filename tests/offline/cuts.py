"""R8: answers cut at every point; the client asks again until it has read a whole 2xx.

``python -m tests.offline.cuts --cases 500`` prints the figures of the full count. The client keeps
the rule of the phone's outbox: the same bytes under the same key, and the next file only after the
whole answer to the one before.
"""

import argparse
import hashlib
import http.client
import json
import tempfile
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.photos.scenes import draw_scene
from tests.offline.drill import arrived, new_server
from tests.offline.proxy import Cut, Proxy, Request
from tests.servers import Server, running
from webapp.app import create_app
from webapp.config import Settings

PHOTOS = 3
POINTS = tuple(Cut)
LIMITS = {"MATXANH_REPORTS_PER_ADDRESS": "100000", "MATXANH_NEW_PHONES_PER_ADDRESS": "100000"}


@dataclass
class Cuts:
    """Which request of a case is cut where: each pair of point and request once in 28 cases."""

    case: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def __call__(self, request: Request) -> Cut | None:
        """Cut the chosen request the first time it comes, and no other."""
        self.seen[request.path] += 1
        number = 0 if request.method == "POST" else len([p for p in self.seen if "/photos/" in p])
        wanted = (self.case // len(POINTS)) % (PHOTOS + 1)
        if number != wanted or self.seen[request.path] > 1:
            return None
        return POINTS[self.case % len(POINTS)]

    def next_case(self) -> None:
        """Begin the next report."""
        self.case += 1
        self.seen.clear()


@dataclass(frozen=True)
class Figures:
    """What the clients did and what the server has."""

    cases: int
    cut: int
    asked: int
    reports: int
    photos_equal: int
    codes_changed: int
    seconds: float

    def passed(self) -> bool:
        """One report and every photo for each case, each of them really cut."""
        whole = self.reports == self.cases and self.photos_equal == self.cases * PHOTOS
        return whole and self.cut == self.cases and self.codes_changed == 0


class Client:
    """Asks until it has read a whole answer."""

    def __init__(self, proxy: Proxy) -> None:
        self._port = proxy.port
        self.asked = 0

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Any:
        """The JSON of the first 2xx that was read to its end."""
        while True:
            self.asked += 1
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                content = answer.read()  # shorter than it said: IncompleteRead
                if answer.status in {200, 201}:
                    return json.loads(content)
                assert answer.status in {409, 429, 503}, (answer.status, content)
                time.sleep(float(answer.headers.get("Retry-After", "1")))
            except (OSError, http.client.HTTPException):
                continue
            finally:
                connection.close()


def send(client: Client, number: int) -> tuple[str, int]:
    """One report with its photos; its words and how often its codes changed between answers."""
    words = f"Cắt lần {number}"
    photos = [draw_scene("p_water", PHOTOS * number + part) for part in range(PHOTOS)]
    digests = [hashlib.sha256(photo).hexdigest() for photo in photos]
    body = {
        "category": "p_water",
        "description": words,
        "location": {"lon": 103.0205, "lat": 21.3895, "source": "gps"},
        "consent": True,
        "photos": [
            {"sha256": name, "size": len(photo), "type": "image/jpeg"}
            for name, photo in zip(digests, photos, strict=True)
        ],
    }
    key = str(uuid.uuid5(uuid.NAMESPACE_OID, words))
    raw = json.dumps(body).encode()
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    sent = client.ask("POST", "/api/v1/reports", raw, headers)
    for name, photo in zip(digests, photos, strict=True):
        path = f"/api/v1/reports/{sent['report_code']}/photos/{name}"
        own = {"X-Tracking-Code": sent["tracking_code"], "Content-Type": "image/jpeg"}
        assert client.ask("PUT", path, photo, own)["sha256"] == name
    again = client.ask("POST", "/api/v1/reports", raw, headers)
    same = all(again[name] == sent[name] for name in ("report_code", "tracking_code"))
    return words, 0 if same else 1


def run(server: Server, cases: int) -> Figures:
    """Send so many reports through the proxy and count what the server has."""
    proxy = Proxy(server.port)
    client, cuts = Client(proxy), Cuts()
    proxy.rule = cuts
    started = time.monotonic()
    changed = 0
    for number in range(cases):
        _words, differs = send(client, number)
        changed += differs
        cuts.next_case()
    proxy.close()
    found = [
        (words, photos)
        for words, photos in arrived(create_app(Settings(data_dir=server.folder)))
        if words.startswith("Cắt lần")
    ]
    return Figures(
        cases=cases,
        cut=proxy.cuts,
        asked=client.asked,
        reports=len(found),
        photos_equal=sum(_equal(words, photos) for words, photos in found),
        codes_changed=changed,
        seconds=time.monotonic() - started,
    )


def _equal(words: str, photos: list[str]) -> int:
    number = int(words.removeprefix("Cắt lần "))
    wanted = {
        hashlib.sha256(draw_scene("p_water", PHOTOS * number + part)).hexdigest()
        for part in range(PHOTOS)
    }
    return len(wanted & set(photos))


def main() -> None:
    """The full count, printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=500)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = new_server(Path(folder))
        server.env.update(LIMITS)
        with running(server):
            figures = run(server, asked.cases)
    print(figures)
    raise SystemExit(0 if figures.passed() else 1)


if __name__ == "__main__":
    main()
