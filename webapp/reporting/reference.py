"""Loading the shipped words of consent; may run again."""

from dataclasses import dataclass
from datetime import date

from webapp.core.data_files import toml_table
from webapp.core.unit_of_work import session
from webapp.reporting.models import ConsentText


@dataclass(frozen=True)
class ConsentRow:
    """One version of the words, in force from a day."""

    version: str
    valid_from: date
    vi: str
    en: str


def consent_rows() -> tuple[ConsentRow, ...]:
    """The shipped versions. Raises DataFileError when the table is not sound."""
    file = toml_table("webapp.reporting", "consent.toml")
    found = []
    for row in file.rows("consent"):
        words = row.bilingual()
        version, valid_from = row.text("version"), row.required_day("valid_from")
        found.append(ConsentRow(version, valid_from, words.vi, words.en))
        row.finish()
    file.finish()
    return tuple(found)


def load_consent() -> None:
    """Add versions that are not there yet, inside the caller's write unit."""
    for row in consent_rows():
        if session().get(ConsentText, row.version) is None:
            session().add(
                ConsentText(
                    version=row.version, valid_from=row.valid_from, words=row.vi, words_en=row.en
                )
            )
