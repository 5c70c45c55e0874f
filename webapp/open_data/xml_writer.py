"""XML from plain values: one element per name, one child per item of a list."""

import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

# What XML 1.0 has no place for, escaped or not.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_bytes(name: str, value: Any, items: Mapping[str, str]) -> bytes:
    """The document; ``items`` names the children of each list by the list's own name."""
    return document_bytes(_element(name, value, items))


def document_bytes(top: ElementTree.Element) -> bytes:
    """The bytes of a document with its declaration."""
    written: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return written


def xml_text(value: Any) -> str:
    """A value as the text of an element."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NO_XML.sub("", str(value))


def _element(name: str, value: Any, items: Mapping[str, str]) -> ElementTree.Element:
    made = ElementTree.Element(name)
    if isinstance(value, Mapping):
        made.extend(_element(part, inner, items) for part, inner in value.items())
    elif isinstance(value, list):
        made.extend(_element(items[name], inner, items) for inner in value)
    else:
        made.text = xml_text(value)
    return made
