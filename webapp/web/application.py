"""Flask as this application uses it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask, has_request_context
from flask.globals import request_ctx
from werkzeug.routing import IntegerConverter, Map

from webapp.web.paging import LAST_ID


class _Number(IntegerConverter):
    """A number in an address, as far as a database holds one: beyond it nothing is found."""

    def __init__(self, url_map: Map, max: int = LAST_ID, **limits: Any) -> None:
        super().__init__(url_map, max=max, **limits)


Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_MARK = "mark0of0"
_KEPT = 4096
_is_plain = re.compile(r"[0-9A-Za-z._~-]+").fullmatch


class Application(Flask):
    """Flask, whose every view is an ordinary function and whose plain addresses are kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url_map.converters["int"] = _Number
        self._addresses: dict[tuple[str, ...], str | None] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: asking a dozen hooks of each request is for coroutines."""
        return func

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of an endpoint.

        How it is written is worked out once for each language, endpoint and names of values: a
        page has thirty without values and one with a code for each step and record. Codes are
        put in as they are; whatever would have to be quoted goes the long way.
        """
        adapter = request_ctx.url_adapter if has_request_context() else None
        if adapter is None or endpoint.startswith(".") or not _are_codes(values):
            return super().url_for(endpoint, **values)
        key = adapter.script_name, endpoint, *values
        if key not in self._addresses and len(self._addresses) < _KEPT:
            self._addresses[key] = self._frame(endpoint, values)
        frame = self._addresses.get(key)
        return super().url_for(endpoint, **values) if frame is None else frame % values

    def _frame(self, endpoint: str, names: Iterable[str]) -> str | None:
        """The address with places for its values; None where it follows from what they are."""
        marks: dict[str, Any] = {name: f"{_MARK}{number}x" for number, name in enumerate(names)}
        try:
            alone = len([*self.url_map.iter_rules(endpoint)]) == 1
            if marks and (not alone or _is_special(marks)):
                return None
            found = super().url_for(endpoint, **marks)
        except (KeyError, ValueError):  # unknown, or made of a number or of one of some words
            return None
        found = found.replace("%", "%%")
        for name, mark in marks.items():
            found = found.replace(mark, f"%({name})s")
        return found


def _are_codes(values: Mapping[str, Any]) -> bool:
    """Whether every value is written in an address as it is: letters, numbers and ``-._~``."""
    return all([type(each) is str and _is_plain(each) is not None for each in values.values()])


def _is_special(names: Iterable[str]) -> bool:
    """Whether one of the names says how the address is made (``_anchor``, ``_external``)."""
    return any(name.startswith("_") for name in names)
