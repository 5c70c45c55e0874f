"""The options of a select, written once for the same choices.

A list of communes or categories is hundreds of elements that hardly ever change: writing them took
a third of a list's time. They are kept under all that they say.
"""

from collections.abc import Iterable
from functools import lru_cache

from flask import Flask
from markupsafe import Markup

Choice = tuple[str, str]
_OPTION = Markup('<option value="{}"{}>{}</option>')
_GROUP = Markup('<optgroup label="{}">{}</optgroup>')
_CHOSEN = Markup(" selected")


def options(choices: Iterable[Choice], chosen: object = None) -> Markup:
    """One option for each value and label; the chosen value is marked."""
    return grouped_options([("", choices)], chosen)


def grouped_options(
    groups: Iterable[tuple[str, Iterable[Choice]]], chosen: object = None
) -> Markup:
    """Options in groups by their label; a group without one stands by itself, an empty one not."""
    kept = tuple((label, tuple(choices)) for label, choices in groups)
    wanted = None if chosen is None else str(chosen)
    return _written(kept, wanted if wanted is not None and _holds(kept, wanted) else None)


def _holds(groups: tuple[tuple[str, tuple[Choice, ...]], ...], wanted: str) -> bool:
    return any(value == wanted for _label, choices in groups for value, _words in choices)


@lru_cache(maxsize=64)
def _written(groups: tuple[tuple[str, tuple[Choice, ...]], ...], chosen: str | None) -> Markup:
    return Markup("").join(_group(label, choices, chosen) for label, choices in groups if choices)


def _group(label: str, choices: tuple[Choice, ...], chosen: str | None) -> Markup:
    inner = Markup("").join(
        _OPTION.format(value, _CHOSEN if value == chosen else "", words) for value, words in choices
    )
    return _GROUP.format(label, inner) if label else inner


def init_options(app: Flask) -> None:
    """Offer both to templates."""
    app.jinja_env.globals.update(options=options, grouped_options=grouped_options)
