"""Answers and built files made small for weak networks where no proxy does it.

Public answers compress to the same bytes for everyone. A personal one may hold a form's token
beside words that came with the address, and its length must not tell how well the two match:
random bytes of random number stand in its header (Palacios, Gómez, Román: Heal the Breach, 2022).
"""

import gzip
import io
import mimetypes
import secrets
from pathlib import Path

from flask import Flask, Response, request
from werkzeug.security import safe_join

WORTH_COMPRESSING = 600
LEVEL = 5
PADDING = 100
"""At most so many bytes are added to a personal answer."""
BUILT_KINDS = {"br": ".br", "gzip": ".gz"}
"""Encodings of the files that the build writes beside each file, the smallest first."""
_TEXT = ("text/", "application/json", "application/problem+json", "application/geo+json")


def init_compression(app: Flask) -> None:
    """Compress personal answers, and send built files in the smallest form the browser takes."""
    app.after_request(_compress_personal)
    app.view_functions["static"] = lambda filename: _built_file(app, filename)


def compress_shared(response: Response) -> None:
    """Compress an answer that is the same for everyone, always to the same bytes."""
    if _worth_it(response):
        # A fixed time in the header keeps equal answers equal byte for byte.
        _replace(response, gzip.compress(response.get_data(), compresslevel=LEVEL, mtime=0))


def _compress_personal(response: Response) -> Response:
    if request.endpoint != "static" and _worth_it(response):
        _replace(response, _padded(response.get_data()))
        response.vary.add("Accept-Encoding")
    return response


def _padded(body: bytes) -> bytes:
    padding = secrets.token_hex(PADDING)[: secrets.randbelow(PADDING)]
    packed = io.BytesIO()
    with gzip.GzipFile(padding, "wb", LEVEL, packed, mtime=0) as writer:
        writer.write(body)
    return packed.getvalue()


def _worth_it(response: Response) -> bool:
    return (
        response.status_code < 500
        and not response.direct_passthrough
        and not response.is_streamed
        and len(response.get_data()) >= WORTH_COMPRESSING
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(_TEXT)
        and bool(request.accept_encodings["gzip"])
    )


def _replace(response: Response, body: bytes) -> None:
    response.set_data(body)
    response.headers["Content-Encoding"] = "gzip"


def _built_file(app: Flask, filename: str) -> Response:
    for encoding, ending in BUILT_KINDS.items():
        if request.accept_encodings[encoding] and _is_built(app, filename + ending):
            answer = app.send_static_file(filename + ending)
            answer.headers["Content-Encoding"] = encoding
            answer.mimetype = mimetypes.guess_type(filename)[0] or "application/octet-stream"
            break
    else:
        answer = app.send_static_file(filename)
    answer.vary.add("Accept-Encoding")
    return answer


def _is_built(app: Flask, filename: str) -> bool:
    path = safe_join(str(app.static_folder), filename)
    return path is not None and Path(path).is_file()
