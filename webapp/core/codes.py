"""Codes that people read out, write down and type: Crockford base32, never in a path or a log.

Stored are only keyed digests (HMAC-SHA-256); look-up keys are apart from identity keys.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
TRACKING_BITS = 80


@dataclass(frozen=True)
class LookupKeys:
    """Keys for digests and derived codes; versions so that they can change."""

    tracking: dict[int, bytes]
    index: bytes

    @property
    def current(self) -> int:
        """The version used for new rows."""
        return max(self.tracking)


_keys: LookupKeys | None = None


def configure(keys: LookupKeys) -> None:
    """Set the keys; called once when the application is made."""
    global _keys
    _keys = keys


def keys() -> LookupKeys:
    """The keys in force. Raises RuntimeError before start-up."""
    if _keys is None:
        raise RuntimeError("codes.configure was not called")
    return _keys


def encode(number: int, length: int) -> str:
    """Crockford base32 of a number, ``length`` characters, leading zeros kept."""
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        digits.append(ALPHABET[rest])
    return "".join(reversed(digits))


def random_code(length: int) -> str:
    """A random code of ``length`` characters, 5 bits each."""
    return encode(secrets.randbits(5 * length), length)


def normalise(text: str) -> str:
    """What a person typed, as a code: separators dropped, look-alikes read as meant."""
    kept = "".join(ch for ch in text.upper() if ch.isalnum() and ch.isascii())
    return kept.translate(_READ_AS)


def grouped(code: str) -> str:
    """Four groups of four, as shown and printed."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def tracking_code(raw_key: str, version: int) -> str:
    """The first 80 bits of HMAC(tracking key, idempotency key): a replay derives it again."""
    mac = hmac.new(keys().tracking[version], raw_key.encode(), hashlib.sha256).digest()
    return encode(int.from_bytes(mac[: TRACKING_BITS // 8]), TRACKING_BITS // 5)


def digest(purpose: str, text: str | bytes) -> str:
    """A keyed digest for storing or looking up a secret; hex, 64 characters.

    ``purpose`` keeps digests of one secret in two columns apart.
    """
    raw = text.encode() if isinstance(text, str) else text
    return hmac.new(keys().index, purpose.encode() + b"\0" + raw, hashlib.sha256).hexdigest()
