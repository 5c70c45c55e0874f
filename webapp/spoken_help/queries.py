"""Reading recordings: all for the administrator, by screen for the resident, by file for both."""

from collections.abc import Sequence

from sqlalchemy import select

from webapp.core import files
from webapp.core.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.unit_of_work import session
from webapp.spoken_help.audio import SUFFIXES
from webapp.spoken_help.models import Recording
from webapp.spoken_help.permissions import MANAGE

AREA = "audio"


def recordings() -> Sequence[Recording]:
    """Every recording; a few hundred at most, so that a page asks once."""
    return session().scalars(select(Recording).order_by(Recording.id)).all()


def managed_recordings(actor: Actor) -> Sequence[Recording]:
    """The same for who may change them. Raises Forbidden."""
    actor.demand(MANAGE)
    return recordings()


def sound(name: str) -> tuple[bytes, str]:
    """The bytes and the kind of an attached file, by ``<hash>.<suffix>``. Raises NotFound."""
    stem, _, suffix = name.partition(".")
    key = f"{AREA}/{stem[:2]}/{stem}"
    mime = session().scalar(select(Recording.mime).where(Recording.file_key == key).limit(1))
    if mime is None or SUFFIXES[mime] != suffix:
        raise NotFound
    try:
        return files.store().get(key), mime
    except FileNotFoundError:
        raise NotFound from None


def file_name(recording: Recording) -> str:
    """The public name of a recording's file: its hash."""
    return f"{recording.file_key.rpartition('/')[2]}.{SUFFIXES[recording.mime]}"
