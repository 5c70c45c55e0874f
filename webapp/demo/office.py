"""What the offices do in the demonstration."""

from webapp.cases.models import Case
from webapp.casework.operations.concluding import (
    Conclusion,
    conclude_case,
    no_remedy,
    order_remedy,
    propose_conclusion,
    report_remedied,
)
from webapp.casework.operations.office import accept_case, decline_case, start_inspection
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.demo.life import NO_PHOTO, Life, present, soon


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


def _office(life: Life, case: Case) -> Actor:
    return life.cast.office(present(case.office))
