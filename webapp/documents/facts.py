"""What the built-in letters are told: the issuing organisation and the case, in words.

The caller gives only what the reader may see: the Front's own summary, a place in words, the first
date as precise as the category allows. Nothing here can hold a reporter's words or identity.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from webapp.documents.letters import OrganisationHeader, Recipient, Signature, Urgency

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

    category is the label people see; first_reported reads "ngày 03/09/2026" or, for a secret
    category, "tháng 09/2026"; summary is the Front's, one or more lines.
    """

    code: str
    category: str
    unit: str
    place: str
    summary: str
    report_count: int
    first_reported: str


@dataclass(frozen=True, kw_only=True)
class AnswerTerm:
    """When an answer is hoped for and by which agreement ("quy chế phối hợp của tỉnh")."""

    due_on: date
    agreed_by: str | None = None

    def __str__(self) -> str:
        """ "ngày 25/09/2026 (theo quy chế phối hợp của tỉnh)"."""
        source = f" (theo {self.agreed_by})" if self.agreed_by else ""
        return f"ngày {self.due_on:%d/%m/%Y}{source}"


@dataclass(frozen=True, kw_only=True)
class Despatch:
    """Who gets a letter and who signs it; handling_unit is asked for apart from the addressee."""

    addressee: str
    signature: Signature
    recipients: tuple[Recipient, ...] = ()
    handling_unit: str | None = None
    urgency: Urgency | None = None


def in_full(body: str) -> str:
    """A body as a letter names it: the people's committee is never abbreviated ("UBND xã ...")."""
    return re.sub(r"^UBND(?= )", "Ủy ban nhân dân", body)


def in_sentence(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it starts with an abbreviation."""
    if label[1:2].isupper():
        return label
    return label[:1].lower() + label[1:]


def counted(amount: int) -> str:
    """A number in official prose: at least two digits, thousands parted by dots ("03", "1.250")."""
    return f"{amount:02d}" if amount < 1000 else f"{amount:,}".replace(",", ".")


def reports_counted(amount: int) -> str:
    """ "12 lượt phản ánh"; fewer than five are not told apart, so that nobody stands out."""
    if amount < FEW:
        return f"phản ánh (dưới {counted(FEW)} lượt)"
    return f"{counted(amount)} lượt phản ánh"
