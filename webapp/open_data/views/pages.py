"""``/du-lieu-mo``: what other programs and readers may take, in plain words."""

from flask import Blueprint, render_template

from webapp.open_data.addresses import root
from webapp.web.guards import public
from webapp.web.shared_answers import shared

bp = shared(Blueprint("open_page", __name__))


@bp.get("/du-lieu-mo")
@public
def about() -> str:
    """Every way to take the public record along, with licence and limits."""
    return render_template("open_data/about.html", site=root())
