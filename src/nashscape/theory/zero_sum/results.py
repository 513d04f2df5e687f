"""Values, optimal strategies, and what players can make sure of."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.core.exact_numbers import fraction_text
from nashscape.theory.nash.response_vertices import Strategy

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ZeroSumValue(Result):
    """The value of a game of two players whose payoffs sum to a constant, with strategies that prove it.

    The first player's strategy gets the value at least against every action, the second player's holds it to the value:
    `min_b u_1(x, b) = value = max_a u_1(a, y)`, in fractions. All pairs of optimal strategies are the Nash equilibria.

    Attributes:
        game: name of the game.
        players: names.
        actions: names, by player.
        value: what the first player gets, in payoff units; the second gets `total − value`.
        total: what payoffs sum to in every profile, zero for zero-sum games.
        maximin: an optimal strategy of each player, in fractions.
        optimal: the extreme optimal strategies of each player, of which all others are mixtures; where `complete` is
            False, some of them.
        complete: by player, whether these are all.
        status: COMPLETE if all optimal strategies are known; else INTERRUPTED: the value is proved all the same.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "zero-sum value"
    as_columns: ClassVar[str] = "nashscape.theory.zero_sum.tables:value_columns"
    as_table: ClassVar[str] = "nashscape.theory.zero_sum.tables:value_table"
    picture: ClassVar[str] = "nashscape.figures.optimal_strategies:optimal_figure"
    computed: ClassVar[tuple[str, ...]] = ("values", "unique")

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    value: Fraction
    total: Fraction
    maximin: tuple[Strategy, ...]
    optimal: tuple[tuple[Strategy, ...], ...]
    complete: tuple[bool, ...]
    status: Status
    provenance: Provenance

    @property
    def values(self) -> tuple[Fraction, Fraction]:
        """What each player gets."""
        return self.value, self.total - self.value

    @property
    def unique(self) -> bool:
        """Whether each player has one optimal strategy, so that the equilibrium is the only one."""
        return all(self.complete) and all(len(own) == 1 for own in self.optimal)

    @property
    def strategies(self) -> tuple[Floats, ...]:
        """The optimal strategies as doubles, `[a_i]` each."""
        return doubles(self.maximin)

    def ranges(self, player: int) -> tuple[tuple[Fraction, Fraction], ...]:
        """Least and largest probability of each action in the optimal strategies that are known, by action.

        Example:
            >>> from nashscape import games
            >>> from nashscape.theory import zero_sum_value
            >>> found = zero_sum_value(games.bimatrix([[1, 0, 1], [0, 1, 0]], [[-1, 0, -1], [0, -1, 0]]))
            >>> [f"{low} to {high}" for low, high in found.ranges(1)]
            ['0 to 1/2', '1/2 to 1/2', '0 to 1/2']
        """
        return tuple((min(own), max(own)) for own in zip(*self.optimal[player], strict=True))

    def __repr__(self) -> str:
        """Value and number of extreme optimal strategies, as one line."""
        counts = " and ".join(
            f"{len(own)}{'' if whole else ' or more'}" for own, whole in zip(self.optimal, self.complete, strict=True)
        )
        kind = "zero-sum" if self.total == 0 else f"payoffs sum to {fraction_text(self.total)}"
        value = fraction_text(self.value)
        return f"<ZeroSumValue of {self.game}: {value} ({kind}; extreme optimal strategies: {counts})>"


@dataclass(frozen=True, eq=False)
class SecurityLevels(Result):
    """What each player can make sure of, whatever the others do, even together.

    `level_i = max_{σ_i} min_s u_i(σ_i, s) = min_μ max_a u_i(a, μ)` over strategies of the player, and joint actions s
    of the others or distributions μ over these.

    Attributes:
        game: name of the game.
        players: names.
        actions: names, by player.
        levels: by player, in payoff units, in fractions.
        pure: what each can make sure of by a single action, at most its level.
        strategies: by player, one that makes sure of the level.
        threats: by player, probabilities of the others' joint actions that hold the player to its level, the last of
            the others changing first.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "security levels"
    as_columns: ClassVar[str] = "nashscape.theory.zero_sum.tables:security_columns"
    as_table: ClassVar[str] = "nashscape.theory.zero_sum.tables:security_table"
    picture: ClassVar[str] = "nashscape.figures.optimal_strategies:security_figure"

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    levels: tuple[Fraction, ...]
    pure: tuple[Fraction, ...]
    strategies: tuple[Strategy, ...]
    threats: tuple[Strategy, ...]
    status: Status
    provenance: Provenance

    @property
    def values(self) -> Floats:
        """The levels as doubles, `[n]`."""
        return np.array(self.levels, dtype=np.float64)

    def __repr__(self) -> str:
        """The levels, as one line."""
        each = ", ".join(
            f"{name} {fraction_text(level)}" for name, level in zip(self.players, self.levels, strict=True)
        )
        return f"<SecurityLevels of {self.game}: {each}>"


def doubles(strategies: Sequence[Strategy]) -> tuple[Floats, ...]:
    """Strategies in fractions as arrays of doubles."""
    return tuple(np.array(own, dtype=np.float64) for own in strategies)
