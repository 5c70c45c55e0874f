"""What the sender does later, known by the tracking code alone: each act once per key.

The caller found the report by its code and holds its lock (``tracking.claim_by_tracking_code``).
"""

import uuid
from collections.abc import Iterable

from webapp.audit.operations import Subject
from webapp.cases.models import Case, CaseVote
from webapp.cases.operations import lock_case, take_step
from webapp.core import clock, crypto
from webapp.core.actor import GUEST
from webapp.core.codes import digest
from webapp.core.errors import TransitionRefused
from webapp.core.text import _
from webapp.core.unit_of_work import session
from webapp.deadlines.queries import clocks_of
from webapp.media.operations import erase_photo
from webapp.reporting import messages
from webapp.reporting.alerts import tell_front, tell_province_front
from webapp.reporting.checking import MAX_PHOTOS, checked_photos
from webapp.reporting.identity import forget_identity
from webapp.reporting.keys import first_time
from webapp.reporting.models import Report, ReprisalMessage
from webapp.reporting.photos import list_photos
from webapp.reporting.steps import new_line, subject_of, take_report_step, tell
from webapp.reporting.submission import ListedPhoto
from webapp.reporting.wording import cleaned, invalid, required

WORDS_LIMIT = 4000
_ENDED_CASES = {"closed", "dismissed"}


def add_information(
    report: Report, *, words: str | None, photos: tuple[ListedPhoto, ...] = (), raw_key: str | None
) -> None:
    """Answer the Front's question with words, photos or both.

    Raises TransitionRefused when nothing was asked, Invalid without words and photos.
    """
    text = cleaned(words, "words", WORDS_LIMIT, lines=True)
    listed = checked_photos(photos)
    if not first_time(report, raw_key, act="add_info", words=words, photos=photos):
        return
    if text is None and not listed:
        raise invalid("words", _("Xin viết câu trả lời hoặc gửi thêm ảnh."))
    if len(report.photos) + len(listed) > 2 * MAX_PHOTOS:
        raise invalid("photos", _("Mỗi phản ánh nhận nhiều nhất %(n)s ảnh.", n=2 * MAX_PHOTOS))
    with take_report_step(GUEST, report, "add_info", by_sender=True) as line:
        line.words = text
        line.facts = {"photos": len(listed)}
    list_photos(report, listed)


def withdraw(report: Report, *, raw_key: str | None) -> None:
    """Take the report back while nothing was decided. Raises TransitionRefused later."""
    if first_time(report, raw_key, act="withdraw"):
        with take_report_step(GUEST, report, "withdraw", by_sender=True):
            pass


def withdraw_identity(report: Report, *, photos: Iterable[str] = (), raw_key: str | None) -> None:
    """Remove name and contact for good, and the photos chosen by their hash.

    Facts already acted on stay as the Front's own.
    """
    chosen = sorted(set(photos))
    if not first_time(report, raw_key, act="withdraw_identity", photos=chosen):
        return
    with take_report_step(GUEST, report, "withdraw_identity", by_sender=True):
        forget_identity(report)
        report.keep_secret = True
    for each in report.photos:
        if each.photo.sha256 in chosen:
            erase_photo(each.photo)


def confirm_fix(
    report: Report, *, fixed: bool | None, words: str | None = None, raw_key: str | None
) -> None:
    """Say whether the matter is fixed; every word is kept, counted by role.

    Raises TransitionRefused unless the case waits for confirmation, Invalid for "not fixed"
    without words.
    """
    text = cleaned(words, "words", WORDS_LIMIT, lines=True)
    if fixed is None:
        raise invalid("fixed", _("Xin chọn đã xong hoặc chưa xong."))
    if not fixed and text is None:
        raise invalid("words", _("Chưa xong thì xin viết còn thấy gì."))
    if not first_time(report, raw_key, act="confirm", fixed=fixed, words=words):
        return
    case = _case_of(report)
    with take_step(GUEST, case, "vote_fixed", voice="residents", given={"fixed": str(fixed)}):
        session().add(
            CaseVote(
                case_id=case.id,
                at=clock.now(),
                role="reporter",
                voter_digest=digest("case_vote", f"{case.id}:report:{report.id}"),
                fixed=fixed,
                words=text,
            )
        )


def report_reprisal(report: Report, *, words: str | None, raw_key: str | None) -> None:
    """Tell the province Front and the auditor, and nobody else, of threats because of the report.

    The words are sealed; from now on nobody opens the identity.
    """
    text = required(words, "words", WORDS_LIMIT)
    if not first_time(report, raw_key, act="reprisal", words=words):
        return
    at, uid = clock.now(), uuid.uuid4().hex
    with take_report_step(GUEST, report, "report_reprisal", given={"words": text}, by_sender=True):
        report.reprisal_at = report.reprisal_at or at
        sealed = crypto.seal(text.encode(), binding=reprisal_binding(uid))
        session().add(ReprisalMessage(uid=uid, report_id=report.id, at=at, sealed=sealed))
    tell_province_front(report, messages.REPRISAL)


def ask_reconsideration(report: Report, *, words: str | None, raw_key: str | None) -> None:
    """Ask the Front to look again at a report it did not take, inside the window."""
    text = required(words, "words", WORDS_LIMIT)
    if not first_time(report, raw_key, act="reconsider", words=words):
        return
    if report.state not in {"rejected", "redirected"} or not _open_window(
        subject_of(report), "reconsider_window"
    ):
        raise TransitionRefused(_("Đã hết hạn, hoặc phản ánh này đang được xem."))
    _ask(report, "ask_reconsider", text)


def ask_reopening(report: Report, *, words: str | None, raw_key: str | None) -> None:
    """Ask the Front to open a closed or dismissed case again, inside the window."""
    text = required(words, "words", WORDS_LIMIT)
    if not first_time(report, raw_key, act="reopen", words=words):
        return
    case = _case_of(report)
    if case.state not in _ENDED_CASES or not _open_window(
        Subject("case", case.id), "reopen_window"
    ):
        raise TransitionRefused(_("Đã hết hạn, hoặc vụ việc đang được giải quyết."))
    _ask(report, "ask_reopen", text)


def reprisal_binding(uid: str) -> str:
    """What the seal of a message about reprisal is bound to."""
    return f"reprisal_message.sealed:{uid}"


def _ask(report: Report, step: str, words: str) -> None:
    line = new_line(GUEST, report, step, by_sender=True)
    line.words = words
    session().add(line)
    report.version += 1
    session().flush()
    tell(GUEST, report, step, was=report.state, by_sender=True)
    tell_front(report, messages.ASKED)


def _case_of(report: Report) -> Case:
    if report.case_id is None:
        raise TransitionRefused(_("Phản ánh này chưa được đưa vào vụ việc nào."))
    case = lock_case(report.case_id)
    if case.merged_into_id is not None:
        return lock_case(case.merged_into_id)
    return case


def _open_window(subject: Subject, rule_key: str) -> bool:
    at = clock.now()
    return any(
        each.rule.key == rule_key and each.stopped_at is None and each.due_at >= at
        for each in clocks_of(subject)
    )
