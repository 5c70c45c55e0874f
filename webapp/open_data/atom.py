"""Atom feeds: one entry per public step of a case, or per published outcome; days, no hours."""

from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree

from webapp.core.codes import digest
from webapp.open_data.addresses import absolute
from webapp.open_data.georeport import moment
from webapp.open_data.queries.cases import Step
from webapp.open_data.queries.outcomes import OpenOutcome
from webapp.open_data.tables import titled
from webapp.open_data.xml_writer import document_bytes, xml_text

NAMESPACE = "http://www.w3.org/2005/Atom"
FOUNDED = "2026"  # with the host it makes names of entries that never change


@dataclass(frozen=True)
class Entry:
    """One entry: ``key`` never changes, ``words`` is plain text."""

    key: str
    title: str
    on: date
    url: str
    words: str
    category: str


@dataclass(frozen=True)
class Feed:
    """A feed at its own address about a page; entries newest first."""

    title: str
    url: str
    about: str
    host: str
    entries: list[Entry]
    empty_since: date


def step_entry(step: Step) -> Entry:
    """A public step of a case."""
    case = step.case
    return Entry(
        key=f"step/{digest('atom.step', str(step.id))[:20]}",
        title=titled(case.category, case.handling_unit)["title"],
        on=step.on,
        url=absolute("public_cases.case", code=case.code),
        words=step.text,
        category=case.category,
    )


def outcome_entry(outcome: OpenOutcome) -> Entry:
    """A version of a published outcome."""
    return Entry(
        key=f"outcome/{outcome.code}/{outcome.version}",
        title=titled(outcome.category, outcome.unit)["title"],
        on=outcome.published,
        url=absolute("public_outcomes.outcome", code=outcome.code),
        words=outcome.front_words,
        category=outcome.category,
    )


def atom_bytes(feed: Feed, language: str) -> bytes:
    """The document (RFC 4287)."""
    top = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": language})
    newest = max((entry.on for entry in feed.entries), default=feed.empty_since)
    _add(top, "id", feed.url)
    _add(top, "title", feed.title)
    _add(top, "updated", moment(newest))
    ElementTree.SubElement(top, "link", rel="self", type="application/atom+xml", href=feed.url)
    ElementTree.SubElement(top, "link", rel="alternate", type="text/html", href=feed.about)
    _add(ElementTree.SubElement(top, "author"), "name", "Mắt Xanh")
    for entry in feed.entries:
        _entry(top, entry, feed.host)
    return document_bytes(top)


def _entry(top: ElementTree.Element, entry: Entry, host: str) -> None:
    made = ElementTree.SubElement(top, "entry")
    _add(made, "id", f"tag:{host},{FOUNDED}:{entry.key}")
    _add(made, "title", entry.title)
    _add(made, "updated", moment(entry.on))
    ElementTree.SubElement(made, "link", rel="alternate", type="text/html", href=entry.url)
    ElementTree.SubElement(made, "category", term=entry.category)
    _add(made, "summary", entry.words)


def _add(parent: ElementTree.Element, name: str, words: str) -> None:
    ElementTree.SubElement(parent, name).text = xml_text(words)
