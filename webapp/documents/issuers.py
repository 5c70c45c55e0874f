"""How an organisation of the directory appears on its letters."""

from datetime import date
from typing import Final

from webapp.directory.models import Organisation
from webapp.directory.queries import setting
from webapp.documents.facts import Issuer
from webapp.documents.letters import OrganisationHeader, Partner, Signature

_FILING: Final = "VT, BTT"
_PROGRAMME: Final = "coordination_programme"
# Who signs for each kind of body that may sign beside the Front (S1-Z.1).
_PARTNER_SIGNATURES: Final = {
    "peoples_committee": Signature(("TM. ỦY BAN NHÂN DÂN",), "Chủ tịch"),
    "env_office": Signature((), "Giám đốc"),
}
_COMMUNE_OFFICE: Final = Signature((), "Trưởng phòng")


def issuer_of(organisation: Organisation, on: date) -> Issuer:
    """How a Front committee appears on its letters."""
    return Issuer(
        header=header_of(organisation),
        name=f"Ban Thường trực {organisation.name}",
        body=organisation.notation,
        filing=_FILING,
        programme=setting(_PROGRAMME, on),
    )


def header_of(organisation: Organisation) -> OrganisationHeader:
    """The organisation's own header, a setting of the directory."""
    return OrganisationHeader(
        parent_lines=tuple(organisation.letter_parent.splitlines()),
        issuing_lines=tuple((organisation.letter_name or organisation.name).splitlines()),
        place=organisation.letter_place,
    )


def partner_of(organisation: Organisation) -> Partner:
    """The organisation as the second party of a letter. Raises ValueError for other kinds."""
    if organisation.kind not in _PARTNER_SIGNATURES:
        raise ValueError(f"a {organisation.kind} does not sign beside the Front")
    in_commune = organisation.kind == "env_office" and organisation.unit.kind == "commune"
    signature = _COMMUNE_OFFICE if in_commune else _PARTNER_SIGNATURES[organisation.kind]
    return Partner(header_of(organisation), signature)
