"""Fail when too few branches of the domain code ran. Arguments: coverage report, minimum."""

import json
import sys
from pathlib import Path


def main() -> int:
    """Print line and branch coverage in percent; 1 when branches are under the minimum."""
    totals = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["totals"]
    minimum = float(sys.argv[2])
    lines = 100 * totals["covered_lines"] / max(1, totals["num_statements"])
    branches = 100 * totals["covered_branches"] / max(1, totals["num_branches"])
    print(
        f"Domain code: {lines:.1f} % of lines, {branches:.1f} % of branches (at least {minimum})."
    )
    return 0 if branches >= minimum else 1


if __name__ == "__main__":
    sys.exit(main())
