"""An inspector with a visit to make, for the phone to be tried on."""

from sqlalchemy import func, select

from tests.factories.casework import Desks
from tests.factories.inspections import BOD, an_inspection_file
from tests.offline.proxy import Request
from tests.resilience.world import actor_named
from tests.servers import Server
from webapp.app import create_app
from webapp.config import Settings
from webapp.core.unit_of_work import session, write_unit
from webapp.inspections.models import InspectionStep, Measurement, Minutes

SENDING = Request("POST", "/api/v1/staff/visits")
PURPOSE = "Nước thải chăn nuôi chảy ra suối"
__all__ = ["BOD", "PURPOSE", "SENDING", "plan", "stored"]
_NAMES = ("mattran.xa", "chutich.mattran", "moitruong.xa", "lanhdao.xa", "mattran.tinh")


def plan(server: Server) -> str:
    """Plan and decide an inspection for the demo office; its uid."""
    with create_app(Settings(data_dir=server.folder)).app_context(), write_unit():
        desks = Desks(*map(actor_named, _NAMES), emails={})
        return an_inspection_file(desks, "decided", purpose=PURPOSE).uid


def stored(server: Server) -> list[tuple[str, list[str], int]]:
    """What every visit says and measured, and how often its minutes were written."""
    with create_app(Settings(data_dir=server.folder)).app_context():
        written = select(func.count()).where(InspectionStep.transition == "write_minutes")
        times = session().scalar(written) or 0
        values = list(session().scalars(select(Measurement.value)))
        return [(each.observed, values, times) for each in session().scalars(select(Minutes))]
