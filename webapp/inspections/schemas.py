"""The JSON of a visit: what a phone sends of the minutes. The form's rules hold for it too."""

from webapp.web.api import Body, Integer, ListOf, Moment, Nested, String


class MeasuredBody(Body):
    """One measurement; ``parameter`` may be the label of a shipped limit."""

    parameter = String(required=True)
    value = String(required=True)
    unit = String(load_default="")
    lowest = String(load_default="")
    highest = String(load_default="")
    sampled_at = String(load_default="")


class VisitBody(Body):
    """The minutes of an inspection file in the version that was seen."""

    file = String(required=True)
    version = Integer(required=True)
    started_at = Moment(allow_none=True, load_default=None)
    ended_at = Moment(allow_none=True, load_default=None)
    place = String(load_default="")
    present = String(load_default="")
    observed = String(load_default="")
    statement = String(load_default="")
    measured = ListOf(Nested(MeasuredBody), load_default=list)


class VisitAnswer(Body):
    """The file, and the version that the next step of it must name."""

    file = String()
    version = Integer()
