"""What the report form needs to be drawn: pictures, units with their old names, rules, consent."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from geo.points import PointError, parse_point
from webapp.cases.categories import category_codes, children, never_public, pictures
from webapp.core.clock import today_local
from webapp.directory.queries import predecessors_of_all, served_communes, served_provinces
from webapp.notifications.delivery import delivery
from webapp.reporting.doors import doors
from webapp.reporting.forms import ReportForm
from webapp.reporting.permissions import SUBMIT_ON_BEHALF
from webapp.reporting.private_words import Finding, rules
from webapp.reporting.queries import consent_in_force, consent_of
from webapp.reporting.views.uploads import Uploads, token_of
from webapp.web.current_actor import current_actor
from webapp.web.locale import choose


def form_page(
    form: ReportForm, uploads: Uploads, *, private: Sequence[Finding] = (), as_shell: bool = False
) -> str:
    """The form with everything typed; ``private`` is what its words tell of persons.

    As a shell it holds no token, key or account and is the same for everyone.
    """
    consent = consent_of(form.consent_version.data or "") or consent_in_force()
    form.consent_version.data = consent.version
    return render_template(
        "reporting/form.html",
        form=form,
        consent_words=consent.words_en if choose() == "en" else consent.words,
        kept=[token_of(photo, form.idempotency_key.data or "") for photo in uploads.received],
        for_others=not as_shell and current_actor().may(SUBMIT_ON_BEHALF),
        shell=as_shell,
        pinned=_pinned(form),
        private=_told(private),
        private_rules=[
            {"label": rule.label.in_language(choose()), "pattern": rule.pattern} for rule in rules()
        ],
        doors=doors(),
        push_key=delivery().push_key,
        **_unit_choices(),
        **category_choices(),
    )


def category_choices() -> dict[str, Any]:
    """The nine pictures, what stands below them, and what never goes on a public page."""
    return {
        "pictures": pictures(),
        "details": [(picture, children(picture.code)) for picture in pictures()],
        "children": children,
        "hidden_categories": [code for code in category_codes() if never_public(code)],
    }


def _unit_choices() -> dict[str, Any]:
    today = today_local()
    communes = served_communes(today)
    provinces = {unit.id: unit for unit in served_provinces(today)}
    units = [(provinces[unit.parent_id], unit) for unit in communes if unit.parent_id]
    return {"units": units, "former": predecessors_of_all(communes)}


def _told(private: Sequence[Finding]) -> dict[str, str] | None:
    if not private:
        return None
    kinds = dict.fromkeys(each.rule.label.in_language(choose()) for each in private)
    return {"what": ", ".join(kinds), "words": "; ".join(each.words for each in private)}


def _pinned(form: ReportForm) -> bool:
    try:
        parse_point(form.lon.data, form.lat.data)
    except PointError:
        return False
    return True
