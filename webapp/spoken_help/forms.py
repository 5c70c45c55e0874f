"""The form of a recording."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import SelectField

from webapp.cases.categories import pictures
from webapp.core.bilingual import Bilingual
from webapp.spoken_help.screens import languages, screens
from webapp.web.forms import Needed, PageForm, Required
from webapp.web.locale import choose


class RecordingForm(PageForm):
    """A sound for a screen in a language; the operation judges the choices together."""

    screen = SelectField(_("Màn hình"), validators=[Required()], validate_choice=False)
    category = SelectField(_("Hình (chỉ với màn hình có hình)"), validate_choice=False)
    language = SelectField(_("Tiếng"), validators=[Required()], validate_choice=False)
    sound = FileField(_("Tệp ghi âm"), validators=[Needed()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.screen.choices = [(each.code, _in(each.label)) for each in screens().values()]
        self.category.choices = [("", "–"), *((p.code, _in(p.label)) for p in pictures())]
        self.language.choices = [(code, _in(label)) for code, label in languages().items()]


def _in(label: Bilingual) -> str:
    return label.in_language(choose())
