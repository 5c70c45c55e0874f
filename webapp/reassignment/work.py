"""The work of a batch: found, written down to be moved, and what of it was left behind."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Select, func, select

from webapp.cases.models import Case, Proposal
from webapp.casework.models import CaseLetter
from webapp.core.unit_of_work import session
from webapp.documents.models import Document
from webapp.inspections.models import Establishment, InspectionFile
from webapp.reassignment.models import ReassignedRow, Reassignment
from webapp.reassignment.planning import (
    moving_cases,
    moving_files,
    moving_filters,
    moving_letters,
    moving_proposals,
    moving_reports,
)
from webapp.reassignment.workflow import WORK
from webapp.reporting.models import Report
from webapp.triage.models import ReplyTemplate, SavedFilter

_LABEL: Final = 200


def write_down(batch: Reassignment) -> None:
    """Work of the units and bodies that is not in the batch yet, to be moved."""
    written = select(ReassignedRow.kind, ReassignedRow.row_id).where(
        ReassignedRow.batch_id == batch.id, ReassignedRow.kind.in_(WORK)
    )
    known = {(kind, row_id) for kind, row_id in session().execute(written)}
    ended = sorted(int(old) for old in batch.organisations)
    for kind, query in work_of(batch.predecessor_ids, ended):
        for row_id, label in session().execute(query):
            if (kind, row_id) not in known:
                session().add(
                    ReassignedRow(
                        batch_id=batch.id, kind=kind, row_id=row_id, label=label, state="waiting"
                    )
                )
    session().flush()


def work_of(unit_ids: Sequence[int], ended: Sequence[int]) -> list[tuple[str, Select[int, str]]]:
    """Id and label of each kind of work of these units and bodies, in the order of moving."""
    proposals = select(Proposal.id, Case.code).join(Case, Case.id == Proposal.case_id)
    letters = select(CaseLetter.id, func.substr(Document.subject, 1, _LABEL)).join(
        Document, Document.id == CaseLetter.document_id
    )
    return [
        ("case", select(Case.id, Case.code).where(moving_cases(unit_ids, ended))),
        ("report", select(Report.id, Report.code).where(moving_reports(unit_ids))),
        ("proposal", proposals.where(moving_proposals(unit_ids))),
        (
            "inspection_file",
            select(InspectionFile.id, func.substr(InspectionFile.purpose, 1, _LABEL)).where(
                moving_files(unit_ids, ended)
            ),
        ),
        (
            "establishment",
            select(Establishment.id, Establishment.name).where(Establishment.unit_id.in_(unit_ids)),
        ),
        ("case_letter", letters.where(moving_letters(ended))),
        (
            "reply_template",
            select(ReplyTemplate.id, ReplyTemplate.name).where(
                ReplyTemplate.organisation_id.in_(ended)
            ),
        ),
        (
            "saved_filter",
            select(SavedFilter.id, SavedFilter.name).where(moving_filters(unit_ids, ended)),
        ),
    ]


def left_behind(batch: Reassignment) -> list[ReassignedRow]:
    """Refused rows of what is still with the units and bodies that ended."""
    ended = sorted(int(old) for old in batch.organisations)
    refused = list(
        session().scalars(
            select(ReassignedRow)
            .where(ReassignedRow.batch_id == batch.id, ReassignedRow.state == "refused")
            .order_by(ReassignedRow.id)
        )
    )
    there = {
        (kind, row_id)
        for kind, query in work_of(batch.predecessor_ids, ended)
        if any(row.kind == kind for row in refused)
        for row_id, _label in session().execute(query)
    }
    return [row for row in refused if (row.kind, row.row_id) in there]
