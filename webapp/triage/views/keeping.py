"""Saved filters and reply templates."""

from typing import Any

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.cases.workflow import CASE
from webapp.core.errors import Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import write_unit
from webapp.reporting.permissions import DECIDE
from webapp.reporting.workflow import REPORT
from webapp.triage.filters import QueueFilters, queue_filters
from webapp.triage.forms.choices import categories
from webapp.triage.forms.desk import SaveFilterForm, TemplateForm
from webapp.triage.operations.desk import (
    Wording,
    own_filter,
    remove_filter,
    remove_template,
    rename_filter,
    save_filter,
    save_template,
)
from webapp.triage.queries.desk import all_templates
from webapp.triage.workflow import WORDED_STEPS
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import translated
from webapp.web.paging import LAST_ID
from webapp.web.redirects import see

bp = Blueprint("keeping", __name__, url_prefix="/can-bo")


@bp.route("/bo-loc", methods=["GET", "POST"])
@requires(DECIDE)
def save() -> ResponseReturnValue:
    """Keep the question of the address under a name."""
    form, filters = SaveFilterForm(), queue_filters(request.args)
    if not form.validate_on_submit():
        return _naming(form, filters)
    name = form.name.data
    try:
        with write_unit():
            save_filter(current_actor(), name=name, filters=filters, shared=form.shared.data)
    except Invalid as error:
        form.tell(error)
        return _naming(form, filters)
    flash(gettext("Đã lưu bộ lọc “%(name)s”.", name=name), "success")
    return see("desk.queue_page", **filters.query())


@bp.route(f"/bo-loc/<int(max={LAST_ID}):filter_id>/ten", methods=["GET", "POST"])
@requires(DECIDE)
def rename(filter_id: int) -> ResponseReturnValue:
    """Another name or other readers for a filter of one's own; the desk shows its question."""
    kept = own_filter(current_actor(), filter_id)
    form, filters = SaveFilterForm(name=kept.name, shared=kept.shared), queue_filters(kept.query)
    if not form.validate_on_submit():
        return _naming(form, filters, kept.name)
    name = form.name.data
    try:
        with write_unit():
            rename_filter(current_actor(), filter_id, name=name, shared=form.shared.data)
    except Invalid as error:
        form.tell(error)
        return _naming(form, filters, kept.name)
    flash(gettext("Đã sửa bộ lọc “%(name)s”.", name=name), "success")
    return see("desk.queue_page", **filters.query())


def _naming(form: SaveFilterForm, filters: QueueFilters, kept: str = "") -> ResponseReturnValue:
    """The name and readers of a filter as a page; what was refused stays in its fields."""
    words = render_template("triage/filter_name.html", form=form, filters=filters, kept=kept)
    return words, 422 if request.method == "POST" else 200


@bp.post(f"/bo-loc/<int(max={LAST_ID}):filter_id>/bo")
@requires(DECIDE)
def forget(filter_id: int) -> ResponseReturnValue:
    """Forget a filter of one's own; its question stays, to be named again after a slip."""
    with write_unit():
        name, asked = remove_filter(current_actor(), filter_id)
    flash(gettext("Đã bỏ bộ lọc “%(name)s”. Muốn giữ lại thì lưu lần nữa.", name=name), "success")
    return see("desk.queue_page", **queue_filters(asked).query())


@bp.route("/mau-tra-loi", methods=["GET", "POST"])
@requires(DECIDE)
def templates() -> ResponseReturnValue:
    """The organisation's templates, and a form for a new one or over an old one."""
    form = _form()
    if request.method == "GET":
        return _page(form)
    if not form.validate():
        return _page(form, 422)
    wording = Wording(form.step.data, form.category.data or "", form.name.data, form.words.data)
    try:
        with write_unit():
            save_template(current_actor(), wording, template_id=_edited())
    except Invalid as error:
        form.tell(error)
        return _page(form, 422)
    flash(gettext("Đã lưu mẫu “%(name)s”.", name=wording.name), "success")
    return see("keeping.templates", _anchor="main")


@bp.post(f"/mau-tra-loi/<int(max={LAST_ID}):template_id>/bo")
@requires(DECIDE)
def drop(template_id: int) -> ResponseReturnValue:
    """Remove a template; its words stay in the form, to be kept again after a slip."""
    with write_unit():
        removed = remove_template(current_actor(), template_id)
    told = gettext("Đã bỏ mẫu “%(name)s”. Lời còn ở dưới; muốn giữ lại thì lưu.", name=removed.name)
    flash(told, "success")
    return _page(_filled(removed), removed=True)


def _edited() -> int | None:
    text = request.args.get("sua", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound
    return int(text)


def _form() -> Any:
    form = _empty(request.form if request.method == "POST" else None)
    edited = _edited()
    if edited is not None and request.method == "GET":
        found = next((t for t in all_templates(current_actor()) if t.id == edited), None)
        if found is None:
            raise NotFound
        return _filled(Wording(found.step, found.category or "", found.name, found.words))
    return form


def _filled(wording: Wording) -> Any:
    form = _empty(None)
    form.step.data, form.category.data = wording.step, wording.category
    form.name.data, form.words.data = wording.name, wording.words
    return form


def _empty(given: Any) -> Any:
    form: Any = TemplateForm(formdata=given)
    form.step.choices = [(step, translated(label_of(step))) for step in WORDED_STEPS]
    form.category.choices = categories(prompt=_("Mọi loại việc"))
    return form


def label_of(step: str) -> Text:
    """What a step with words is called."""
    return (REPORT if step in REPORT.names() else CASE).transition_label(step)


def _page(form: Any, status: int = 200, *, removed: bool = False) -> ResponseReturnValue:
    words = render_template(
        "triage/templates.html",
        form=form,
        removed=removed,
        edited=_edited(),
        templates=[(each, label_of(each.step)) for each in all_templates(current_actor())],
    )
    return words, status
