"""Every step of a recommendation is one page: a form and what it does, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.casework.case_letter_pages import DISCARD_HINT, copy_name, prepare_number
from webapp.casework.forms import letters as forms
from webapp.casework.models import Recommendation
from webapp.casework.operations import answering, drafting, issuing
from webapp.casework.operations.proof import Paper
from webapp.casework.policy import answers_itself, may_step
from webapp.casework.workflow import RECOMMENDATION
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import session
from webapp.directory.models import Person
from webapp.web.forms import StepForm


@dataclass(frozen=True)
class LetterPage:
    """One step as a page; ``apply`` runs inside the write unit with the locked recommendation."""

    step: str
    form: type[StepForm]
    apply: Callable[[Actor, Recommendation, Any], None]
    hint: Text
    prepare: Callable[[Actor, Recommendation, Any], None] | None = None
    primary: bool = False
    offered: Callable[[Recommendation], bool] = lambda _letter: True

    @property
    def label(self) -> Text:
        """What the step is called on buttons and as the page's title."""
        return RECOMMENDATION.transition_label(self.step)


def letter_page(step: str) -> LetterPage:
    """The page of a step. Raises NotFound."""
    if step not in _PAGES:
        raise NotFound
    return _PAGES[step]


def offered_pages(actor: Actor, recommendation: Recommendation) -> list[LetterPage]:
    """The steps to offer now, the usual next one first."""
    offered = [
        page
        for page in _PAGES.values()
        if may_step(actor, recommendation, page.step) and page.offered(recommendation)
    ]
    return sorted(offered, key=lambda page: not page.primary)


def _prepare_signature(actor: Actor, _letter: Recommendation, form: Any) -> None:
    if form.is_submitted():
        return
    person = session().get(Person, actor.person_id) if actor.person_id else None
    form.name.data = person.name if person else ""


def _prepare_issue(_actor: Actor, letter: Recommendation, form: Any) -> None:
    prepare_number(letter.author_id, letter.document.type_code, form)
    if not form.is_submitted():
        form.issued_on.data = clock.today_local()


def _prepare_delivery(_actor: Actor, letter: Recommendation, form: Any) -> None:
    if letter.addressee_id == letter.handler_id:
        del form.handler_copy
    if form.is_submitted():
        return
    form.delivered_on.data = clock.today_local()
    form.addressee_copy.data = "electronic"
    if "handler_copy" in form:
        form.handler_copy.data = "electronic"


def _prepare_copy(_actor: Actor, letter: Recommendation, form: Any) -> None:
    waiting = answering.open_copies(letter)
    form.copy.choices = [(str(each.id), copy_name(each)) for each in waiting]
    if not form.is_submitted():
        form.delivered_on.data = clock.today_local()
        form.copy.data = str(waiting[0].id) if waiting else None


def _prepare_answer(actor: Actor, letter: Recommendation, form: Any) -> None:
    if answers_itself(actor, letter):
        del form.paper_number, form.paper_channel
    else:
        del form.document
    if not form.is_submitted():
        form.answered_on.data = clock.today_local()


def _submit(actor: Actor, letter: Recommendation, _form: Any) -> None:
    drafting.submit_for_signature(actor, letter)


def _discard(actor: Actor, letter: Recommendation, form: Any) -> None:
    drafting.discard_draft(actor, letter, reason=form.reason.data)


def _return(actor: Actor, letter: Recommendation, form: Any) -> None:
    drafting.return_draft(actor, letter, reason=form.reason.data)


def _sign(actor: Actor, letter: Recommendation, form: Any) -> None:
    drafting.sign_recommendation(
        actor,
        letter,
        position=form.position.data,
        name=form.name.data,
        wet=bool(form.wet.data),
    )


def _issue(actor: Actor, letter: Recommendation, form: Any) -> None:
    number = form.number.data if "number" in form else None
    issuing.issue_recommendation(actor, letter, number=number, issued_on=form.issued_on.data)


def _void(actor: Actor, letter: Recommendation, form: Any) -> None:
    issuing.void_recommendation(actor, letter, reason=form.reason.data)


def _deliver(actor: Actor, letter: Recommendation, form: Any) -> None:
    copies = {letter.addressee_id: form.addressee_copy.data}
    if "handler_copy" in form:
        copies[letter.handler_id] = form.handler_copy.data
    answering.deliver_recommendation(
        actor,
        letter,
        channel=form.channel.data,
        delivered_on=form.delivered_on.data,
        proof=form.proof.data,
        copies=copies,
    )


def _deliver_copy(actor: Actor, letter: Recommendation, form: Any) -> None:
    chosen = str(form.copy.data or "")
    answering.deliver_copy(
        actor,
        letter,
        delivery_id=int(chosen) if chosen.isdecimal() else None,
        channel=form.channel.data,
        delivered_on=form.delivered_on.data,
        proof=form.proof.data,
    )


def _answer(actor: Actor, letter: Recommendation, form: Any) -> None:
    paper = None
    if "paper_number" in form:
        paper = Paper(form.paper_number.data, form.answered_on.data, form.paper_channel.data)
    answering.answer_recommendation(
        actor,
        letter,
        answer=form.answer.data,
        document=(form.document.data or None) if "document" in form else None,
        answered_on=form.answered_on.data,
        paper=paper,
    )


def _view(step: str) -> Callable[[Actor, Recommendation, Any], None]:
    def apply(actor: Actor, letter: Recommendation, form: Any) -> None:
        words = form.minutes.data if "minutes" in form else form.reason.data
        answering.give_view(actor, letter, step, words=words)

    return apply


_TABLE = (
    LetterPage(
        "submit_for_signature",
        forms.NoFieldsForm,
        _submit,
        _("Chủ tịch, Phó Chủ tịch Mặt trận xem và ký. Trả lại thì mới sửa tiếp được."),
        primary=True,
    ),
    LetterPage("discard", forms.ReasonForm, _discard, DISCARD_HINT),
    LetterPage(
        "sign",
        forms.SignForm,
        _sign,
        _("Ký xong nội dung không sửa được nữa; số và ngày ghi khi ban hành."),
        prepare=_prepare_signature,
        primary=True,
    ),
    LetterPage(
        "return_draft",
        forms.ReasonForm,
        _return,
        _("Nói rõ cần sửa gì để người soạn làm lại."),
    ),
    LetterPage(
        "issue",
        forms.IssueForm,
        _issue,
        _("Ban hành xong, cơ quan nhận được thông báo và vụ việc chuyển sang cơ quan xử lý."),
        prepare=_prepare_issue,
        primary=True,
    ),
    LetterPage(
        "deliver",
        forms.DeliverForm,
        _deliver,
        _("Ghi ngày cơ quan có thẩm quyền nhận công văn: thời hạn trả lời tính từ ngày đó."),
        prepare=_prepare_delivery,
        primary=True,
    ),
    LetterPage(
        "deliver_copy",
        forms.DeliverCopyForm,
        _deliver_copy,
        _("Mỗi nơi nhận ghi riêng: ngày nào, cách nào, căn cứ vào đâu."),
        prepare=_prepare_copy,
        offered=lambda letter: bool(answering.open_copies(letter)),
    ),
    LetterPage(
        "void",
        forms.ReasonForm,
        _void,
        _("Chỉ khi chưa gửi đến nơi. Số văn bản giữ nguyên, ghi hủy, không dùng lại."),
    ),
    LetterPage(
        "answer",
        forms.AnswerForm,
        _answer,
        _("Trả lời bằng văn bản mà không qua bước kết luận."),
        prepare=_prepare_answer,
    ),
    LetterPage(
        "agree",
        forms.ViewForm,
        _view("agree"),
        _("Mặt trận đồng tình với trả lời của cơ quan."),
        primary=True,
    ),
    LetterPage(
        "ask_clarification",
        forms.ClarificationForm,
        _view("ask_clarification"),
        _("Cơ quan trả lời lại; sau đó có thể đối thoại."),
    ),
    LetterPage(
        "hold_dialogue",
        forms.MinutesForm,
        _view("hold_dialogue"),
        _("Ghi biên bản buổi đối thoại với cơ quan. Người ký của Mặt trận cho ý kiến cuối."),
    ),
    LetterPage(
        "keep",
        forms.ReasonForm,
        _view("keep"),
        _("Mặt trận giữ kiến nghị như đã gửi."),
        primary=True,
    ),
    LetterPage(
        "change",
        forms.ReasonForm,
        _view("change"),
        _("Mặt trận đổi kiến nghị sau đối thoại."),
    ),
    LetterPage(
        "withdraw_recommendation",
        forms.ReasonForm,
        _view("withdraw_recommendation"),
        _("Mặt trận rút kiến nghị."),
    ),
)
_PAGES = {page.step: page for page in _TABLE}
