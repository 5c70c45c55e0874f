"""Reply templates on the page of a step: offered, filled in when picked, never sent unseen."""

from typing import Any

from flask import render_template

from webapp.cases.categories import category
from webapp.cases.queries import CaseFile
from webapp.core.actor import Actor
from webapp.triage.models import ReplyTemplate
from webapp.triage.queries.desk import templates_for
from webapp.triage.workflow import WORDED_STEPS
from webapp.web.forms import picked_template


def offered_templates(actor: Actor, step: str, category_code: str) -> list[ReplyTemplate]:
    """The templates for a step and a category with all above it; none for a step without words."""
    if step not in WORDED_STEPS:
        return []
    codes = {category_code}
    node = category(category_code)
    while node.parent is not None:
        codes.add(node.parent)
        node = category(node.parent)
    return templates_for(actor, step, frozenset(codes))


def fill_in(actor: Actor, form: Any, step: str, category_code: str) -> None:
    """Put the picked template's words into the field that people will read."""
    wanted = picked_template()
    if wanted is None or form.is_submitted():
        return
    for each in offered_templates(actor, step, category_code):
        if each.id == wanted:
            form[WORDED_STEPS[step]].data = each.words


def dismissal_templates(actor: Actor, file: CaseFile) -> str | None:
    """The templates above the form that ends a case."""
    found = offered_templates(actor, "dismiss", file.case.category)
    return render_template("triage/panel_templates.html", templates=found) if found else None
