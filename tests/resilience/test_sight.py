"""Shows 7: crawl as everybody outside the Front; nobody sees beyond their ring.

What is public is crawled by a guest and a resident alone: its answers do not depend on who asks.
"""

import html

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.cases import make_line
from tests.resilience.crawling import VALUES, Links, crawl
from tests.resilience.world import (
    DEVICE_LAT,
    DEVICE_LON,
    EMAIL,
    MEMBER,
    MINUTES,
    NAME,
    PAPER_AUTHOR,
    PAPER_LINE,
    PARTY,
    PARTY_OWNER,
    PHONE,
    POSTER,
    REPLY_NOTE,
    REPRISAL,
    SEALED,
    VOICE,
    VOTE_WORDS,
    WORDS,
    World,
)
from webapp.cases.models import Case
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import db, limiter
from webapp.open_data.dump import write_dump
from webapp.web.guards import public

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]

OFFICES = ("moitruong.xa", "lanhdao.xa", "moitruong.tinh", "lanhdao.so")
DOERS = ("totuquan", "bancongtac", "thugom")
PUBLISHERS = ("congkhai", "congkhai2")
SOME = {"guest", "moitruong.xa", "moitruong.tinh", "totuquan", "congkhai"}


# Other clothes of what the doors show: everything asked for, in English, as a page.
MORE = (
    "/open311/v2/requests.json?extensions=true&media=false&start_date=2026-01-01",
    "/en/open311/v2/requests.xml?extensions=true",
    "/ogc/collections/cases/items?f=html",
    "/en/ogc/collections/outcomes/items?f=html",
    "/en/feeds/vu-viec.atom",
    "/en/du-lieu-mo/vu-viec.csv",
)


def canaries(world: World, ring: str) -> dict[str, bytes]:
    """What nobody of this ring may see, by name."""
    never = {
        "reporter's name": NAME,
        "reporter's phone": PHONE,
        "reporter's e-mail": EMAIL,
        "reporter's words": WORDS,
        "voter's words": VOTE_WORDS,
        "reporter's voice": VOICE,
        "message about reprisal": REPRISAL,
        "device longitude": str(DEVICE_LON),
        "device latitude": str(DEVICE_LAT),
        "note inside the Front": world.note,
        "sealed inspection": SEALED,
        "author of a paper": PAPER_AUTHOR,
        "line of a paper": PAPER_LINE,
    }
    never |= {f"tracking code of {name}": code for name, code in world.tracking.items()}
    never |= {f"report code of {name}": code for name, code in world.reports.items()}
    never |= {f"key of {name}": key for name, key in world.keys.items()}
    if ring != "office":
        never |= {
            "photo before approval": world.photos["report"],
            "photo before redaction": world.photos["unhidden"],
            "case before publication": world.cases["unpublished"],
            "group's question": "Còn rác không?",
            "group member": MEMBER,
            "inspected establishment": PARTY,
            "its representative": PARTY_OWNER,
            "minutes of an inspection": MINUTES,
            "exact place": "103.1172",
            "exact place of the report": "103.1514",
        }
    if ring == "doer":  # the question and the place are theirs, on their own task
        for name in ("group's question", "group member", "exact place"):
            del never[name]
    if ring == "auditor":  # reads those messages, and which report they are about
        for name in ("message about reprisal", "report code of threatened"):
            del never[name]
    if ring not in ("office", "publisher"):
        never |= {
            "copy before approval": world.uids["copy"],
            "paper before redaction": world.uids["waiting_paper"],
            "file of a reply": REPLY_NOTE,
            "who posted": POSTER,
        }
    found = {name: text.encode() for name, text in never.items()}
    if ring not in ("office", "publisher"):
        middle = len(world.paper_page) // 2
        found["page before redaction"] = world.paper_page[middle : middle + 200]
    return found | {"received file": world.original[-200:], "its EXIF": world.original[30:90]}


def sights(role: str, ring: str, app: Flask, world: World) -> tuple[int, set[tuple[str, str]]]:
    """How many answers were read, and where which canary was seen."""
    limiter.reset()
    never, read = canaries(world, ring), 0
    leaks: set[tuple[str, str]] = set()
    client = world.client(role)
    for address, content in crawl(client, app, world, outside=ring == "public", more=MORE):
        read += 1
        asked = address.encode()  # what was asked for comes back in "next" and in forms
        leaks |= {
            (name, address) for name, text in never.items() if text in content and text not in asked
        }
    return read, leaks


RINGS = [("guest", "public"), ("nguoidan", "public")]
RINGS += [(role, "office") for role in OFFICES] + [(role, "doer") for role in DOERS]
RINGS += [(role, "publisher") for role in PUBLISHERS]
RINGS += [("truc.tinh", "duty"), ("kiemsoat", "auditor"), ("quantri", "admin")]
SOME_RINGS = [each for each in RINGS if each[0] in SOME]


def test_no_ring_sees_what_it_must_not(app: Flask, world: World) -> None:
    total, leaks = 0, set[tuple[str, str, str]]()
    rings = RINGS if db.engine.dialect.name == "sqlite" else SOME_RINGS
    for role, ring in rings:
        read, seen = sights(role, ring, app, world)
        assert read > 30, role
        total, leaks = total + read, leaks | {(role, *each) for each in seen}
    assert leaks == set()
    print(f"sight: {total} answers read as {len(rings)} people, 0 sights")


def test_the_front_does_see_what_the_probe_looks_for(app: Flask, world: World) -> None:
    """The canaries are alive: the officer of the unit meets the words, the photo, the note."""
    _, seen = sights("mattran.xa", "public", app, world)
    names = {name for name, _ in seen}
    assert {"reporter's words", "photo before approval", "case before publication"} <= names
    assert {"voter's words", "note inside the Front", "report code of own"} <= names
    assert {"photo before redaction", "page before redaction", "who posted"} <= names
    assert {"file of a reply", "paper before redaction", "copy before approval"} <= names
    # Not even the Front sees these without opening the identity.
    assert not names & {"reporter's name", "reporter's phone", "received file", "its EXIF"}
    assert not {name for name in names if name.startswith(("tracking", "key"))}


def test_the_probe_reads_every_page_and_of_a_list_every_kind_of_choice(bare_app: Flask) -> None:
    links, board = Links(bare_app), "/can-bo/so-lieu"
    case, other = "/can-bo/vu-viec/VV0000001", "/can-bo/vu-viec/VV0000002"
    assert [links.is_new(each) for each in (case, other, case)] == [True, True, False]
    assert all(links.is_new(f"{case}/buoc/{step}") for step in ("assess", "merge_into"))
    first = [f"{board}?unit={unit}&category=dumping" for unit in range(VALUES)]
    assert all(links.is_new(each) for each in first)
    assert links.is_new(f"{board}?unit=1&category=burning")
    assert not links.is_new(f"{board}?unit=2&category=burning")
    assert not links.is_new(f"{board}?unit={VALUES}&category=dumping")
    english = [f"/en{each}" for each in (case, other, f"{case}/buoc/assess", f"{board}?unit=1")]
    assert [links.is_new(each) for each in english] == [True, False, True, True]


def test_a_planted_leak_is_found(app: Flask, world: World) -> None:
    def leak() -> str:
        return f"<p>{html.escape(WORDS)}</p>"

    endpoint = "health.alive"
    real = app.view_functions[endpoint]
    app.view_functions[endpoint] = public(leak)
    try:
        _, seen = sights("guest", "public", app, world)
    finally:
        app.view_functions[endpoint] = real
    assert seen == {("reporter's words", "/healthz")}


def test_words_planted_in_a_public_case_are_found_in_every_interface(
    app: Flask, world: World
) -> None:
    with write_unit():
        case = session().scalars(select(Case).where(Case.code == world.cases["public"])).one()
        case.summary = WORDS
        make_line(case, WORDS)
    write_dump()
    _, seen = sights("guest", "public", app, world)
    found = {address.partition("?")[0] for name, address in seen if name == "reporter's words"}
    assert found >= {
        "/open311/v2/requests.json",
        "/open311/v2/requests.xml",
        f"/open311/v2/requests/{case.code}",
        "/ogc/collections/cases/items",
        f"/ogc/collections/cases/items/{case.code}",
        "/feeds/vu-viec.atom",
        f"/feeds/vu-viec/{case.code}.atom",
        "/feeds/loai/dumping.atom",
        "/feeds/dia-ban/gso-2025/03325.atom",
        "/du-lieu-mo/vu-viec.csv",
        "/du-lieu-mo/vu-viec.geojson",
        "/du-lieu-mo/mat-xanh.zip",
    }
