"""A small TCP proxy that cuts a connection at a chosen point of a request or its answer (R8)."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

TIMEOUT = 30


class Cut(Enum):
    """Where the connection ends."""

    BEFORE = "before the request"
    IN_REQUEST = "in the request"
    NO_ANSWER = "after the request, before the answer"
    HEADERS = "after the headers of the answer"
    ONE_BYTE = "after one byte of the answer"
    HALF = "in the middle of the answer"
    LAST_BYTE = "before the last byte of the answer"


@dataclass(frozen=True)
class Request:
    """The first line of what was asked."""

    method: str
    path: str


@dataclass(frozen=True)
class Told:
    """An answer of the proxy's own in place of the server's."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Rule = Callable[[Request], Cut | Told | None]


class Proxy:
    """Listens on a port of its own; each connection carries one request.

    ``rule`` decides for each request; ``down`` refuses everything; ``swap`` are bytes that the
    client reads in place of the server's, of the same length, turned back in its requests.
    """

    def __init__(self, port: int) -> None:
        self._target = ("127.0.0.1", port)
        self.rule: Rule = lambda _request: None
        self.down = False
        self.swap: tuple[bytes, bytes] = (b"", b"")
        self.seen: list[Request] = []
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        client.settimeout(TIMEOUT)
        try:
            with client:
                if not self.down:
                    self._exchange(client)
        except OSError:
            return  # either side went away, which is what this is for

    def _exchange(self, client: socket.socket) -> None:
        raw = _whole(client)
        if not raw or self.down:  # the network may go after the browser has connected
            return
        request = Request(*raw.split(b"\r\n", 1)[0].decode("latin-1").split(" ")[:2])
        self.seen.append(request)
        decided = self.rule(request)
        if isinstance(decided, Told):
            client.sendall(_rendered(decided))
            return
        self.cuts += decided is not None
        if decided is Cut.BEFORE:
            return
        if decided is Cut.IN_REQUEST:
            self._ask(raw[: len(raw) // 2])
            return
        answer = self._ask(raw)
        client.sendall(_part(answer, decided))

    def _ask(self, raw: bytes) -> bytes:
        """What the server answers to these bytes; nothing to a part of a request."""
        head, blank, body = raw.partition(b"\r\n\r\n")
        theirs, ours = self.swap
        if ours:
            head = head.replace(ours, theirs)
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(_DROPPED)]
        lines.append(b"Connection: close")
        with socket.create_connection(self._target, timeout=TIMEOUT) as server:
            server.sendall((b"\r\n".join(lines) if blank else head) + blank + body)
            server.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: server.recv(65536), b""))
        return answer.replace(theirs, ours) if ours else answer


# What would make an answer differ from the one the test counts or swaps bytes in.
_DROPPED = (b"connection:", b"accept-encoding:", b"if-none-match:")


def _whole(client: socket.socket) -> bytes:
    """One request with its body."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = client.recv(65536)
        if not part:
            return b""
        raw += part
    head, _blank, body = raw.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length:
        part = client.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


def _part(answer: bytes, cut: Cut | None) -> bytes:
    head = answer.find(b"\r\n\r\n") + 4
    ends = {
        None: len(answer),
        Cut.NO_ANSWER: 0,
        Cut.HEADERS: head,
        Cut.ONE_BYTE: 1,
        Cut.HALF: head + (len(answer) - head) // 2,
        Cut.LAST_BYTE: len(answer) - 1,
    }
    return answer[: ends[cut]]


def _rendered(told: Told) -> bytes:
    headers = (*told.headers, ("Content-Length", str(len(told.body))), ("Connection", "close"))
    lines = [f"HTTP/1.1 {told.status} Told", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + told.body
