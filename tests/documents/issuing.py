"""Many letters of one organisation issued at the same moment, some of them in vain."""

import threading
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from tests.documents import samples
from tests.factories.directory import an_organisation
from webapp.core import clock
from webapp.core.actor import SYSTEM
from webapp.core.unit_of_work import session, write_unit
from webapp.documents.models import Document
from webapp.documents.numbers import set_numbering
from webapp.documents.operations import create_document, issue_document
from webapp.extensions import db


@dataclass
class Issued:
    """The numbers given, by places whose transaction failed after its number, and other faults."""

    numbers: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    others: list[Exception] = field(default_factory=list)


class _Fails(Exception):
    """Something else of the same transaction fails after the number was taken."""


def drafts(count: int) -> list[int]:
    """Letters of an organisation whose numbers the platform gives."""
    with write_unit():
        set_numbering(SYSTEM, an_organisation(), by_platform=True)
        letter = samples.recommendation(samples.DRAFT)
        return [create_document(SYSTEM, an_organisation(), letter).id for _ in range(count)]


def issue_at_once(app: Flask, ids: list[int], *, failing: int) -> Issued:
    """Issue all of them at once; every ``failing``-th takes its number in vain."""
    start, found = threading.Barrier(len(ids)), Issued()
    db.session.remove()

    def run(place: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with write_unit():
                    document = session().get_one(Document, ids[place])
                    issue_document(SYSTEM, document, number=None, issued_on=clock.today_local())
                    if place % failing == 0:
                        raise _Fails
            except _Fails:
                found.failed.append(place)
            except Exception as error:
                found.others.append(error)
            db.session.remove()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(ids))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    query = select(Document.number).where(Document.id.in_(ids), Document.number.is_not(None))
    found.numbers = sorted(int(number or "") for number in session().scalars(query))
    return found
