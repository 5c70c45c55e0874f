"""A push service and an SMS gateway of the tests, on loopback, and a browser that asks for news."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from webapp.notifications.push import Keys


class StandIn(ThreadingHTTPServer):
    """Remembers what it was sent and answers with ``status``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.status = 201
        self.taken: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def host(self) -> str:
        """``host:port``."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Taker(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.taken.append((self.command, self.path, headers, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """The server, running."""
    with StandIn() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield made
        finally:
            made.shutdown()
            thread.join()


class Browser:
    """Keys as a browser makes them, and RFC 8291 written down once more to read what came."""

    def __init__(self, host: str, path: str = "/wpush/v2/noong-nhai") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        self.endpoint = f"http://{host}{path}"

    @property
    def keys(self) -> Keys:
        """What the browser gives to the page."""
        return Keys(self.endpoint, _text(self._point), _text(self._auth))

    @property
    def json(self) -> dict[str, object]:
        """The same as ``PushSubscription.toJSON``."""
        keys = self.keys
        return {"endpoint": keys.endpoint, "keys": {"p256dh": keys.p256dh, "auth": keys.auth}}

    @property
    def _point(self) -> bytes:
        return self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def read(self, content: bytes) -> str:
        """Decrypt a message."""
        salt, size = content[:16], content[20]
        theirs, sealed = content[21 : 21 + size], content[21 + size :]
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        shared = self._key.exchange(ec.ECDH(), public)
        info = b"WebPush: info\0" + self._point + theirs
        secret = _derived(shared, self._auth, info, 32)
        key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
        return AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")[:-1].decode()


def claims_of(authorization: str) -> dict[str, object]:
    """What the signed token of a push request says."""
    token = authorization.removeprefix("vapid t=").partition(",")[0]
    body = token.split(".")[1]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
