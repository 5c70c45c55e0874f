"""A merger leaves nothing behind unnoticed: every column that names a unit or a body is decided."""

from webapp.models import metadata
from webapp.reassignment.snapshots import KINDS

# What stays with the unit or body it was of, and why.
STAYS = {
    "alert.organisation_id": "found by organisations_hearing under the successor",
    "alert.unit_id": "found by units_hearing under the successor",
    "assignment.organisation_id": "ended; a new row follows",
    "assignment.unit_id": "ended; a new row follows",
    "case_file.observed_unit_id": "the unit of the day it was seen, for figures",
    "delivery.recipient_id": "who got the letter then",
    "focal_point.organisation_id": "ended; a new row follows",
    "inspection.office_id": "who did it then",
    "letter_template.organisation_id": "a letterhead is one body's",
    "local_action.organisation_id": "groups move as they are",
    "meeting.unit_id": "where it was held",
    "notice.organisation_id": "who was told then",
    "number_sequence.organisation_id": "a register is one body's",
    "reassignment.successor_id": "the batch itself",
    "register_setting.organisation_id": "a register is one body's",
    "report.named_unit_id": "what the sender said",
    "report.observed_unit_id": "the unit of the day it was seen, for figures",
    "site_check.organisation_id": "groups move as they are",
    "timeline_line.organisation_id": "who acted then",
    "unit.parent_id": "communes have nothing below them",
    "unit_area.unit_id": "joined with the successor's",
    "unit_succession.new_id": "written by the batch",
    "unit_succession.old_id": "written by the batch",
}


def test_every_column_that_names_a_unit_or_a_body_moves_or_stays_for_a_reason() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in {"unit", "organisation"}
    }
    moved = {
        f"{kind.model.__tablename__}.{column}"
        for kind in KINDS.values()
        for column in (*kind.units, *kind.organisations)
    }
    assert named - moved - set(STAYS) == set()
    assert set(STAYS) - named == set()
