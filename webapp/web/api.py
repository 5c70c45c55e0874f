"""The JSON API: one OpenAPI document, one way to read a body, one way to refuse.

Features declare an ``ApiBlueprint`` and stand in features.API_BLUEPRINTS. Writes need JSON (or raw
bytes for a file) and are refused when another site sends them; whoever brings a session cookie
needs its CSRF token too.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn
from urllib.parse import urlsplit

import marshmallow
from flask import Flask, Request, current_app, request
from flask_smorest import Api, Blueprint
from marshmallow import fields
from webargs.flaskparser import FlaskParser

from webapp.core.clock import LOCAL
from webapp.core.errors import BadRequest, Forbidden, Invalid, UnsupportedMedia
from webapp.core.text import Text, _
from webapp.extensions import csrf
from webapp.web.guards import Guard, mark_endpoints

PREFIX = "/api/v1"
MAX_JSON = 256 * 1024
MAX_FILE = 15 * 1024 * 1024
# How a write that is done once for each key tells of its header in the OpenAPI document.
KEY_HEADER: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_FORM_TYPES = {"text/plain", "multipart/form-data", "application/x-www-form-urlencoded"}
# The library says "str" but hands any object on; ours are translated when they are rendered.
_WRONG: dict[str, Any] = {
    "required": _("Xin điền mục này."),
    "null": _("Mục này không để trống được."),
    "invalid": _("Giá trị không đúng kiểu."),
    "too_large": _("Số quá lớn."),
    "invalid_utf8": _("Chữ không đọc được."),
    "type": _("Giá trị không đúng kiểu."),
    "validator_failed": _("Giá trị không đúng."),
    "unknown": _("Trường này không có."),
}


def strict_json(raw: bytes) -> Any:
    """JSON that always ends in a value or a refusal: no endless nesting, no half characters.

    Raises BadRequest.
    """
    try:
        value = json.loads(raw)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadRequest(_("Nội dung gửi không phải JSON đọc được."), kind="json-broken") from error
    return value


class String(fields.String):
    """A text."""

    default_error_messages = _WRONG


class Integer(fields.Integer):
    """A whole number; neither 1.5 nor "1"."""

    default_error_messages = _WRONG

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Boolean(fields.Boolean):
    """true or false, nothing that only looks like it."""

    default_error_messages = _WRONG

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Moment(fields.AwareDateTime):
    """An instant with its zone; without one it is Việt Nam's."""

    default_error_messages = _WRONG

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=LOCAL, **kwargs)


class Nested(fields.Nested):
    """An object."""

    default_error_messages = _WRONG


class ListOf(fields.List[Any]):
    """A list."""

    default_error_messages = _WRONG


class Anything(fields.Raw):
    """A value that the operation itself judges."""

    default_error_messages = _WRONG


class Body(marshmallow.Schema):
    """A body: unknown fields are refused, so that nothing slips in (A2 of trust.md)."""

    error_messages = _WRONG


class _Parser(FlaskParser):
    """Refusals as problem details, by field."""

    def handle_error(self, error: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise Invalid(_("Còn chỗ cần sửa."), fields=dict(_flat(error.messages)))

    def _raw_load_json(self, req: Request) -> Any:
        return strict_json(req.get_data(cache=True))


class ApiBlueprint(Blueprint):
    """A blueprint of the API below ``/api/v1``."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, import_name: str, *, description: str) -> None:
        super().__init__(name, import_name, url_prefix=PREFIX, description=description)

    def arguments(self, schema: type[marshmallow.Schema], **kwargs: Any) -> Any:
        """Read requests by one schema: the library would make a new one for each of them."""
        return super().arguments(schema(), **kwargs)


class Problem(marshmallow.Schema):
    """RFC 9457 problem details."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    fields_ = fields.Dict(keys=fields.String(), values=fields.String(), data_key="fields")


class ProblemApi(Api):
    """The API; errors are those of the whole application (web/errors.py)."""

    ERROR_SCHEMA = Problem
    DEFAULT_RESPONSE_CONTENT_TYPE: str

    def _register_error_handlers(self) -> None:
        return None

    def _register_responses(self) -> None:
        """Tell of refusals under the media type that they have."""
        usual = self.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual


def init_api(app: Flask, blueprints: tuple[ApiBlueprint, ...]) -> None:
    """Bind the API with its document; ``flask openapi write FILE`` writes it."""
    app.config.update(
        API_TITLE="Mắt Xanh",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = ProblemApi()
    api.init_app(app)
    for blueprint in blueprints:
        csrf.exempt(blueprint)  # _protect asks for the token where there is a cookie
        api.register_blueprint(blueprint)
    mark_endpoints(app, {"api-docs.openapi_json": Guard("public")})


def protect_api(app: Flask) -> None:
    """Judge every write to the API before its body is read: origin, length, kind, cookie."""
    app.before_request(_protect)


def _protect() -> None:
    if not request.path.startswith("/api/") or request.method not in _WRITES:
        return
    if request.routing_exception is not None:
        return  # nobody takes it: the answer is 404 or 405, whatever its kind
    if not _own_origin(request.headers.get("Origin")):
        raise Forbidden(_("Yêu cầu này đến từ một trang khác nên không được nhận."))
    raw = request.method == "PUT"
    request.max_content_length = MAX_FILE if raw else MAX_JSON
    if not raw and request.method != "DELETE" and not request.is_json:
        raise UnsupportedMedia(_("Xin gửi nội dung kiểu application/json."))
    if raw and request.mimetype in _FORM_TYPES:
        raise UnsupportedMedia(_("Xin gửi chính tệp ảnh, không gửi biểu mẫu."))
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        csrf.protect()


def _own_origin(origin: str | None) -> bool:
    if origin is None:
        return True
    settings = current_app.extensions["matxanh_settings"]
    own = {request.host, urlsplit(settings.public_url).netloc}
    return bool(origin) and urlsplit(origin).netloc in own - {""}


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, Text]]:
    """Nested messages as ``photos.0.size: message``, first of each; ``json`` drops."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            part = "" if name in {"json", "_schema", "headers", "query"} and not path else str(name)
            yield from _flat(inner, ".".join(filter(None, (path, part))))
    else:
        first = messages[0] if isinstance(messages, list) else messages
        yield path or "body", first if isinstance(first, Text) else _("Giá trị không đúng.")
