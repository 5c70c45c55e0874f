"""An organisation's own templates: brought, tried out, put in force, dropped."""

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp.core import files
from webapp.core.errors import Invalid, NotFound, TooLarge, UnsupportedMedia
from webapp.core.unit_of_work import write_unit
from webapp.directory.names import name_in
from webapp.directory.queries import organisation
from webapp.documents.forms import ISSUED_TYPES, TemplateForm
from webapp.documents.letters import DOCUMENT_TYPES
from webapp.documents.own_templates import (
    bring_template,
    drop_template,
    own_template,
    own_templates,
    use_template,
)
from webapp.documents.permissions import MANAGE_LETTERS
from webapp.documents.starter import starter_docx
from webapp.documents.template_fields import (
    FIELDS,
    check_template,
    fill_template,
    sample_letter,
)
from webapp.documents.template_package import MAX_TEMPLATE_BYTES
from webapp.web.current_actor import current_actor
from webapp.web.guards import requires
from webapp.web.locale import choose, translated
from webapp.web.paging import LAST_ID
from webapp.web.redirects import see

bp = Blueprint("letter_templates", __name__, url_prefix="/can-bo/mau-van-ban")
_MANAGERS = requires(MANAGE_LETTERS)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("")
@_MANAGERS
def index() -> str:
    """Templates in force and to be tried out, and the fields they may name."""
    return _page(_form())


@bp.post("")
@_MANAGERS
def bring() -> ResponseReturnValue:
    """Bring a template; it is checked and waits to be tried out."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    upload = request.files.get("file")
    content = upload.read(MAX_TEMPLATE_BYTES + 1) if upload else b""
    try:
        left_out = check_template(content)
        key = files.store().put("documents", content)
        with write_unit():
            bring_template(
                current_actor(),
                int(form.organisation.data),
                form.type_code.data,
                content,
                key=key,
            )
    except (Invalid, TooLarge, UnsupportedMedia) as refused:
        form.file.errors = [translated(refused.fields.get("file", refused.detail))]
        return _page(form), 422
    flash(_("Mẫu hợp lệ. Xin tải bản xem thử rồi bấm “Dùng mẫu này”."), "success")
    if left_out:
        flash(_("Mẫu không dùng các trường: %(names)s.", names=", ".join(left_out)), "warning")
    return see("letter_templates.index")


@bp.get("/mau-co-san/<type_code>.docx")
@_MANAGERS
def starter(type_code: str) -> Response:
    """The built-in layout with its fields, to be edited in Word."""
    if type_code not in ISSUED_TYPES:
        raise NotFound
    return _docx(starter_docx(type_code), f"mau-{type_code.lower()}")


@bp.get(f"/<int(max={LAST_ID}):template_id>/xem-thu.docx")
@_MANAGERS
def preview(template_id: int) -> Response:
    """The template filled with an invented letter."""
    template = own_template(current_actor(), template_id)
    content = fill_template(files.store().get(template.file_key), sample_letter())
    return _docx(content, "xem-thu")


@bp.post(f"/<int(max={LAST_ID}):template_id>/dung")
@_MANAGERS
def use(template_id: int) -> ResponseReturnValue:
    """Make letters by this template from now on."""
    with write_unit():
        use_template(current_actor(), template_id)
    flash(_("Từ nay văn bản loại này lập theo mẫu của cơ quan."), "success")
    return see("letter_templates.index")


@bp.post(f"/<int(max={LAST_ID}):template_id>/bo")
@_MANAGERS
def drop(template_id: int) -> ResponseReturnValue:
    """Go back to the built-in layout."""
    with write_unit():
        drop_template(current_actor(), template_id)
    flash(_("Đã bỏ mẫu này. Văn bản chưa ký lập theo mẫu có sẵn."), "success")
    return see("letter_templates.index")


def _docx(content: bytes, name: str) -> Response:
    answer = Response(content, content_type=_DOCX)
    answer.headers["Content-Disposition"] = f"attachment; filename={name}.docx"
    return answer


def _form() -> TemplateForm:
    form = TemplateForm()
    mine = sorted(current_actor().organisations_for(MANAGE_LETTERS))
    form.organisation.choices = [
        (str(each), name_in(choose(), organisation(each))) for each in mine
    ]
    return form


def _page(form: TemplateForm) -> str:
    kept = own_templates(current_actor())
    return render_template(
        "documents/templates.html",
        form=form,
        templates=[each for each in kept if each.template.state != "replaced"],
        replaced=[each for each in kept if each.template.state == "replaced"],
        starters=ISSUED_TYPES,
        types=DOCUMENT_TYPES,
        fields=FIELDS,
    )
