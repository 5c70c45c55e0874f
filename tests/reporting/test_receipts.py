"""The giấy tiếp nhận: for who holds the code, with no name on it."""

import re
from io import BytesIO

import pytest
from flask import Flask

from tests.documents.readers import docx_lines
from tests.factories.reporting import send
from webapp.core.actor import GUEST
from webapp.core.codes import grouped
from webapp.reporting.submission import Contact

CONTACT = Contact("Quàng Thị Chim Cú", "0987123654", None)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_slip_for_the_holder_of_the_code(app: Flask, kind: str) -> None:
    sent = send(GUEST, key="0b2c8f2e-6f3f-4b1e-9f0e-1f5f4c1d2a33", contact=CONTACT)
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get("/tra-cuu").text)
    told = {"csrf_token": token[1], "code": sent.tracking_code, "kind": kind}  # type: ignore[index]
    answer = client.post("/tra-cuu/giay-tiep-nhan", data=told)
    assert answer.status_code == 200
    assert sent.tracking_code not in answer.headers["Content-Disposition"]
    if kind == "pdf":
        assert answer.data.startswith(b"%PDF-1.")
        return
    text = "\n".join(docx_lines(BytesIO(answer.data).getvalue()))
    assert grouped(sent.tracking_code or "") in text
    assert sent.report.code in text
    assert "Chim Cú" not in text and "0987" not in text
    told["code"] = "0" * 16
    assert client.post("/tra-cuu/giay-tiep-nhan", data=told).status_code == 404
    del told["csrf_token"]
    assert client.post("/tra-cuu/giay-tiep-nhan", data=told).status_code == 422
