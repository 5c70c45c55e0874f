"""Permissions are code; which role holds which is data (roles.toml)."""

_DECLARED: dict[str, str] = {}


class Permission(str):
    """The name of one thing that can be permitted, such as ``triage.decide``."""

    __slots__ = ()


def declare(name: str, meaning: str) -> Permission:
    """Declare a permission once, beside the feature that checks it.

    Raises ValueError when the name is already declared: one word per concept.
    """
    if name in _DECLARED:
        raise ValueError(f"permission {name} is declared twice")
    _DECLARED[name] = meaning
    return Permission(name)


def declared() -> dict[str, str]:
    """All permissions with their meaning, for the role table's own check."""
    return dict(_DECLARED)
