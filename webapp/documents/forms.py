"""The form of an organisation's own template."""

from flask_babel import lazy_gettext as _
from wtforms import FileField, SelectField
from wtforms.fields.choices import SelectChoice

from webapp.documents.letters import DOCUMENT_TYPES
from webapp.web.forms import Needed, PageForm, Required

_ISSUED = ("KN", "CV", "PC", "TB", "GM", "BC")


class TemplateForm(PageForm):
    """Of which organisation, for which type, the file."""

    organisation = SelectField(_("Cơ quan"), validators=[Required()])
    type_code = SelectField(
        _("Loại văn bản"),
        choices=[SelectChoice(code, DOCUMENT_TYPES[code].name) for code in _ISSUED],
        validators=[Required()],
    )
    file = FileField(
        _("Tệp Word (.docx)"),
        description=_("Dưới 2 MB. Chỗ cần điền viết tên trường trong hai ngoặc nhọn."),
        validators=[Needed()],
    )
