"""The forms of those who are affected too. They only gather; the operations check."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from webapp.web.forms import Needed, PageForm


class AffectedForm(PageForm):
    """Beginning to follow."""

    idempotency_key = HiddenField()
    email = StringField(_("Thư điện tử"))


class FollowCodeForm(PageForm):
    """The follow code."""

    code = StringField(_("Mã theo dõi"), validators=[Needed()])


class FollowerVoteForm(FollowCodeForm):
    """Whether the matter is fixed."""

    fixed = RadioField(_("Ông/bà thấy thế nào"), validate_choice=False)
    words = TextAreaField(_("Còn thấy gì"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fixed.choices = [("yes", _("Đã xong")), ("no", _("Chưa xong"))]

    def answer(self) -> bool | None:
        """True for fixed, False for not, None when nothing was chosen."""
        return {"yes": True, "no": False}.get(str(self.fixed.data))
