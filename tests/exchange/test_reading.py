"""Files of the other system: encodings, separators, limits, what is refused and how."""

import pytest

from tests.exchange.files import a_row, as_csv, as_json
from webapp.core.errors import Invalid
from webapp.exchange.reading import MAX_BYTES, MAX_ROWS, read_rows

PLACE = "Cạnh cầu treo bản Bua"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_spreadsheets_file_is_read(encoding: str, separator: str) -> None:
    (row,) = read_rows(as_csv(a_row(), separator=separator, encoding=encoding))
    assert (row.line, row.cells["place"]) == (2, PLACE)


def test_utf16_of_the_other_order_is_read() -> None:
    content = "\ufeffreference_number;place\r\nA1;Bản Bua\r\n".encode("utf-16-be")
    assert read_rows(content)[0].cells == {"reference_number": "A1", "place": "Bản Bua"}


def test_json_is_read_with_or_without_its_frame() -> None:
    framed = read_rows(as_json(a_row(lon=103.151, lat=21.471, place=None)))
    bare = read_rows(b'\xef\xbb\xbf[{"reference_number": 17, "place": null}]')
    assert (framed[0].line, framed[0].cells["lon"]) == (1, "103.151")
    assert bare[0].cells == {"reference_number": "17"}


def test_empty_lines_count_but_are_no_rows() -> None:
    content = "reference_number,place\n\nA1,Bản Bua\n , \nA2,Bản Che Căn\n".encode()
    assert [row.line for row in read_rows(content)] == [3, 5]


def test_the_apostrophe_of_an_export_is_taken_off() -> None:
    content = as_csv({"reference_number": "A1", "description": "'=HYPERLINK(1)", "place": "'Nậm"})
    cells = read_rows(content)[0].cells
    assert (cells["description"], cells["place"]) == ("=HYPERLINK(1)", "'Nậm")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "không có dòng nào"),
        ("reference_number\nRác bờ suối".encode("cp1258", "replace") + b"\xf2\xec", "bảng mã"),
        ("reference_number\nA1\n".encode("utf-16-le"), "bảng mã"),
        (b"place\nx\n", "cột reference_number"),
        (b"reference_number,reference_number\n1,2\n", "hai lần"),
        ("reference_number,họ tên,phone\n1,Quàng,09\n".encode(), "“họ tên”, “phone”"),
        (b'{"cases": [{"reference_number": "1", "email": "a@b"}]}', "“email”"),
        (b'{"cases": {"reference_number": "1"}}', "danh sách"),
        (b'{"cases": [', "JSON ở dòng 1"),
        (b'reference_number\n"chua dong', "ngoặc kép"),
        (b"reference_number\n", "không có dòng nào"),
        (b"reference_number\n" + b"A\n" * (MAX_ROWS + 1), "quá 100 dòng"),
        (b"x" * (MAX_BYTES + 1), "lớn hơn 1 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_rows(content)
    assert words in str(caught.value.fields["file"])


def test_a_row_of_its_own_shape_is_that_rows_fault() -> None:
    long, sound = read_rows(b"reference_number,place\nA1,x,y\nA2,x\n")
    assert long.wrong is not None and sound.wrong is None
    assert read_rows(b'[{"reference_number": "1", "place": ["x"]}]')[0].wrong is not None
