"""Keys and webhooks of partners' programs."""

from tests.factories.accounts import make_person
from tests.factories.directory import DIEN_BIEN, a_unit
from webapp.core.actor import Actor
from webapp.core.unit_of_work import write_unit
from webapp.open_data.models import ApiKey
from webapp.open_data.operations.keys import make_key


def an_administrator() -> Actor:
    """An administrator of Điện Biên, inside the caller's write unit."""
    return make_person("admin", unit=a_unit(DIEN_BIEN), name="Lò Văn Quản")[1]


def a_key(name: str = "Cổng phản ánh của tỉnh") -> tuple[ApiKey, str]:
    """A key that may send reports, with its text."""
    with write_unit():
        return make_key(an_administrator(), name=name, scopes=["open311.write"])
