"""Photos: milliseconds and memory of one set of renditions, and the metadata left in them.

``python -m bench.bench_photos``; the floor decodes and writes the same four sizes in a process of
its own, with nothing read, checked, limited or kept. A photo of 12 million pixels is drawn; the
telephone's HEIC and the samples come from ../shared/data when it lies beside the checkout.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.measuring import calibration, print_table, timed
from geo.photos import PhotoRefused
from geo.photos.scenes import draw_scene
from tests.conftest import SHARED_DATA
from tests.geo.exiftool import metadata
from webapp.app import create_app
from webapp.config import Settings
from webapp.media.decoding import CHILD_COMMAND, Undecodable, decode_photo
from webapp.media.operations import examine

ROUNDS = 7
LARGE = (4000, 3000)
FLOOR = """
import io, sys
from PIL import Image, ImageOps
import pi_heif
pi_heif.register_heif_opener()
data = sys.stdin.buffer.read()
picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data)).convert("RGB"))
for side, quality in ((None, 85), (1600, 80), (640, 75), (160, 75)):
    if side:
        picture.thumbnail((side, side), reducing_gap=3.0)
    picture.save(io.BytesIO(), "JPEG", quality=quality)
"""

_FLOOR_COMMAND = (sys.executable, "-c", FLOOR)
LAUNCHER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def main() -> None:
    """Time each photo and its floor; then look for metadata in what every sample became."""
    print(f"calibration: {calibration():.0f} ms for a fixed loop")
    with tempfile.TemporaryDirectory(prefix="matxanh-photos-") as folder:
        _print_times(Path(folder))
    if SHARED_DATA.is_dir():
        _print_metadata()
    else:
        print("the samples (../shared/data) are not beside this checkout: no HEIC, no metadata")


def _print_times(folder: Path) -> None:
    drawn = folder / "drawn.jpg"
    drawn.write_bytes(_large_photo())
    heic = SHARED_DATA / "photos" / "heic" / "IMG_5195.HEIC"
    rows = []
    for name, path in (("JPEG 12 MP", drawn), ("HEIC 8.5 MP", heic)):
        if not path.exists():
            continue
        data = path.read_bytes()
        ours, floor = _milliseconds(data, folder)
        memory = _megabytes([*CHILD_COMMAND, str(folder)], path), _megabytes(_FLOOR_COMMAND, path)
        rows.append(
            (name, ours, memory[0], floor, memory[1], ours / floor, _accepted(data, folder))
        )
    print_table(
        ("name", "p50 ms", "MB", "floor p50 ms", "floor MB", "ratio", "accepted in ms"), rows
    )


def _large_photo() -> bytes:
    from PIL import Image  # the floor and this drawing alone need Pillow outside geo.photos

    picture = Image.open(io.BytesIO(draw_scene("p_waste", 12))).resize(LARGE)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=90)
    return written.getvalue()


def _milliseconds(data: bytes, folder: Path) -> tuple[float, float]:
    ours = timed([lambda: decode_photo(data, folder)] * ROUNDS)
    floor = timed([lambda: subprocess.run(_FLOOR_COMMAND, input=data, check=True)] * ROUNDS)
    return ours.p50, floor.p50


def _megabytes(command: Sequence[str], path: Path) -> float:
    """The most memory a program takes, started by one so small that its own does not count."""
    with path.open("rb") as photo:
        done = subprocess.run(
            [sys.executable, "-S", "-c", LAUNCHER, *command],
            stdin=photo,
            capture_output=True,
            check=True,
            text=True,
        )
    return int(done.stderr) / 1024


def _accepted(data: bytes, folder: Path) -> float:
    """Milliseconds until a received photo is checked, sealed and safe on disk."""
    with create_app(Settings(data_dir=folder / "data")).app_context():
        return timed([lambda: examine(data)] * ROUNDS).p50


def _print_metadata() -> None:
    samples = [
        path
        for folder in ("photos", "badimages")
        for path in sorted((SHARED_DATA / folder).rglob("*"))
        if path.is_file()
    ]
    planted = SHARED_DATA / "photos" / "gps" / "DSCN0010.jpg"
    with tempfile.TemporaryDirectory(prefix="matxanh-photos-") as folder:
        written = [
            file
            for number, sample in enumerate(samples)
            for file in _renditions(sample, Path(folder) / str(number))
        ]
        found = metadata(planted, *written)
    if found.pop(planted.name, None) is None:
        raise RuntimeError("the second reader found nothing in a photo full of metadata")
    tags = sum(len(names) for names in found.values())
    print(f"{len(samples)} samples, {len(written)} renditions, {tags} metadata tags left")


def _renditions(sample: Path, folder: Path) -> list[Path]:
    folder.mkdir()
    try:
        made = decode_photo(sample.read_bytes(), folder)
    except (Undecodable, PhotoRefused):
        return []
    renamed = []
    for rendition in made.renditions:
        renamed.append(rendition.path.rename(folder / f"{folder.name}-{rendition.kind}.jpg"))
    return renamed


if __name__ == "__main__":
    main()
