"""What the sender does later, known by the tracking code or the own account: each act once per key.

The caller found the report and holds its lock (``tracking.claim_by_tracking_code``).
"""

from collections.abc import Iterable

from sqlalchemy import func, select

from webapp.cases.votes import vote_fixed
from webapp.core.actor import GUEST
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.media.operations import erase_photo
from webapp.reporting import messages
from webapp.reporting.alerts import tell_front
from webapp.reporting.asks import WORDS_LIMIT, case_of, note_of_sender
from webapp.reporting.checking import MAX_PHOTOS, checked_photos
from webapp.reporting.identity import forget_identity
from webapp.reporting.keys import first_time
from webapp.reporting.models import Report, ReportLine
from webapp.reporting.photos import list_photos
from webapp.reporting.seen import seen_state, visible_lines
from webapp.reporting.steps import take_report_step
from webapp.reporting.submission import ListedPhoto
from webapp.reporting.voice import erase_voice
from webapp.reporting.wording import cleaned, invalid

MAX_ADDITIONS = 20


def add_information(
    report: Report, *, words: str | None, photos: tuple[ListedPhoto, ...] = (), raw_key: str | None
) -> None:
    """Answer the Front's question, or add evidence to what was sent: words, photos or both.

    Evidence is corrected by adding, never by overwriting. Raises TransitionRefused when the
    report was refused or withdrawn, Invalid without words and photos or over the limits.
    """
    text = cleaned(words, "words", WORDS_LIMIT, lines=True)
    listed = checked_photos(photos)
    if not first_time(report, raw_key, act="add_info", words=words, photos=photos):
        return
    if text is None and not listed:
        raise invalid("words", _("Xin viết câu trả lời hoặc gửi thêm ảnh."))
    _check_room(report, listed)
    if seen_state(report, visible_lines(report)) == "needs_info":
        with take_report_step(GUEST, report, "add_info", by_sender=True) as line:
            line.words, line.facts = text, {"photos": len(listed)}
    elif report.state in {"submitted", "needs_info", "attached"}:
        # A question that may still be undone has not been asked yet.
        note_of_sender(report, "add_evidence", words=text, photos=len(listed))
        tell_front(report, messages.NEWS)
    else:
        raise TransitionRefused(_("Phản ánh này không nhận thêm thông tin nữa."))
    list_photos(report, listed, later=True)


def withdraw(report: Report, *, raw_key: str | None) -> None:
    """Take the report back while nothing was decided; name, contact and voice leave with it.

    Raises TransitionRefused later.
    """
    if first_time(report, raw_key, act="withdraw"):
        with take_report_step(GUEST, report, "withdraw", by_sender=True):
            forget_identity(report)
            erase_voice(report)


def withdraw_identity(report: Report, *, photos: Iterable[str] = (), raw_key: str | None) -> None:
    """Remove name, contact and voice for good, and the photos chosen by their hash.

    Facts already acted on stay as the Front's own.
    """
    chosen = sorted(set(photos))
    if not first_time(report, raw_key, act="withdraw_identity", photos=chosen):
        return
    with take_report_step(GUEST, report, "withdraw_identity", by_sender=True):
        forget_identity(report)
        erase_voice(report)
        report.keep_secret = True
    for each in report.photos:
        if each.photo.sha256 in chosen:
            erase_photo(each.photo)


def confirm_fix(
    report: Report,
    *,
    fixed: bool | None,
    words: str | None = None,
    photos: tuple[ListedPhoto, ...] = (),
    raw_key: str | None,
) -> None:
    """Say whether the matter is fixed, with a photo; every word is kept, counted by role.

    Raises TransitionRefused unless the case waits for confirmation, Invalid for "not fixed"
    without words.
    """
    text = cleaned(words, "words", WORDS_LIMIT, lines=True)
    listed = checked_photos(photos)
    if fixed is None:
        raise invalid("fixed", _("Xin chọn đã xong hoặc chưa xong."))
    if not fixed and text is None:
        raise invalid("words", _("Chưa xong thì xin viết còn thấy gì."))
    content = {"photos": photos} if photos else {}
    if not first_time(report, raw_key, act="confirm", fixed=fixed, words=words, **content):
        return
    _check_room(report, listed)
    list_photos(report, listed, later=True)
    shown = {each.photo.sha256: each.photo for each in report.photos}
    vote_fixed(
        GUEST,
        case_of(report),
        role="reporter",
        voter=str(report.id),
        fixed=fixed,
        words=text,
        photo=shown[listed[0].sha256] if listed else None,
    )


def _check_room(report: Report, listed: tuple[ListedPhoto, ...]) -> None:
    known = {each.photo.sha256 for each in report.photos}
    if len(known | {photo.sha256 for photo in listed}) > 2 * MAX_PHOTOS:
        raise invalid("photos", _("Mỗi phản ánh nhận nhiều nhất %(n)s ảnh.", n=2 * MAX_PHOTOS))
    query = select(func.count(ReportLine.id)).where(
        ReportLine.report_id == report.id, ReportLine.transition == "add_evidence"
    )
    if (session().scalar(query) or 0) >= MAX_ADDITIONS:
        raise invalid("words", _("Đã bổ sung đủ %(n)s lần. Xin chờ Mặt trận xem.", n=MAX_ADDITIONS))
