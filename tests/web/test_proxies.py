"""Whose address counts: the client's only through the proxies that are trusted."""

from pathlib import Path

from flask import Flask, request

from webapp.app import create_app
from webapp.config import Settings
from webapp.web.guards import public


def _address_seen(folder: Path, hops: int) -> str:
    app: Flask = create_app(Settings(data_dir=folder, proxy_hops=hops))

    @app.get("/thu-dia-chi")
    @public
    def seen() -> str:
        return request.remote_addr or ""

    headers = {"X-Forwarded-For": "198.51.100.9, 203.0.113.7"}
    return app.test_client().get("/thu-dia-chi", headers=headers).text


def test_a_forged_address_is_not_believed(tmp_path: Path) -> None:
    assert _address_seen(tmp_path, 0) == "127.0.0.1"
    assert _address_seen(tmp_path, 1) == "203.0.113.7"
