"""Forms of an office that answers by a code."""

from flask_babel import lazy_gettext as _
from wtforms import StringField

from webapp.web.fields import WordsField
from webapp.web.forms import MAX_WORDS, AtMost, PageForm, Required


class AnswerCodeForm(PageForm):
    """The code that came with the letter."""

    code = StringField(_("Mã trả lời"), validators=[Required(), AtMost(40)])


class AnswerByCodeForm(AnswerCodeForm):
    """The answer of the office, with the document it stands in."""

    answer = WordsField(_("Nội dung trả lời"), limit=MAX_WORDS)
    document = StringField(
        _("Số, ngày văn bản trả lời"),
        validators=[Required(), AtMost(60)],
        description=_("Ví dụ: 112/UBND-KT ngày 24/09/2026."),
    )
    name = StringField(_("Người trả lời, chức vụ"), validators=[Required(), AtMost(160)])
