"""How the public record is put into words: counts of people, days, who holds a case, its story."""

from flask import Flask

from webapp.cases.categories import picture_of
from webapp.cases.presentation import Entry, organisation_name, unit_name
from webapp.cases.public_list import ListedCase
from webapp.cases.public_queries import FEW, PublicCase
from webapp.cases.sentences import case_title, next_step, state_sentence
from webapp.cases.workflow import DISMISSALS
from webapp.core.text import _
from webapp.directory.names import Named
from webapp.web.locale import as_written, choose, format_day, format_number, translated

_HOUSEHOLDS = (5, 10, 20, 50, 100)
# At this zoom the square of the public point fills about a third of a phone's screen.
_ZOOM_OF_PRECISION = {100: 16, 1000: 14}


def people(count: int) -> str:
    """A count of people; below 5 only that it is below 5."""
    return translated(_("dưới 5")) if count < FEW else format_number(count)


def households(count: int) -> str:
    """Households as a range, never the number itself."""
    if count < _HOUSEHOLDS[0]:
        return translated(_("dưới 5"))
    floor = max(limit for limit in _HOUSEHOLDS if limit <= count)
    above = [limit for limit in _HOUSEHOLDS if limit > floor]
    if not above:
        return translated(_("từ %(floor)s trở lên", floor=floor))
    return translated(_("%(floor)s đến %(ceiling)s", floor=floor, ceiling=above[0] - 1))


def title_of(category: str, unit: Named) -> str:
    """Category and unit, in the language of the request."""
    return case_title(category, unit_name(unit), choose())


def listed_title(row: ListedCase) -> str:
    """The title of a case in a list, in the language of the request."""
    language = choose()
    unit = row.unit_name_en if language == "en" else row.unit_name
    return case_title(row.category, unit, language)


def first_seen(case: PublicCase) -> str:
    """When it was first reported: the day, or only the month where the category is secret."""
    return f"{case.first_day:%m/%Y}" if case.only_month else format_day(case.first_day)


def who_holds(case: PublicCase) -> str:
    """Who has the case now."""
    office = organisation_name(case.office) if case.office else None
    words = state_sentence(case.state, front=organisation_name(case.owner), office=office)
    return translated(words)


def what_next(case: PublicCase) -> str | None:
    """What comes next; None where nothing does."""
    words = next_step(case.state)
    return translated(words) if words else None


def story(case: PublicCase) -> list[Entry]:
    """The public timeline; what the system did is told in the Front's voice."""
    return [
        Entry(
            voice="front" if line.voice == "system" else line.voice,
            at=line.at,
            text=as_written(line.text),
            detail=organisation_name(line.organisation) if line.organisation else None,
        )
        for line in case.lines
    ]


def map_place(lon: float, lat: float, precision_m: int) -> str:
    """The part of the home page's address that shows the public point."""
    return f"#map={_ZOOM_OF_PRECISION.get(precision_m, 14)}/{lat:.4f}/{lon:.4f}"


def init_public_words(app: Flask) -> None:
    """Offer the words of the public record to templates."""
    app.jinja_env.globals.update(
        people=people,
        households=households,
        title_of=title_of,
        listed_title=listed_title,
        map_place=map_place,
        picture_of=picture_of,
        dismissals=DISMISSALS,
    )
