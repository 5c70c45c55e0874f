"""The forms of "Nhận tin": what, how often, where to; and the one button of a signed link."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import Optional

from webapp.alerts.operations import EMAIL_LIMIT
from webapp.alerts.topics import RADII_KM
from webapp.alerts.workflow import FREQUENCIES, NOW
from webapp.web.fields import ChoiceField, PickField
from webapp.web.forms import AtMost, PageForm, Required
from webapp.web.locale import translated


class FrequencyForm(PageForm):
    """How often news is told."""

    frequency = PickField(_("Bao lâu nhận một lần"), default=NOW)

    def offer_frequencies(self) -> None:
        """Fill in the choices, in the language of the request."""
        self.frequency.choices = [(code, translated(words)) for code, words in FREQUENCIES.items()]


class AlertForm(FrequencyForm):
    """What to be told of, and the address. The parts of the topic are judged by ``read_topic``."""

    case = HiddenField()
    office = HiddenField()
    category = ChoiceField(_("Loại việc"), required=False)
    unit = ChoiceField(_("Xã, phường"), required=False)
    lat = StringField(_("Vĩ độ"), validators=[Optional()])
    lon = StringField(_("Kinh độ"), validators=[Optional()])
    radius = ChoiceField(_("Trong vòng"), required=False, default="5")
    results = HiddenField()
    email = StringField(_("Địa chỉ thư điện tử"), validators=[Required(), AtMost(EMAIL_LIMIT)])

    def offer_choices(self) -> None:
        """Fill in the choices that are the same for everybody."""
        self.offer_frequencies()
        self.radius.choices = [(str(km), f"{km} km") for km in RADII_KM]


class LinkForm(PageForm):
    """The one button of a link."""
