"""Figures are for this machine or for a token, and count by state."""

from dataclasses import replace

import pytest
from flask import Flask

from webapp.core.unit_of_work import write_unit
from webapp.jobs.operations import enqueue


def test_counts_by_state_for_this_machine(app: Flask) -> None:
    with write_unit():
        enqueue("media.remove_file", key="x")
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert 'matxanh_outbox_rows{state="waiting"} 1' in answer.text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
def test_what_came_through_a_proxy_is_not_this_machine(app: Flask, header: str) -> None:
    assert app.test_client().get("/metrics", headers={header: "203.0.113.9"}).status_code == 404


def test_a_set_token_is_asked_of_everybody(app: Flask) -> None:
    settings = app.extensions["matxanh_settings"]
    app.extensions["matxanh_settings"] = replace(settings, metrics_token="ma-cua-may")
    try:
        client = app.test_client()
        assert client.get("/metrics").status_code == 404
        wrong = client.get("/metrics", headers={"Authorization": "Bearer sai"})
        assert wrong.status_code == 404
        right = client.get(
            "/metrics", headers={"Authorization": b"Bearer ma-cua-may".decode("latin-1")}
        )
        assert right.status_code == 200
    finally:
        app.extensions["matxanh_settings"] = settings
