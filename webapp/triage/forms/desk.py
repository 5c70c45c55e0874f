"""The forms of the desk itself: many at once, saved filters, templates."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField

from webapp.web.fields import ChoiceField, LineField, WordsField
from webapp.web.forms import PageForm


class BulkAssignForm(PageForm):
    """Which officer, and why."""

    person = ChoiceField(_("Cán bộ"))
    reason = LineField(_("Lý do"), limit=200)


class BulkAttachForm(PageForm):
    """Into which case."""

    case = LineField(_("Mã vụ việc"), limit=20, hint=_("Vụ việc đang mở trong địa bàn."))


class BulkForwardForm(PageForm):
    """To which unit, and why."""

    unit = ChoiceField(_("Xã, phường nhận"))
    reason = WordsField(_("Lý do, người gửi sẽ đọc nguyên văn"), limit=1000)


class SaveFilterForm(PageForm):
    """A name for the present question."""

    name = LineField(_("Tên bộ lọc"), limit=60)
    shared = BooleanField(_("Cả cơ quan cùng dùng"))


class TemplateForm(PageForm):
    """Words to send often."""

    step = ChoiceField(_("Dùng ở bước"))
    category = ChoiceField(_("Loại việc"), required=False)
    name = LineField(_("Tên mẫu"), limit=60)
    words = WordsField(
        _("Lời mẫu"), limit=2000, hint=_("Cán bộ luôn đọc lại và sửa được trước khi gửi.")
    )
