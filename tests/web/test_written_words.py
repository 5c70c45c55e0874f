"""What people wrote is told to be Vietnamese on English pages (WCAG 2.2, 3.1.2)."""

import re
from pathlib import Path

from flask.testing import FlaskClient

from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case, make_line
from tests.factories.directory import a_unit
from tests.factories.reporting import make_report
from webapp.core.unit_of_work import write_unit

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
STORED = re.compile(
    r"(?<!\")\{\{ (?!as_written|lines)[\w.\[\]]*"
    r"\.(words|summary|place_note|question|findings|answer|view)\b[^}]*\}\}"
)
WRITTEN = '<span lang="vi">{}</span>'
SUMMARY = "Nước thải chảy ra suối <Nậm Rốm>"
ESCAPED = "Nước thải chảy ra suối &lt;Nậm Rốm&gt;"
TOLD = "Mặt trận xã đã đến xem & hỏi bà con."


def test_a_case_in_english_tells_what_is_written_in_vietnamese(client: FlaskClient) -> None:
    with write_unit():
        account, _actor = make_person("front_commune", unit=a_unit(), name="Cà Văn Noọng")
        case = make_case("received", unit=a_unit(), summary=SUMMARY, place_note="Cạnh cầu treo")
        make_line(case, TOLD)
        report = make_report(description="Khói mù cả bản", place_note="Sau chợ")
    sign_in(client, account.email)
    page = client.get(f"/en/can-bo/vu-viec/{case.code}").text
    for words in (ESCAPED, "Cạnh cầu treo", TOLD.replace("&", "&amp;")):
        assert WRITTEN.format(words) in page
    page = client.get(f"/en/can-bo/phan-anh/{report.code}").text
    for words in ("Khói mù cả bản", "Sau chợ"):
        assert WRITTEN.format(words) in page
    # Pages in Vietnamese say so once, at their head.
    page = client.get(f"/can-bo/vu-viec/{case.code}").text
    assert ESCAPED in page and 'lang="vi"' not in page.partition("<main")[2]


def test_the_public_story_is_told_as_written(client: FlaskClient) -> None:
    with write_unit():
        case = make_case("received", unit=a_unit(), public=True, summary=SUMMARY)
        make_line(case, TOLD)
    page = client.get(f"/en/vu-viec/{case.code}").text
    assert WRITTEN.format(ESCAPED) in page
    assert WRITTEN.format(TOLD.replace("&", "&amp;")) in page
    assert 'lang="vi"' not in client.get(f"/vu-viec/{case.code}").text.partition("<main")[2]


def test_templates_show_no_stored_words_without_saying_so() -> None:
    bare = [
        f"{path.relative_to(TEMPLATES)}: {found[0]}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for found in STORED.finditer(path.read_text())
        if path.parent.name != "open_data"  # what programs answer
    ]
    assert bare == []
