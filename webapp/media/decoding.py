"""Decoding a stranger's photo in a child process that can do little harm.

The child (`core/confined.py`) gets the photo on its standard input and a folder to write into. It
answers with JSON and writes files only when all of them are made. Whatever goes wrong, no rendition
stays behind.

Address space measured: 133 MB for a JPEG of 12 million pixels, 425 MB for 50 million turned on
its side, 128 MB for an iPhone's HEIC of 8.5 million, 467 MB for a transparent PNG of 50 million.
Only WebP, which no phone's camera writes, runs out of it, above some 27 million.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.photos import (
    RENDITION_KINDS,
    Mark,
    PhotoFacts,
    PhotoHeader,
    PhotoRefused,
    RenditionSet,
    inspect_header,
    make_renditions,
    read_exif,
)
from geo.points import Point
from webapp.core.confined import ChildFailed, ask_child, child_command, restrain

LARGEST_PICTURE = 64 * 1024 * 1024
_FACTS_ONLY = "--facts"  # no absolute path, as a folder always is
CHILD_COMMAND = child_command("webapp.media.decoding")


class Undecodable(Exception):
    """A photo that gave no renditions.

    `reason` is the code of a refusal (`unsupported_type`, `too_many_bytes`, `too_many_pixels`,
    `broken`), `memory`, `cpu_limit`, `timeout` or `failed`. The photo itself is at fault for the
    refusals, `memory` and `cpu_limit`; for `timeout` and `failed` a second try may succeed.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RenditionFile:
    """A JPEG in the folder that was given; width and height in pixels, size in bytes."""

    kind: str
    path: Path
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the child found and wrote: renditions from large to small."""

    header: PhotoHeader
    facts: PhotoFacts
    likeness: str
    renditions: tuple[RenditionFile, ...]


def decode_photo(data: bytes, folder: Path, marks: Sequence[Mark] = ()) -> Decoded:
    """Write the renditions of a photo into `folder` as `<kind>.jpg` and say what was found.

    What is under the marks is in none of them. Raises `Undecodable`, and then leaves no rendition
    in the folder. Takes seconds: for the worker, outside any transaction.
    """
    try:
        answer = _ask(data, folder, *marks_word(marks))
        return _read_answer(answer, folder)
    except BaseException:
        for kind in RENDITION_KINDS:
            _path(folder, kind).unlink(missing_ok=True)
        raise


def read_photo_facts(data: bytes) -> PhotoFacts:
    """What the phone wrote into a photo, read in a child too; nothing where it cannot be read."""
    try:
        return _facts(json.loads(_ask(data, _FACTS_ONLY))["facts"])
    except (Undecodable, ValueError, TypeError, KeyError):
        return PhotoFacts()


def marks_word(marks: Sequence[Mark]) -> list[str]:
    """Marks as one word of a command line; no word for no marks."""
    return [json.dumps([asdict(mark) for mark in marks])] if marks else []


def read_marks(words: Sequence[str]) -> list[Mark]:
    """The marks of such a word."""
    return [Mark(**mark) for word in words for mark in json.loads(word)]


def _ask(data: bytes, *words: Path | str) -> bytes:
    try:
        return ask_child(CHILD_COMMAND, data, *words)
    except ChildFailed as failure:
        raise Undecodable(failure.reason) from failure


def _read_answer(answer: bytes, folder: Path) -> Decoded:
    try:
        told = json.loads(answer)
        if "reason" in told:
            raise Undecodable(str(told["reason"]))
        return Decoded(
            header=PhotoHeader(**told["header"]),
            facts=_facts(told["facts"]),
            likeness=str(told["likeness"]),
            # The names are ours, not the child's: it may be in the hands of what it decoded.
            renditions=tuple(
                _rendition_file(folder, kind, int(width), int(height))
                for kind, (width, height) in zip(RENDITION_KINDS, told["pixels"], strict=True)
            ),
        )
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise Undecodable("failed") from error


def _facts(told: dict[str, Any]) -> PhotoFacts:
    return PhotoFacts(
        place=Point(**told["place"]) if told["place"] else None,
        taken_at=datetime.fromisoformat(told["taken_at"]) if told["taken_at"] else None,
        offset_minutes=told["offset_minutes"],
        orientation=told["orientation"],
    )


def _rendition_file(folder: Path, kind: str, width: int, height: int) -> RenditionFile:
    path = _path(folder, kind)
    return RenditionFile(kind, path, width, height, path.stat().st_size)


def _path(folder: Path, kind: str) -> Path:
    return folder / f"{kind}.jpg"


def main() -> None:
    """The child: photo on standard input, folder as the argument, JSON on standard output."""
    restrain(largest_file=LARGEST_PICTURE)
    data = sys.stdin.buffer.read()
    try:
        told, *more = sys.argv[1:]
        answer = _read(data) if told == _FACTS_ONLY else _decode(data, Path(told), read_marks(more))
    except PhotoRefused as refusal:
        answer = {"reason": refusal.code}
    except MemoryError:
        answer = {"reason": "memory"}
    json.dump(answer, sys.stdout, default=datetime.isoformat)


def _read(data: bytes) -> dict[str, Any]:
    inspect_header(data)
    return {"facts": asdict(read_exif(data))}


def _decode(data: bytes, folder: Path, marks: Sequence[Mark]) -> dict[str, Any]:
    header = inspect_header(data)
    facts = read_exif(data)
    made = make_renditions(data, marks)
    _write(made, folder)
    return {
        "header": asdict(header),
        "facts": asdict(facts),
        "likeness": made.likeness,
        "pixels": [(rendition.width, rendition.height) for rendition in made.renditions],
    }


def _write(made: RenditionSet, folder: Path) -> None:
    for rendition in made.renditions:
        _path(folder, rendition.kind).write_bytes(rendition.jpeg)


if __name__ == "__main__":
    main()
