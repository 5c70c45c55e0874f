"""Sealing identities and originals: AES-256-GCM, a key ring, every value bound to its row.

A value moved to another row or column does not open (the row's uid and the column name are
authenticated). Format: 1 byte version, 2 bytes key id, 12 bytes nonce, ciphertext with tag.
"""

import base64
import os
from contextlib import suppress
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_FORMAT = 1
_HEAD = 3
_NONCE = 12


class SealBroken(Exception):
    """The value was changed, moved to another row, or its key is not in the ring."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by id; the highest id seals, all of them open."""

    keys: dict[int, bytes]

    @property
    def current(self) -> int:
        """The id of the key that seals new values."""
        return max(self.keys)


_ring: KeyRing | None = None


def configure(ring: KeyRing) -> None:
    """Set the key ring; called once when the application is made."""
    global _ring
    _ring = ring


def ring() -> KeyRing:
    """The ring in force. Raises RuntimeError before start-up."""
    if _ring is None:
        raise RuntimeError("crypto.configure was not called")
    return _ring


def parse_ring(text: str) -> KeyRing:
    """Read ``1:base64key,2:base64key``. Raises ValueError with what to set."""
    keys: dict[int, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        number, key = _parse_key(part)
        if number in keys:
            raise ValueError(f"the key id {number} stands there twice")
        keys[number] = key
    if not keys:
        raise ValueError("at least one identity key is needed")
    return KeyRing(keys)


def _parse_key(part: str) -> tuple[int, bytes]:
    number, _, encoded = part.partition(":")
    with suppress(ValueError):
        key = base64.b64decode(encoded, validate=True)
        if number.isdecimal() and 0 < int(number) < 65536 and len(key) == 32:
            return int(number), key
    raise ValueError("each identity key is written id:base64 of 32 bytes")


def seal(plain: bytes, *, binding: str) -> bytes:
    """Encrypt under the current key, bound to ``binding`` (``table.column:uid``)."""
    number = ring().current
    nonce = os.urandom(_NONCE)
    head = bytes([_FORMAT]) + number.to_bytes(2)
    return head + nonce + AESGCM(ring().keys[number]).encrypt(nonce, plain, binding.encode())


def unseal(sealed: bytes, *, binding: str) -> bytes:
    """Decrypt. Raises SealBroken when anything does not fit."""
    key = ring().keys.get(int.from_bytes(sealed[1:_HEAD]))
    if len(sealed) < _HEAD + _NONCE or sealed[0] != _FORMAT or key is None:
        raise SealBroken(binding)
    nonce, body = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, body, binding.encode())
    except InvalidTag as exc:
        raise SealBroken(binding) from exc


def key_id(sealed: bytes) -> int:
    """The id of the key a value was sealed with."""
    return int.from_bytes(sealed[1:_HEAD])
