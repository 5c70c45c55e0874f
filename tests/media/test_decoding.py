"""The child that decodes gives renditions or a reason, and nothing in between."""

import os
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from geo.photos import RENDITION_KINDS
from geo.points import Point
from tests.geo.photo_factory import (
    LAT,
    LON,
    ascii_entry,
    encoded,
    exif_block,
    gps_entries,
    photo,
    png_header,
    scene,
    short_entry,
)
from webapp.core import confined
from webapp.media import decoding
from webapp.media.decoding import Undecodable, decode_photo
from webapp.media.models import RENDITIONS


def child(monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    """Let the child run `before` and then go on as always."""
    script = f"{before}\nfrom webapp.media.decoding import main\nmain()"
    monkeypatch.setattr(decoding, "CHILD_COMMAND", (sys.executable, "-c", script))


def reason(data: bytes, folder: Path) -> str:
    with pytest.raises(Undecodable) as failure:
        decode_photo(data, folder)
    assert list(folder.iterdir()) == []
    return failure.value.reason


def test_a_photo_becomes_four_files_and_its_facts(tmp_path: Path) -> None:
    exif = exif_block(
        orientation=short_entry(0x112, 6),
        details=[ascii_entry(0x9003, "2025:03:09 07:45:12"), ascii_entry(0x9011, "+07:00")],
        gps=gps_entries(),
    )
    decoded = decode_photo(encoded(scene(2400, 1800), exif=exif), tmp_path)
    assert (decoded.header.format, decoded.header.width) == ("jpeg", 2400)
    assert decoded.facts.place == Point(LON, LAT)
    assert decoded.facts.taken_at == datetime(2025, 3, 9, 7, 45, 12)
    assert (decoded.facts.offset_minutes, decoded.facts.orientation) == (420, 6)
    assert len(decoded.likeness) == 16
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "card.jpg",
        "full.jpg",
        "large.jpg",
        "thumb.jpg",
    ]
    for file in decoded.renditions:
        with Image.open(file.path, formats=["JPEG"]) as image:
            assert image.size == (file.width, file.height)
        assert file.size == file.path.stat().st_size > 500
    assert [file.width for file in decoded.renditions] == [1800, 1200, 480, 120]


def test_a_photo_without_facts_has_none(tmp_path: Path) -> None:
    facts = decode_photo(photo(), tmp_path).facts
    assert (facts.place, facts.taken_at, facts.offset_minutes, facts.orientation) == (
        None,
        None,
        None,
        1,
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "unsupported_type"),
        (encoded(scene(), "GIF"), "unsupported_type"),
        (photo()[:900], "broken"),
        (png_header(30_000, 30_000), "too_many_pixels"),
        (photo() + bytes(15 * 1024 * 1024), "too_many_bytes"),
    ],
    ids=["nothing", "gif", "cut", "bomb", "heavy"],
)
def test_what_is_no_photo_has_its_reason(data: bytes, expected: str, tmp_path: Path) -> None:
    assert reason(data, tmp_path) == expected


@pytest.mark.parametrize(
    "fault",
    [
        "import PIL.Image\ndef fail(*_, **__): raise OSError('no encoder')\n"
        "PIL.Image.Image.save = fail",
        "from pathlib import Path\nwrite, done = Path.write_bytes, []\n"
        "def fail(self, data):\n"
        "    if len(done) == 2: raise OSError(28, 'no space')\n"
        "    done.append(write(self, data))\n"
        "Path.write_bytes = fail",
        "import os\nos._exit(0)",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)",
        "print('not what was agreed')",
    ],
    ids=["encoder", "disk full after two", "silent end", "crash", "chatter"],
)
def test_a_fault_in_the_child_leaves_nothing(
    fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child(monkeypatch, fault)
    assert reason(photo(), tmp_path) == "failed"


@pytest.mark.parametrize(
    "answer", ["[]", "{}", '{"pixels": []}', "null", '"reason"', '{"header": {"format": 1}}']
)
def test_a_strange_answer_is_a_failure(
    answer: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    command = (sys.executable, "-c", f"print({answer!r})")
    monkeypatch.setattr(decoding, "CHILD_COMMAND", command)
    assert reason(photo(), tmp_path) == "failed"


def test_a_child_that_hangs_is_killed_with_its_own_children(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    note = tmp_path / "numbers"
    hang = (
        "import os, subprocess, time, pathlib\n"
        "other = subprocess.Popen(['sleep', '60'])\n"
        f"pathlib.Path({str(note)!r}).write_text(f'{{os.getpid()}} {{other.pid}}')\n"
        "time.sleep(60)"
    )
    child(monkeypatch, hang)
    monkeypatch.setattr(confined, "SECONDS", 1.5)
    folder = tmp_path / "renditions"
    folder.mkdir()
    began = time.monotonic()
    assert reason(photo(), folder) == "timeout"
    assert time.monotonic() - began < 5
    for number in note.read_text().split():
        assert not is_running(int(number))


def is_running(number: int) -> bool:
    for _ in range(50):
        try:
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state == "Z":
            return False
        time.sleep(0.02)
    return True


def test_a_photo_that_takes_more_memory_than_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    child(monkeypatch, f"import webapp.core.confined as c\nc.MEMORY_BYTES = {64 * 1024 * 1024}")
    assert reason(encoded(Image.new("RGB", (5000, 4000)), "PNG"), tmp_path) == "memory"


def test_a_photo_that_takes_more_time_than_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    busy = (
        "import webapp.core.confined as c, webapp.media.decoding as d\n"
        "c.SECONDS = 1\n"
        "def work(data, marks):\n"
        "    while True: pass\n"
        "d.make_renditions = work"
    )
    child(monkeypatch, busy)
    assert reason(photo(), tmp_path) == "cpu_limit"


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_largest_photo_of_a_telephone_fits(orientation: int, tmp_path: Path) -> None:
    exif = exif_block(orientation=short_entry(0x112, orientation))
    data = encoded(Image.new("RGB", (8160, 6120), (60, 90, 190)), quality=50, exif=exif)
    decoded = decode_photo(data, tmp_path)
    assert {decoded.renditions[0].width, decoded.renditions[0].height} == {8160, 6120}


def test_the_child_knows_no_secret_and_is_held_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SECRET_KEY", "khóa của máy chủ")
    told = tmp_path / "told"
    look = (
        "import os, pathlib, resource, webapp.media.decoding as d\n"
        "make = d.make_renditions\n"
        "def look(data, marks=()):\n"
        "    limits = [resource.getrlimit(kind)[0] for kind in (\n"
        "        resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE,\n"
        "        resource.RLIMIT_CORE)]\n"
        "    state = ['SECRET_KEY' in os.environ, os.nice(0), os.getsid(0) == os.getpid()]\n"
        f"    pathlib.Path({str(told)!r}).write_text(repr(limits + state))\n"
        "    return make(data, marks)\n"
        "d.make_renditions = look"
    )
    child(monkeypatch, look)
    folder = tmp_path / "renditions"
    folder.mkdir()
    decode_photo(photo(), folder)
    niceness = min(os.nice(0) + 10, 19)
    assert told.read_text() == repr(
        [512 * 1024 * 1024, 10, 64 * 1024 * 1024, 0, False, niceness, True]
    )


def test_the_folder_may_be_named_from_where_one_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ảnh").mkdir()
    decode_photo(photo(), Path("ảnh"))
    assert len(list((tmp_path / "ảnh").iterdir())) == 4


def test_the_table_of_renditions_has_a_place_for_each_kind() -> None:
    assert RENDITIONS == RENDITION_KINDS
