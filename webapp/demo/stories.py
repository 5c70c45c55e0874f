"""The stories of the demonstration, checked when they are read."""

from dataclasses import dataclass
from functools import cache

from webapp.cases.categories import Category, category
from webapp.cases.workflow import CONCLUSIONS, SEVERITIES, WASTE_SOURCES
from webapp.core.data_files import DataFileError, Row, toml_table

_FILE = "stories.toml"


@dataclass(frozen=True)
class Story:
    """One kind of trouble: where, when, and what each side says and does about it.

    ``communes`` are codes of units in force, empty for any; ``months`` are 1 to 12.
    """

    category: Category
    communes: tuple[str, ...]
    months: frozenset[int]
    places: tuple[str, ...]
    words: tuple[str, ...]
    summary: str
    request: str
    finding: str
    conclusion: str
    measures: str
    result: str
    severity: str
    waste_source: str

    @property
    def picture(self) -> str:
        """The picture of the first screen it stands under, which is drawn as its photo."""
        node = self.category
        while node.parent:
            node = category(node.parent)
        return node.code


@cache
def stories() -> tuple[Story, ...]:
    """Every story. Raises DataFileError when a word is not in the tables."""
    file = toml_table(__package__, _FILE)
    told = tuple(_story(row) for row in file.rows("story"))
    file.finish()
    return told


def _story(row: Row) -> Story:
    story = Story(
        category=category(row.text("category")),
        communes=row.texts("communes"),
        months=frozenset(row.wholes("months")),
        places=row.texts("place"),
        words=row.texts("words"),
        summary=row.text("summary"),
        request=row.text("request"),
        finding=row.text("finding"),
        conclusion=row.text("conclusion"),
        measures=row.text("measures"),
        result=row.text("result"),
        severity=row.text("severity"),
        waste_source=row.text("waste_source"),
    )
    known = (story.conclusion, CONCLUSIONS), (story.severity, SEVERITIES)
    for word, table in (*known, (story.waste_source, WASTE_SOURCES)):
        if word not in table:
            raise DataFileError(f"{row.place}: unknown word {word}")
    return story
