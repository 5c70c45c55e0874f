"""The form of a merger."""

from typing import Any

from flask_babel import lazy_gettext as _

from webapp.web.fields import ChecksField, ChoiceField
from webapp.web.forms import DayField, PageForm, Required


class MergerForm(PageForm):
    """Which units end, which one takes them in, from when."""

    predecessors = ChecksField(_("Xã, phường được nhập (kết thúc hoạt động)"))
    successor = ChoiceField(_("Nhập vào xã, phường"))
    effective = DayField(_("Có hiệu lực từ ngày"), validators=[Required()])

    @property
    def plan(self) -> dict[str, Any]:
        """What was asked, as the plan takes it; what is no id is left out."""
        return {
            "predecessor_ids": self.predecessors.numbers,
            "successor_id": self.successor.number,
            "effective": self.effective.data,
        }
