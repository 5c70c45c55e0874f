"""SSRF: a browser may name its push service, and nothing of our own network."""

import socket

import pytest

from webapp.core.outward import Doors, Refused, is_public

GOOD = "https://updates.push.example.org/wpush/v2/gAAAA"


@pytest.mark.parametrize(
    "url",
    [
        "http://updates.push.example.org/x",
        "https://127.0.0.1/x",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://localhost/x",
        "https://db.internal/x",
        "https://printer.local/x",
        "https://push.example.org:8080/x",
        "https://push.example.org:99999/x",
        "https://a:b@push.example.org/x",
        "https://push.example.org./x",
        "https://push.example.org/x y",
        "https://push.example.org/x\r\nHost: y",
        "https://đẩy.example.org/x",
        "https:///x",
        "ftp://push.example.org/x",
        "file:///etc/passwd",
        "",
        "https://push.example.org/" + "x" * 1000,
    ],
)
def test_addresses_that_are_not_a_push_service(url: str) -> None:
    with pytest.raises(Refused):
        Doors().check(url)


def test_a_push_service_is_let_through() -> None:
    assert Doors().check(GOOD).hostname == "updates.push.example.org"
    assert Doors().check("https://push.example.org:443/x").port == 443


def test_the_stand_in_only_where_a_test_names_it() -> None:
    Doors("127.0.0.1:9000").check("http://127.0.0.1:9000/x")
    with pytest.raises(Refused):
        Doors("127.0.0.1:9000").check("http://127.0.0.1:9001/x")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:a00:1::1", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_private_addresses_are_known(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("answers", [["10.0.0.5"], ["8.8.8.8", "127.0.0.1"], []])
def test_a_name_that_leads_inside_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, answers: list[str]
) -> None:
    asked: list[object] = []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in answers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    monkeypatch.setattr(socket, "create_connection", lambda *a, **_k: asked.append(a))
    with pytest.raises(Refused):
        Doors().post(GOOD, b"x", {})
    assert asked == []


def test_the_judged_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def connect(address: object, *_rest: object) -> None:
        asked.append(address)
        raise OSError("không tới được")

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OSError, match="không tới"):
        Doors().post(GOOD, b"x", {})
    assert asked == [("8.8.8.8", 443)]
