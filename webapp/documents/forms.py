"""The form of an organisation's own template."""

from flask_babel import lazy_gettext as _
from wtforms import FileField, SelectField

from webapp.documents.letters import DOCUMENT_TYPES
from webapp.web.forms import Needed, PageForm, Required
from webapp.web.locale import translated

ISSUED_TYPES = ("KN", "CV", "PC", "TB", "GM", "BC")


class TemplateForm(PageForm):
    """Of which organisation, for which type, the file."""

    organisation = SelectField(_("Cơ quan"), validators=[Required()])
    type_code = SelectField(
        _("Loại văn bản"),
        choices=lambda: [(code, translated(DOCUMENT_TYPES[code].label)) for code in ISSUED_TYPES],
        validators=[Required()],
    )
    file = FileField(
        _("Tệp Word (.docx)"),
        description=_("Dưới 2 MB. Chỗ cần điền viết tên trường trong hai ngoặc nhọn."),
        validators=[Needed()],
    )
