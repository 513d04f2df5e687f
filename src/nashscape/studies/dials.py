"""Numbers that no verb takes and that are turned in what it takes: dials, by names of a table, or by paths."""

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError
from nashscape.dynamics.case import Case
from nashscape.learning.dial import Dial
from nashscape.learning.dial_table import DIALS
from nashscape.learning.dials import dial_of
from nashscape.learning.rules import per_player

PARTS: Mapping[str, str] = MappingProxyType(
    {"warm_up": "rule", "batch": "estimator", "exponent": "step_size", "std": "starts", "semantics": "game"}
)
"""What dials turn, where neither their path nor their place says it."""

CASE = tuple(own.name for own in fields(Case) if own.name not in ("game", "rule", "progress", "chunk"))


def dial_named(name: str, game: Any = None) -> Dial:
    """The dial of a name that no verb takes: of a table, a path, or either for one player, as "peer@1".

    Raises:
        InputError: for a name that is no dial, with the nearest that there are.
    """
    bare, at, player = name.partition("@")
    dial = DIALS[bare] if bare in DIALS else dial_of(bare)
    if not at:
        return dial
    if not player.isdigit() or int(player) < 1:
        raise InputError(f"{name}: after @ comes the number of a player, counted from 1, as peer@1")
    if part_of_dial(bare) != "rule":
        raise InputError(
            f"{name}: of one player alone are numbers of its rule, such as peer@1 or inner_lr@2, and {bare} is of all; "
            "players who differ otherwise are a semantics or a game of your own: 'mine.py:name'"
        )
    return _of_player(dial, int(player) - 1, name)


def takes_a_number(name: str) -> bool:
    """Whether a name is that of a dial: one of the table, or a path in a part of a case, either for one player too."""
    bare = name.partition("@")[0]
    first, dot, rest = bare.partition(".")
    return bare in DIALS or bool(dot and rest and first in ("game", "rule", "semantics", *CASE))


def part_of_dial(name: str) -> str:
    """Which part of a case a dial turns.

    >>> [part_of_dial(name) for name in ("peer@2", "coupling", "estimator.batch", "warm_up", "semantics.strength")]
    ['rule', 'game', 'estimator', 'rule', 'game']
    """
    bare = name.partition("@")[0]
    first = bare.partition(".")[0]
    if first != bare or bare in PARTS:
        return PARTS.get(first, first)
    return ("game", "rule", bare)[dial_named(bare).place]


def _of_player(dial: Dial, player: int, name: str) -> Dial:
    """The same number of one player's rule alone."""

    def turn(case: Any, value: float) -> Any:
        n = case.game.game.n_players
        if player >= n:
            raise InputError(f"{name}: the game has {n} players")
        rules = list(getattr(case.rule, "rules", (case.rule,) * n))
        turned: Any = dial(case.but(rule=rules[player]), value)
        rules[player] = turned.rule
        return case.but(rule=per_player(rules))

    return Dial(name, turn, dial.low, dial.high, whole=dial.whole, place=dial.place)
