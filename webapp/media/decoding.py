"""Decoding a stranger's photo in a child process that can do little harm.

The child gets the photo on its standard input, no secret in its environment, 512 MB of address
space, 10 s, and a folder to write into. It answers with JSON and writes files only when all of
them are made. Whatever goes wrong, no rendition stays behind.

Address space measured: 133 MB for a JPEG of 12 million pixels, 425 MB for 50 million turned on
its side, 128 MB for an iPhone's HEIC of 8.5 million, 467 MB for a transparent PNG of 50 million.
Only WebP, which no phone's camera writes, runs out of it, above some 27 million.
"""

import contextlib
import json
import os
import resource
import signal
import subprocess
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

MEMORY_BYTES = 512 * 1024 * 1024
SECONDS = 10
_LARGEST_FILE = 64 * 1024 * 1024
_NICENESS = 10
_FACTS_ONLY = "--facts"  # no absolute path, as a folder always is

_ROOT = Path(__file__).resolve().parents[2]
CHILD_COMMAND = (sys.executable, "-m", "webapp.media.decoding")
# Nothing of our own environment: keys and passwords stay here. One memory arena, because each
# further one reserves 64 MB of the address space that is counted.
_CHILD_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "PYTHONDONTWRITEBYTECODE": "1"}


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
        answer = run_child(CHILD_COMMAND, data, folder, *marks_word(marks))
        return _read_answer(answer, folder)
    except BaseException:
        for kind in RENDITION_KINDS:
            _path(folder, kind).unlink(missing_ok=True)
        raise


def read_photo_facts(data: bytes) -> PhotoFacts:
    """What the phone wrote into a photo, read in a child too; nothing where it cannot be read."""
    try:
        return _facts(json.loads(run_child(CHILD_COMMAND, data, _FACTS_ONLY))["facts"])
    except (Undecodable, ValueError, TypeError, KeyError):
        return PhotoFacts()


def marks_word(marks: Sequence[Mark]) -> list[str]:
    """Marks as one word of a command line; no word for no marks."""
    return [json.dumps([asdict(mark) for mark in marks])] if marks else []


def read_marks(words: Sequence[str]) -> list[Mark]:
    """The marks of such a word."""
    return [Mark(**mark) for word in words for mark in json.loads(word)]


def run_child(command: Sequence[str], data: bytes, *words: Path | str) -> bytes:
    """What a limited child answers to `data` on its standard input. Raises `Undecodable`."""
    child = subprocess.Popen(  # noqa: S603 # our own module, no shell
        [*command, *(str(word.resolve()) if isinstance(word, Path) else word for word in words)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env=_CHILD_ENVIRONMENT,
        start_new_session=True,
    )
    with child:
        try:
            answer, _ = child.communicate(data, timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            raise Undecodable("timeout") from error
        finally:
            _kill_group(child)
    if child.returncode == -signal.SIGXCPU:
        raise Undecodable("cpu_limit")
    if child.returncode != 0:
        raise Undecodable("failed")
    return answer


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    # Once the child has been waited for, its number may belong to somebody else.
    if child.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


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
    restrain()
    data = sys.stdin.buffer.read()
    try:
        told, *more = sys.argv[1:]
        answer = _read(data) if told == _FACTS_ONLY else _decode(data, Path(told), read_marks(more))
    except PhotoRefused as refusal:
        answer = {"reason": refusal.code}
    except MemoryError:
        answer = {"reason": "memory"}
    json.dump(answer, sys.stdout, default=datetime.isoformat)


def restrain() -> None:
    """Take from this process what a decoder has no use for; there is no way back."""
    limits = {
        resource.RLIMIT_AS: (MEMORY_BYTES, MEMORY_BYTES),
        # The soft limit kills with a signal of its own, which tells this end from others.
        resource.RLIMIT_CPU: (SECONDS, SECONDS + 1),
        resource.RLIMIT_FSIZE: (_LARGEST_FILE, _LARGEST_FILE),
        # A dump would be a photo in clear, where nobody looks for it.
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, limit in limits.items():
        resource.setrlimit(kind, limit)
    os.nice(_NICENESS)


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
