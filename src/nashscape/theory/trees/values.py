"""The value of a game in extensive form of two players whose payoffs sum to a constant."""

from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import TreeGame, needs
from nashscape.games import game as as_game
from nashscape.theory.trees.sequence_programs import Programme, behaviour, payoff_matrix

Floats = npt.NDArray[np.float64]

ROUNDING = 1e-9
"""Of the payoff range, by which payoffs of plays may miss a constant sum, and bounds of a value part."""


@dataclass(frozen=True, eq=False)
class TreeValue(Result):
    """The value of a game in extensive form, between what two strategies make sure of.

    Attributes:
        game: name of the game.
        players: names.
        actions: names of each player's columns.
        rows: names of each player's information sets.
        lower: what the first player's strategy gets at least, against a best response, in payoff units.
        upper: what the second player's strategy lets the first get at most.
        total: what payoffs sum to.
        strategies: a maximin strategy of each, `[R_i, A_i]`; even where the player never comes.
        status: COMPLETE where the bounds meet to rounding; else UNRESOLVED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "tree value"
    as_columns: ClassVar[str] = "nashscape.theory.trees.tables:value_columns"
    as_table: ClassVar[str] = "nashscape.theory.trees.tables:value_table"
    picture: ClassVar[str] = "nashscape.figures.trees:value_figure"
    computed: ClassVar[tuple[str, ...]] = ("value", "exploitability")

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    lower: float
    upper: float
    total: float
    strategies: tuple[Floats, ...]
    status: Status
    provenance: Provenance

    @property
    def value(self) -> float:
        """Of the first player: the middle of the bounds."""
        return (self.lower + self.upper) / 2

    @property
    def exploitability(self) -> float:
        """The mean of what both could gain by a best response: half of NashConv, which is `upper − lower`."""
        return (self.upper - self.lower) / 2

    def __repr__(self) -> str:
        """The value, as one line."""
        return f"<TreeValue of {self.game}: {self.value:.6g} (bounds {self.upper - self.lower:.1e} apart)>"


@public()
def sequence_form_value(game: Any) -> TreeValue:
    """The value of a two-player game in extensive form with opposite interests, and a maximin strategy of each.

    By one linear program for each player over its realisation plans, as large as the tree and not as its plans; the
    bounds come from best responses to what is found, apart from the programs.

    Args:
        game: in extensive form, of two players, whose payoffs sum to the same in every play that can come.

    Raises:
        InputError: for other games.

    Example:
        >>> from nashscape import games
        >>> found = sequence_form_value(games.kuhn_poker())
        >>> found
        <TreeValue of kuhn_poker: -0.0555556 (bounds ... apart)>

    Source: Koller, Megiddo, von Stengel (1996); Romanovskii (1962).
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="find the value by the sequence form")
    total = _total(made)
    first, second = made.sequences.sides
    paid = np.asarray(made.payoffs) * np.asarray(made.chances)
    plans = [
        Programme(first, second, payoff_matrix(paid[0], first, second)).plan(made.name),
        Programme(second, first, payoff_matrix(paid[1], second, first)).plan(made.name),
    ]
    strategies = tuple(behaviour(side, plan) for side, plan in zip((first, second), plans, strict=True))
    with jax.enable_x64(True):
        best = np.asarray(made.best_values(strategies))
    lower, upper = float(total - best[1]), float(best[0])
    close = upper - lower <= 100 * ROUNDING * made.payoff_range
    return TreeValue(
        game=made.name, players=made.players, actions=made.actions, rows=made.rows, lower=lower, upper=upper,
        total=total, strategies=strategies, status=Status.COMPLETE if close else Status.UNRESOLVED,
        provenance=record("tree value", {"game": made}),
    )  # fmt: skip


def _total(game: TreeGame) -> float:
    """What payoffs sum to in every play that can come."""
    if len(game.players) != 2:
        raise InputError(f"a value is one of two players; {game.name} has {len(game.players)}")
    kept = np.asarray(game.chances) > 0
    sums = np.asarray(game.payoffs).sum(axis=0)[kept]
    if np.ptp(sums) > ROUNDING * game.payoff_range:
        raise InputError(
            f"the payoffs of {game.name} do not sum to a constant: from {sums.min():g} to {sums.max():g} over its "
            "plays; for other games there is theory.subgame_perfect, and theory.equilibria(games.normal_form(game)) "
            "where the tree is small"
        )
    return float(sums.mean())
