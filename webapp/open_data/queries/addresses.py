"""Which public pages there are, by code alone: what a sitemap lists."""

from sqlalchemy import func, select

from webapp.cases.models import Case
from webapp.core.unit_of_work import session
from webapp.open_data.queries.filters import CaseFilter, case_conditions
from webapp.outcomes.models import Outcome
from webapp.outcomes.workflow import PUBLIC


def case_codes(*, limit: int, offset: int) -> list[tuple[str, bool]]:
    """Codes of listed cases in the order of their rows, and whether each has a published page."""
    published = (
        select(Outcome.id)
        .where(Outcome.case_id == Case.id, Outcome.state.in_(sorted(PUBLIC)))
        .exists()
    )
    query = select(Case.code, published).where(*case_conditions(CaseFilter()))
    rows = session().execute(query.order_by(Case.id).limit(limit).offset(offset))
    return [(code, has_page) for code, has_page in rows]


def count_of_cases() -> int:
    """How many listed cases there are."""
    query = select(func.count(Case.id)).where(*case_conditions(CaseFilter()))
    return session().scalar(query) or 0
