"""A workflow is a table of named transitions; nothing moves that is not in a row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from webapp.core.errors import TransitionRefused
from webapp.core.permissions import Permission
from webapp.core.text import Text, _


@dataclass(frozen=True)
class Transition:
    """One row: from any of ``sources`` to ``target``; a target of None leaves the state.

    ``sources`` is empty for the transition that creates the record. ``required`` names the
    arguments that must not be empty. Any one of ``permissions`` suffices; none means that the
    rule is not a role (the reporter with the tracking code, or the system).
    """

    name: str
    sources: frozenset[str]
    target: str | None
    permissions: tuple[Permission, ...]
    label: Text
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Workflow:
    """A named table of states and transitions."""

    name: str
    states: Mapping[str, Text]
    rows: tuple[Transition, ...]
    _by_name: Mapping[str, tuple[Transition, ...]] = field(init=False, repr=False)
    _starting: Mapping[tuple[str, str | None], Transition] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_name: dict[str, tuple[Transition, ...]] = {}
        starting: dict[tuple[str, str | None], Transition] = {}
        for row in self.rows:
            unknown = (row.sources | ({row.target} if row.target else set())) - set(self.states)
            if unknown:
                raise ValueError(f"{self.name}.{row.name} names unknown states {sorted(unknown)}")
            by_name[row.name] = (*by_name.get(row.name, ()), row)
            for state in row.sources or {None}:
                starting.setdefault((row.name, state), row)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_starting", starting)

    def transition(self, name: str, state: str | None) -> Transition:
        """The row of this name that starts in ``state`` (None: the record is new).

        Raises TransitionRefused when there is none, KeyError when the name is unknown.
        """
        row = self._starting.get((name, state))
        if row is not None:
            return row
        raise TransitionRefused(
            _(
                "Không làm được bước “%(step)s” khi hồ sơ đang ở trạng thái “%(state)s”.",
                step=self._by_name[name][0].label,
                state=self.states.get(state or "", _("chưa có")),
            )
        )

    def allows(self, name: str, state: str | None) -> bool:
        """Whether the table has this step from this state."""
        return (name, state) in self._starting

    def possible(self, state: str) -> tuple[Transition, ...]:
        """Every row that starts in ``state``, in table order."""
        return tuple(row for row in self.rows if state in row.sources)

    def transition_label(self, name: str) -> Text:
        """What a step is called for people. Raises KeyError when the name is unknown."""
        return self._by_name[name][0].label

    def permissions_for(self, name: str) -> tuple[Permission, ...]:
        """Every permission by which some row of this name is taken; none where no role decides."""
        return tuple(each for row in self._by_name[name] for each in row.permissions)

    def names(self) -> tuple[str, ...]:
        """Every transition name, once, in table order."""
        return tuple(self._by_name)


def states(*codes: str) -> frozenset[str]:
    """Readable spelling of a set of states in a table row."""
    return frozenset(codes)


def check_list(codes: Iterable[str]) -> str:
    """The SQL list of a CHECK constraint over state codes, which are plain identifiers."""
    return ", ".join(f"'{code}'" for code in codes)
