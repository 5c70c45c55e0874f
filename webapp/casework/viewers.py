"""Who sees the photos of a case as staff: whoever may read the case, as renditions only."""

from sqlalchemy import select

from webapp.cases.models import Case, CasePhoto
from webapp.cases.policy import readable
from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.media.models import Photo
from webapp.media.policy import register_viewer


@register_viewer
def shows_with_case(actor: Actor, photo: Photo) -> bool:
    """A photo that was put into a case which the actor's ring reads."""
    found = (
        select(CasePhoto.id)
        .join(Case, Case.id == CasePhoto.case_id)
        .where(CasePhoto.photo_id == photo.id, readable(actor))
    )
    return session().scalar(found.limit(1)) is not None
