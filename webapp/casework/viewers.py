"""Who sees the photos of a case as staff: its Front and its offices, as renditions only."""

from sqlalchemy import select

from webapp.cases.models import Case, CasePhoto
from webapp.cases.policy import Sight, readable, sight
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.media.models import Photo
from webapp.media.policy import register_viewer


@register_viewer
def shows_with_case(actor: Actor, photo: Photo) -> bool:
    """A photo that was put into a case which the actor reads as Front or office.

    A publisher is shown only photos that are proposed for publication (rings of sight).
    """
    cases = (
        select(Case)
        .join(CasePhoto, CasePhoto.case_id == Case.id)
        .where(CasePhoto.photo_id == photo.id, readable(actor))
    )
    return any(sight(actor, case) is not Sight.PUBLISHER for case in session().scalars(cases))
