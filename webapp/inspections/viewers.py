"""Who sees the photos of an inspection as staff: those who may open its file, while unsealed."""

from sqlalchemy import select

from webapp.core.actor import Actor
from webapp.core.unit_of_work import session
from webapp.inspections.models import InspectionFile, InspectionPhoto
from webapp.inspections.policy import readable
from webapp.media.models import Photo
from webapp.media.policy import register_viewer


@register_viewer
def shows_with_file(actor: Actor, photo: Photo) -> bool:
    """A photo of an inspection file that the actor may open and that was not handed over."""
    query = (
        select(InspectionFile.id)
        .join(InspectionPhoto, InspectionPhoto.file_id == InspectionFile.id)
        .where(
            InspectionPhoto.photo_id == photo.id,
            InspectionFile.state != "handed_over",
            readable(actor),
        )
    )
    return session().scalar(query.limit(1)) is not None
