"""SMS by the HTTP gateway of the province's operator, described by settings alone."""

import json
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit


class NotAccepted(Exception):
    """The gateway did not take the message; the status says why."""


@dataclass(frozen=True)
class SmsGateway:
    """``url`` and ``body`` have {to}, {text}, {sender}, {id}; no body means GET.

    ``id`` is the same for every try of one message, so that a gateway which knows it sends once.
    """

    url: str
    body: str
    secret: str
    sender: str
    seconds: int

    def send(self, to: str, words: str, reference: str) -> None:
        """Hand a message over. Raises NotAccepted, OSError, HTTPException."""
        values = {"to": to, "text": words, "sender": self.sender, "id": reference}
        parts = urlsplit(_filled(self.url, {k: quote(v, safe="") for k, v in values.items()}))
        headers = {"Idempotency-Key": reference}
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        content = None
        if self.body:
            headers["Content-Type"] = "application/json"
            content = json.dumps(_filled_json(json.loads(self.body), values)).encode()
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        try:
            connection.request("POST" if content else "GET", target, content, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise NotAccepted(status)

    def _connection(self, scheme: str, host: str, port: int | None) -> HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(host, port, timeout=self.seconds, context=context)
        return HTTPConnection(host, port, timeout=self.seconds)


def _filled(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def _filled_json(node: Any, values: dict[str, str]) -> Any:
    """The places filled in inside every text, so that no value can break out of its own."""
    if isinstance(node, str):
        return _filled(node, values)
    if isinstance(node, list):
        return [_filled_json(each, values) for each in node]
    if isinstance(node, dict):
        return {name: _filled_json(each, values) for name, each in node.items()}
    return node
