"""What the committees of the demonstration often write, kept as their reply templates."""

from webapp.core.clock import today_local
from webapp.core.data_files import Row, toml_table
from webapp.core.unit_of_work import write_unit
from webapp.demo.cast import Cast
from webapp.demo.life import present
from webapp.demo.planning import HOME
from webapp.directory.queries import front_of, province_of, unit_by_key
from webapp.directory.served_units import NEW_SYSTEM
from webapp.triage.operations.desk import Wording, save_template

_FILE = "replies.toml"


def replies() -> tuple[Wording, ...]:
    """Every reply, in the order of the file. Raises DataFileError."""
    file = toml_table(__package__, _FILE)
    read = tuple(_reply(row) for row in file.rows("reply"))
    file.finish()
    return read


def make_replies() -> None:
    """The replies as templates of the two committees whose officers have a demo sign-in.

    Raises LookupError where the reference data is missing.
    """
    home = unit_by_key(NEW_SYSTEM, HOME)
    if home is None:
        raise LookupError(f"no unit {HOME}: load the reference data first")
    cast = Cast()
    with write_unit():
        for unit in (home, province_of(home)):
            officer = cast.front(present(front_of(unit.id, today_local())))
            for wording in replies():
                save_template(officer, wording, template_id=None)


def _reply(row: Row) -> Wording:
    return Wording(
        step=row.text("step"),
        category=row.text("category", ""),
        name=row.text("name"),
        words=row.text("words"),
    )
