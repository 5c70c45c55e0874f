"""A group member with a task in the field, for the phone to be tried on."""

from sqlalchemy import select

from tests.factories.cases import make_case
from tests.factories.directory import an_organisation
from tests.factories.triage import due
from tests.offline.phone import Phone
from tests.resilience.world import actor_named
from tests.servers import Server
from webapp.app import create_app
from webapp.config import Settings
from webapp.core.unit_of_work import session, write_unit
from webapp.media.models import Photo
from webapp.triage.models import SiteCheck
from webapp.triage.operations.verification import request_verification

QUESTION = "Đống rác ở cầu treo còn không?"
TASKS = "/can-bo/nhiem-vu"


def ask(server: Server) -> None:
    """Ask the demo group to look at a place."""
    with create_app(Settings(data_dir=server.folder)).app_context(), write_unit():
        request_verification(
            actor_named("mattran.xa"),
            make_case("received", place_note="Cạnh cầu treo"),
            organisation_id=an_organisation("group").id,
            question=QUESTION,
            due_on=due(),
        )


def answered(server: Server) -> list[tuple[str, str | None, float | None, bool]]:
    """State, note, longitude and whether there is a photo, of every site check."""
    with create_app(Settings(data_dir=server.folder)).app_context():
        query = select(SiteCheck.state, SiteCheck.note, SiteCheck.lon, Photo.id)
        rows = session().execute(query.outerjoin(Photo, Photo.id == SiteCheck.photo_id)).all()
        return [(state, note, lon, photo is not None) for state, note, lon, photo in rows]


def store(phone: Phone) -> str:
    """What the phone's store keeps of tasks and answers, as text."""
    found: str = phone.page.evaluate(
        """
        () => new Promise((resolve) => {
          const opening = indexedDB.open("mat-xanh");
          opening.onsuccess = () => {
            const notes = opening.result.transaction(["notes"]).objectStore("notes").getAll();
            notes.onsuccess = () => {
              opening.result.close();
              resolve(JSON.stringify(notes.result));
            };
          };
        })
        """
    )
    return found
