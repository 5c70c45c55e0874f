"""The indexes of the table of cases; the conditions that use them stand in ``indexed``."""

from sqlalchemy import Index, text

from webapp.cases.workflow import ENDED, LISTED, WITH_OFFICE, WITH_RESULT
from webapp.core.workflow import check_list

_OPEN_SQL = text(f"state NOT IN ({check_list(sorted(ENDED))})")
_PUBLIC_SQL = text(f"public_since IS NOT NULL AND state IN ({check_list(sorted(LISTED))})")
_OFFICE_SQL = text(f"public_since IS NOT NULL AND state IN ({check_list(sorted(WITH_OFFICE))})")
_PAGE_OWED_SQL = text(
    f"public_since IS NOT NULL AND state IN ({check_list(sorted(WITH_RESULT))})"
    " AND not_published_reason IS NULL"
)
_ON_DESK_MAP = (
    *("cell", "handling_unit_id", "lon", "lat", "code", "category", "state", "due_at"),
    *("to_province", "released", "public_since", "id"),
)
"""What the desk's map shows of a case, and what tells who of the Front may read it."""
_NEAR = (
    *("category", "cell", "first_reported_at", "handling_unit_id", "lon", "lat"),
    *("to_province", "released", "public_since", "id"),
)
"""What tells whether a case may be the same matter as another, and who of the Front may read it."""
_COUNTED_ON_DESK = (
    *("state", "handling_unit_id", "category", "due_at", "urgent", "severity"),
    *("to_province", "released", "public_since", "id"),
)
"""What the desk counts by under any of its filters, and who of the Front may read it."""
_BY_OWNER = (
    *("owner_id", "state", "due_at", "handling_unit_id"),
    *("to_province", "released", "public_since", "id"),
)
"""What tells of a committee's open cases which may be late, and who of the Front may read them."""
_ON_BOARD = ("handling_unit_id", "category", "waste_source", "severity")
"""What a board counts by, in the order in which it is read."""
_WHO_READS = ("to_province", "released", "public_since", "id")
_COUNTED_ON_BOARD = (
    *("category", "waste_source", "severity", "urgent"),
    *("to_province", "released", "public_since", "id"),
)
"""What a board counts by of what was opened or closed in some days, and who may read it."""
CASE_INDEXES = (
    Index(
        "ix_case_file_queue",
        "handling_unit_id",
        "due_at",
        "id",
        postgresql_where=_OPEN_SQL,
        sqlite_where=_OPEN_SQL,
    ),
    Index(
        "ix_case_file_public_cell",
        "public_cell",
        "category",
        "state",
        "overdue",
        "public_lon",
        "public_lat",
        "code",
        "handling_unit_id",
        "public_since",
        postgresql_where=_PUBLIC_SQL,
        sqlite_where=_PUBLIC_SQL,
    ),
    Index(
        "ix_case_file_public_list",
        "public_since",
        "id",
        "handling_unit_id",
        "category",
        "state",
        "overdue",
        postgresql_where=_PUBLIC_SQL,
        sqlite_where=_PUBLIC_SQL,
    ),
    Index(
        "ix_case_file_public_unit",
        "handling_unit_id",
        "public_since",
        "id",
        "state",
        "overdue",
        postgresql_where=_PUBLIC_SQL,
        sqlite_where=_PUBLIC_SQL,
    ),
    Index(
        "ix_case_file_public_office",
        "office_id",
        "addressee_id",
        "public_since",
        "category",
        "overdue",
        postgresql_where=_OFFICE_SQL,
        sqlite_where=_OFFICE_SQL,
    ),
    *(
        Index(name, *columns, postgresql_where=_OPEN_SQL, sqlite_where=_OPEN_SQL)
        for name, columns in (
            ("ix_case_file_open_rank", ("queue_rank", "id", "handling_unit_id", "state")),
            ("ix_case_file_open_unit_rank", ("handling_unit_id", "queue_rank", "id")),
            ("ix_case_file_open_state", _COUNTED_ON_DESK),
            ("ix_case_file_open_cell", _ON_DESK_MAP),
            ("ix_case_file_open_near", _NEAR),
            ("ix_case_file_open_owner", _BY_OWNER),
        )
    ),
    Index("ix_case_file_board", *_ON_BOARD, "opened_at", "closed_at", *_WHO_READS),
    Index(
        "ix_case_file_open_board",
        *(*_ON_BOARD, "state", "office_id", "owner_id", "due_at", *_WHO_READS),
        postgresql_where=_OPEN_SQL,
        sqlite_where=_OPEN_SQL,
    ),
    Index("ix_case_file_unit_opened", "handling_unit_id", "opened_at", *_COUNTED_ON_BOARD),
    Index(
        "ix_case_file_unit_closed",
        "handling_unit_id",
        "closed_at",
        *_COUNTED_ON_BOARD,
        postgresql_where=text("closed_at IS NOT NULL"),
        sqlite_where=text("closed_at IS NOT NULL"),
    ),
    Index(
        "ix_case_file_page_owed",
        *("id", "handling_unit_id", "category", "fast", "last_result"),
        *("to_province", "released", "public_since", "state", "not_published_reason"),
        postgresql_where=_PAGE_OWED_SQL,
        sqlite_where=_PAGE_OWED_SQL,
    ),
    Index("ix_case_file_office", "office_id", "state"),
    Index("ix_case_file_addressee", "addressee_id", "state"),
    Index("ix_case_file_opened_at", "opened_at"),
    Index("ix_case_file_closed_at", "closed_at"),
    Index("ix_case_file_merged_into_id", "merged_into_id"),
)
