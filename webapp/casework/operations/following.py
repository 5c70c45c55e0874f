"""Letters without a number go to the committee that follows theirs when units merge, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from webapp.casework.case_letters import compose
from webapp.casework.letters import (
    RecommendationContent,
    compose_recommendation,
    further_recipients,
)
from webapp.casework.models import CaseLetter, Recommendation
from webapp.casework.operations.case_letters import ground_of
from webapp.casework.operations.letter_moves import settle_letter
from webapp.casework.operations.moves import move
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.directory.permissions import MANAGE
from webapp.documents.letters import Letter
from webapp.documents.operations import rewrite_document, take_back_signature
from webapp.triage.operations.assessment import Assessment

STEP: Final = "move_unit"
UNSENT: Final = ("drafted", "submitted_for_signature", "signed")
_SIGN_AGAIN: Final = "Văn bản đã ký mà chưa có số trở lại bản thảo để nơi nhận việc ký."

AnyLetter = Recommendation | CaseLetter


@contextmanager
def follow(actor: Actor, letter: AnyLetter, words: str) -> Iterator[None]:
    """Write a letter anew under the letterhead of its new author, which the body sets.

    A signed one is a draft again: who issues a letter signs it.
    """
    was_signed = letter.state == "signed"
    recipients = further_recipients(letter) if isinstance(letter, Recommendation) else []
    yield
    session().flush()
    session().refresh(letter)
    if was_signed:
        take_back_signature(actor, letter.document)
        words = f"{words} {_SIGN_AGAIN}"
    if isinstance(letter, CaseLetter):
        was, letter.state = letter.state, "drafted" if was_signed else letter.state
        _rewrite(actor, letter, _composed(letter))
        settle_letter(actor, letter, STEP, was, used=MANAGE, words=words)
        return
    with move(actor, letter, STEP, words=words, follows=True):
        content = RecommendationContent(
            addressee=letter.addressee,
            handler=letter.handler,
            request=letter.request,
            term=letter.term,
            assessment=Assessment(**letter.assessment) if letter.assessment else None,
            recipients=tuple(recipients),
        )
        due_on = letter.due_on or clock.today_local()
        _rewrite(actor, letter, compose_recommendation(letter.case, content, due_on=due_on))


def go_back(actor: Actor, letter: AnyLetter, state: str, words: str) -> None:
    """Note that a merger was undone: text and signature are those of before."""
    if isinstance(letter, CaseLetter):
        was, letter.state = letter.state, state
        settle_letter(actor, letter, STEP, was, used=MANAGE, words=words)
        return
    with move(actor, letter, STEP, words=words, follows=True) as line:
        line.to_state = state


def _composed(letter: CaseLetter) -> Letter | None:
    """The letter anew; None where what it recalls is no longer there, so that it is never sent."""
    try:
        return compose(letter.kind, ground_of(letter), letter.given, partner=letter.partner)
    except ValueError:
        return None


def _rewrite(actor: Actor, letter: AnyLetter, written: Letter | None) -> None:
    if written is not None:
        rewrite_document(actor, letter.document, written)
