"""Measuring: load over HTTP, percentiles, the machine's own speed, the table."""

import http.client
import statistics
import time
from collections.abc import Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

CONNECTIONS = 4
_LOOP = 2_000_000


@dataclass(frozen=True)
class Times:
    """Milliseconds of one piece of work, repeated, and the seconds that all of it took.

    ``sizes`` are the bytes of each answer, where there are answers.
    """

    values: tuple[float, ...]
    seconds: float
    sizes: tuple[int, ...] = ()

    @property
    def p50(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.values, n=20)[-1]

    @property
    def kilobytes(self) -> float:
        """The median answer."""
        return statistics.median(self.sizes) / 1000

    @property
    def rate(self) -> float:
        """How many a second."""
        return len(self.values) / self.seconds


def calibration() -> float:
    """Milliseconds of a fixed loop: figures of two machines compare only beside it."""
    start = time.perf_counter()
    total = 0
    for number in range(_LOOP):
        total += number & 7
    assert total  # noqa: S101  # keeps the loop from being seen as useless
    return (time.perf_counter() - start) * 1000


def timed(work: Sequence[Callable[[], object]]) -> Times:
    """How long each call takes, one after another."""
    values = []
    for call in work:
        start = time.perf_counter()
        call()
        values.append((time.perf_counter() - start) * 1000)
    return Times(tuple(values), sum(values) / 1000)


def load(
    port: int,
    addresses: Sequence[str],
    headers: MutableMapping[str, str] | None = None,
    connections: int = CONNECTIONS,
) -> Times:
    """Ask for each address, so many at a time over kept connections.

    A session that is set anew is kept in ``headers``. Raises RuntimeError for any answer but 200.
    """
    kept: MutableMapping[str, str] = {} if headers is None else headers
    shares = [addresses[start::connections] for start in range(connections)]
    start = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        parts = list(pool.map(lambda share: _ask_all(port, share, kept), shares))
    seconds = time.perf_counter() - start
    values, sizes = zip(*(answer for part in parts for answer in part), strict=True)
    return Times(values, seconds, sizes)


def _ask_all(
    port: int, addresses: Sequence[str], headers: MutableMapping[str, str]
) -> list[tuple[float, int]]:
    """Milliseconds and bytes of each answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    values = []
    for address in addresses:
        start = time.perf_counter()
        connection.request("GET", address, headers=dict(headers))
        answer = connection.getresponse()
        size = len(answer.read())
        values.append(((time.perf_counter() - start) * 1000, size))
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        _keep_cookie(headers, answer.getheader("Set-Cookie"))
    connection.close()
    return values


def _keep_cookie(headers: MutableMapping[str, str], given: str | None) -> None:
    """Send from now on what the server sets anew, as a browser does."""
    if given is not None and "Cookie" in headers:
        headers["Cookie"] = given.partition(";")[0]


def print_table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Aligned columns; floats with one decimal."""
    cells = [headings, *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    for row in cells:
        name, *numbers = (text for text in row)
        rest = (text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True))
        print("  ".join([name.ljust(widths[0]), *rest]), flush=True)


def _cell(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)
