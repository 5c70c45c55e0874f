"""What residents and the Front do in the demonstration: each step a real operation."""

import uuid
from dataclasses import replace
from datetime import timedelta

from webapp.cases.votes import vote_fixed
from webapp.casework.letters import RecommendationContent, addressees_of, handlers_of
from webapp.casework.operations.answering import deliver_recommendation, give_view
from webapp.casework.operations.drafting import (
    draft_recommendation,
    sign_recommendation,
    submit_for_signature,
)
from webapp.casework.operations.front import hand_over_case
from webapp.casework.operations.issuing import issue_recommendation
from webapp.casework.operations.moves import lock_recommendation
from webapp.casework.operations.raising import propose_raise, raise_case
from webapp.casework.queries import sent_recommendation
from webapp.core import clock
from webapp.core.actor import GUEST
from webapp.demo.cast import group_of
from webapp.demo.life import (
    NO_PHOTO,
    Life,
    assessment_of,
    fresh_key,
    front_of_case,
    letter_of,
    officer_here,
    officer_of,
    soon,
    task_of,
)
from webapp.directory.queries import organisation
from webapp.media.originals import ReceivedPhoto
from webapp.reporting.models import Report
from webapp.reporting.operations import receive_photo, submit_report, withdraw
from webapp.reporting.submission import Contact, ListedPhoto, SentPlace, Submission
from webapp.triage.operations.assessment import assess_case, dismiss_case
from webapp.triage.operations.joining import attach_to_case, open_case_for
from webapp.triage.operations.local_action import LocalResult, act_locally, fast_lane
from webapp.triage.operations.local_action import report_local_result as local_result
from webapp.triage.operations.merging import lock_pair, merge_cases
from webapp.triage.operations.reports import redirect_report, reject_report, request_info
from webapp.triage.operations.verification import Visit, record_verification, request_verification


def submit(life: Life) -> None:
    """Somebody sends what they see."""
    life.report_id = _sent(life, life.photos).id


def _sent(life: Life, photos: list[ReceivedPhoto]) -> Report:
    rng, story = life.rng, life.story
    listed = tuple(ListedPhoto(p.sha256, p.size, p.mime) for p in photos)
    submission = Submission(
        category=story.category.code if rng.random() < 0.6 else story.picture,
        consent=True,
        nature=rng.choice(["sudden", "continuous", None]),
        description=rng.choice(story.words),
        observed_at=clock.now() - timedelta(hours=rng.randint(1, 30)),
        location=SentPlace(life.point.lon, life.point.lat, rng.choice([12, 25, 60]), "gps"),
        place_note=rng.choice(story.places).capitalize(),
        households_affected=rng.choice([None, 1, 3, 6, 12, 20]),
        channel="web",
        photos=listed,
    )
    key = fresh_key(life)
    receipt = submit_report(GUEST, replace(submission, contact=_sender(key)), raw_key=key)
    for photo in photos:
        receive_photo(receipt.report, photo, sha256=photo.sha256)
    return receipt.report


def _sender(key: str) -> Contact:
    """Every third sender gives a name that nobody bears and a phone number that cannot be."""
    drawn = uuid.UUID(key).int
    if drawn % 3:
        return Contact()
    number = drawn // 3 % 900 + 100
    return Contact(name=f"Người gửi thử số {number} (ví dụ)", phone=f"0000000{number}")


def open_(life: Life) -> None:
    """The officer opens a case for it."""
    report = life.report
    actor = officer_of(life, report.handling_unit_id, province=False)
    if life.story.category.starts_at_province:
        actor = officer_of(life, report.handling_unit_id, province=True)
    place = life.rng.choice(life.story.places)
    life.case_id = open_case_for(
        actor,
        report,
        category_code=life.story.category.code,
        place_note=f"{place}, {report.handling_unit.name}",
    ).id


def also(life: Life) -> None:
    """Another resident sends the same; the officer attaches it to the case."""
    attach_to_case(officer_here(life), _sent(life, []), case_code=life.case.code)


def twin(life: Life) -> None:
    """Another resident's report became a case of its own; the officer makes one of the two."""
    report = _sent(life, [])
    officer = officer_here(life)
    second = open_case_for(
        officer,
        report,
        category_code=life.story.category.code,
        place_note=f"gần chỗ cũ, {report.handling_unit.name}",
    )
    first = life.case
    lock_pair(officer, first.code, second.code)
    merge_cases(officer, first, other_code=second.code)


def hand_over(life: Life) -> None:
    """Signs of a crime: the case goes to the police, sealed."""
    reason = "Có dấu hiệu cố ý đổ thải nhiều lần vào ban đêm."
    hand_over_case(front_of_case(life), life.case, body="police", reason=reason)


def ask_raise(life: Life) -> None:
    """The commune asks the province to take the case."""
    reason = "Cơ quan cấp xã chưa nhận; việc vượt khả năng của xã."
    propose_raise(front_of_case(life), life.case, ground="declined", reason=reason)


def raise_(life: Life) -> None:
    """The province Front takes it."""
    case = life.case
    raise_case(officer_of(life, case.handling_unit_id, province=True), case)


def ask(life: Life) -> None:
    """The officer asks the sender."""
    question = "Ông/bà cho biết chỗ đó cách đường lớn bao xa, có ai chụp được ảnh không?"
    request_info(officer_here(life), life.report, question=question)


def reject(life: Life) -> None:
    """The officer does not take it, with words the sender reads."""
    words = "Chưa rõ chỗ nào trong xã. Ông/bà gửi lại kèm tên bản hoặc ảnh giúp Mặt trận."
    reject_report(officer_here(life), life.report, reason="no_place", words=words)


def redirect(life: Life) -> None:
    """The officer says which door is the right one."""
    words = "Việc này là khiếu nại quyết định. Ông/bà gửi đơn đến nơi đã ra quyết định."
    redirect_report(officer_here(life), life.report, door="complaint", words=words)


def take_back(life: Life) -> None:
    """The sender takes it back."""
    withdraw(life.report, raw_key=fresh_key(life))


def ask_check(life: Life) -> None:
    """The Front asks the self-managed group to look."""
    case = life.case
    group = group_of(case.handling_unit, clock.today_local())
    question = f"Nhờ tổ xem giúp: {life.story.category.label.vi.lower()} có còn không?"
    request_verification(
        front_of_case(life), case, organisation_id=group.id, question=question, due_on=soon(9)
    )


def check(life: Life) -> None:
    """The group went and saw."""
    case = life.case
    group = group_of(case.handling_unit, clock.today_local())
    visit = Visit(
        finding="found", visited_at=clock.now() - timedelta(hours=2), no_photo_reason=NO_PHOTO
    )
    record_verification(life.cast.actor("group_member", group), case, visit=visit)


def assess(life: Life) -> None:
    """The Front says in its own words what the matter is."""
    note = "Cán bộ đã hỏi trưởng bản, sự việc đúng như bà con nói."
    assess_case(front_of_case(life), life.case, assessment=assessment_of(life), site_note=note)


def dismiss(life: Life) -> None:
    """Nothing was found."""
    words = "Khi đến xem thì đã được dọn sạch. Nếu thấy lại, xin ông/bà báo tiếp."
    dismiss_case(front_of_case(life), life.case, reason="already_gone", words=words)


def quick(life: Life) -> None:
    """The fast lane: one screen for a small matter."""
    fast_lane(front_of_case(life), life.case, task=task_of(life), assessment=assessment_of(life))


def act(life: Life) -> None:
    """Somebody on the spot is asked to put it right."""
    act_locally(front_of_case(life), life.case, task=task_of(life))


def local_done(life: Life) -> None:
    """Whoever acted reports."""
    case = life.case
    result = LocalResult(
        words=life.story.result,
        photos=tuple(life.after),
        no_photo_reason=None if life.after else NO_PHOTO,
        source="Tổ trưởng báo qua điện thoại",
    )
    local_result(front_of_case(life), case, result=result)


def draft(life: Life) -> None:
    """The officer drafts the recommendation and brings it to the chair."""
    case, today = life.case, clock.today_local()
    content = RecommendationContent(
        addressee=addressees_of(case, today)[0],
        handler=handlers_of(case, today)[0],
        request=life.story.request,
        term="front_reco_reply",
    )
    submit_for_signature(
        front_of_case(life), draft_recommendation(front_of_case(life), case, content)
    )


def sign(life: Life) -> None:
    """The chair signs."""
    actor = life.cast.actor("front_signer", organisation(life.case.owner_id))
    sign_recommendation(actor, letter_of(life), position="chair", name="Chủ tịch (thử)")


def issue(life: Life) -> None:
    """The letter gets its number and goes out; the case is escalated."""
    today, letter = clock.today_local(), letter_of(life)
    number = life.numbers.next(letter.author_id, today.year, "KN")
    issue_recommendation(front_of_case(life), letter, number=number, issued_on=today)


def deliver(life: Life) -> None:
    """The letter arrived, with proof."""
    deliver_recommendation(
        front_of_case(life),
        letter_of(life),
        channel="platform",
        delivered_on=clock.today_local(),
        proof="Văn thư nơi nhận đã ký sổ công văn đến",
    )


def agree(life: Life) -> None:
    """The Front gives its view of the answer."""
    letter = sent_recommendation(life.case)
    if letter is not None and letter.state == "answered":
        words = "Trả lời rõ ràng, đúng điều bà con nêu."
        give_view(front_of_case(life), lock_recommendation(letter), "agree", words=words)


def confirm(life: Life) -> None:
    """The sender confirms the fix."""
    vote_fixed(
        GUEST,
        life.case,
        role="reporter",
        voter=f"report:{life.report_id}",
        fixed=True,
        words="Đã sạch, cảm ơn Mặt trận và xã.",
    )


def deny(life: Life) -> None:
    """The sender says that it is not fixed."""
    vote_fixed(
        GUEST,
        life.case,
        role="reporter",
        voter=f"report:{life.report_id}",
        fixed=False,
        words="Mới dọn một nửa, mưa xuống lại tràn ra.",
    )
