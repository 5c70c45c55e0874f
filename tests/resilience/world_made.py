"""The world of the attacks, made: one record in every kind of sight, from report to site check."""

import uuid
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import make_person
from tests.factories.cases import make_case, make_line
from tests.factories.casework import Desks, content_for
from tests.factories.directory import NA_TAU, a_unit, an_organisation
from tests.factories.inspections import VISIT, an_establishment, an_inspection_file
from tests.factories.media import a_photo_file
from tests.factories.papers import a_pdf
from tests.factories.reporting import listed, send
from tests.factories.triage import a_task, due
from tests.media.test_audio import WEBM
from tests.resilience.world import (
    DEVICE_LAT,
    DEVICE_LON,
    DISABLED,
    EMAIL,
    MINUTES,
    NAME,
    NOTE,
    PARTY,
    PARTY_OWNER,
    PHONE,
    REPRISAL,
    SEALED,
    VOICE,
    WORDS,
    World,
    actor_named,
    case_named,
    link_photo,
)
from tests.resilience.world_published import (
    add_approved_photo,
    add_hidden_things,
    add_open_data,
    add_outcomes,
)
from webapp.accounts.demo import create_demo_accounts
from webapp.cases.operations import take_step
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
from webapp.core.actor import GUEST
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.served_units import NEW_SYSTEM
from webapp.documents.docx_writer import render_docx
from webapp.documents.own_templates import bring_template
from webapp.documents.template_fields import sample_letter
from webapp.inspections.operations.scans import add_scan
from webapp.inspections.operations.sealing import hand_over_file
from webapp.media import operations as media
from webapp.media.papers import receive_paper
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
        add_outcomes(world)
    add_approved_photo(world)
    add_hidden_things(world)
    add_open_data(world)
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
            link_photo(case, world.ids["photo"])


def _case_letters(world: World) -> None:
    front, signer = actor_named("mattran.xa"), actor_named("chutich.mattran")
    given = {"addressee": "Công ty cấp nước (thử)", "reason": "Thuộc việc của công ty."}
    case = case_named(world, "office")
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
        case_id=case_named(world, "sibling_hidden").id,
        organisation_id=an_organisation("group", unit=a_unit(NA_TAU)).id,
        question="Suối có đục không?",
        due_on=due(),
        asked_by_id=front.person_id,
        asked_at=clock.now(),
        state="open",
    )
    session().add(sibling)
    given = LocalAction(
        case_id=case_named(world, "sibling_public").id,
        organisation_id=sibling.organisation_id,
        what="Dọn rác ven suối.",
        due_on=due(),
        given_at=clock.now(),
    )
    session().add(given)
    session().flush()
    world.ids |= {"sibling_check": sibling.id, "sibling_action": given.id}
