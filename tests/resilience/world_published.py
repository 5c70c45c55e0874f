"""What the world of the attacks shows, hides and hands to programs: pages, papers, open data."""

from sqlalchemy import select

from geo.photos import Mark
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.media import a_photo_file, a_ready_photo
from tests.factories.outcomes import a_case, an_inspection, an_outcome
from tests.factories.papers import a_case_paper, a_pdf
from tests.factories.reporting import a_submission
from tests.resilience.world import (
    DEVICE_LAT,
    DEVICE_LON,
    EMAIL,
    NAME,
    PAPER_AUTHOR,
    PAPER_LINE,
    PHONE,
    POSTER,
    REPLY_NOTE,
    VOTE_WORDS,
    WORDS,
    World,
    actor_named,
    case_named,
    link_photo,
)
from webapp.audit.operations import Subject, record
from webapp.cases.votes import vote_fixed
from webapp.core import clock
from webapp.core.actor import GUEST, SYSTEM
from webapp.core.unit_of_work import session, write_unit
from webapp.jobs.models import OutboxRow
from webapp.media import operations as media
from webapp.media.models import Photo, Redaction
from webapp.media.papers import page_bytes
from webapp.media.redaction import make_redaction
from webapp.notifications.models import MailboxItem
from webapp.open_data.dump import write_dump
from webapp.open_data.operations.keys import make_key
from webapp.open_data.operations.partner_reports import take_report
from webapp.open_data.operations.webhooks import make_webhook
from webapp.outcomes.hiding import approve_hiding, hide_on_paper, hide_on_photo
from webapp.outcomes.models import Outcome
from webapp.outcomes.postings import record_posting
from webapp.outcomes.replies import record_reply
from webapp.outcomes.sheets import print_sheets
from webapp.reporting.submission import Contact, SentPlace


def add_outcomes(world: World) -> None:
    """A published page, drafts, a vote, a letter in the box, a row of the outbox."""
    na_tau = a_unit(NA_TAU)
    for name, unit, state in (
        ("published", None, "published"),
        ("drafting", None, "draft"),
        ("sibling_drafting", na_tau, "draft"),
    ):
        case = a_case(state="closed", unit=unit)
        an_inspection(case)
        page = an_outcome(case, state=state)
        record(SYSTEM, "outcome.draft", Subject("outcome", page.id))
        world.cases[name] = case.code
    voted = a_case()
    vote = vote_fixed(GUEST, voted, role="reporter", voter="7", fixed=False, words=VOTE_WORDS)
    session().flush()
    world.cases["voted"], world.ids["vote"] = voted.code, vote.id
    item = MailboxItem(
        message_id="thu-1", recipient="a@matxanh.invalid", subject="Thử", body="Thử", at=clock.now()
    )
    row = session().scalars(select(OutboxRow).order_by(OutboxRow.id)).first()
    session().add(item)
    session().flush()
    assert row is not None
    world.ids |= {"mail": item.id, "outbox": row.id}


def add_approved_photo(world: World) -> None:
    """A photo that everybody may see."""
    shown = a_ready_photo(a_photo_file(400, 300))
    with write_unit():
        photo = session().get_one(Photo, shown.id)
        link_photo(case_named(world, "published"), photo.id)
        media.approve_photo(actor_named("congkhai"), photo)
    world.photos["approved"] = shown.uid


def add_hidden_things(world: World) -> None:
    """A photo and papers with what was hidden on them, a reply, a posting, printed sheets."""
    front, publisher = actor_named("mattran.xa"), actor_named("congkhai")
    source = a_ready_photo(a_photo_file(320, 240, taken="2026:02:26 06:01:00"))
    world.photos["unhidden"] = source.uid
    with write_unit():
        case, shown = case_named(world, "drafting"), case_named(world, "published")
        link_photo(case, source.id)
        copy = hide_on_photo(front, case, source, [Mark(0, 0, 0.6, 0.6)])
    content = a_pdf("Ket luan", PAPER_LINE, author=PAPER_AUTHOR)
    waiting, public = a_case_paper(front, case, content), a_case_paper(front, shown, content)
    hidden_line = [Mark(0, 0.04, 1, 0.1, page=1)]
    with write_unit():
        unread = hide_on_paper(front, case, waiting, hidden_line)
        chosen = hide_on_paper(front, shown, public, hidden_line)
    for redaction in (copy, unread, chosen):
        make_redaction(redaction.id)
    with write_unit():
        page = session().scalars(select(Outcome).where(Outcome.case_id == shown.id)).one()
        approve_hiding(publisher, shown, session().get_one(Redaction, chosen.id))
        page.versions[0].paper_ids = [chosen.id]
        said, today = "Cơ sở đã thu gom rác và xin lỗi bà con.", clock.today_local()
        record_reply(front, shown, words=said, received_on=today, document=REPLY_NOTE)
        page.first_published_at = clock.now()
        place = "Nhà văn hóa bản Che Căn"
        posted = record_posting(
            front, page, kind="board", place=place, done_by=POSTER, posted_from=today
        )
        version_id = page.versions[0].id
    print_sheets(version_id)
    world.ids["posting"] = posted.id
    world.uids |= {
        "copy": copy.uid, "unread": unread.uid, "chosen": chosen.uid,
        "waiting_paper": waiting.paper.uid, "public_paper": public.paper.uid,
    }  # fmt: skip
    world.paper_page = page_bytes(waiting.paper, 1)


def add_open_data(world: World) -> None:
    """A partner's key, its report with the canaries, and an address that is told nothing yet."""
    administrator = actor_named("quantri")
    contact = Contact(NAME, PHONE, EMAIL)
    place = SentPlace(DEVICE_LON, DEVICE_LAT, None, "map")
    sent = a_submission(channel="other", contact=contact, description=WORDS, location=place)
    with write_unit():
        key, _text = make_key(administrator, name="Cổng (thử)", scopes=["open311.write"])
        world.open_token = take_report(key, sent, (), locale="vi").token
        url, events = "https://nhan-tin.example/tin", ["case.moved"]
        hook, _secret = make_webhook(administrator, name="Đài (thử)", url=url, events=events)
        hook.ended_at = clock.now()  # nothing waits in the outbox because of it
        world.ids |= {"api_key": key.id, "webhook": hook.id, "front": an_organisation().id}
        world.ids["office"] = an_organisation("env_office").id
    write_dump()
