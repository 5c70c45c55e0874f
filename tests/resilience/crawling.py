"""Reading a site as somebody: every door with every known object, and the links found on the way.

Each address is read once. A board or a list is one page for hundreds of choices in its address:
of each name in a query some values are read, each of them at least once, not all they make
together. The English clothes of a page are read once for each kind of page.
"""

import html
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from tests.resilience.access_matrix import doors
from tests.resilience.doors import ask, is_open
from tests.resilience.world import World

VALUES: Final = 8
"""Of each name in the query of a page so many values are read."""
INSIDE = ("/can-bo", "/api/v1/staff", "/hop-thu")
_ENGLISH: Final = "/en"
# What makes another page of the same rule, beside the record it is about.
_PAGES: Final = ("step", "slug", "kind")


class Links:
    """Tells which links lead to something that was not read yet."""

    def __init__(self, app: Flask) -> None:
        self._rules = app.url_map.bind("")
        self._read: set[object] = set()
        self._values: dict[tuple[str, str], set[str]] = defaultdict(set)

    def is_new(self, link: str) -> bool:
        """Whether to open it; from then on it counts as read."""
        parts = urlsplit(link)
        if parts.path == _ENGLISH or parts.path.startswith(f"{_ENGLISH}/"):
            return self._first(self._kind(parts.path.removeprefix(_ENGLISH) or "/"))
        choices = [self._another(parts.path, *each) for each in parse_qsl(parts.query)]
        return self._first(parts.path) or any(choices)

    def _first(self, what: object) -> bool:
        known = what in self._read
        self._read.add(what)
        return not known

    def _another(self, path: str, name: str, value: str) -> bool:
        values = self._values[path, name]
        if value in values or len(values) == VALUES:
            return False
        values.add(value)
        return True

    def _kind(self, path: str) -> tuple[str, ...]:
        try:
            endpoint, given = self._rules.match(path, method="GET")
        except (HTTPException, RoutingException):
            return (path,)
        return (endpoint, *(str(given[name]) for name in _PAGES if name in given))


def crawl(
    client: FlaskClient, app: Flask, world: World, *, outside: bool, more: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    """Address and content of every answer; ``more`` are addresses outside that no page links to."""
    links, waiting = Links(app), list[str]()
    for door in doors(app, world):
        if door.method == "GET" and (outside or not is_open(app, door)):
            response = ask(client, door, world)
            address = response.request.full_path.rstrip("?")
            links.is_new(address)
            yield unquote(address), _all(response)
            waiting += _links(response.text if response.is_json or _is_page(response) else "")
    for link in more if outside else ():
        links.is_new(link)
        yield unquote(link), _all(client.get(link, buffered=True))
    while waiting:
        link = waiting.pop()
        if (outside or link.startswith(INSIDE)) and links.is_new(link):
            response = client.get(link, buffered=True)
            yield unquote(link), _all(response)
            if _is_page(response):
                waiting += _links(response.text)


def _is_page(response: object) -> bool:
    return getattr(response, "mimetype", "") == "text/html"


def _all(response: object) -> bytes:
    """Body as sent and as read, and the headers: a leak is a leak wherever it stands."""
    body: bytes = _unpacked(getattr(response, "data", b""))
    headers = str(getattr(response, "headers", "")).encode()
    return body + html.unescape(body.decode("utf-8", "replace")).encode() + headers


def _unpacked(body: bytes) -> bytes:
    """An archive as the names and contents of its files, anything else as it is."""
    if not body.startswith(b"PK"):
        return body
    archive = zipfile.ZipFile(io.BytesIO(body))
    return b"".join(name.encode() + archive.read(name) for name in archive.namelist())


def _links(page: str) -> list[str]:
    found = re.findall(r"""(?:href|src|action|data-[a-z-]+)=["'](/[^"'#]*)""", html.unescape(page))
    own = (link for link in found if not urlsplit(link).netloc and "/static/" not in link)
    return [link for link in own if link != "/dang-xuat"]
