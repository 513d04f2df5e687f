"""What rows and columns of a tree are called, and which column an action of an information set has."""

from collections.abc import Sequence
from dataclasses import dataclass

from nashscape.games.forms.labels import action_names, different

AT_MOST = 2
"""So many times the actions of the largest information set there may be columns, or actions are numbered."""


@dataclass(frozen=True)
class Columns:
    """Of one player.

    Attributes:
        names: of its columns.
        of: for every information set the column of each action.
    """

    names: tuple[str, ...]
    of: tuple[tuple[int, ...], ...]


def columns_of(sets: Sequence[Sequence[str]]) -> Columns:
    """A column for every label, in the order in which they come; or for every place, where labels do not tell.

    Actions are told apart by their place, never by their label: where two of one information set have the same label,
    or none, or where labels are too many, the first action of every set has the first column.

    >>> columns_of([("call", "raise"), ("fold", "call")])
    Columns(names=('call', 'raise', 'fold'), of=((0, 1), (2, 0)))
    >>> columns_of([("", ""), ("a", "b", "c")])
    Columns(names=('1', '2', '3'), of=((0, 1), (0, 1, 2)))
    """
    if not sets:
        return Columns(("none",), ())
    known = list(dict.fromkeys(label for own in sets for label in own))
    widest = max(len(own) for own in sets)
    told = all(len(set(own)) == len(own) and all(own) for own in sets)
    names = action_names(known)
    if told and len(known) <= AT_MOST * widest and not any(set(name) & set(" ") for name in names):
        return Columns(names, tuple(tuple(known.index(label) for label in own) for own in sets))
    same = len(set(sets)) == 1 and told
    return Columns(
        names if same else tuple(str(k + 1) for k in range(widest)), tuple(tuple(range(len(own))) for own in sets)
    )


def row_names(given: Sequence[str], count: int) -> tuple[str, ...]:
    """What the information sets of a player are called: their names, made different, or their numbers.

    >>> row_names(["J", "", "J"], 3), row_names([], 2)
    (('J 1', '2', 'J 3'), ('1', '2'))
    """
    return different([*given, *[""] * (count - len(given))])
