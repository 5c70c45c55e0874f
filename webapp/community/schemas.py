"""The JSON of those who are affected too."""

from webapp.web.api import Anything, Body, Boolean, Integer, ListOf, Nested, String


class NearQuery(Body):
    """Where and what: degrees and a category of any depth."""

    lon = Anything(required=True, metadata={"type": "number"})
    lat = Anything(required=True, metadata={"type": "number"})
    category = String(required=True)


class NearCaseAnswer(Body):
    """An open public case near by. People are told by the rule of 5, in words."""

    case_code = String()
    title = String()
    category = String()
    state = String()
    state_label = String()
    overdue = Boolean()
    distance_m = Integer(metadata={"description": "in steps of 50, from the public point"})
    precision_m = Integer()
    days = Integer(metadata={"description": "since the first report"})
    households = String()
    guests = String()
    photo = String(allow_none=True)
    url = String()


class NearAnswer(Body):
    """Near cases, the nearest first."""

    cases = ListOf(Nested(NearCaseAnswer))


class AffectedBody(Body):
    """An address for notices, if wished."""

    email = String(allow_none=True)


class AffectedAnswer(Body):
    """What the follower keeps."""

    follow_code = String()
    case_code = String()


class FollowedAnswer(Body):
    """How a followed case stands."""

    case_code = String()
    title = String()
    state = String()
    state_label = String()
    sentence = String()
    may_confirm = Boolean()


class FollowerVoteBody(Body):
    """Whether the matter is fixed, as the follower sees it."""

    fixed = Boolean(required=True)
    words = String(allow_none=True)
