"""The sheet for the notice-board: large letters on A4 or A3, a QR to the page, no colour needed."""

import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import select

from webapp.cases.categories import category
from webapp.cases.workflow import CONCLUSIONS
from webapp.core import clock, files
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.operations import enqueue
from webapp.notifications.delivery import delivery
from webapp.outcomes.models import NoticeSheet, Outcome, OutcomeVersion
from webapp.outcomes.workflow import PUBLIC

# Points of the body text by paper size, the largest that fits one page is taken: read by a standing
# person, A3 from two metres. The smallest is used for what fits no page.
SIZES: Final = {"a4": (18, 16, 15, 14, 13), "a3": (25, 23, 21, 20, 18)}
_PACKAGE = Path(__file__).resolve().parent.parent
_TEMPLATE_FOLDERS = (_PACKAGE / "_bundle" / "templates", _PACKAGE.parent / "templates")


@dataclass(frozen=True)
class SheetText:
    """What the sheet says, in Vietnamese; all of it stands on the public page."""

    issuer: str
    title: str
    unit: str
    first_reported: str
    results: list[str]
    version: OutcomeVersion
    published: str
    address: str


def print_sheets(version_id: int) -> None:
    """Make the sheets of a published version that readers still see (task); may run twice."""
    with write_unit():
        version = session().get(OutcomeVersion, version_id)
        outcome = session().get(Outcome, version.outcome_id) if version else None
        told = _text(outcome, version) if _is_shown(outcome, version) else None
    if told is None:
        return
    made = {size: render_sheet(told, size) for size in SIZES}
    keys = {size: files.store().put("renditions", pdf) for size, pdf in made.items()}
    with write_unit():
        outcome = session().get(
            Outcome, told.version.outcome_id, with_for_update=True, populate_existing=True
        )
        if not _is_shown(outcome, told.version) or sheets_of(told.version.id):
            return
        for size, pdf in made.items():
            session().add(
                NoticeSheet(
                    version_id=version_id, paper_size=size, file_key=keys[size], size=len(pdf)
                )
            )


def sheets_of(version_id: int) -> dict[str, NoticeSheet]:
    """The sheets of a version by paper size; none until the worker made them."""
    rows = session().scalars(select(NoticeSheet).where(NoticeSheet.version_id == version_id))
    return {sheet.paper_size: sheet for sheet in rows}


def remove_sheets(outcome: Outcome) -> None:
    """Drop every sheet of a page that was taken away; the files go by the outbox."""
    ids = [version.id for version in outcome.versions]
    for sheet in session().scalars(select(NoticeSheet).where(NoticeSheet.version_id.in_(ids))):
        enqueue("media.remove_file", key=sheet.file_key)
        session().delete(sheet)


def render_sheet(told: SheetText, size: str) -> bytes:
    """The sheet as a PDF of this paper size; nothing is fetched from anywhere."""
    # WeasyPrint loads Pango and takes over a second: only the worker that prints pays for it.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())
    page = HTML(string=sheet_html(told), url_fetcher=nothing, base_url=None)
    for points in SIZES[size]:
        look = CSS(string=_stylesheet(size, points), url_fetcher=nothing)
        sheet = page.render(stylesheets=[look])
        if len(sheet.pages) == 1:
            break
    return bytes(sheet.write_pdf())


def sheet_html(told: SheetText) -> str:
    """The sheet as HTML with classes only."""
    template = _environment().get_template("outcomes/sheet.html")
    return template.render(told=told, facts=told.version.facts, qr=_qr(told.address))


def _is_shown(outcome: Outcome | None, version: OutcomeVersion | None) -> bool:
    if outcome is None or version is None or outcome.case.state == "handed_over":
        return False
    return outcome.state in PUBLIC and outcome.current == version.number


def _text(outcome: Outcome | None, version: OutcomeVersion | None) -> SheetText:
    if outcome is None or version is None or version.published_at is None:
        raise LookupError("the version is not public")
    case = outcome.case
    session().expunge(version)
    return SheetText(
        issuer=case.owner.name,
        title=str(category(case.category).label),
        unit=case.handling_unit.name,
        first_reported=_day(version.facts["first_reported"]),
        results=[line for done in version.facts["inspections"] for line in _result(done)],
        version=version,
        published=f"{clock.local(version.published_at):%d/%m/%Y}",
        address=f"{delivery().public_url}/ket-qua/{case.code}",
    )


def _result(done: dict[str, Any]) -> list[str]:
    lines = []
    if done["conclusion"]:
        document = " ".join(filter(None, (done["document"], _day(done["document_on"]))))
        said = f"Kết luận: {str(CONCLUSIONS[done['conclusion']]).lower()}"
        lines.append(f"{said} ({document})." if document else f"{said}.")
    if done["remedied_on"]:
        lines.append(f"Đã khắc phục xong ngày {_day(done['remedied_on'])}.")
    elif done["remedy_due_on"]:
        lines.append(f"Hạn khắc phục: {_day(done['remedy_due_on'])}.")
    return lines


def _day(iso: str | None) -> str:
    if not iso:
        return ""
    if len(iso) == len("2026-02"):
        return f"{iso[5:]}/{iso[:4]}"
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def _qr(address: str) -> Markup:
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, omitsize=True, border=0, nl=False
    )
    # Drawn by the library from our own address.
    return Markup(out.getvalue().decode())  # noqa: S704


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATE_FOLDERS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _stylesheet(size: str, points: int) -> str:
    return f"""
@page {{ size: {size.upper()}; margin: 5%;
  @bottom-right {{ content: counter(page) "/" counter(pages); font: 0.7em sans-serif; }} }}
html {{ font-size: {points}pt; }}
body {{ margin: 0; color: #000; font: 1rem/1.35 "Liberation Sans", "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere; }}
p, h1, h2 {{ margin: 0; }}
.issuer {{ text-align: center; font-weight: bold; font-size: 0.95rem; }}
h1 {{ text-align: center; font-size: 1.9rem; line-height: 1.15; margin: 0.4rem 0 0.2rem; }}
.what {{ text-align: center; font-size: 1.3rem; font-weight: bold; margin-bottom: 0.7rem; }}
.part {{ border: 0.12rem solid #000; border-radius: 0.3rem; padding: 0.5rem 0.7rem;
  margin-bottom: 0.6rem; }}
.part h2 {{ font-size: 1.15rem; break-after: avoid; }}
.words {{ white-space: pre-line; }}
.result {{ font-weight: bold; }}
.foot {{ display: table; width: 100%; break-inside: avoid; margin-top: 0.4rem; }}
.foot > div {{ display: table-cell; vertical-align: top; }}
.qr {{ width: 8.5rem; }}
.qr svg {{ width: 7.6rem; height: 7.6rem; }}
.small {{ font-size: 0.85rem; }}
.blank {{ margin-top: 0.5rem; }}
"""
