"""Whether behaviour strategies are an equilibrium, subgame-perfect, and sequentially rational, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, finite_number
from nashscape.core.calls import public
from nashscape.core.exact_numbers import fractions_of
from nashscape.core.provenance import record
from nashscape.games import TreeGame, mixed_profile, needs
from nashscape.games import game as as_game
from nashscape.theory.nash.matrix_games import matrix_game
from nashscape.theory.trees.followed import Followed, followed, subgame_gains

Floats = npt.NDArray[np.float64]

MOST = 20_000_000
"""Subgames times plays, at most."""


@dataclass(frozen=True, eq=False)
class SequentialRationality(Result):
    """What players could gain by behaving otherwise: before the game, in its subgames, and at each information set.

    Attributes:
        game: name of the game.
        players: names.
        rows: names of each player's information sets.
        regrets: what each could gain before the game, in payoff units, `[n]`.
        subgames: what each could gain in each subgame, once there, `[subgames, n]`; the first is the whole game.
        reach: for every player how often chance and the others lead to each row, if it goes there, `[R_i]`.
        gains: for every player what it could gain from each row on, given that it is there, with beliefs by Bayes'
            rule, `[R_i]`; NaN where the others never lead to it.
        least_gains: where they never do, what one other action gains at least, whatever is believed, `[R_i]`; zero
            where some belief makes what is done best; NaN elsewhere.
        tolerances: up to which a gain of each player counts as none, in payoff units, `[n]`.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "sequential rationality"
    as_columns: ClassVar[str] = "nashscape.theory.trees.tables:rationality_columns"
    as_table: ClassVar[str] = "nashscape.theory.trees.tables:rationality_table"
    picture: ClassVar[str] = "nashscape.figures.trees:rationality_figure"
    computed: ClassVar[tuple[str, ...]] = ("is_equilibrium", "is_subgame_perfect", "is_rational")

    game: str
    players: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    regrets: Floats
    subgames: Floats
    reach: tuple[Floats, ...]
    gains: tuple[Floats, ...]
    least_gains: tuple[Floats, ...]
    tolerances: Floats
    status: Status
    provenance: Provenance

    @property
    def is_equilibrium(self) -> bool:
        """Whether nobody gains before the game: Nash equilibrium, to the tolerances."""
        return bool((self.regrets <= self.tolerances).all())

    @property
    def is_subgame_perfect(self) -> bool:
        """Whether nobody gains in any subgame, to the tolerances."""
        return bool((self.subgames <= self.tolerances).all())

    @property
    def is_rational(self) -> bool:
        """Whether nobody gains at any row, with beliefs by Bayes' rule where they are defined, and some elsewhere.

        It is weaker than what a weak perfect Bayesian equilibrium asks: at rows that the others never lead to only
        single actions are tried, not all that may follow, and beliefs there are each row's own; they need not be limits
        of beliefs of mixed strategies, as those of a sequential equilibrium have to be.
        """
        largest = [
            max(float(np.nanmax(known, initial=0.0)), float(np.nanmax(free, initial=0.0)))
            for known, free in zip(self.gains, self.least_gains, strict=True)
        ]
        return bool((np.array(largest) <= self.tolerances).all())

    @property
    def unreached(self) -> tuple[tuple[str, ...], ...]:
        """For every player the rows to which chance and the others never lead."""
        return tuple(
            tuple(row for row, p in zip(rows, own, strict=True) if p == 0.0)
            for rows, own in zip(self.rows, self.reach, strict=True)
        )

    def __repr__(self) -> str:
        """The three verdicts, as one line."""
        verdicts = (self.is_equilibrium, self.is_subgame_perfect, self.is_rational)
        words = ("an equilibrium", "subgame-perfect", "sequentially rational")
        said = ", ".join(word if holds else f"not {word}" for holds, word in zip(verdicts, words, strict=True))
        return f"<SequentialRationality in {self.game}: {said}>"


@public()
def sequential_rationality(game: Any, strategies: Sequence[Any], *, tolerance: float = 1e-6) -> SequentialRationality:
    """What players could gain by behaving otherwise: before the game, in its subgames, and at each information set.

    At a row to which chance and the others lead with positive probability, beliefs are those of Bayes' rule, whatever
    the player itself did before, and the gain is that of the best behaviour from there on. Elsewhere nothing says what
    to believe: there it is asked whether some belief makes what is done as good as every other single action.

    Args:
        game: in extensive form.
        strategies: behaviour strategies, as in `games.mixed_profile`.
        tolerance: up to which a gain counts as none, as a share of the range of the player's own payoffs; by default
            1e-6.

    Raises:
        InputError: for other games and strategies, and trees with too many subgames for their size.

    Example:
        >>> from nashscape.games import decision, ending, extensive_game
        >>> answer = decision("firm", {"fight": ending(-1, -1), "yield": ending(1, 1)})
        >>> entry = extensive_game(
        ...     decision("entrant", {"enter": answer, "stay out": ending(0, 2)}), players=("entrant", "firm")
        ... )
        >>> sequential_rationality(entry, [[[0, 1]], [[1, 0]]])    # the threat to fight
        <SequentialRationality in tree: an equilibrium, not subgame-perfect, not sequentially rational>

    Source: Selten (1965); Kreps and Wilson (1982); Myerson (1991), section 4.4, for weak sequential rationality.
    """
    made: TreeGame = as_game(game)
    needs(made, "tree", to="judge sequential rationality")
    tolerance = finite_number(tolerance, "tolerance", low=0.0)
    profile = mixed_profile(made, strategies)
    seen = followed(made, profile)
    if len(seen.layout.roots) * made.n_plays > MOST:
        raise InputError(
            f"{made.name} has {len(seen.layout.roots):,} subgames of up to {made.n_plays:,} plays; at most {MOST:,} "
            "pairs are looked at: see its regrets alone, theory.regret"
        )
    with jax.enable_x64(True):
        reach = tuple(np.asarray(own) for own in made.others_reach(profile))
        best = tuple(np.asarray(own) for own in made.row_values(profile))
        values = made.counterfactual_values(profile)
        now = tuple((np.asarray(own) * one).sum(axis=1) for own, one in zip(values, profile, strict=True))
        regrets = np.asarray(made.regrets(profile))
    gains = tuple(
        np.where(p > 0, np.maximum(b - v, 0.0) / np.where(p > 0, p, 1.0), np.nan)
        for p, b, v in zip(reach, best, now, strict=True)
    )
    return SequentialRationality(
        game=made.name, players=made.players, rows=made.rows, regrets=regrets,
        subgames=subgame_gains(made, profile, seen.layout), reach=reach, gains=gains,
        least_gains=_least_gains(made, profile, seen, reach), tolerances=tolerance * made.own_ranges,
        status=Status.COMPLETE,
        provenance=record("sequential rationality", {"game": made, "strategies": profile, "tolerance": tolerance}),
    )  # fmt: skip


def _least_gains(
    game: TreeGame, profile: Sequence[Floats], seen: Followed, reach: Sequence[Floats]
) -> tuple[Floats, ...]:
    """Where the others never lead, what the best other action gains under the belief under which it gains least.

    `min_μ max_a Σ_h μ(h) (u(h, a) − u(h, σ))`: the value of a matrix game of the row's player against its beliefs.
    """
    found = []
    for player, own in enumerate(reach):
        least = np.full(len(own), np.nan)
        for row in np.flatnonzero(own == 0.0) if game.places[player] else ():
            members = seen.members[player, game.places[player][row]]
            after = np.array([[seen.values[below, player] for below in seen.layout.below[node]] for node in members])
            played = profile[player][row][list(game.columns[player][row])]
            gains = after - (after @ played)[:, None]
            least[row] = max(float(matrix_game(fractions_of(gains.T)).value), 0.0)
        found.append(least)
    return tuple(found)
