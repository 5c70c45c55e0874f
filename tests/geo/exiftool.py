"""What another program than ours finds in published files."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

needs_exiftool = pytest.mark.skipif(
    not shutil.which("exiftool"), reason="exiftool, the second reader, is missing"
)

# About the file and its frame, not about the photo: size, colour layout, JFIF's pixel shape.
_STRUCTURE = {
    "SourceFile",
    "JFIF:JFIFVersion",
    "JFIF:ResolutionUnit",
    "JFIF:XResolution",
    "JFIF:YResolution",
    "Composite:ImageSize",
    "Composite:Megapixels",
}
_STRUCTURE_GROUPS = {"ExifTool", "System", "File"}


def read_tags(*files: Path) -> list[dict[str, Any]]:
    """All that exiftool finds, numbers as numbers, one dictionary a file."""
    command = ["exiftool", "-n", "-json", "-G1", "-a", "-u", *map(str, files)]
    found = subprocess.run(command, capture_output=True, check=True, timeout=90)
    told: list[dict[str, Any]] = json.loads(found.stdout)
    return told


def metadata(*files: Path) -> dict[str, list[str]]:
    """Names of metadata tags by file name; files without any are left out."""
    found = {Path(tags["SourceFile"]).name: _telling(tags) for tags in read_tags(*files)}
    return {name: tags for name, tags in found.items() if tags}


def _telling(tags: dict[str, Any]) -> list[str]:
    # A comment counts as File:Comment, in a group that is otherwise harmless.
    return [
        tag
        for tag in tags
        if tag == "File:Comment"
        or (tag not in _STRUCTURE and tag.partition(":")[0] not in _STRUCTURE_GROUPS)
    ]
