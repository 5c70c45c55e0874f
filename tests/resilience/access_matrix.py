"""A1: who gets in where. ``python -m tests.resilience.access_matrix`` prints the table anew.

One row is an endpoint, a method and an object; one column is a demo sign-in, a guest or a disabled
account; ``doors.answer`` names what stands in the cells. The printed table is a proposal: every row
is read against the rings of sight before it is kept.
"""

import csv
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask
from werkzeug.routing import Rule

from tests.conftest import build_app
from tests.factories.clock import MONDAY
from tests.resilience.doors import Door, answer, ask
from tests.resilience.world import ROLES, World
from tests.resilience.world_made import make_world
from webapp.core import clock
from webapp.extensions import limiter
from webapp.reporting.views.acts import ACTS

TABLE = Path(__file__).with_name("access_matrix.csv")
CASES = (
    "unpublished",
    "public",
    "office",
    "province",
    "sibling_hidden",
    "sibling_public",
)
REPORTS = ("own", "attached", "province", "sibling")
_CASE_ENDPOINTS = {
    "staff_cases.show",
    "staff_cases.take",
    "office.originals",
    "letters.new",
    "case_letters.new",
}
_FIXED: dict[str, dict[str, dict[str, Any]]] = {
    "static": {"css": {"filename": "dist/manifest.json"}, "missing": {"filename": "../pyproject"}},
    "public_cases.ground": {"other": {"name": "khong-co"}},
    "map_script.script": {"other": {"name": "khong-co"}},
    "directory.unit": {
        "commune": {"code_system": "gso-2025", "code": "03325"},
        "unknown": {"code_system": "gso-2025", "code": "00000"},
    },
    "public_cases.locality": {
        "commune": {"code_system": "gso-2025", "code": "03325"},
        "unknown": {"code_system": "gso-2025", "code": "00000"},
    },
    "directory.remove_day": {"day": {"day": "2031-01-01"}},
    "notices.stop_page": {"unknown": {"uid": "0" * 32}},
    "notices.stop": {"unknown": {"uid": "0" * 32}},
    "alerts.own": {"unknown": {"token": "0" * 64}},
    "alerts.change": {"unknown": {"token": "0" * 64}},
    "alerts.ask_to_confirm": {"unknown": {"token": "0" * 64}},
    "alerts.confirm": {"unknown": {"token": "0" * 64}},
    "alerts.ask_to_stop": {"unknown": {"token": "0" * 64}},
    "alerts.stop": {"unknown": {"token": "0" * 64}},
    "spoken_help.sound": {"other": {"name": "khong-co.mp3"}},
    "spoken_help.remove": {"unknown": {"recording_id": 1}},
    "bulk.show": {"unknown": {"uid": "khong-co"}},
    "keeping.rename": {"unknown": {"filter_id": 404}},
    "keeping.forget": {"unknown": {"filter_id": 404}},
    "keeping.drop": {"unknown": {"template_id": 404}},
    "reassignment.show": {"unknown": {"uid": "khong-co"}},
    "reassignment.undo": {"unknown": {"uid": "khong-co"}},
    "reassignment.cancel": {"unknown": {"uid": "khong-co"}},
    "reassignment.retry": {"unknown": {"uid": "khong-co"}},
    "absence.end": {"unknown": {"delegation_id": 404}},
    "exchange.take": {"unknown": {"uid": "khong-co"}},
    "exchange.result": {"unknown": {"uid": "khong-co"}},
}


def doors(app: Flask, world: World) -> Iterator[Door]:
    """Every rule, method and object. A rule with a part that nothing here fills raises KeyError."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for subject, values in objects(rule, world).items():
                yield Door(rule.endpoint, method, subject, tuple(sorted(values.items())))


def objects(rule: Rule, world: World) -> dict[str, dict[str, Any]]:
    """The objects to try at a rule: own, other commune's, sent to the province, unpublished…"""
    endpoint = rule.endpoint
    if endpoint in _FIXED:
        return _FIXED[endpoint]
    if not rule.arguments:
        return {"": {}}
    cases = {name: {"code": world.cases[name]} for name in CASES}
    if endpoint in _CASE_ENDPOINTS:
        step = {"step": "assess"} if "step" in rule.arguments else {}
        step |= {"slug": "phieu-chuyen"} if "slug" in rule.arguments else {}
        return {name: values | step for name, values in cases.items()}
    return _objects_of_features(endpoint, rule, world, cases)


def _objects_of_features(
    endpoint: str, rule: Rule, world: World, cases: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    pages = {
        name: {"code": world.cases[name]} for name in ("published", "drafting", "sibling_drafting")
    }
    letters = {name: {"uid": uid} for name, uid in world.letters.items()}
    committees = {
        "own": {"organisation_id": world.ids["front"]},
        "sibling": {"organisation_id": world.ids["sibling_front"]},
    }
    photos = {name: {"uid": uid, "kind": "card"} for name, uid in world.photos.items()}
    reports = {name: {"code": world.reports[name]} for name in REPORTS}
    followed = {"report_code": world.reports["followed"]}
    sha = {"sha256": "a" * 64} if "sha256" in rule.arguments else {}
    tables: dict[str, dict[str, dict[str, Any]]] = {
        "public_cases": cases,
        "public_outcomes": pages,
        "staff_outcomes": {
            name: values | ({"slug": "duyet"} if "slug" in rule.arguments else {})
            for name, values in pages.items()
        },
        "staff_reports": {
            name: values | ({"step": "reject"} if "step" in rule.arguments else {})
            for name, values in reports.items()
        },
        "letters": {
            name: values | ({"step": "sign"} if "step" in rule.arguments else {})
            for name, values in letters.items()
        },
        "case_letters": {
            name: {"uid": uid} | ({"step": "sign"} if "step" in rule.arguments else {})
            for name, uid in world.case_letters.items()
        }
        if "uid" in rule.arguments
        else {name: values | {"slug": "giay-moi"} for name, values in committees.items()},
        "answer_links": letters,
        "inspections": {
            name: {"uid": uid}
            | ({"step": "amend"} if "step" in rule.arguments else {})
            | ({"kind": "minutes", "ending": "docx"} if "kind" in rule.arguments else {})
            for name, uid in world.inspections.items()
        },
        "inspection_scans": {
            name: {"uid": uid}
            | ({"paper_uid": world.uids["scan"]} if "paper_uid" in rule.arguments else {})
            for name, uid in world.inspections.items()
        },
        "establishments": {name: {"uid": uid} for name, uid in world.establishments.items()},
        "registers": committees,
        "rules": {"rule": {"rule_id": 1}},
        "offices": {
            name: {"organisation_id": world.ids[name], "which": "qua-han"}
            for name in ("office", "front")
        },
        "letter_templates": {"own": {"template_id": world.ids["template"]}},
        "media": photos,
        "reports_api": {"right code": followed | sha, "wrong code": followed | sha},
        "affected_api": {
            name: {"case_code": world.cases[name]} for name in ("public", "unpublished")
        },
        "following": {name: {"code": world.cases[name]} for name in ("public", "unpublished")},
        "reporting": {"door": {"slug": "to-cao"}, "unknown": {"slug": "khong-co"}},
        "notices_api": {"right code": followed, "wrong code": followed},
        "notifications": {"mail": {"item_id": world.ids["mail"]}},
        "places": {"unknown": {"place_id": 0}},
        "admin": {"row": {"row_id": world.ids["outbox"]}},
    }
    if endpoint.partition(".")[0] in ("redaction", "reach") or endpoint in _PUBLIC_FILES:
        return _hiding(endpoint, rule, world, pages)
    after = _after_sending(endpoint, world)
    if after is not None:
        return after
    if endpoint.partition(".")[0] in _OPEN_DATA:
        return _open_data(rule, world)
    if endpoint == "case_letters.write":
        committees = {"own": "front", "sibling": "sibling_front"}
        return {
            name: {"organisation_id": world.ids[whose], "slug": "giay-moi"}
            for name, whose in committees.items()
        }
    if endpoint == "staff_outcomes.vote":
        return {"vote": {"code": world.cases["voted"], "vote_id": world.ids["vote"]}}
    if endpoint.partition(".")[0] in {"tasks", "field"}:
        (part,) = rule.arguments
        kind = part.removesuffix("_id")
        return {
            "own": {part: world.ids[kind]},
            "sibling": {part: world.ids[f"sibling_{kind}"]},
        }
    return tables[endpoint.partition(".")[0]]


_PUBLIC_FILES = ("public_outcomes.paper", "public_outcomes.sheet")


def _hiding(
    endpoint: str, rule: Rule, world: World, pages: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The objects of hiding, of the notice-board and of the public files made there."""
    drafting, published = pages["drafting"], pages["published"]
    uids = world.uids
    tables: dict[str, dict[str, dict[str, Any]]] = {
        "redaction.photo": {"unhidden": drafting | {"uid": world.photos["unhidden"]}},
        "redaction.paper": {"waiting": drafting | {"uid": uids["waiting_paper"]}},
        "redaction.take_scan": {
            "signed": {"code": world.cases["inspected concluded"], "uid": uids["scan"]},
            "of another case": drafting | {"uid": uids["scan"]},
        },
        "redaction.page": {"waiting": drafting | {"uid": uids["waiting_paper"], "number": 1}},
        "reach.end": {"posting": published | {"posting_id": world.ids["posting"]}},
        "public_outcomes.paper": {
            "chosen": published | {"uid": uids["chosen"]},
            "unread": drafting | {"uid": uids["unread"]},
            "of another page": published | {"uid": uids["unread"]},
        },
        "public_outcomes.sheet": {
            "published": published | {"paper_size": "a4"},
            "drafting": drafting | {"paper_size": "a4"},
        },
    }
    if "uid" in rule.arguments and endpoint not in tables:
        return {name: drafting | {"uid": uids[name]} for name in ("copy", "unread")} | {
            "of another page": drafting | {"uid": uids["chosen"]}
        }
    return tables.get(endpoint, pages)


def _after_sending(endpoint: str, world: World) -> dict[str, dict[str, Any]] | None:
    """The objects of what senders do and ask after sending."""
    spoken = {name: {"code": world.reports[name]} for name in REPORTS}
    tables: dict[str, dict[str, dict[str, Any]]] = {
        "letter_templates.starter": {"layout": {"type_code": "KN"}},
        "tracking.act": {act.name: {"slug": act.slug} for act in ACTS},
        "tracking.my_report": {name: {"report_code": world.reports[name]} for name in ("own",)},
        "senders.ask": {"own": {"ask_id": world.ids["ask"]}},
        "protection.message": {"told": {"uid": world.uids["reprisal"]}},
        "protection.answer": {"told": {"uid": world.uids["reprisal"]}},
        **dict.fromkeys(
            ("senders.voice", "senders.hear", "senders.write_down", "senders.sound"), spoken
        ),
    }
    if endpoint.startswith("compare."):
        return _pairs(world)
    return tables.get(endpoint)


def _pairs(world: World) -> dict[str, dict[str, Any]]:
    """Two records beside each other; one that is hidden hides the pair, on either side."""
    own, case = world.reports["own"], world.cases["public"]
    others = {name: world.reports[name] for name in ("province", "sibling")}
    return {
        "report and case": {"code": own, "other": case},
        "cases": {"code": case, "other": world.cases["unpublished"]},
        **{f"own and {name}": {"code": own, "other": other} for name, other in others.items()},
        **{f"{name} and case": {"code": other, "other": case} for name, other in others.items()},
    }


_OPEN_DATA = {"open311", "ogc", "feeds", "open_page", "open_staff", "well_known"}


def _open_data(rule: Rule, world: World) -> dict[str, dict[str, Any]]:
    """What programs ask for: a public case and a hidden one, wherever a code has its place."""
    public, hidden = world.cases["public"], world.cases["unpublished"]
    page = world.cases["published"]
    if "collection_id" in rule.arguments:
        return _of_collection(rule, public, hidden, page)
    tables: dict[str, dict[str, dict[str, Any]]] = {
        "open311.discovery": {"": {"suffix": "json"}},
        "open311.services": {"": {"suffix": "json"}},
        "open311.requests": {"": {"suffix": "json"}, "xml": {"suffix": "xml"}},
        "open311.post_request": {"": {"suffix": "json"}},
        "open311.definition": {"known": {"name": "dumping.json"}, "other": {"name": "khac.json"}},
        "open311.one_request": {"public": {"name": public}, "unpublished": {"name": hidden}},
        "open311.token": {"known": {"name": world.open_token}, "other": {"name": "khong-co"}},
        "open311.nothing": {"": {"rest": "khac"}},
        "ogc.nothing": {"": {"rest": "khac"}},
        "feeds.case": {"public": {"code": public}, "unpublished": {"code": hidden}},
        "feeds.by_category": {"known": {"code": "dumping"}, "other": {"code": "khong-co"}},
        "feeds.by_office": {"front": {"organisation_id": world.ids["front"]}},
        "feeds.by_unit": {"commune": {"code_system": "gso-2025", "code": "03325"}},
        "open_page.download": {
            f"{name}.{kind}": {"name": name, "kind": kind}
            for name in ("vu-viec", "ket-qua", "dia-ban")
            for kind in ("csv", "geojson")
        },
        "well_known.sitemap_part": {
            name: {"number": number} for name, number in (("pages", 0), ("cases", 1), ("none", 99))
        },
        "open_staff.revoke_key": {"key": {"row_id": world.ids["api_key"]}},
        "open_staff.end_webhook": {"webhook": {"row_id": world.ids["webhook"]}},
        "open_staff.try_webhook": {"webhook": {"row_id": world.ids["webhook"]}},
    }
    return tables[rule.endpoint]


def _of_collection(rule: Rule, public: str, hidden: str, page: str) -> dict[str, dict[str, Any]]:
    names = ("cases", "outcomes", "hotspots", "units")
    if "feature_id" not in rule.arguments:
        return {name: {"collection_id": name} for name in names}
    ids = {"public": ("cases", public), "unpublished": ("cases", hidden)}
    ids |= {"page": ("outcomes", page), "no page": ("outcomes", hidden)}
    ids |= {"unit": ("units", "gso-2025:03325"), "hotspot": ("hotspots", "khong-co")}
    return {
        name: {"collection_id": collection, "feature_id": feature}
        for name, (collection, feature) in ids.items()
    }


def read_table() -> dict[tuple[str, str, str], dict[str, str]]:
    """The committed table: row key → role → answer."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        (row["endpoint"], row["method"], row["object"]): {role: row[role] for role in ROLES}
        for row in rows
    }


def collect(app: Flask, world: World) -> dict[tuple[str, str, str], dict[str, str]]:
    """Ask at every door as everybody."""
    table: dict[tuple[str, str, str], dict[str, str]] = {}
    for role in ROLES:
        limiter.reset()
        client = world.client(role)
        for door in in_order(doors(app, world)):
            table.setdefault(door.key, {})[role] = answer(ask(client, door, world))
    return table


def in_order(every: Iterable[Door]) -> list[Door]:
    """Signing out comes last, so that one browser can try them all."""
    return sorted(every, key=lambda each: each.endpoint == "security.logout")


def write(table: dict[tuple[str, str, str], dict[str, str]], out: Any) -> None:
    """The table as CSV."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["endpoint", "method", "object", *ROLES])
    for key in sorted(table):
        writer.writerow([*key, *(table[key][role] for role in ROLES)])


@contextmanager
def throw_away_world() -> Iterator[tuple[Flask, World]]:
    """The world of the tests outside of pytest, on SpatiaLite, with the clock standing still."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(clock, "now", lambda: MONDAY):
        app = build_app(Path(folder), "")
        with app.app_context():
            yield app, make_world(app)


if __name__ == "__main__":
    with throw_away_world() as (made, its_world):
        write(collect(made, its_world), sys.stdout)
