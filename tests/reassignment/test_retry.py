"""What a merger could not move is tried again; saved filters ask for the unit that followed."""

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import sign_in
from tests.factories.cases import make_case
from tests.factories.clock import FrozenClock
from tests.factories.directory import DIEN_BIEN, NA_TAU, a_unit
from tests.factories.open_data import an_administrator
from tests.factories.triage import an_officer
from tests.reassignment.test_pages import token
from tests.reassignment.test_reassignment import merge, settle, undo
from webapp.accounts.models import Account
from webapp.core.actor import Actor
from webapp.core.errors import Conflict, Forbidden, NotFound
from webapp.core.unit_of_work import session, write_unit
from webapp.reassignment import operations
from webapp.reassignment.moving import Ways, is_as_left
from webapp.reassignment.operations import retry_refused
from webapp.reassignment.queries import batch_file
from webapp.reassignment.snapshots import Snapshot, snapshot
from webapp.triage.filters import QueueFilters
from webapp.triage.models import SavedFilter
from webapp.triage.operations.desk import save_filter


@pytest.fixture
def admin(app: Flask, frozen: FrozenClock) -> Actor:
    with write_unit():
        return an_administrator()


def merge_that_leaves(admin: Actor, monkeypatch: pytest.MonkeyPatch, case_id: int) -> str:
    """A batch in which one case met a fault."""
    move = operations.move

    def fails(actor: Actor, kind: str, row_id: int, ways: Ways) -> tuple[Snapshot, Snapshot]:
        if (kind, row_id) == ("case", case_id):
            raise RuntimeError("hỏng")
        return move(actor, kind, row_id, ways)

    with monkeypatch.context() as while_broken:
        while_broken.setattr(operations, "move", fails)
        return merge(admin)


def test_a_refused_record_is_moved_when_it_is_tried_again(
    app: Flask, admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        left, other = make_case("received"), make_case("received")
    uid = merge_that_leaves(admin, monkeypatch, left.id)
    account = session().scalars(select(Account).where(Account.person_id == admin.person_id)).one()
    client = app.test_client()
    sign_in(client, account.email)
    page = f"/can-bo/sap-xep-don-vi/{uid}"
    shown = client.get(page).text
    assert "Chuyển lại những hồ sơ chưa chuyển được" in shown
    sent = client.post(f"{page}/chuyen-lai", data={"csrf_token": token(shown)})
    assert sent.status_code == 303
    settle()
    session().expire_all()
    there = a_unit(NA_TAU).id
    assert [left.handling_unit_id, other.handling_unit_id] == [there, there]
    file = batch_file(admin, uid)
    assert (file.batch.state, file.counts[("case", "moved")]) == ("done", 2)
    assert not [row for row in file.rows if row.words]
    assert "Chuyển lại" not in client.get(page).text
    with pytest.raises(Conflict), write_unit():
        retry_refused(admin, uid)
    undo(admin, uid)
    session().expire_all()
    assert [left.handling_unit_id, other.handling_unit_id] == [a_unit().id] * 2


def test_who_tries_again_uses_their_own_rights(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_unit():
        left, second = make_case("received"), an_administrator()
    uid = merge_that_leaves(admin, monkeypatch, left.id)
    with write_unit():
        session().scalars(
            select(Account).where(Account.person_id == admin.person_id)
        ).one().active = False
        batch = retry_refused(second, uid)
    used: list[int | None] = []
    move = operations.move

    def noted(actor: Actor, kind: str, row_id: int, ways: Ways) -> tuple[Snapshot, Snapshot]:
        used.append(actor.person_id)
        return move(actor, kind, row_id, ways)

    monkeypatch.setattr(operations, "move", noted)
    operations.run_reassignment(batch.id, by=second.person_id)
    assert used == [second.person_id]
    assert session().get_one(type(left), left.id).handling_unit_id == a_unit(NA_TAU).id


def test_nobody_else_tries_a_batch_again(admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    with write_unit():
        left, officer = make_case("received"), an_officer()
    uid = merge_that_leaves(admin, monkeypatch, left.id)
    with pytest.raises(Forbidden), write_unit():
        retry_refused(officer, uid)
    with pytest.raises(NotFound), write_unit():
        retry_refused(admin, "khong-co")
    assert batch_file(admin, uid).counts[("case", "refused")] == 1


def test_saved_filters_of_anybody_ask_for_the_unit_that_followed(admin: Actor) -> None:
    old, new = str(a_unit().id), str(a_unit(NA_TAU).id)
    with write_unit():
        province = an_officer("front_province", unit=a_unit(DIEN_BIEN))
        own = an_officer()
        asking = QueueFilters(unit_id=int(old), words="rác")
        theirs = save_filter(province, name="Mường Phăng", filters=asking, shared=False)
        ours = save_filter(own, name="Rác", filters=asking, shared=True)
        elsewhere = save_filter(
            province, name="Chợ", filters=QueueFilters(words=f"chợ {old}"), shared=False
        )
        before = [dict(each.query) for each in (theirs, ours, elsewhere)]
    uid = merge(admin)
    session().expire_all()
    assert [theirs.query["unit"], ours.query["unit"]] == [new, new]
    assert theirs.query == before[0] | {"unit": new}
    assert elsewhere.query == before[2]
    undo(admin, uid)
    session().expire_all()
    assert [each.query for each in (theirs, ours, elsewhere)] == before


def test_a_filter_changed_since_stays_and_an_older_batch_knew_fewer_columns(admin: Actor) -> None:
    with write_unit():
        officer = an_officer()
        asking = QueueFilters(unit_id=a_unit().id)
        kept = save_filter(officer, name="Xã tôi", filters=asking, shared=False)
    uid = merge(admin)
    with write_unit():
        found = session().get_one(SavedFilter, kept.id)
        found.query = found.query | {"words": "khói"}
    now = snapshot([f"saved_filter:{kept.id}"])
    assert is_as_left(now)
    fewer = {
        name: {"organisation_id": (columns or {})["organisation_id"]}
        for name, columns in now.items()
    }
    assert is_as_left(fewer)
    undo(admin, uid)
    session().expire_all()
    assert kept.query["unit"] == str(a_unit(NA_TAU).id)
