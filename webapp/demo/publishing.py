"""The end of a life: the public page written, approved by another, published; the case closed."""

from webapp.core import clock
from webapp.core.actor import Actor
from webapp.demo.life import Life, front_of_case, present
from webapp.directory.queries import front_of, organisation, province_of
from webapp.outcomes.closing import close_case
from webapp.outcomes.facts import office_source
from webapp.outcomes.operations import Draft, approve_draft, draft_outcome, publish_outcome
from webapp.outcomes.queries import choosable_photos


def publish(life: Life) -> None:
    """The committee's officer writes the page, the publishers of commune and province approve."""
    case, officer = life.case, front_of_case(life)
    chosen = tuple(photo.id for _, photo in choosable_photos(officer, case))[:4]
    draft = Draft(
        front_words=f"{life.story.summary} {life.story.result}",
        office_words=office_source(case),
        photo_ids=chosen,
    )
    outcome = draft_outcome(officer, case, draft)
    for publisher in _publishers(life):
        if outcome.state == "draft":
            approve_draft(publisher, outcome, standpoint_hidden=True, recognisable=False)
    publish_outcome(_publishers(life)[0], outcome)


def close(life: Life) -> None:
    """The committee closes the case."""
    words = "Bà con đã xác nhận, Mặt trận kết thúc vụ việc."
    close_case(front_of_case(life), life.case, words=words)


def _publishers(life: Life) -> list[Actor]:
    case = life.case
    province = present(front_of(province_of(case.handling_unit).id, clock.today_local()))
    owner = organisation(case.owner_id)
    return [life.cast.actor("publisher", each) for each in dict.fromkeys((owner, province))]
