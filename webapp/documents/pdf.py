"""The HTML twin of a letter and the PDF made from it, without any outside resource."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from webapp.documents.letters import Letter
from webapp.documents.sheet import lay_out
from webapp.documents.stylesheet import stylesheet

_PACKAGE = Path(__file__).resolve().parent.parent
# In the wheel the templates lie inside the package, in a checkout beside it.
_TEMPLATE_FOLDERS = (_PACKAGE / "_bundle" / "templates", _PACKAGE.parent / "templates")


def render_html(letter: Letter) -> str:
    """The letter as one HTML page with classes only; stylesheet() gives them their look."""
    template = _environment().get_template("documents/letter.html")
    return template.render(sheet=lay_out(letter), title=letter.subject)


def render_pdf(letter: Letter) -> bytes:
    """The letter as a PDF with its fonts inside; equal letters give equal bytes.

    Fonts are those of the machine (fonts-liberation2); nothing is fetched from anywhere.
    """
    # WeasyPrint loads Pango and takes over a second: only the worker that prints pays for it.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())
    page = HTML(string=render_html(letter), url_fetcher=nothing, base_url=None)
    look = CSS(string=stylesheet(), url_fetcher=nothing)
    return bytes(page.write_pdf(stylesheets=[look]))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATE_FOLDERS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
