"""Files as the other system writes them."""

import csv
import io
import json
from typing import Any

ROW = {
    "reference_number": "PA-2026/0301-17",
    "received_on": "01/03/2026",
    "category": "dumping.river_dump",
    "unit_code": "03325",
    "place": "Cạnh cầu treo bản Bua",
    "description": "Rác sinh hoạt đổ thành đống ven suối, mùi hôi.",
}


def a_row(**changes: Any) -> dict[str, Any]:
    """One sound row; a value of None leaves the column out."""
    return {name: value for name, value in (ROW | changes).items() if value is not None}


def as_csv(*rows: dict[str, Any], separator: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """The rows as CSV; the columns are those of all rows."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_json(*rows: dict[str, Any]) -> bytes:
    """The rows as JSON."""
    return json.dumps({"cases": rows}, ensure_ascii=False).encode()
