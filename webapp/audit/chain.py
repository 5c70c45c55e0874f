"""The arithmetic of the audit chain."""

import hashlib
from typing import Any

import orjson

from webapp.audit.models import AuditEntry

GENESIS = "0" * 64


def link(previous: str, entry: AuditEntry) -> str:
    """The chain value of an entry: SHA-256 over the value before and the row's content."""
    content: dict[str, Any] = {
        "at": entry.at.isoformat(timespec="microseconds"),
        "action": entry.action,
        "actor": [entry.actor_kind, entry.actor_id, entry.assignment_id],
        "subject": [entry.subject_kind, entry.subject_id],
        "facts": entry.facts,
        "reason": entry.reason_id,
    }
    body = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous.encode() + body).hexdigest()
