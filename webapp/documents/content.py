"""A letter as JSON and back: how a draft is kept between writing, signing and issue.

Number, dates and signature are not part of it. They are columns of the document, given later, so
that the text a signer approved is the text that is printed with them.
"""

from dataclasses import asdict
from typing import Any

from webapp.documents.letters import (
    Annex,
    Block,
    Column,
    Letter,
    OrganisationHeader,
    Paragraph,
    Partner,
    Recipient,
    Registration,
    Signature,
    Table,
)


def to_content(letter: Letter) -> dict[str, Any]:
    """The letter's own text and layout choices, ready for json.dumps."""
    content = asdict(letter)
    del content["registration"], content["signature"]
    return content


def from_content(
    content: dict[str, Any], registration: Registration, signature: Signature
) -> Letter:
    """The letter again, with what came later. Raises KeyError or ValueError for other JSON."""
    annex = content["annex"]
    return Letter(
        type_code=content["type_code"],
        notation=content["notation"],
        registration=registration,
        header=_header(content["header"]),
        subject=content["subject"],
        addressees=tuple(content["addressees"]),
        bases=tuple(content["bases"]),
        blocks=_blocks(content["blocks"]),
        recipients=tuple(Recipient(**recipient) for recipient in content["recipients"]),
        filing=content["filing"],
        signature=signature,
        urgency=content["urgency"],
        annex=Annex(annex["title"], _blocks(annex["blocks"])) if annex else None,
        partner=_partner(content.get("partner")),
    )


def _partner(partner: dict[str, Any] | None) -> Partner | None:
    if partner is None:
        return None
    signature = partner["signature"]
    return Partner(
        _header(partner["header"]),
        Signature(tuple(signature["prefix"]), signature["position"], signature["name"]),
    )


def _header(header: dict[str, Any]) -> OrganisationHeader:
    return OrganisationHeader(
        tuple(header["parent_lines"]), tuple(header["issuing_lines"]), header["place"]
    )


def _blocks(blocks: list[dict[str, Any]]) -> tuple[Block, ...]:
    return tuple(map(_block, blocks))


def _block(block: dict[str, Any]) -> Block:
    if "text" in block:
        return Paragraph(block["text"])
    columns = tuple(Column(**column) for column in block["columns"])
    return Table(columns, tuple(map(tuple, block["rows"])))
