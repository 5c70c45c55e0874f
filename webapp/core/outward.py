"""Requests to addresses that somebody else chose: https, public, answered once, never followed.

A browser tells us where its push service is. Without these rules it could name a machine of our
own network and let us knock there (SSRF).
"""

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from threading import Timer
from typing import Final
from urllib.parse import SplitResult, urlsplit

SECONDS: Final = 10
"""Waiting for the next byte."""
WHOLE_SECONDS: Final = 20
"""For a whole request: who sends one byte at a time shall not hold the worker."""
MAX_ADDRESS: Final = 1000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(ValueError):
    """The address is not one we send to."""


@dataclass(frozen=True)
class Doors:
    """Where we may send: everywhere public, and in tests one stand-in ``host:port`` by http."""

    test_host: str = ""

    def check(self, url: str) -> SplitResult:
        """The parts of an address we may send to, judged by its text alone. Raises Refused."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise Refused from None
        if self.test_host and parts.netloc == self.test_host:
            return parts
        host = parts.hostname or ""
        if (
            parts.scheme != "https"
            or port not in (None, 443)
            or parts.username is not None
            or len(url) > MAX_ADDRESS
            or not url.isascii()
            or not url.isprintable()
            or " " in url
            or not _is_name(host)
        ):
            raise Refused
        return parts

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        """Send and give the status; the body of the answer is not read.

        Raises Refused, OSError or HTTPException.
        """
        parts = self.check(url)
        connection = self._connection(parts)
        path = parts.path or "/"
        target = f"{path}?{parts.query}" if parts.query else path
        deadline = Timer(WHOLE_SECONDS, _cut, (connection,))
        deadline.daemon = True
        deadline.start()
        try:
            connection.request("POST", target, body=content, headers=dict(headers))
            return connection.getresponse().status
        finally:
            deadline.cancel()
            connection.close()

    def _connection(self, parts: SplitResult) -> HTTPConnection:
        host = parts.hostname or ""
        if parts.netloc == self.test_host:
            return HTTPConnection(host, parts.port, timeout=SECONDS)
        return _PinnedConnection(host, _public_address(host))


class _PinnedConnection(HTTPSConnection):
    """Connects to the address that was judged, whatever the name says by then."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, timeout=SECONDS)
        self._address = address
        self._tls = ssl.create_default_context()

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), SECONDS)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _cut(connection: HTTPConnection) -> None:
    """End what a request waits for, from another thread."""
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)


def _is_name(host: str) -> bool:
    if "." not in host or host.endswith((".local", ".internal", ".localhost", ".")):
        return False
    return not host.rsplit(".", 1)[1].isdigit()  # 10.0.0.1, and 0x7f.1 never resolves as a name


def _public_address(host: str) -> str:
    """One address of the host, when all of them are public. Raises Refused, OSError."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(map(is_public, addresses)):
        raise Refused
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, not one that wraps a private one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip.sixtofour or ip.teredo or ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast
