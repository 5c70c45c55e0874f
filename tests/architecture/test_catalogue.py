"""English is complete: every visible Vietnamese sentence has its translation, nothing is stale."""

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask

from tests.architecture.imports import ROOT

CATALOGUE = ROOT / "webapp" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("webapp/**.py", "python"), ("geo/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "lazy_gettext": None, "gettext": None, "ngettext": (1, 2), "pgettext": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w+)\}")


def sources() -> set[str]:
    """Every marked sentence; of a plural its first form."""
    found = set()
    for folder in ("webapp", "geo", "templates"):
        rows = extract_from_dir(
            str(ROOT / folder),
            method_map=[(pattern.split("/", 1)[1], method) for pattern, method in METHODS],
            keywords=KEYWORDS,
        )
        for _file, _line, message, _comments, _context in rows:
            found.add(message[0] if isinstance(message, tuple) else message)
    return {text for text in found if text}


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str | tuple[str, ...]]:
    with CATALOGUE.open("rb") as file:
        read = read_po(file, locale="en")
    rows = [message for message in read if message.id]
    return {(row.id[0] if isinstance(row.id, tuple | list) else row.id): row.string for row in rows}


def test_every_sentence_is_translated(catalogue: dict[str, str | tuple[str, ...]]) -> None:
    missing = [
        text
        for text in sorted(sources())
        if not catalogue.get(text) or (isinstance(catalogue[text], tuple) and "" in catalogue[text])
    ]
    assert missing == []


def test_no_translation_is_stale(catalogue: dict[str, str | tuple[str, ...]]) -> None:
    assert sorted(set(catalogue) - sources()) == []


def test_placeholders_are_the_same(catalogue: dict[str, str | tuple[str, ...]]) -> None:
    wrong = {}
    for source, target in catalogue.items():
        for text in target if isinstance(target, tuple) else (target,):
            if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(text)):
                wrong[source] = text
    assert wrong == {}


def test_english_keeps_no_vietnamese_words(catalogue: dict[str, str | tuple[str, ...]]) -> None:
    marks = re.compile(
        r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.I
    )
    names = re.compile(
        r"Mắt Xanh|Việt Nam|Hoàng Sa|Trường Sa|Tiếng Việt|Điện Biên|Thái Nguyên"
        r"|Mường \w+|Phăng|Nà Nhạn|Linh Sơn|QĐ|NĐ"
    )
    left = {
        text
        for target in catalogue.values()
        for text in (target if isinstance(target, tuple) else (target,))
        if marks.search(names.sub("", text))
    }
    assert left == set()


def test_a_page_in_english_is_in_english(app: Flask) -> None:
    page = app.test_client().get("/en/tra-cuu")
    assert page.status_code == 200
    assert 'lang="en"' in page.text
    assert "Tra cứu" not in page.text
