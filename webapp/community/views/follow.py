"""Following a case without a report: from its public page, and by the follow code, which travels in
bodies only. Everything works without script."""

import uuid
from collections.abc import Callable

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.cases.public_queries import public_case, survivor_of
from webapp.cases.public_words import story, what_next, who_holds
from webapp.community.forms import AffectedForm, FollowCodeForm, FollowerVoteForm
from webapp.community.models import CaseFollower
from webapp.community.operations import Following, follow_case, leave_case, vote_as_follower
from webapp.community.queries import (
    affected,
    asked_to_confirm,
    followed_by,
    follower_by_code,
    may_follow,
    survivor,
)
from webapp.community.views.limits import new_followers
from webapp.core.codes import grouped, normalise
from webapp.core.errors import BadRequest, Conflict, Invalid, NotFound
from webapp.core.text import Text, _
from webapp.core.unit_of_work import write_unit
from webapp.extensions import csrf
from webapp.reporting.views.limits import wrong_codes
from webapp.web.code_picture import code_picture
from webapp.web.current_actor import current_actor
from webapp.web.guards import by_code, public
from webapp.web.locale import choose, translated
from webapp.web.redirects import see

bp = Blueprint("following", __name__)


@bp.get("/vu-viec/<code>/toi-cung-bi-anh-huong")
@public
def ask_to_follow(code: str) -> ResponseReturnValue:
    """What following means, and the button."""
    survivor_code = survivor_of(code)
    if survivor_code is not None:
        return see(".ask_to_follow", code=survivor_code)
    return _affected_page(code, AffectedForm(idempotency_key=str(uuid.uuid4())))


@bp.post("/vu-viec/<code>/toi-cung-bi-anh-huong")
@public
@csrf.exempt  # the form checks its own token, so that a lost one does not lose the words
@new_followers
def follow_it(code: str) -> ResponseReturnValue:
    """Follow the case: the follow code, shown once."""
    form = AffectedForm()
    if not form.validate():
        return _affected_page(code, form), 422
    try:
        with write_unit():
            following = follow_case(
                current_actor(),
                code,
                raw_key=form.idempotency_key.data,
                email=form.email.data,
                locale=choose(),
            )
    except (Invalid, BadRequest) as refused:
        form.tell(refused)
        return _affected_page(code, form), 422
    except Conflict as refused:
        form.tell(refused)
        return _affected_page(code, form), 409
    return _receipt(following), 201 if following.created else 200


@bp.get("/theo-doi")
@public
def ask_code() -> str:
    """Ask for the follow code; a signed-in person sees what they follow."""
    return _code_page(FollowCodeForm())


@bp.post("/theo-doi")
@by_code
@csrf.exempt
@wrong_codes
def show() -> ResponseReturnValue:
    """How the case of this code stands."""
    form = FollowCodeForm()
    if not form.validate():
        return _code_page(form), 422
    try:
        return _followed_page(follower_by_code(form.code.data), form.code.data)
    except NotFound as wrong:
        return _wrong_code(wrong)


@bp.post("/theo-doi/xac-nhan")
@by_code
@csrf.exempt
@wrong_codes
def confirm() -> ResponseReturnValue:
    """Say whether the matter is fixed."""
    form = FollowerVoteForm()
    return _act(
        form,
        lambda follower: vote_as_follower(follower, fixed=form.answer(), words=form.words.data),
        _("Đã ghi ý kiến của ông/bà."),
    )


@bp.post("/theo-doi/thoi")
@by_code
@csrf.exempt
@wrong_codes
def leave() -> ResponseReturnValue:
    """Stop following."""
    form = FollowCodeForm()
    if not form.validate():
        return _code_page(form), 422
    try:
        with write_unit():
            leave_case(follower_by_code(form.code.data))
    except NotFound as wrong:
        return _wrong_code(wrong)
    flash(gettext("Đã thôi theo dõi. Mã này không dùng được nữa."), "success")
    return see(".ask_code")


def _act(
    form: FollowerVoteForm, act: Callable[[CaseFollower], object], done: Text
) -> ResponseReturnValue:
    status = 200
    try:
        follower = follower_by_code(form.code.data)
        if form.validate():
            with write_unit():
                act(follower)
        else:
            status = 422
    except NotFound as wrong:
        return _wrong_code(wrong)
    except Invalid as refused:
        form.tell(refused)
        status = 422
    except Conflict as refused:
        form.tell(refused)
        status = 409
    follower = follower_by_code(form.code.data)
    if status == 200:
        return _followed_page(follower, form.code.data, done=done)
    return _followed_page(follower, form.code.data, refused=form), status


def _affected_page(code: str, form: AffectedForm) -> str:
    shown = public_case(code)
    return render_template(
        "community/affected.html",
        case=shown,
        form=form,
        open=may_follow(shown),
        holds=who_holds(shown),
        counts=affected([shown.id])[shown.id],
    )


def _receipt(following: Following) -> str:
    code = following.follow_code
    return render_template(
        "community/follow_receipt.html",
        case=public_case(survivor(following.follower.case).code),
        code=grouped(code),
        qr=code_picture("/theo-doi", code),
        again=not following.created,
        told=following.follower.email_sealed or following.follower.person_id,
    )


def _code_page(form: FollowCodeForm) -> str:
    mine = [public_case(survivor(each.case).code) for each in followed_by(current_actor())]
    return render_template("community/follow_code.html", form=form, mine=mine)


def _wrong_code(wrong: NotFound) -> ResponseReturnValue:
    form = FollowCodeForm()
    form.code.errors = [*form.code.errors, translated(wrong.detail)]
    return _code_page(form), 404


def _followed_page(
    follower: CaseFollower,
    code: str | None,
    *,
    done: Text | None = None,
    refused: FollowerVoteForm | None = None,
) -> str:
    shown = public_case(survivor(follower.case).code)
    return render_template(
        "community/followed.html",
        case=shown,
        holds=who_holds(shown),
        next=what_next(shown),
        entries=story(shown),
        vote=refused or FollowerVoteForm(formdata=None, code=code),
        leave=FollowCodeForm(formdata=None, code=code),
        asked=asked_to_confirm(follower) or refused is not None,
        done=translated(done) if done else None,
        code=grouped(normalise(code or "")),
        told=follower.email_sealed is not None or follower.person_id is not None,
    )
