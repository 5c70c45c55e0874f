"""The forms by which the Front answers senders and hears their voice notes."""

from flask_babel import lazy_gettext as _

from webapp.reporting.identity import REASON_LIMIT
from webapp.reporting.voice import TRANSCRIPT_LIMIT
from webapp.web.fields import WordsField
from webapp.web.forms import PageForm

WORDS = 2000


class RefuseAskForm(PageForm):
    """Why it stays as it is."""

    words = WordsField(_("Vì sao giữ nguyên, người gửi sẽ đọc nguyên văn"), limit=WORDS)


class HearForm(PageForm):
    """Why the voice note is heard; the auditor reads it."""

    reason = WordsField(
        _("Vì sao cần nghe"),
        limit=REASON_LIMIT,
        hint=_("Người kiểm soát đọc được lý do này, cùng tên ông/bà và giờ mở."),
    )


class TranscriptForm(PageForm):
    """What is heard."""

    words = WordsField(
        _("Chép lại lời kể"),
        limit=TRANSCRIPT_LIMIT,
        hint=_("Chỉ Mặt trận đọc. Bỏ tên người và điều làm lộ ai phản ánh."),
    )
