"""Who may see a photo: everybody an approved one, staff what a registered rule shows them."""

from collections.abc import Callable

from webapp.core.actor import Actor
from webapp.media.models import Photo

Viewer = Callable[[Actor, Photo], bool]

_viewers: list[Viewer] = []


def register_viewer(viewer: Viewer) -> Viewer:
    """Add a rule that shows photos to staff; features above know whose photo it is."""
    if viewer not in _viewers:
        _viewers.append(viewer)
    return viewer


def may_see(actor: Actor, photo: Photo) -> bool:
    """Whether any rule shows this photo's renditions to the actor."""
    return any(viewer(actor, photo) for viewer in _viewers)
