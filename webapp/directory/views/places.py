"""The administrator's page of schools and clinics."""

import csv
import io

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core.unit_of_work import write_unit
from webapp.directory.forms import PlaceListForm
from webapp.directory.import_results import ImportProblem
from webapp.directory.list_files import MAX_BYTES
from webapp.directory.permissions import MANAGE
from webapp.directory.place_lists import COLUMNS, KIND_WORDS, MAX_ROWS, read_places
from webapp.directory.places import (
    PAGE,
    every_place,
    find_places,
    how_many_places,
    import_places,
    remove_place,
)
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.redirects import see

bp = Blueprint("places", __name__, url_prefix="/can-bo/danh-ba/truong-hoc-y-te")
_SHOWN_PROBLEMS = 50


@bp.get("")
@requires(MANAGE)
def index() -> str:
    """Which there are, and the form for a list."""
    return _page(PlaceListForm(formdata=None))


@bp.post("")
@requires(MANAGE)
def take() -> ResponseReturnValue:
    """Take a list; with one bad row nothing of it."""
    form = PlaceListForm()
    if not form.validate():
        return _page(form), 422
    found = read_places(form.file.data.read(MAX_BYTES + 1))
    with write_unit():
        taken = import_places(current_actor(), found, replace=form.replace.data)
    if taken.problems:
        return _page(form, taken.problems), 422
    words = _(
        "Đọc %(read)s dòng: ghi %(stored)s, bỏ %(removed)s. Thứ tự hàng đợi được tính lại.",
        read=taken.read,
        stored=taken.stored,
        removed=taken.removed,
    )
    flash(words, "success")
    return see("places.index")


@bp.get("/tai-ve")
@requires(MANAGE)
def download() -> Response:
    """The list as a file that can be taken again."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(COLUMNS)
    table.writerows((each.kind, each.name, each.lon, each.lat) for each in every_place())
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="truong-hoc-y-te.csv"'
    return answer


@bp.post("/<int:place_id>/bo")
@requires(MANAGE)
def remove(place_id: int) -> ResponseReturnValue:
    """Take one place out."""
    with write_unit():
        remove_place(current_actor(), place_id)
    flash(_("Đã bỏ khỏi danh sách. Thứ tự hàng đợi được tính lại."), "success")
    return see("places.index")


def _page(form: PlaceListForm, problems: list[ImportProblem] | None = None) -> str:
    words = request.args.get("tim", "").strip()[:80]
    found = find_places(words, after=request.args.get("sau", default=0, type=int))
    return render_template(
        "directory/places.html",
        form=form,
        problems=(problems or [])[:_SHOWN_PROBLEMS],
        wrong=len(problems or []),
        counts=how_many_places(),
        places=found[:PAGE],
        after=found[PAGE - 1].id if len(found) > PAGE else None,
        words=words,
        kinds=KIND_WORDS,
        columns=",".join(COLUMNS),
        limits={"rows": MAX_ROWS, "mb": MAX_BYTES >> 20},
    )
