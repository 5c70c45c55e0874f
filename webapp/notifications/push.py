"""Web Push: a sealed subscription, one neutral line, encrypted for the browser that asked.

The push service of the browser's maker carries it and learns that something came, never what.
"""

import base64
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from webapp.core.outward import Doors

# A phone that was off for longer finds the news on the tracking page.
LIVES_SECONDS: Final = 3 * 24 * 3600
# The service keeps one waiting message per topic, the newest: all of ours say the same.
TOPIC: Final = "mat-xanh"
_GONE = {404, 410}


class Gone(Exception):
    """The browser ended the subscription."""


class NotAccepted(Exception):
    """The push service did not take the message; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Keys:
    """What a browser gives: where its service is, and the keys only the browser can open."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True)
class PushSender:
    """Sends in our name. ``secret`` is the private VAPID key, ``contact`` a mail address."""

    secret: bytes
    contact: str
    doors: Doors

    @property
    def public_key(self) -> str:
        """The key a browser subscribes with, base64url of the uncompressed point."""
        return _encoded(_key(self.secret).public_key())

    def send(self, keys: Keys, words: str, *, topic: str = TOPIC) -> None:
        """Encrypt and hand over. Raises Gone, NotAccepted, Refused, OSError, HTTPException."""
        # Loaded by the worker when it first sends: its checking library takes 26 MB of memory.
        from webpush import WebPush
        from webpush.types import WebPushKeys, WebPushSubscription

        key = _key(self.secret)
        sealed = WebPush(
            private_key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            public_key=key.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            ),
            subscriber=self.contact,
            ttl=LIVES_SECONDS,
        ).get(
            words,
            WebPushSubscription(
                endpoint=keys.endpoint, keys=WebPushKeys(auth=keys.auth, p256dh=keys.p256dh)
            ),
        )
        headers = {name.title(): str(value) for name, value in sealed.headers.items()}
        headers |= {"Topic": topic, "Content-Type": "application/octet-stream"}
        status = self.doors.post(keys.endpoint, sealed.encrypted, headers)
        if status in _GONE:
            raise Gone
        if not 200 <= status < 300:
            raise NotAccepted(status)


def new_secret() -> str:
    """A new private key, as the setting wants it."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(32)).decode().rstrip("=")


def are_browser_keys(p256dh: str, auth: str) -> bool:
    """Whether these can be a browser's keys: a point on the curve, and 16 bytes."""
    try:
        point, secret = _decoded(p256dh), _decoded(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, UnsupportedAlgorithm):
        return False
    return len(point) == 65 and len(secret) == 16


def _key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1())


def _encoded(key: ec.EllipticCurvePublicKey) -> str:
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    if len(text) > 120 or not text.isascii():
        raise ValueError(text[:10])
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
