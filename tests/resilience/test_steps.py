"""A5: every state x step x role, by the kernel on both databases and by the step pages."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.architecture.transitions import CASE_ROWS, ELSEWHERE, WHO
from tests.factories.accounts import assign, make_person, sign_in, token_header
from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, a_unit, an_organisation
from tests.resilience.fingerprint import fingerprint
from tests.resilience.world import ROLES, World
from tests.sent_forms import sent_form
from webapp.accounts.demo import SIGN_INS
from webapp.audit.models import AuditEntry
from webapp.audit.queries import first_broken_entry
from webapp.cases.models import Case
from webapp.cases.operations import take_step
from webapp.cases.workflow import CASE
from webapp.core import clock
from webapp.core.actor import SYSTEM, Actor, ActorKind, Grant, Level
from webapp.core.errors import Forbidden, TransitionRefused
from webapp.core.permissions import declared
from webapp.core.unit_of_work import session, write_unit
from webapp.directory.models import Person
from webapp.extensions import db, limiter

pytestmark = [pytest.mark.resilience, pytest.mark.timeout(300)]

PAGES = [name for name in CASE.names() if name not in ELSEWHERE["case"]]


def everything(permissions: frozenset[str] | None = None) -> Actor:
    """Somebody with these permissions (all there are) for Xã Mường Phăng's Front."""
    held = frozenset(declared()) if permissions is None else permissions
    person = Person(name="Người đủ quyền")
    session().add(person)
    session().flush()
    grant = Grant(
        1, "thu", an_organisation().id, a_unit().id, Level.PROVINCE, frozenset({a_unit().id}), held
    )
    return Actor(ActorKind.PERSON, person_id=person.id, grants=(grant,))


def in_state(state: str) -> Case:
    """A case in this state, its other columns as the state asks."""
    other = make_case("assessed").id if state == "merged" else None
    return make_case(
        state,
        merged_into_id=other,
        office_id=an_organisation("env_office").id,
        addressee_id=an_organisation("peoples_committee").id,
    )


def attempt(actor: Actor, case: Case, step: str) -> bool:
    """Take a step with everything it asks for; False when the table refuses it."""
    required = {name: "x" for row in CASE.rows if row.name == step for name in row.required}
    try:
        with take_step(actor, case, step, voice="front", given=required):
            target = CASE.transition(step, case.state).target
            case.closed_at = clock.now() if target == "closed" else None
            case.dismissal = "not_found" if target == "dismissed" else None
            case.merged_into_id = make_case("assessed").id if target == "merged" else None
            case.summary = case.summary or "Rác ven suối."
    except TransitionRefused:
        return False
    return True


def test_the_kernel_takes_the_tables_steps_and_no_others(app: Flask, frozen: FrozenClock) -> None:
    allowed = forbidden = 0
    with write_unit():
        actor = everything()
        for state in CASE.states:
            case = in_state(state)
            for step, ways in CASE_ROWS.items():
                if None in ways:
                    continue
                before, trial = case.version, session().begin_nested()
                done = attempt(actor, case, step)
                assert done is (state in ways), (state, step)
                assert case.version == before + done, (state, step)
                assert case.state == ((ways[state] or state) if done else state), (state, step)
                allowed, forbidden = allowed + done, forbidden + (not done)
                trial.rollback()
                session().expire_all()
    print(f"case, by the kernel: allowed {allowed}, forbidden {forbidden}, none wrong")


def test_without_the_permission_the_kernel_refuses(app: Flask, frozen: FrozenClock) -> None:
    refused = 0
    with write_unit():
        for row in CASE.rows:
            if not row.permissions or not row.sources:
                continue
            actor = everything(frozenset(declared()) - set(row.permissions))
            case = in_state(min(row.sources))
            with pytest.raises(Forbidden):
                attempt(actor, case, row.name)
            refused += 1
    assert refused == len([row for row in CASE.rows if row.permissions and row.sources])


class Fields(HTMLParser):
    """Fills every field of a step's form with something sound."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field, or the first real option of a list."""
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and given.get("value"):
            self.values.setdefault(self._select, given["value"])
        elif tag == "textarea" and name:
            self.values[name] = "Lời của cán bộ, đủ dài."
        elif tag == "input" and name not in {"", "csrf_token", "version", "left_out", "shown"}:
            if kind == "radio":
                self.values.setdefault(name, given.get("value", ""))
            elif kind not in {"file", "checkbox", "submit", "hidden"}:
                moments = {"date": "2026-03-20", "datetime-local": "2026-03-01T09:00"}
                self.values[name] = moments.get(kind, "12")


def of_form(page: str) -> dict[str, str]:
    """What to send with the step form on this page."""
    found = re.search(r"<main.*?</main>", page, re.S)
    fields = Fields()
    fields.feed(found.group(0) if found else page)
    return fields.values


def somebody_of_many_roles(app: Flask) -> tuple[FlaskClient, dict[str, str]]:
    """A browser, and its token, of a person who may take every step of a case here."""
    with write_unit():
        account, _ = make_person("front_commune", unit=a_unit(), name="Người nhiều vai")
        person = session().get_one(Person, account.person_id)
        for role, kind in (
            ("front_signer", "front"),
            ("env_commune", "env_office"),
            ("commune_chair", "peoples_committee"),
        ):
            assign(person, role, a_unit(), an_organisation(kind))
        province = a_unit(DIEN_BIEN)
        assign(person, "front_province", province, an_organisation(unit=province))
    client = app.test_client()
    sign_in(client, account.email)
    return client, token_header(client)


def test_step_pages_refuse_what_the_table_forbids(app: Flask, frozen: FrozenClock) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the pages ask the kernel, which is walked on both databases")
    with write_unit():
        cases = {state: in_state(state) for state in CASE.states}
    client, header = somebody_of_many_roles(app)
    codes = {state: (case.code, str(case.version)) for state, case in cases.items()}
    before, answers, noted = fingerprint(), dict[int, int](), len(refusals())
    for step in PAGES:
        start = min(state for state in CASE_ROWS[step] if state)
        fields = of_form(client.get(_url(codes[start][0], step)).text)
        for state in CASE.states:
            if state in CASE_ROWS[step]:
                continue
            code, version = codes[state]
            data: dict[str, Any] = fields | {"version": version}
            status = client.post(_url(code, step), data=data, headers=header).status_code
            answers[status] = answers.get(status, 0) + 1
            assert status in {403, 409, 422}, (state, step, status)
    after = fingerprint()
    assert {name for name in after if after[name] != before[name]} == {"audit_entry"}
    assert len(refusals()) - noted == answers[409], "each attempt is audited, once"
    assert answers[409] > 10 * answers.get(422, 0), answers
    print(f"case, by the pages: forbidden {sum(answers.values())} refused as {answers}")


def test_every_step_page_that_became_stale_keeps_every_word(
    app: Flask, frozen: FrozenClock
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the version is compared by one function, which both databases are raced on")
    client, header = somebody_of_many_roles(app)
    answers = dict[int, list[str]]()
    for step in PAGES:
        with write_unit():
            case = in_state(min(state for state in CASE_ROWS[step] if state))
            code, seen = case.code, case.version
        fields = of_form(client.get(_url(code, step)).text) | {"version": str(seen)}
        with write_unit():
            case = session().scalars(select(Case).where(Case.code == code)).one()
            case.version += 1
        before = fingerprint()
        answer = client.post(_url(code, step), data=fields, headers=header)
        answers.setdefault(answer.status_code, []).append(step)
        assert fingerprint() == before, (step, "nothing is stored")
        if answer.status_code == 409:
            kept = sent_form(answer.text)
            assert {name: kept.get(name) for name in fields} == {
                **fields,
                "version": str(seen + 1),
            }, step
    print(f"case, stale pages: {answers}")
    assert set(answers) <= {409, 422, 403}
    assert len(answers[409]) > 0.8 * len(PAGES), answers


def test_an_attempt_is_audited_by_whom_and_on_what(app: Flask, frozen: FrozenClock) -> None:
    with write_unit():
        account, actor = make_person("front_commune", unit=a_unit())
        case = make_case("closed")
    for who in (actor, SYSTEM):
        with pytest.raises(TransitionRefused), write_unit():
            case.summary = "Lời không được giữ"
            with take_step(who, case, "assess", voice="front"):
                pass
    [entry] = refusals()
    assert (entry.actor_id, entry.subject_id) == (account.person_id, case.id)
    assert entry.facts == {"step": "assess", "state": "closed"}
    assert session().get_one(Case, case.id, populate_existing=True).summary != "Lời không được giữ"
    assert first_broken_entry() is None


def refusals() -> list[AuditEntry]:
    """What the audit says of steps that the table of cases does not have."""
    query = select(AuditEntry).where(AuditEntry.action == "refused.case")
    return list(session().scalars(query))


def _url(code: str, step: str) -> str:
    return f"/can-bo/vu-viec/{code}/buoc/{step}"


def test_step_pages_are_for_their_roles_only(app: Flask, world: World) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("roles are the same data on both databases; A1 walks the queries on both")
    roles = {row.local: row.role for row in SIGN_INS}
    before, refused = fingerprint(), 0
    for local in ROLES:
        limiter.reset()
        client = world.client(local)
        header = token_header(client)
        for step in PAGES:
            if roles.get(local) in WHO["case"].get(step, frozenset()):
                continue
            status = client.post(_url(world.cases["office"], step), headers=header).status_code
            assert status in {403, 404}, (local, step, status)
            refused += 1
    assert fingerprint() == before
    print(f"step pages: {refused} role x step refused, none wrong")
