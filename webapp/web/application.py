"""Flask as this application uses it."""

from collections.abc import Callable, Iterable
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


class Application(Flask):
    """Flask, whose every view is an ordinary function and whose plain addresses are kept."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url_map.converters["int"] = _Number
        self._addresses: dict[tuple[str, str], str] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself: asking a dozen hooks of each request is for coroutines."""
        return func

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """The address of an endpoint.

        One without values is made once for each language: the menu of a page has thirty of them.
        """
        adapter = request_ctx.url_adapter if has_request_context() else None
        if values or endpoint.startswith(".") or adapter is None:
            return super().url_for(endpoint, **values)
        key = adapter.script_name, endpoint
        known = self._addresses.get(key)
        if known is None:
            known = self._addresses[key] = super().url_for(endpoint)
        return known
