"""Reference boundaries beside the checkout: 137 communes of two provinces, after 1 July 2025."""

from functools import cache
from pathlib import Path

import pytest

from geo.boundaries import BoundaryFile, read_boundaries

SHARED = Path(__file__).parents[3] / "shared"
COMMUNES = ("wards_11_dien_bien.geojson", "wards_19_thai_nguyen.geojson")

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the reference data (../shared) is not beside this checkout"
)


@cache
def communes(file_name: str) -> BoundaryFile:
    return read_boundaries((SHARED / "data/boundaries/2025" / file_name).read_bytes())
