"""The seal: what does not fit does not open, and a key ring that is wrong is refused."""

import base64
from collections.abc import Iterator

import pytest

from webapp.core import crypto
from webapp.core.crypto import KeyRing, SealBroken, key_id, parse_ring, seal, unseal

NAME = "Lò Thị Ẳng".encode()
ROW = "report_identity.name:a1"
KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"m" * 32).decode()


@pytest.fixture(autouse=True)
def _ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(crypto, "_ring", KeyRing({1: b"k" * 32}))
    yield


def test_a_value_opens_in_its_own_row_only() -> None:
    sealed = seal(NAME, binding=ROW)
    assert unseal(sealed, binding=ROW) == NAME
    assert NAME not in sealed
    for elsewhere in ("report_identity.name:a2", "report_identity.phone:a1"):
        with pytest.raises(SealBroken, match=elsewhere):
            unseal(sealed, binding=elsewhere)


def test_the_same_name_is_sealed_differently_each_time() -> None:
    assert seal(NAME, binding=ROW) != seal(NAME, binding=ROW)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 14, 15, 30])
def test_a_value_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(SealBroken):
        unseal(seal(NAME, binding=ROW)[:length], binding=ROW)


@pytest.mark.parametrize("place", [0, 1, 2, 3, 15, -1])
def test_one_changed_byte_is_found(place: int) -> None:
    sealed = bytearray(seal(NAME, binding=ROW))
    sealed[place] ^= 1
    with pytest.raises(SealBroken):
        unseal(bytes(sealed), binding=ROW)


def test_another_key_under_the_same_id_does_not_open() -> None:
    sealed = seal(NAME, binding=ROW)
    crypto.configure(KeyRing({1: b"m" * 32}))
    with pytest.raises(SealBroken):
        unseal(sealed, binding=ROW)


def test_the_newest_key_seals_and_old_ones_still_open() -> None:
    old = seal(NAME, binding=ROW)
    crypto.configure(parse_ring(f"1:{KEY}, 300:{OTHER},"))
    new = seal(NAME, binding=ROW)
    assert (key_id(old), key_id(new)) == (1, 300)
    assert unseal(old, binding=ROW) == unseal(new, binding=ROW) == NAME
    crypto.configure(parse_ring(f"300:{OTHER}"))
    with pytest.raises(SealBroken):
        unseal(old, binding=ROW)


def test_before_start_up_nothing_is_sealed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crypto, "_ring", None)
    with pytest.raises(RuntimeError, match="configure"):
        seal(NAME, binding=ROW)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "at least one"),
        (" , ", "at least one"),
        (KEY, "id:base64 of 32 bytes"),
        (f"một:{KEY}", "id:base64 of 32 bytes"),
        (f"²:{KEY}", "id:base64 of 32 bytes"),
        (f"0:{KEY}", "id:base64 of 32 bytes"),
        (f"65536:{KEY}", "id:base64 of 32 bytes"),
        ("1:" + base64.b64encode(b"k" * 31).decode(), "id:base64 of 32 bytes"),
        ("1:không phải khóa", "id:base64 of 32 bytes"),
        (f"1:{KEY},1:{OTHER}", "twice"),
    ],
)
def test_a_wrong_ring_is_told_how_to_write_it(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_ring(text)
