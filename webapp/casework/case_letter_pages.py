"""Every step of a letter beside the recommendation is one page, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.cases.presentation import organisation_name
from webapp.casework.case_letters import Ground, partners_of
from webapp.casework.forms import case_letters as forms
from webapp.casework.half_years import recent_halves
from webapp.casework.models import CaseLetter
from webapp.casework.operations import case_letters as operations
from webapp.casework.workflow import LETTER
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.models import Organisation, Person
from webapp.documents.models import Delivery
from webapp.documents.numbers import numbers_by_platform, suggested_number
from webapp.web.forms import StepForm
from webapp.web.locale import translated

DISCARD_HINT = _(
    "Dự thảo chưa có số nên sổ không thiếu số nào. Bỏ rồi vẫn đọc được, không sửa được nữa."
)
_ALONE = _("Chỉ Mặt trận ký")


@dataclass(frozen=True)
class CaseLetterPage:
    """One step as a page; ``apply`` runs inside the write unit with the locked letter."""

    step: str
    form: type[StepForm]
    apply: Callable[[Actor, CaseLetter, Any], None]
    hint: Text
    prepare: Callable[[Actor, CaseLetter, Any], None] | None = None
    offered: Callable[[CaseLetter], bool] | None = None
    primary: bool = False

    @property
    def label(self) -> Text:
        """What the step is called on buttons and as the page's title."""
        return LETTER.transition_label(self.step)


def case_letter_page(step: str) -> CaseLetterPage:
    """The page of a step. Raises NotFound."""
    for page in _TABLE:
        if page.step == step:
            return page
    raise NotFound


def offered_case_letter_pages(actor: Actor, letter: CaseLetter) -> list[CaseLetterPage]:
    """The steps to offer now, the usual next one first."""
    return [page for page in _TABLE if _is_offered(actor, letter, page)]


def letter_form(kind: str, ground: Ground, formdata: Any) -> Any:
    """The form of a kind, with the bodies that may sign beside and the half years to choose."""
    of_a_case = ground.case is not None
    form = (forms.FORMS if of_a_case else forms.COMMITTEE_FORMS)[kind](formdata=formdata)
    if "period" in form:
        form.offer(recent_halves(clock.today_local()))
    if "partner" in form:
        offered = partners_of(kind, ground, clock.today_local())
        named = [(str(each.id), organisation_name(each)) for each in offered]
        form["partner"].choices = [("", translated(_ALONE)), *named]
        if formdata is None:
            form["partner"].data = ""
    return form


def chosen_partner(form: Any, kind: str, ground: Ground) -> Organisation | None:
    """Who was chosen to sign beside."""
    chosen = form["partner"].data if "partner" in form else ""
    offered = partners_of(kind, ground, clock.today_local())
    return next((each for each in offered if str(each.id) == chosen), None)


def prepare_number(organisation_id: int, type_code: str, form: Any) -> None:
    """Leave the number to the platform, or say which one the register here would give next."""
    if numbers_by_platform(organisation_id):
        del form.number
    elif not form.is_submitted():
        today = clock.today_local()
        form.issued_on.data = today
        form.number.render_kw = {
            "placeholder": suggested_number(organisation_id, type_code, today.year)
        }


def copy_name(delivery: Delivery) -> str:
    """Who gets a copy."""
    return organisation_name(delivery.recipient) if delivery.recipient else delivery.name or ""


def _is_offered(actor: Actor, letter: CaseLetter, page: CaseLetterPage) -> bool:
    if not LETTER.allows(page.step, letter.state):
        return False
    if page.offered is not None and not page.offered(letter):
        return False
    permissions = LETTER.permissions_for(page.step)
    return any(actor.organisations_for(each) & letter.holder_ids for each in permissions)


def _undelivered(letter: CaseLetter) -> bool:
    return all(each.delivered_on is None for each in letter.document.deliveries)


def _prepare_signature(actor: Actor, letter: CaseLetter, form: Any) -> None:
    if letter.partner_id is None:
        del form.partner_name
    if not form.is_submitted():
        person = session().get(Person, actor.person_id) if actor.person_id else None
        form.name.data = person.name if person else ""


def _prepare_issue(_actor: Actor, letter: CaseLetter, form: Any) -> None:
    prepare_number(letter.author_id, letter.document.type_code, form)
    if not form.is_submitted():
        form.issued_on.data = clock.today_local()


def _prepare_delivery(_actor: Actor, letter: CaseLetter, form: Any) -> None:
    waiting = operations.open_copies(letter)
    form.copies.flags.required = True
    form.copies.choices = [(str(each.id), copy_name(each)) for each in waiting]
    if not form.is_submitted():
        form.delivered_on.data = clock.today_local()
        form.copies.data = [str(each.id) for each in waiting]


def _sign(actor: Actor, letter: CaseLetter, form: Any) -> None:
    operations.sign_letter(
        actor,
        letter,
        position=form.position.data,
        name=form.name.data,
        partner_name=form.partner_name.data if "partner_name" in form else "",
    )


def _issue(actor: Actor, letter: CaseLetter, form: Any) -> None:
    number = form.number.data if "number" in form else None
    operations.issue_letter(actor, letter, number=number, issued_on=form.issued_on.data)


def _deliver(actor: Actor, letter: CaseLetter, form: Any) -> None:
    operations.deliver_letter(
        actor,
        letter,
        delivery_ids=form.copies.numbers,
        channel=form.channel.data,
        delivered_on=form.delivered_on.data,
        proof=form.proof.data,
    )


_TABLE = (
    CaseLetterPage(
        "submit_for_signature",
        forms.NoFieldsForm,
        lambda actor, letter, _form: operations.submit_letter(actor, letter),
        _("Chủ tịch, Phó Chủ tịch Mặt trận xem và ký. Trả lại thì mới sửa tiếp được."),
        primary=True,
    ),
    CaseLetterPage(
        "discard",
        forms.ReasonForm,
        lambda actor, letter, form: operations.discard_letter(
            actor, letter, reason=form.reason.data
        ),
        DISCARD_HINT,
    ),
    CaseLetterPage(
        "sign",
        forms.SignLetterForm,
        _sign,
        _("Ký xong nội dung không sửa được nữa; số và ngày ghi khi ban hành."),
        prepare=_prepare_signature,
        primary=True,
    ),
    CaseLetterPage(
        "return_draft",
        forms.ReasonForm,
        lambda actor, letter, form: operations.return_letter(
            actor, letter, reason=form.reason.data
        ),
        _("Nói rõ cần sửa gì để người soạn làm lại."),
    ),
    CaseLetterPage(
        "issue",
        forms.IssueForm,
        _issue,
        _("Ban hành xong, bản Word và PDF có số được tạo để in, ký và đóng dấu."),
        prepare=_prepare_issue,
        primary=True,
    ),
    CaseLetterPage(
        "deliver",
        forms.DeliverLetterForm,
        _deliver,
        _("Ghi nơi nào đã nhận, ngày nào và căn cứ vào đâu."),
        prepare=_prepare_delivery,
        primary=True,
        offered=lambda letter: bool(operations.open_copies(letter)),
    ),
    CaseLetterPage(
        "void",
        forms.ReasonForm,
        lambda actor, letter, form: operations.void_letter(actor, letter, reason=form.reason.data),
        _("Chỉ khi chưa gửi đến nơi. Số văn bản giữ nguyên, ghi hủy, không dùng lại."),
        offered=lambda letter: letter.kind != "urging" and _undelivered(letter),
    ),
)
