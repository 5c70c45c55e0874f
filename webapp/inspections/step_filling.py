"""What the step pages of a file hold when they open: choices, and what is known already."""

from collections.abc import Callable
from typing import Any, Final

from webapp.casework.inspection_table import allowed_forms
from webapp.casework.workflow import INSPECTION_FORMS
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.text import _
from webapp.directory.models import Organisation
from webapp.inspections.letters import shipped_limit
from webapp.inspections.limits import limit_labelled, shown_number
from webapp.inspections.models import Establishment, InspectionFile, Measurement
from webapp.inspections.operations.following import open_measures
from webapp.inspections.queries import establishments_of_unit
from webapp.web.locale import translated

_NO_ESTABLISHMENT: Final = _("Không ghi cơ sở")


def offer_plan(actor: Actor, form: Any, office: Organisation, unit_id: int) -> None:
    """Fill the choices of a plan: forms of the office today, establishments of the unit."""
    allowed = allowed_forms(office.unit.kind, clock.today_local())
    form.form.choices = [(code, translated(INSPECTION_FORMS[code])) for code in allowed]
    if not any(rule.led for rule in allowed.values()):
        del form.led
    found = establishments_of_unit(actor, unit_id)
    form.establishment.choices = [
        ("", translated(_NO_ESTABLISHMENT)),
        *((each.uid, each.name) for each in found),
    ]
    if not form.is_submitted():
        form.planned_on.data = clock.today_local()


def chosen_establishment(actor: Actor, form: Any, unit_id: int) -> Establishment | None:
    """The establishment that was picked, of those that were offered."""
    found = establishments_of_unit(actor, unit_id)
    return next((each for each in found if each.uid == form.establishment.data), None)


def prepare_amend(actor: Actor, file: InspectionFile, form: Any) -> None:
    """The plan as it stands."""
    offer_plan(actor, form, file.office, file.unit_id)
    if not form.is_submitted():
        form.form.data, form.planned_on.data = file.form, file.planned_on
        form.purpose.data, form.lead.data = file.purpose, file.lead
        form.team.data, form.sites.data = file.team, file.sites
        form.establishment.data = file.establishment.uid if file.establishment else ""
        if "led" in form:
            form.led.data = file.led


def prepare_again(actor: Actor, file: InspectionFile, form: Any) -> None:
    """The plan of a second inspection: the same, today."""
    prepare_amend(actor, file, form)
    del form.establishment
    if not form.is_submitted():
        form.planned_on.data = clock.today_local()


def prepare_minutes(_actor: Actor, file: InspectionFile, form: Any) -> None:
    """The minutes as they stand, or a beginning now at the first planned site."""
    if form.is_submitted():
        return
    minutes = file.minutes
    if minutes is None:
        form.started_at.set_now()
        form.place.data = (file.sites or "").partition("\n")[0].strip() or None
        return
    form.started_at.set_instant(minutes.started_at)
    if minutes.ended_at:
        form.ended_at.set_instant(minutes.ended_at)
    form.place.data, form.present.data = minutes.place, minutes.present
    form.observed.data, form.statement.data = minutes.observed, minutes.statement
    for number, each in enumerate(file.measurements):
        while len(form.measured.entries) <= number:
            form.measured.append_entry()
        form.measured.entries[number].form.process(data=_typed(each))


def _typed(each: Measurement) -> dict[str, str | None]:
    """A measurement as it would be typed again; a limit of the table stands by its label."""
    label = f"{each.parameter} · {each.standard}"
    as_shipped = shipped_limit(each) is not None
    return {
        "parameter": label if limit_labelled(label) else each.parameter,
        "value": shown_number(each.value),
        "unit": each.unit,
        "lowest": None if as_shipped else shown_number(each.lowest),
        "highest": None if as_shipped else shown_number(each.highest),
        "sampled_at": each.sampled_at,
    }


def prepare_photos(_actor: Actor, file: InspectionFile, form: Any) -> None:
    """Now, at the place of the minutes."""
    form.photos.flags.required = True
    if not form.is_submitted():
        form.taken_at.set_now()
        form.place.data = file.minutes.place if file.minutes else None
        form.moment.data = "after" if file.state in {"remedying", "closed"} else "site"


def prepare_today(name: str) -> Callable[[Actor, InspectionFile, Any], None]:
    """Today in the field of this name."""

    def prepare(_actor: Actor, _file: InspectionFile, form: Any) -> None:
        if not form.is_submitted():
            form[name].data = clock.today_local()

    return prepare


def prepare_result(_actor: Actor, file: InspectionFile, form: Any) -> None:
    """The result as it was proposed before; no naming where no establishment is known."""
    if file.establishment_id is None:
        del form.names_party
    result = file.result
    if result is not None and not form.is_submitted():
        form.conclusion.data, form.answer.data = result.conclusion, result.answer
        form.findings.data = result.findings
        form.document_number.data, form.document_on.data = (
            result.document_number,
            result.document_on,
        )
        if "names_party" in form:
            form.names_party.data = result.names_party


def prepare_finish(_actor: Actor, file: InspectionFile, form: Any) -> None:
    """The measures still to be carried out."""
    waiting = open_measures(file)
    form.measure.choices = [(str(each.id), each.text) for each in waiting]
    if len(waiting) == 1 and not form.is_submitted():
        form.measure.data = str(waiting[0].id)
