"""Reading and checking the shipped category tree; features ask ``webapp.cases.categories``."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from webapp.core.bilingual import NOTHING, Bilingual
from webapp.core.data_files import DataFileError, Row, refuse_repeats, toml_table

_FILE: Final = "categories.toml"
_LISTS: Final = ("group", "priority", "urgency", "emergency", "handler")


@dataclass(frozen=True)
class Category:
    """One node of the tree: a picture, a category or a sub-category.

    ``code`` is "p_waste", "dumping" or "dumping.roadside". ``first_handlers`` are codes of the
    handler list, the first one first. ``precision_m`` is the grid of the public point; ``near_m``
    and ``near_days`` say how close another report must be to be offered as perhaps the same.
    ``public_never`` keeps it off every public page; ``secret`` asks for the most careful handling.
    ``ask`` tells what evidence helps, and ends with the caution wherever there is a site to keep
    out of; ``safety`` is empty where nothing is dangerous. ``words`` are everyday words for search.
    """

    code: str
    parent: str | None
    depth: int
    label: Bilingual
    source_groups: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    urgency: str = ""
    first_handlers: tuple[str, ...] = ()
    needs_field_check: bool = True
    secret: bool = False
    public_never: bool = False
    precision_m: int = 0
    near_m: int = 0
    near_days: int = 0
    fast_lane: bool = False
    ask: Bilingual = NOTHING
    safety: Bilingual = NOTHING
    emergency_numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def starts_at_province(self) -> bool:
        """Whether triage routes it to the province Front, the commune Front copied."""
        return self.first_handlers[:1] == ("env_province",)


@dataclass(frozen=True)
class Term:
    """A value of one of the lists beside the tree: a source group, a priority, an urgency."""

    code: str
    label: Bilingual


@dataclass(frozen=True)
class CategoryTable:
    """The whole file: nodes by code in display order, aliases, and the lists."""

    nodes: dict[str, Category]
    aliases: dict[str, str]
    lists: dict[str, tuple[Term, ...]]


def load_category_table() -> CategoryTable:
    """Read the shipped file. Raises DataFileError for an unknown parent, value or repeat."""
    file = toml_table("webapp.cases", _FILE)
    caution = file.row("caution").bilingual()
    nodes = tuple(_with_caution(node, caution) for node in _nodes(file))
    refuse_repeats(_FILE, (node.code for node in nodes))
    table = CategoryTable(
        nodes={node.code: node for node in nodes},
        aliases={row.text("code"): row.text("means") for row in file.rows("alias")},
        lists={name: tuple(_term(row) for row in file.rows(name)) for name in _LISTS},
    )
    file.finish()
    check_category_table(table)
    return table


def check_category_table(table: CategoryTable) -> None:
    """Raise DataFileError when nodes, aliases and lists do not fit together."""
    for alias, code in table.aliases.items():
        if code not in table.nodes or alias in table.nodes:
            raise DataFileError(f"{_FILE}: alias {alias} means no category")
    known = {name: {term.code for term in terms} for name, terms in table.lists.items()}
    for node in table.nodes.values():
        if node.depth and node.parent not in table.nodes:
            raise DataFileError(f"{_FILE}: {node.code} has an unknown parent {node.parent}")
        for name, used in (
            ("group", node.source_groups),
            ("priority", node.priorities),
            ("urgency", (node.urgency,)),
            ("emergency", node.emergency_numbers),
            ("handler", node.first_handlers),
        ):
            if unknown := set(used) - known[name]:
                raise DataFileError(f"{_FILE}: {node.code} has an unknown {name} {min(unknown)}")


def _nodes(file: Row) -> Iterator[Category]:
    base = _node(file.row("defaults"), Category("", None, 0, NOTHING), "", None)
    for row in file.rows("picture"):
        yield _node(row, base, row.text("code"), None)
    for row in file.rows("category"):
        picture, subs = row.text("picture"), tuple(row.rows("sub"))
        category = _node(row, base, row.text("code"), picture)
        yield category
        for sub in subs:
            yield _node(sub, category, f"{category.code}.{sub.text('code')}", category.code)


def _node(row: Row, above: Category, code: str, parent: str | None) -> Category:
    node = Category(
        code=code,
        parent=parent,
        depth=_depth(code, parent),
        label=row.bilingual(default=None if code else NOTHING),
        source_groups=row.texts("groups", above.source_groups),
        priorities=row.texts("priorities", above.priorities),
        urgency=row.text("urgency", above.urgency),
        first_handlers=row.texts("handlers", above.first_handlers),
        needs_field_check=row.flag("field_check", above.needs_field_check),
        secret=row.flag("secret", above.secret),
        public_never=row.flag("public_never", above.public_never),
        precision_m=row.whole("precision_m", above.precision_m),
        near_m=row.whole("near_m", above.near_m),
        near_days=row.whole("near_days", above.near_days),
        fast_lane=row.flag("fast_lane", above.fast_lane),
        ask=row.bilingual("ask_", above.ask),
        safety=row.bilingual("safety_", above.safety),
        emergency_numbers=row.texts("emergency", above.emergency_numbers),
        words=row.texts("words"),
    )
    row.finish()
    return node


def _depth(code: str, parent: str | None) -> int:
    if parent is None:
        return 0
    return 2 if "." in code else 1


def _with_caution(node: Category, caution: Bilingual) -> Category:
    if not node.needs_field_check:
        return node
    ask = Bilingual(f"{node.ask.vi} {caution.vi}", f"{node.ask.en} {caution.en}")
    return replace(node, ask=ask)


def _term(row: Row) -> Term:
    term = Term(row.text("code"), row.bilingual())
    row.finish()
    return term
