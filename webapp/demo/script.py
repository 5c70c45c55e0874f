"""The lives of the demonstration's reports: each a row of steps, each step a real operation."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from geo.points import Point
from webapp.cases.models import Case
from webapp.cases.operations import lock_case
from webapp.cases.votes import vote_fixed
from webapp.casework.letters import RecommendationContent, addressees_of, handlers_of
from webapp.casework.models import Recommendation
from webapp.casework.operations.answering import deliver_recommendation, give_view
from webapp.casework.operations.concluding import (
    Conclusion,
    conclude_case,
    no_remedy,
    order_remedy,
    propose_conclusion,
    report_remedied,
)
from webapp.casework.operations.drafting import (
    draft_recommendation,
    sign_recommendation,
    submit_for_signature,
)
from webapp.casework.operations.issuing import issue_recommendation
from webapp.casework.operations.moves import lock_recommendation
from webapp.casework.operations.office import accept_case, decline_case, start_inspection
from webapp.casework.queries import recommendations_of, sent_recommendation
from webapp.core import clock
from webapp.core.actor import GUEST, Actor
from webapp.core.unit_of_work import session
from webapp.demo.cast import Cast, group_of
from webapp.demo.stories import Story
from webapp.directory.models import Organisation, Unit
from webapp.directory.queries import front_of, organisation, province_of
from webapp.media.originals import ReceivedPhoto
from webapp.reporting.models import Report
from webapp.reporting.operations import lock_report, receive_photo, submit_report, withdraw
from webapp.reporting.submission import ListedPhoto, SentPlace, Submission
from webapp.triage.operations.assessment import Assessment, assess_case, dismiss_case
from webapp.triage.operations.joining import open_case_for
from webapp.triage.operations.local_action import LocalResult, Task, act_locally, fast_lane
from webapp.triage.operations.local_action import report_local_result as local_result
from webapp.triage.operations.reports import redirect_report, reject_report, request_info
from webapp.triage.operations.verification import Visit, record_verification, request_verification

NO_PHOTO = "Chỗ này không chụp được vì trời tối"


@dataclass
class Life:
    """One report's life: what it tells, where it is, and what has come of it so far."""

    story: Story
    point: Point
    rng: Random
    cast: Cast
    numbers: "Numbers"
    photos: list[ReceivedPhoto] = field(default_factory=list)
    after: list[ReceivedPhoto] = field(default_factory=list)
    report_id: int = 0
    case_id: int = 0

    @property
    def report(self) -> Report:
        return lock_report(self.report_id)

    @property
    def case(self) -> Case:
        return lock_case(self.case_id)


class Numbers:
    """The next letter number of each organisation and year, as typed from its own register."""

    def __init__(self) -> None:
        self._given: dict[tuple[int, int], int] = {}

    def next(self, organisation_id: int, year: int) -> str:
        """The number after the last one given."""
        key = (organisation_id, year)
        self._given[key] = self._given.get(key, 0) + 1
        return f"{self._given[key]:02d}"


def soon(days: int) -> date:
    """A day so many days ahead of the present one."""
    return clock.today_local() + timedelta(days=days)


def submit(life: Life) -> None:
    """Somebody sends what they see."""
    rng, story = life.rng, life.story
    listed = tuple(ListedPhoto(p.sha256, p.size, p.mime) for p in life.photos)
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
    receipt = submit_report(GUEST, submission, raw_key=_key(life))
    life.report_id = receipt.report.id
    for photo in life.photos:
        receive_photo(receipt.report, photo, sha256=photo.sha256)


def open_(life: Life) -> None:
    """The officer opens a case for it."""
    report = life.report
    actor = _officer_of(life, report.handling_unit_id, province=False)
    if life.story.category.starts_at_province:
        actor = _officer_of(life, report.handling_unit_id, province=True)
    place = life.rng.choice(life.story.places)
    life.case_id = open_case_for(
        actor,
        report,
        category_code=life.story.category.code,
        place_note=f"{place}, {report.handling_unit.name}",
    ).id


def ask(life: Life) -> None:
    """The officer asks the sender."""
    question = "Ông/bà cho biết chỗ đó cách đường lớn bao xa, có ai chụp được ảnh không?"
    request_info(_officer(life), life.report, question=question)


def reject(life: Life) -> None:
    """The officer does not take it, with words the sender reads."""
    words = "Chưa rõ chỗ nào trong xã. Ông/bà gửi lại kèm tên bản hoặc ảnh giúp Mặt trận."
    reject_report(_officer(life), life.report, reason="no_place", words=words)


def redirect(life: Life) -> None:
    """The officer says which door is the right one."""
    words = "Việc này là khiếu nại quyết định. Ông/bà gửi đơn đến nơi đã ra quyết định."
    redirect_report(_officer(life), life.report, door="complaint", words=words)


def take_back(life: Life) -> None:
    """The sender takes it back."""
    withdraw(life.report, raw_key=_key(life))


def ask_check(life: Life) -> None:
    """The Front asks the self-managed group to look."""
    case = life.case
    group = group_of(case.handling_unit, clock.today_local())
    question = f"Nhờ tổ xem giúp: {life.story.category.label.vi.lower()} có còn không?"
    request_verification(
        front_of_case(life), case, organisation_id=group.id, question=question, due_on=soon(4)
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
    assess_case(front_of_case(life), life.case, assessment=_assessment(life), site_note=note)


def dismiss(life: Life) -> None:
    """Nothing was found."""
    words = "Khi đến xem thì đã được dọn sạch. Nếu thấy lại, xin ông/bà báo tiếp."
    dismiss_case(front_of_case(life), life.case, reason="already_gone", words=words)


def quick(life: Life) -> None:
    """The fast lane: one screen for a small matter."""
    fast_lane(front_of_case(life), life.case, task=_task(life), assessment=_assessment(life))


def act(life: Life) -> None:
    """Somebody on the spot is asked to put it right."""
    act_locally(front_of_case(life), life.case, task=_task(life))


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
    sign_recommendation(actor, _letter(life), position="chair", name="Chủ tịch (thử)")


def issue(life: Life) -> None:
    """The letter gets its number and goes out; the case is escalated."""
    today, letter = clock.today_local(), _letter(life)
    number = life.numbers.next(letter.author_id, today.year)
    issue_recommendation(front_of_case(life), letter, number=number, issued_on=today)


def deliver(life: Life) -> None:
    """The letter arrived, with proof."""
    deliver_recommendation(
        front_of_case(life),
        _letter(life),
        channel="platform",
        delivered_on=clock.today_local(),
        proof="Văn thư nơi nhận đã ký sổ công văn đến",
    )


def accept(life: Life) -> None:
    """The office takes it."""
    case = life.case
    accept_case(_office(life, case), case, handler="Cán bộ môi trường", planned_on=soon(12))


def decline(life: Life) -> None:
    """The office does not take it, and says who is right."""
    case = life.case
    decline_case(
        _office(life, case),
        case,
        reason="not_competent",
        right_body="Sở Nông nghiệp và Môi trường",
        words="Việc vượt thẩm quyền của xã, đề nghị chuyển lên cấp tỉnh.",
    )


def inspect(life: Life) -> None:
    """The office goes to look."""
    case, today = life.case, clock.today_local()
    start_inspection(
        _office(life, case), case, form="examination", team="Tổ kiểm tra của xã", on_date=today
    )


def conclude(life: Life) -> None:
    """The office answers; its leader approves."""
    case, story, today = life.case, life.story, clock.today_local()
    answer = Conclusion(
        conclusion=story.conclusion,
        answer=f"{story.finding} {story.measures}",
        findings=story.finding,
        form="examination",
        on_date=today,
    )
    propose_conclusion(_office(life, case), case, answer)
    approver = case.addressee or case.office
    conclude_case(life.cast.approver(present(approver)), life.case)


def agree(life: Life) -> None:
    """The Front gives its view of the answer."""
    letter = sent_recommendation(life.case)
    if letter is not None and letter.state == "answered":
        words = "Trả lời rõ ràng, đúng điều bà con nêu."
        give_view(front_of_case(life), lock_recommendation(letter), "agree", words=words)


def remedy(life: Life) -> None:
    """The office orders what must be done."""
    case = life.case
    order_remedy(_office(life, case), case, measures=life.story.measures, due_on=soon(25))


def nothing_to_remedy(life: Life) -> None:
    """The office sees nothing to order."""
    case = life.case
    no_remedy(_office(life, case), case, reason="Không còn việc phải khắc phục.")


def remedied(life: Life) -> None:
    """The office reports that it was done."""
    case = life.case
    report_remedied(
        _office(life, case),
        case,
        result=life.story.result,
        photos=tuple(life.after),
        no_photo_reason="" if life.after else NO_PHOTO,
    )


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


def _key(life: Life) -> str:
    return str(uuid.UUID(int=life.rng.getrandbits(128)))


def _letter(life: Life) -> Recommendation:
    case = life.case
    return lock_recommendation(recommendations_of(case.id)[-1])


def _assessment(life: Life) -> Assessment:
    story = life.story
    return Assessment(story.summary, story.severity, story.waste_source)


def _task(life: Life) -> Task:
    group = group_of(life.case.handling_unit, clock.today_local())
    return Task(organisation_id=group.id, what=life.story.measures, due_on=soon(6))


def _officer(life: Life) -> Actor:
    return _officer_of(life, life.report.handling_unit_id, province=False)


def _officer_of(life: Life, unit_id: int, *, province: bool) -> Actor:
    unit = session().get_one(Unit, unit_id)
    place = province_of(unit) if province else unit
    return life.cast.front(present(front_of(place.id, clock.today_local())))


def front_of_case(life: Life) -> Actor:
    """The officer of the committee that holds the case."""
    return life.cast.front(organisation(life.case.owner_id))


def _office(life: Life, case: Case) -> Actor:
    return life.cast.office(present(case.office))


def present(found: Organisation | None) -> Organisation:
    """The organisation. Raises LookupError when the directory has none."""
    if found is None:
        raise LookupError("the directory has no such organisation")
    return found


Step = Callable[[Life], None]
