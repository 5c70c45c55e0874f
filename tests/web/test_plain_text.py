"""A NUL anywhere in a request is refused with a sentence, never a server error."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/healthz?tim=%00", "/healthz?%00=1", "/can-bo/danh-ba/a%00/b"])
def test_in_an_address(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "ký tự không đọc được" in answer.text


def test_in_a_json_body(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/reports", data=b'{"description": "a\\u0000b"}', content_type="application/json"
    )
    assert answer.status_code == 400


def test_words_with_marks_and_backslashes_pass(client: FlaskClient) -> None:
    assert client.get("/healthz?tim=Mường+Phăng+%5Cu0041").status_code == 200
