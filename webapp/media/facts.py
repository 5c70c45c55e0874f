"""What EXIF said about a photo, sealed like an identity: it tells where somebody stood."""

from datetime import datetime

import orjson

from geo.photos import PhotoFacts
from geo.points import Point
from webapp.core import crypto
from webapp.core.resealing import sealed_in
from webapp.media.models import Photo


def seal_facts(facts: PhotoFacts, uid: str) -> bytes:
    """The facts, sealed and bound to the photo's uid."""
    told = {
        "place": [facts.place.lon, facts.place.lat] if facts.place else None,
        "taken_at": facts.taken_at.isoformat() if facts.taken_at else None,
        "offset_minutes": facts.offset_minutes,
        "orientation": facts.orientation,
    }
    return crypto.seal(orjson.dumps(told), binding=_binding(uid))


def unseal_facts(sealed: bytes, uid: str) -> PhotoFacts:
    """The facts as sealed. Raises SealBroken when they belong to another photo."""
    told = orjson.loads(crypto.unseal(sealed, binding=_binding(uid)))
    return PhotoFacts(
        place=Point(*told["place"]) if told["place"] else None,
        taken_at=datetime.fromisoformat(told["taken_at"]) if told["taken_at"] else None,
        offset_minutes=told["offset_minutes"],
        orientation=told["orientation"],
    )


def _binding(uid: str) -> str:
    return f"photo.facts:{uid}"


sealed_in(Photo.facts_sealed, bound=Photo.uid, binding=_binding)
