"""Shows 5: fifty people report; nothing of who, where exactly, and no photo stands in public.

``python -m tests.resilience.probe [--people N] [--database NAME]`` plants identities, exact places
and unapproved photos by the real operations, in reports that wait, in cases nobody published, in
public cases and under published outcomes. Then it reads as a guest every page, list, feed, map
answer, download, dump, Open311 and OGC answer, preview, sitemap and file name there is. At the end
one identity, one place and one photo are planted in the open and must be found: a probe that finds
nothing must be able to. Ends with 1 for any hit, and when the planted ones are missed.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.cases import move_case
from tests.factories.clock import freeze
from tests.factories.directory import an_organisation
from tests.factories.media import a_photo_file
from tests.factories.outcomes import an_inspection, an_outcome
from tests.factories.reporting import a_submission, listed, new_key
from tests.factories.triage import ASSESSMENT
from tests.resilience.crawling import crawl
from tests.resilience.places import ask_for_database, new_databases
from tests.resilience.test_sight import MORE
from tests.resilience.world import World, actor_named
from tests.resilience.world_made import make_world
from webapp.cases.models import Case, CasePhoto
from webapp.cases.operations import searched_words
from webapp.core.actor import GUEST
from webapp.core.unit_of_work import session, write_unit
from webapp.extensions import limiter
from webapp.media import operations as media
from webapp.media.models import Photo
from webapp.open_data.dump import write_dump
from webapp.reporting.models import Report
from webapp.reporting.operations import claim_report, receive_photo, submit_report
from webapp.reporting.submission import Contact, SentPlace, Submission
from webapp.triage.operations.assessment import assess_case
from webapp.triage.operations.joining import open_case_for

WAITING, HIDDEN, PUBLIC, PUBLISHED = range(4)
"""How far a planted report went; they take turns."""
LON, LAT = 103.1501234, 21.4701234  # in Xã Mường Phăng; swapped it would lie in the Arctic Ocean
STEP = 0.0003217  # about 33 m
MAP_ZOOMS = (6, 9, 12, 14, 16, 19)
OFFICER = "mattran.xa"


@dataclass(frozen=True)
class Person:
    """One who reported: what must not be read anywhere, by name."""

    number: int
    name: str
    phone: str
    email: str
    paper: str
    lon: float
    lat: float
    photo: bytes

    @property
    def words(self) -> str:
        return f"Tôi là hàng xóm số {self.paper} của đàn chim {self.number}."

    @property
    def submission(self) -> Submission:
        """What the phone sends."""
        return a_submission(
            contact=Contact(self.name, self.phone, self.email),
            description=self.words,
            location=SentPlace(self.lon, self.lat, 8, "gps"),
            place_note=f"Sau nhà ông chim {self.number:03d}",
            photos=(listed(self.photo),),
        )

    def canaries(self, report: Report) -> dict[str, bytes]:
        """The bytes to look for. A public point has four decimals and is of a square."""
        never = {
            "name": self.name,
            "phone": self.phone,
            "phone in groups": f"{self.phone[:4]} {self.phone[4:7]} {self.phone[7:]}",
            "e-mail": self.email,
            "identity number": self.paper,
            "words": self.words,
            "words of the place": f"Sau nhà ông chim {self.number:03d}",
            "longitude": f"{self.lon:.6f}"[:-1],
            "latitude": f"{self.lat:.6f}"[:-1],
            "report code": report.code,
            "photo": report.photos[0].photo.uid,
        }
        found = {name: text.encode() for name, text in never.items()}
        return found | {"received file": self.photo[-200:]}


def people(count: int) -> list[Person]:
    """So many, none like another."""
    return [
        Person(
            number=number,
            name=f"Quàng Thị Chim {chr(0x41 + number % 26)}{number:03d}",
            phone=f"09871{number:05d}",
            email=f"chim.{number:03d}@canari.invalid",
            paper=f"01130{number:07d}",
            lon=LON + STEP * (number % 8),
            lat=LAT + STEP * (number // 8),
            photo=a_photo_file(taken=f"2026:02:{1 + number % 27:02d} 06:{number % 60:02d}:07"),
        )
        for number in range(count)
    ]


def plant(app: Flask, world: World, every: list[Person]) -> dict[str, bytes]:
    """Let them report; each fourth goes no further, is a case, a public case, a published one."""
    officer, never = actor_named(OFFICER), dict[str, bytes]()
    for person in every:
        received = media.examine(person.photo)
        with write_unit():
            receipt = submit_report(GUEST, person.submission, raw_key=new_key())
            report = receipt.report
            receive_photo(report, received, sha256=received.sha256)
            photo_id, code = report.photos[0].photo.id, report.code
        media.render_photo(photo_id)
        with write_unit():
            if person.number % 4 != WAITING:
                _further(person, code)
            report = claim_report(officer, code, seen=None)
            for name, content in person.canaries(report).items():
                never[f"{name} of {person.number}"] = content
            never[f"tracking code of {person.number}"] = (receipt.tracking_code or "").encode()
    return never


def _further(person: Person, code: str) -> None:
    officer = actor_named(OFFICER)
    report = claim_report(officer, code, seen=None)
    place = f"Sau nhà ông chim {person.number:03d}"
    case = open_case_for(officer, report, category_code="dumping.river_dump", place_note=place)
    if person.number % 4 == HIDDEN:
        return
    assess_case(officer, case, assessment=ASSESSMENT, site_note="Đã xem.")
    if person.number % 4 == PUBLISHED:
        office = an_organisation("env_office").id
        authority = an_organisation("peoples_committee").id
        move_case(
            case, "concluded", office_id=office, addressee_id=authority, conclusion="violation"
        )
        an_inspection(case)
        an_outcome(case, state="published")


def read(app: Flask, world: World, every: list[Person], never: dict[str, bytes]) -> "Read":
    """Every public answer, and where which canary stands."""
    found = Read(0, set())
    client = world.client("guest")
    more = (*MORE, *_asked_of_maps(every), *_cases())
    for address, content in crawl(client, app, world, outside=True, more=more):
        found.answers += 1
        asked = address.encode()  # what was asked for comes back in "next" and in forms
        found.hits |= {
            (name, address) for name, text in never.items() if text in content and text not in asked
        }
    return found


@dataclass
class Read:
    """How many answers were read, and each canary with the address it was seen at."""

    answers: int
    hits: set[tuple[str, str]]


def _asked_of_maps(every: list[Person]) -> Iterator[str]:
    """The map around the planted places at several zooms, and what is near a passer-by."""
    for person in every[::10]:
        for zoom in MAP_ZOOMS:
            half = 360 / 2**zoom
            box = (person.lon - half, person.lat - half, person.lon + half, person.lat + half)
            inside = ",".join(f"{max(-179, min(179, each)):.3f}" for each in box)
            for facet in ("", "&results=1", "&q=rac&days=exact"):
                yield f"/api/v1/map?bbox={inside}&zoom={zoom}{facet}"
        yield f"/api/v1/cases/near?lon={person.lon:.3f}&lat={person.lat:.3f}&category=dumping"


def _cases() -> Iterator[str]:
    """What each public case has of its own: page, feed, Open311, OGC, following."""
    for code in session().scalars(select(Case.code).where(Case.public_since.is_not(None))):
        yield f"/vu-viec/{code}"
        yield f"/en/vu-viec/{code}"
        yield f"/ket-qua/{code}"
        yield f"/feeds/vu-viec/{code}.atom"
        yield f"/open311/v2/requests/{code}.xml?extensions=true"
        yield f"/ogc/collections/cases/items/{code}"


def plant_in_the_open(person: Person) -> set[str]:
    """Somebody's name, exact place and photo where they must be found; names of the canaries."""
    with write_unit():
        query = select(Case).join(Report, Report.case_id == Case.id)
        case = session().scalars(query.where(Report.description == person.words)).one()
        case.summary = f"{person.name} gọi {person.phone}"
        case.public_lon, case.public_lat = person.lon, person.lat
        case.search_text = searched_words(case)
        query_photo = select(Photo).join(CasePhoto, CasePhoto.photo_id == Photo.id)
        photo = session().scalars(query_photo.where(CasePhoto.case_id == case.id)).one()
        media.approve_photo(actor_named("congkhai"), photo)
    return {f"{name} of {person.number}" for name in ("name", "phone", "longitude", "photo")}


def probe(name: str, app: Flask, count: int) -> bool:
    """Plant, read, plant in the open, read again; print a line for each. Whether all is well."""
    limiter.enabled = False
    world, every = make_world(app), people(count)
    never = plant(app, world, every)
    write_dump()
    clean = read(app, world, every, never)
    print(
        f"{name}: {len(every)} identities, {len(every)} exact places, {len(every)} unapproved"
        f" photos; {clean.answers} answers, hits {len(clean.hits)}",
        flush=True,
    )
    for hit in sorted(clean.hits)[:20]:
        print("   ", *hit)
    planted = plant_in_the_open(next(each for each in every if each.number % 4 == PUBLISHED))
    write_dump()
    found = read(app, world, every, never)
    missed = planted - {what for what, _where in found.hits}
    places = {re.sub(r"VV\w+", "…", where).partition("?")[0] for _what, where in found.hits}
    print(f"{name}: planted in the open: found at {len(places)} addresses, missed {sorted(missed)}")
    return not clean.hits and not missed


def main() -> None:
    """Both databases, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    ask_for_database(parser)
    asked = parser.parse_args()
    good = True
    with pytest.MonkeyPatch.context() as monkeypatch:
        freeze(monkeypatch)
        for name, app in new_databases(asked.database):
            with app.app_context():
                good = probe(name, app, asked.people) and good
            limiter.enabled = True  # the next application is made with it
    sys.exit(int(not good))


if __name__ == "__main__":
    main()
