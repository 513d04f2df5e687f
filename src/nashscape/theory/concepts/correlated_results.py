"""Correlated and coarse correlated equilibria: one distribution, and what all of them can pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.core.columns import Columns, flat
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.games.naming import profile_name

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CorrelatedEquilibrium(Result):
    """A distribution over joint actions that nobody gains by leaving, and the payoffs of all such distributions.

    Attributes:
        game: name of the game.
        players: names.
        actions: names, by player.
        concept: "correlated" or "coarse correlated".
        objective: what is largest, or least, in `distribution`.
        player: whose payoff that is, of the objectives best and worst; else "".
        distribution: probabilities of joint actions, `[a_1, …, a_n]`.
        exact: the same in fractions, profile by profile, the last player changing first; None where it was computed in
            double precision.
        payoffs: what each player gets, `[n]`, in payoff units.
        gains: what each deviation gains, computed from the distribution alone, in payoff units: `[a_i, a_i]` by player,
            from what is told to what is played, with the chance of being told in it; `[a_i]` of coarse correlated ones.
        regret: the most that each player gains by a deviation or by none, `[n]`: zero but for rounding.
        ranges: the least and the largest payoff of each player, `[n, 2]`, in any such equilibrium. Where computed in
            double precision, of distributions whose inequalities hold to 1e-10 of their largest entry, or 1e-7 where
            none is found so: payoffs of one player that are many orders apart can make that much more than the set.
        welfare: the least and the largest sum of payoffs in any.
        exact_ranges: least and largest of every player and, last, of the sum, in fractions; None where rounded.
        entropy: of the distribution, in nats.
        gap: how far its entropy may be below the largest, in nats, of distributions over what can be played in any such
            equilibrium, which larger games know up to rounding; 0 for other objectives.
        nash: what the Nash equilibria that are known pay, `[k, n]`.
        nash_names: what they are called.
        nash_complete: whether these are all.
        status: COMPLETE if nobody gains more than 1e-7 of its range of payoffs; else UNDECIDED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "correlated equilibrium"
    as_columns: ClassVar[str] = "nashscape.theory.concepts.correlated_results:correlated_columns"
    as_table: ClassVar[str] = "nashscape.theory.concepts.correlated_results:correlated_table"
    picture: ClassVar[str] = "nashscape.figures.correlated:correlated_figure"

    game: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    concept: str
    objective: str
    player: str
    distribution: Floats
    exact: tuple[Fraction, ...] | None
    payoffs: Floats
    gains: tuple[Floats, ...]
    regret: Floats
    ranges: Floats
    welfare: tuple[float, float]
    exact_ranges: tuple[tuple[Fraction, Fraction], ...] | None
    entropy: float
    gap: float
    nash: Floats
    nash_names: tuple[str, ...]
    nash_complete: bool
    status: Status
    provenance: Provenance

    @property
    def name(self) -> str:
        """The name of the game, by which profiles are named."""
        return self.game

    @property
    def profiles(self) -> tuple[str, ...]:
        """The names of joint actions, the last player changing first."""
        return tuple(profile_name(self, one) for one in product(*(range(len(own)) for own in self.actions)))

    def __repr__(self) -> str:
        """Objective, payoffs, and the range of welfare, as one line."""
        pays = ", ".join(f"{value:.4g}" for value in self.payoffs)
        low, high = self.welfare
        return (
            f"<CorrelatedEquilibrium of {self.game}: {self.concept}, {goal(self)}: payoffs {pays}; welfare of all from "
            f"{low:.4g} to {high:.4g}>"
        )


GOALS = {
    "welfare": "largest welfare", "least_welfare": "least welfare", "entropy": "largest entropy",
    "best": "best for {}", "worst": "worst for {}",
}  # fmt: skip


def goal(found: CorrelatedEquilibrium) -> str:
    """The objective in words: "best for player 1"."""
    return GOALS[found.objective].format(found.player)


def correlated_columns(found: CorrelatedEquilibrium) -> Columns:
    """A row for every joint action."""
    return {"profile": np.array(found.profiles), "probability": found.distribution.ravel()} | flat(
        "payoff", np.tile(found.payoffs, (found.distribution.size, 1)), found.distribution.size
    )


@one_by_one
def correlated_table(found: CorrelatedEquilibrium) -> Table:
    """The joint actions that are played; and what each player gets here, at least and at most in any equilibrium."""
    numbers: Sequence[Fraction | float] = found.distribution.ravel().tolist() if found.exact is None else found.exact
    rows = [(name, _number(p)) for name, p in zip(found.profiles, numbers, strict=True) if p > 1e-9]
    ends: Sequence[Sequence[Fraction | float]] = found.exact_ranges or (*found.ranges.tolist(), found.welfare)
    here = [*found.payoffs.tolist(), float(found.payoffs.sum())]
    most = [f"{value:.1g}" for value in found.regret]
    names = [*found.players, "all together"]
    pays = [
        (name, f"{own:.6g}", *map(_number, pair), gain)
        for name, own, pair, gain in zip(names, here, ends, [*most, ""], strict=True)
    ]
    return Table(
        f"A {found.concept} equilibrium of {found.game}: {goal(found)}",
        ("profile", "probability"),
        shortened(rows),
        notes=standing([found]),
        below=(
            Table(
                f"What {found.concept} equilibria pay",
                ("player", "here", "at least", "at most", "largest gain"),
                pays,
            ),
        ),
    )


def _number(value: Fraction | float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else fraction_text(value)
