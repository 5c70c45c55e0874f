"""Templates by which an organisation lays out its letters: brought, tried out, put in force."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from webapp.audit.operations import Subject, record
from webapp.core import clock
from webapp.core.actor import Actor
from webapp.core.errors import Forbidden, NotFound
from webapp.core.unit_of_work import session
from webapp.directory.models import Person
from webapp.documents.models import Document, LetterTemplate, TemplateUse
from webapp.documents.permissions import MANAGE_LETTERS


def bring_template(
    actor: Actor, organisation_id: int, type_code: str, content: bytes, *, key: str
) -> LetterTemplate:
    """Keep a checked template to be tried out; ``key`` is where the file lies. Raises Forbidden."""
    _authorise(actor, organisation_id)
    brought = LetterTemplate(
        organisation_id=organisation_id,
        type_code=type_code,
        state="uploaded",
        file_key=key,
        sha256=hashlib.sha256(content).hexdigest(),
        at=clock.now(),
        person_id=actor.person_id,
    )
    session().add(brought)
    session().flush()
    _note(actor, "documents.bring_template", brought)
    return brought


def use_template(actor: Actor, template_id: int) -> LetterTemplate:
    """Put a template in force; the one before is replaced. Raises NotFound, Forbidden."""
    chosen = own_template(actor, template_id)
    for each in _rows(chosen.organisation_id, chosen.type_code, "in_force"):
        each.state = "replaced"
    session().flush()
    chosen.state = "in_force"
    session().flush()
    _note(actor, "documents.use_template", chosen)
    return chosen


def drop_template(actor: Actor, template_id: int) -> None:
    """Go back to the built-in layout, or forget one that was tried out."""
    chosen = own_template(actor, template_id)
    chosen.state = "replaced"
    _note(actor, "documents.drop_template", chosen)


def own_template(actor: Actor, template_id: int) -> LetterTemplate:
    """A template of the actor's organisations. Raises NotFound."""
    found = session().get(LetterTemplate, template_id)
    if found is None or found.organisation_id not in actor.organisations_for(MANAGE_LETTERS):
        raise NotFound
    return found


@dataclass(frozen=True)
class KeptTemplate:
    """A template with who brought it and how many signed letters were made by it."""

    template: LetterTemplate
    person: str | None
    letters: int


def own_templates(actor: Actor) -> list[KeptTemplate]:
    """Every template of the actor's organisations, replaced ones too, the newest first."""
    mine = sorted(actor.organisations_for(MANAGE_LETTERS))
    letters = (
        select(func.count())
        .where(TemplateUse.template_id == LetterTemplate.id)
        .correlate(LetterTemplate)
        .scalar_subquery()
    )
    query = (
        select(LetterTemplate, Person.name, letters)
        .outerjoin(Person, Person.id == LetterTemplate.person_id)
        .where(LetterTemplate.organisation_id.in_(mine))
        .order_by(LetterTemplate.id.desc())
    )
    return [KeptTemplate(*row) for row in session().execute(query)]


def keep_template(document: Document) -> None:
    """Fix by which template a letter that is signed now will be made."""
    found = next(iter(_rows(document.organisation_id, document.type_code, "in_force")), None)
    # Of a signature that was taken back; kept until now, since an undone merger gives it back.
    session().execute(delete(TemplateUse).where(TemplateUse.document_id == document.id))
    if found is not None:
        session().add(TemplateUse(document_id=document.id, template_id=found.id))


def template_of(document: Document) -> LetterTemplate | None:
    """The template of a letter: fixed at signing, before it the one in force; None if built in."""
    if document.signed_at is None:
        return next(iter(_rows(document.organisation_id, document.type_code, "in_force")), None)
    use = session().get(TemplateUse, document.id)
    return use.template if use else None


def _rows(organisation_id: int, type_code: str, state: str) -> list[LetterTemplate]:
    query = select(LetterTemplate).where(
        LetterTemplate.organisation_id == organisation_id,
        LetterTemplate.type_code == type_code,
        LetterTemplate.state == state,
    )
    return list(session().scalars(query))


def _authorise(actor: Actor, organisation_id: int) -> None:
    if organisation_id not in actor.organisations_for(MANAGE_LETTERS):
        raise Forbidden


def _note(actor: Actor, action: str, template: LetterTemplate) -> None:
    subject = Subject("letter_template", template.id)
    record(actor, action, subject, by=MANAGE_LETTERS, type=template.type_code)
