"""One small world for attacks: a commune, its neighbour, one record in every kind of sight.

Every secret in it is a canary: a string that stands nowhere else, so that a sight of it is a leak.
"""

import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from geo.photos import Mark
from tests.factories.accounts import make_person, sign_in
from tests.factories.cases import make_case, make_line
from tests.factories.casework import Desks, content_for
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.inspections import VISIT, an_establishment, an_inspection_file
from tests.factories.media import a_photo_file, a_ready_photo
from tests.factories.outcomes import a_case, an_inspection, an_outcome
from tests.factories.papers import a_case_paper, a_pdf
from tests.factories.reporting import a_submission, listed, send
from tests.factories.triage import a_task, due
from tests.media.test_audio import WEBM
from webapp.accounts.demo import SIGN_INS, create_demo_accounts
from webapp.accounts.policy import DEMO_DOMAIN
from webapp.accounts.queries import account_by_email, actor_of
from webapp.audit.operations import Subject, record
from webapp.cases.models import Case, CasePhoto
from webapp.cases.operations import take_step
from webapp.cases.votes import vote_fixed
from webapp.casework.operations.case_letters import (
    draft_letter,
    issue_letter,
    sign_letter,
    submit_letter,
)
from webapp.casework.operations.drafting import (
    draft_recommendation,
    sign_recommendation,
    submit_for_signature,
)
from webapp.casework.operations.issuing import issue_recommendation
from webapp.core import clock, files
from webapp.core.actor import GUEST, SYSTEM, Actor
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.served_units import NEW_SYSTEM
from webapp.documents.docx_writer import render_docx
from webapp.documents.own_templates import bring_template
from webapp.documents.template_fields import sample_letter
from webapp.inspections.operations.scans import add_scan
from webapp.inspections.operations.sealing import hand_over_file
from webapp.jobs.models import OutboxRow
from webapp.media import operations as media
from webapp.media.models import Photo, Redaction
from webapp.media.papers import page_bytes, receive_paper
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
from webapp.reporting.models import ReprisalMessage, SenderAsk
from webapp.reporting.operations import (
    Receipt,
    claim_report,
    examine_voice,
    receive_photo,
    receive_voice,
    report_reprisal,
)
from webapp.reporting.steps import new_line
from webapp.reporting.submission import Contact, ListedVoice, SentPlace, UnitKey
from webapp.reporting.voice import list_voice
from webapp.triage.models import LocalAction, SiteCheck
from webapp.triage.operations.joining import open_case_for
from webapp.triage.operations.local_action import act_locally
from webapp.triage.operations.verification import request_verification

# Canaries. The digits of the device's place are finer than any page may show.
NAME, PHONE = "Quàng Thị Chim Cú", "0987123654"
EMAIL, WORDS = "chim.cu@canari.invalid", "Chim cú kêu ba tiếng bên suối đục."
DEVICE_LON, DEVICE_LAT = 103.1514379, 21.4718263
REPRISAL = "Chim lợn đậu trên mái nhà ba đêm."
VOICE = "Tiếng chim họa mi ghi trong máy."
VOTE_WORDS = "Chim gõ kiến vẫn thấy rác dưới cầu."
NOTE = "Ghi chú nội bộ: chim bìm bịp."
PARTY, PARTY_OWNER = "Cơ sở Chim Ưng Biển (ví dụ)", "Người Đại Diện Chim Ưng"
MINUTES, SEALED = "Chim sáo đậu trên miệng cống xả.", "Chim lặn dưới hồ chứa lúc nửa đêm."
PAPER_AUTHOR, PAPER_LINE = "Van thu Chim Sao", "Chim sao keu so 0966 123 321"
REPLY_NOTE, POSTER = "Hồ sơ lưu chim chích số 9", "Chim Bồ Câu Dán Tờ"
MEMBER = "Thành viên tổ tự quản (thử)"
ROLES = ("guest", *(row.local for row in SIGN_INS), "disabled")
DISABLED = f"bi.khoa{DEMO_DOMAIN}"


@dataclass
class World:
    """What stands in it, by name: report and case codes, uids, ids, tracking codes."""

    app: Flask
    reports: dict[str, str] = field(default_factory=dict)
    tracking: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    cases: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    case_letters: dict[str, str] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)
    inspections: dict[str, str] = field(default_factory=dict)
    establishments: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)
    original: bytes = b""
    paper_page: bytes = b""
    note: str = NOTE
    open_token: str = ""

    def client(self, role: str) -> FlaskClient:
        """A browser of its own, signed in unless it is a guest's."""
        client = self.app.test_client()
        if role != "guest":
            sign_in(client, DISABLED if role == "disabled" else f"{role}{DEMO_DOMAIN}")
        return client


def actor_named(local: str) -> Actor:
    """The actor of a demo sign-in."""
    account = account_by_email(f"{local}{DEMO_DOMAIN}")
    assert account is not None, local
    return actor_of(account, clock.today_local())


def make_world(app: Flask) -> World:
    """Fill a clean database. The application's clock should stand still."""
    world = World(app)
    with write_unit():
        create_demo_accounts()
    _disabled_account()
    _reports(world)
    with write_unit():
        _after_sending(world)
    with write_unit():
        _cases(world)
    with write_unit():
        _letters(world)
        _case_letters(world)
    with write_unit():
        _inspections(world)
    with write_unit():
        _tasks(world)
    with write_unit():
        _outcomes(world)
    _approved_photo(world)
    _hidden_things(world)
    _open_data(world)
    return world


def _disabled_account() -> None:
    """An officer whose account was switched off, with an old session still in the browser."""
    with write_unit():
        account, _ = make_person("front_commune", unit=a_unit(), email=DISABLED)
        account.active = False


def _reports(world: World) -> None:
    world.original = a_photo_file()
    contact = Contact(NAME, PHONE, EMAIL)
    place = SentPlace(DEVICE_LON, DEVICE_LAT, 12, "gps")
    common: dict[str, Any] = {"contact": contact, "description": WORDS, "location": place}
    na_tau = {"location": None, "unit": UnitKey(NEW_SYSTEM, NA_TAU), "place_note": "Bản Nà Tấu"}
    _send(world, "own", **common)
    _send(world, "followed", **common)
    _send(world, "province", **common, to_province=True)
    _send(world, "threatened", **common)
    _send(world, "sibling", **common | na_tau)
    attached = _send(world, "attached", **common, photos=(listed(world.original),))
    received = media.examine(world.original)
    with write_unit():
        report = claim_report(actor_named("mattran.xa"), attached.report.code, seen=None)
        receive_photo(report, received, sha256=received.sha256)
        photo = report.photos[0].photo
    media.render_photo(photo.id)
    world.photos["report"] = photo.uid
    world.ids["photo"] = photo.id


def _send(world: World, name: str, **sent: Any) -> Receipt:
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
    receipt = send(GUEST, key=key, **sent)
    world.reports[name], world.keys[name] = receipt.report.code, key
    world.tracking[name] = receipt.tracking_code or ""
    return receipt


def _after_sending(world: World) -> None:
    """A voice note that came, an ask that waits, a message about reprisal."""
    own = claim_report(actor_named("mattran.xa"), world.reports["own"], seen=None)
    content = WEBM + VOICE.encode()
    received = examine_voice(content)
    list_voice(own, ListedVoice(received.sha256, len(content), received.mime, 12))
    receive_voice(own, received)
    line = new_line(GUEST, own, "ask_reconsider", by_sender=True)
    line.words = "Xin xem lại giúp."
    session().add(line)
    session().flush()
    ask = SenderAsk(report_id=own.id, line_id=line.id, kind="reconsider")
    session().add(ask)
    threatened = claim_report(actor_named("mattran.tinh"), world.reports["threatened"], seen=None)
    report_reprisal(threatened, words=REPRISAL, raw_key=str(uuid.uuid5(uuid.NAMESPACE_URL, "r")))
    session().flush()
    world.ids["ask"] = ask.id
    world.uids["reprisal"] = session().scalars(select(ReprisalMessage.uid)).one()


def _cases(world: World) -> None:
    front, na_tau = actor_named("mattran.xa"), a_unit(NA_TAU)
    report = claim_report(front, world.reports["attached"], seen=None)
    hidden = open_case_for(
        front, report, category_code="dumping.river_dump", place_note="Cạnh cầu treo bản Bua"
    )
    with take_step(front, hidden, "assign", voice="front", given={"reason": NOTE}) as line:
        line.note = NOTE
    made = {
        "unpublished": hidden,
        "public": make_case("assessed"),
        "sibling_hidden": make_case("received", unit=na_tau),
        "sibling_public": make_case("assessed", unit=na_tau),
        "province": make_case("received", to_province=True),
    }
    for case in made.values():
        make_line(case, None, transition="open_case")
    world.cases |= {name: case.code for name, case in made.items()}


def _case(world: World, name: str) -> Case:
    return session().scalars(select(Case).where(Case.code == world.cases[name])).one()


def _letters(world: World) -> None:
    front, signer = actor_named("mattran.xa"), actor_named("chutich.mattran")
    for name in ("draft", "issued"):
        case = make_case("assessed")
        letter = draft_recommendation(front, case, content_for(case))
        world.letters[name] = letter.document.uid
        if name == "issued":
            world.cases["office"] = case.code
            submit_for_signature(front, letter)
            sign_recommendation(signer, letter, position="chair", name="Người ký (thử)")
            issue_recommendation(front, letter, number="7", issued_on=clock.today_local())
            _link(case, world.ids["photo"])


def _case_letters(world: World) -> None:
    front, signer = actor_named("mattran.xa"), actor_named("chutich.mattran")
    given = {"addressee": "Công ty cấp nước (thử)", "reason": "Thuộc việc của công ty."}
    case = _case(world, "office")
    for name in ("slip", "numbered"):
        letter = draft_letter(front, case, "transfer", given)
        world.case_letters[name] = letter.document.uid
    submit_letter(front, letter)
    sign_letter(signer, letter, position="chair", name="Người ký (thử)")
    issue_letter(front, letter, number="8", issued_on=clock.today_local())
    own, sibling = an_organisation(), an_organisation(unit=a_unit(NA_TAU))
    docx = render_docx(sample_letter())
    key = files.store().put("documents", docx)
    template = bring_template(front, own.id, "GM", docx, key=key)
    world.ids |= {"front": own.id, "sibling_front": sibling.id, "template": template.id}


def _link(case: Case, photo_id: int) -> None:
    session().add(
        CasePhoto(case_id=case.id, photo_id=photo_id, purpose="before", voice="residents")
    )
    session().flush()


def _inspections(world: World) -> None:
    """A plan, a concluded file and a sealed one of the commune's office; those of its neighbour."""
    names = ("mattran.xa", "chutich.mattran", "moitruong.xa", "lanhdao.xa", "mattran.tinh")
    desks = Desks(*map(actor_named, names), emails={})
    party = an_establishment(desks, name=PARTY, representative=PARTY_OWNER)
    office = an_organisation("env_office").id
    authority = an_organisation("peoples_committee").id
    for name, state in (("own", "decided"), ("concluded", "concluded"), ("sealed", "visited")):
        case = make_case("inspecting", office_id=office, addressee_id=authority)
        visit = replace(VISIT, observed=SEALED if name == "sealed" else MINUTES)
        file = an_inspection_file(desks, state, case=case, establishment=party, visit=visit)
        world.inspections[name], world.cases[f"inspected {name}"] = file.uid, case.code
        if name == "concluded":
            signed = receive_paper(a_pdf("Bien ban da ky"))
            world.uids["scan"] = add_scan(desks.office, file, signed, kind="minutes").paper.uid
        if name == "sealed":
            hand_over_file(desks.office, file, body="police", reason=SEALED)
    world.establishments["own"] = party.uid
    na_tau = a_unit(NA_TAU)
    body = an_organisation("env_office", unit=na_tau)
    sibling = replace(desks, office=make_person("env_commune", unit=na_tau, organisation=body)[1])
    other = an_establishment(sibling, unit_id=na_tau.id)
    world.establishments["sibling"] = other.uid
    world.inspections["sibling"] = an_inspection_file(sibling, establishment=other).uid


def _tasks(world: World) -> None:
    front = actor_named("mattran.xa")
    checked, acting = make_case("received"), make_case("assessed")
    group = an_organisation("group")
    check = request_verification(
        front, checked, organisation_id=group.id, question="Còn rác không?", due_on=due()
    )
    action = act_locally(front, acting, task=a_task())
    session().flush()
    world.cases |= {"checking": checked.code, "acting": acting.code}
    world.ids |= {"check": check.id, "action": action.id}
    sibling = SiteCheck(
        case_id=_case(world, "sibling_hidden").id,
        organisation_id=an_organisation("group", unit=a_unit(NA_TAU)).id,
        question="Suối có đục không?",
        due_on=due(),
        asked_by_id=front.person_id,
        asked_at=clock.now(),
        state="open",
    )
    session().add(sibling)
    given = LocalAction(
        case_id=_case(world, "sibling_public").id,
        organisation_id=sibling.organisation_id,
        what="Dọn rác ven suối.",
        due_on=due(),
        given_at=clock.now(),
    )
    session().add(given)
    session().flush()
    world.ids |= {"sibling_check": sibling.id, "sibling_action": given.id}


def _outcomes(world: World) -> None:
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


def _approved_photo(world: World) -> None:
    shown = a_ready_photo(a_photo_file(400, 300))
    with write_unit():
        photo = session().get_one(Photo, shown.id)
        _link(_case(world, "published"), photo.id)
        media.approve_photo(actor_named("congkhai"), photo)
    world.photos["approved"] = shown.uid


def _hidden_things(world: World) -> None:
    """A photo and papers with what was hidden on them, a reply, a posting, printed sheets."""
    front, publisher = actor_named("mattran.xa"), actor_named("congkhai")
    source = a_ready_photo(a_photo_file(320, 240, taken="2026:02:26 06:01:00"))
    world.photos["unhidden"] = source.uid
    with write_unit():
        case, shown = _case(world, "drafting"), _case(world, "published")
        _link(case, source.id)
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


def _open_data(world: World) -> None:
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
