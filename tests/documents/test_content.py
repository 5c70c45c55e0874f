"""A draft kept as JSON prints the same once it is signed and numbered."""

import json

import pytest

from tests.documents import samples
from webapp.documents.content import from_content, to_content
from webapp.documents.docx_writer import render_docx


@pytest.mark.parametrize("kind", samples.ALL_KINDS)
def test_a_letter_comes_back_from_json_as_it_was(kind: str) -> None:
    letter = samples.ALL_KINDS[kind]()
    kept = json.loads(json.dumps(to_content(letter)))
    assert from_content(kept, letter.registration, letter.signature) == letter


def test_number_date_and_name_given_later_make_the_issued_letter() -> None:
    draft = samples.recommendation(samples.DRAFT)
    kept = to_content(draft)
    assert "registration" not in kept
    assert "Lò Thị Thử Nghiệm" not in json.dumps(kept, ensure_ascii=False)
    issued = from_content(json.loads(json.dumps(kept)), samples.ISSUED, samples.CHAIR)
    assert render_docx(issued) == render_docx(samples.recommendation())
