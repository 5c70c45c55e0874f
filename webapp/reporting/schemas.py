"""The JSON of reports, as the contract has it. Types are judged here, rules by the operations."""

from typing import Any

from webapp.reporting.submission import (
    Contact,
    ListedPhoto,
    ListedVoice,
    SentPlace,
    Submission,
    UnitKey,
)
from webapp.reporting.workflow import MARKS
from webapp.web.api import Anything, Body, Boolean, Integer, ListOf, Moment, Nested, String


class LocationBody(Body):
    """A place: degrees, longitude first by name; metres; gps, photo or map."""

    lon = Anything(required=True, metadata={"type": "number"})
    lat = Anything(required=True, metadata={"type": "number"})
    accuracy_m = Anything(metadata={"type": "number"})
    source = String(load_default="gps")


class UnitBody(Body):
    """A unit by its key."""

    code_system = String(required=True)
    code = String(required=True)


class ContactBody(Body):
    """Who sends, if they wish to say so."""

    name = String(allow_none=True)
    phone = String(allow_none=True)
    email = String(allow_none=True)


class PhotoBody(Body):
    """A photo whose bytes follow by PUT."""

    sha256 = String(required=True)
    size = Integer(required=True)
    type = String(required=True)
    taken_at = Moment(allow_none=True)


class VoiceBody(Body):
    """A voice note whose bytes follow by PUT."""

    sha256 = String(required=True)
    size = Integer(required=True)
    type = String(required=True)
    seconds = Integer(required=True)


class ReportBody(Body):
    """A report."""

    category = String(required=True)
    nature = String(allow_none=True)
    description = String(allow_none=True)
    observed_at = Moment(allow_none=True)
    location = Nested(LocationBody, allow_none=True)
    unit = Nested(UnitBody, allow_none=True)
    place_note = String(allow_none=True)
    households_affected = Integer(allow_none=True)
    contact = Nested(ContactBody, allow_none=True)
    keep_secret = Boolean(load_default=True)
    to_province = Boolean(load_default=False)
    about_commune = Boolean(load_default=False)
    channel = String(allow_none=True)
    on_behalf_of = Anything(allow_none=True, metadata={"type": ["string", "boolean"]})
    consent = Boolean(required=True)
    consent_version = String(allow_none=True)
    preferred_language = String(allow_none=True)
    interpreter_needed = Boolean(load_default=False)
    voice = Nested(VoiceBody, allow_none=True)
    photos = ListOf(Nested(PhotoBody), load_default=list)


class InformationBody(Body):
    """An answer to the Front's question, or evidence added."""

    words = String(allow_none=True)
    photos = ListOf(Nested(PhotoBody), load_default=list)


class WordsBody(Body):
    """Words to the Front."""

    words = String(required=True)


class ConfirmationBody(Body):
    """Whether the matter is fixed, as the sender sees it."""

    fixed = Boolean(required=True)
    words = String(allow_none=True)
    photos = ListOf(Nested(PhotoBody), load_default=list)


class RatingBody(Body):
    """How content the sender is with what came out."""

    mark = String(required=True, metadata={"enum": list(MARKS)})
    words = String(allow_none=True)


class LostCodeBody(Body):
    """What was left with the report whose code is lost."""

    phone = String(allow_none=True)
    email = String(allow_none=True)


class IdentityWithdrawalBody(Body):
    """Photos that leave together with the name, by their hash."""

    photos = ListOf(String(), load_default=list)


class NothingBody(Body):
    """An act that needs no words."""


class UnitAnswer(Body):
    """A unit with its name."""

    code_system = String()
    code = String()
    name = String()


class PhotoAnswer(Body):
    """A listed photo; ``url`` is where its bytes are put."""

    sha256 = String()
    state = String(metadata={"enum": ["wanted", "stored", "ready", "unreadable", "erased"]})
    url = String()


class VoiceAnswer(Body):
    """The listed voice note; ``url`` is where its bytes are put."""

    sha256 = String()
    state = String(metadata={"enum": ["wanted", "stored", "erased"]})
    url = String()


class ReceiptAnswer(Body):
    """What the sender keeps."""

    report_code = String()
    tracking_code = String(allow_none=True)
    state = String()
    unit = Nested(UnitAnswer)
    photos = ListOf(Nested(PhotoAnswer))
    voice = Nested(VoiceAnswer, allow_none=True)
    received_at = Moment()
    next_step = String(metadata={"description": "Who looks first, and until when"})


class LineAnswer(Body):
    """One step: ``voice`` is residents, front or office."""

    at = Moment()
    voice = String()
    text = String()
    detail = String(allow_none=True)


class FollowAnswer(ReceiptAnswer):
    """How the report stands, for its sender."""

    state_label = String()
    sentence = String()
    category = String()
    received_at = Moment()
    question = String(allow_none=True)
    case_code = String(allow_none=True)
    timeline = ListOf(Nested(LineAnswer))
    possible = ListOf(String())
    rating = String(allow_none=True, metadata={"enum": [*MARKS, None]})
    waiting = ListOf(String(metadata={"enum": ["reconsider", "reopen"]}))


class LostCodeAnswer(Body):
    """What everybody is told, whether the address is known or not."""

    detail = String()


class PlaceAnswer(Body):
    """The unit at a place, null outside the served area; ``doubtful`` near the border.

    ``former`` is the unit there before 01/7/2025, ``former_doubtful`` when it is the nearest of
    several that were merged.
    """

    unit = Nested(UnitAnswer, allow_none=True)
    doubtful = Boolean()
    former = Nested(UnitAnswer, allow_none=True)
    former_doubtful = Boolean()


def submission_of(body: dict[str, Any]) -> Submission:
    """The submission that a loaded ``ReportBody`` means."""
    location, unit = body.pop("location", None), body.pop("unit", None)
    voice = body.pop("voice", None)
    behalf, contact = body.pop("on_behalf_of", None), Contact(**(body.pop("contact", None) or {}))
    if isinstance(behalf, str) and not contact.name:
        contact = Contact(behalf, contact.phone, contact.email)
    return Submission(
        location=SentPlace(**location) if location else None,
        unit=UnitKey(**unit) if unit else None,
        contact=contact,
        on_behalf=bool(behalf),
        photos=photos_of(body.pop("photos")),
        voice=ListedVoice(**voice) if voice else None,
        **body,
    )


def photos_of(photos: list[dict[str, Any]]) -> tuple[ListedPhoto, ...]:
    """Photos as listed."""
    return tuple(ListedPhoto(**photo) for photo in photos)
