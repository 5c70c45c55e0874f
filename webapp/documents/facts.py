"""What the built-in letters are told: the issuing organisation and the case, in words.

The caller gives only what the reader may see: the Front's own summary, a place in words, the first
date as precise as the category allows. Nothing here can hold a reporter's words or identity.
"""

from dataclasses import dataclass
from typing import Final

from webapp.documents.letters import OrganisationHeader

# Fewer people than this are not counted in words that may become public (workflow, small villages).
FEW: Final = 5


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """The organisation that issues, a setting of its own.

    name is how the prose calls it ("Ban Thường trực Ủy ban MTTQ Việt Nam xã Nà Tấu"); body its
    part of the notation ("MTTQ-BTT"); filing what follows "Lưu:"; programme the coordination
    programme or regulation of the province as it is cited, None where none is agreed.
    """

    header: OrganisationHeader
    name: str
    body: str
    filing: str
    programme: str | None = None


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """A case in the words that may leave the Front.

    category is the label people see; first_reported reads "ngày 03/9/2026" or, for a secret
    category, "tháng 9/2026"; summary is the Front's, one or more lines.
    """

    code: str
    category: str
    unit: str
    place: str
    summary: str
    report_count: int
    first_reported: str


def in_sentence(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it starts with an abbreviation."""
    if label[1:2].isupper():
        return label
    return label[:1].lower() + label[1:]


def counted(amount: int) -> str:
    """A number in official prose: at least two digits, thousands parted by dots ("03", "1.250")."""
    return f"{amount:02d}" if amount < 1000 else f"{amount:,}".replace(",", ".")


def people_counted(amount: int) -> str:
    """A number of people's reports: "dưới 05" for fewer than five, so that nobody stands out."""
    return f"dưới {counted(FEW)}" if amount < FEW else counted(amount)
