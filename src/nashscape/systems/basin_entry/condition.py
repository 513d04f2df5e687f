"""The local condition of the theorem looked at: which direction has a correction to agree with for entry to rise?

At starts and at the border of the basin of policy gradient, the peer term and the whole update are projected onto

* the gradient of the log-likelihood of cooperation in the first round, and in all states;
* the gradient of the probability of entry of policy gradient from a start that is blurred by normal noise;
* at the border, its normal: the same gradient with little noise.

And along the runs of Meta-MAPG: their updates projected onto cooperation in the first round, added up.

`python -m nashscape.systems.basin_entry.condition` prints both games; it takes minutes.
"""

import sys
from dataclasses import dataclass

import numpy as np

from nashscape import games
from nashscape.core import Estimate, wilson
from nashscape.core.interrupts import all_or_nothing
from nashscape.core.statistics.rank_statistics import area_under_curve
from nashscape.dynamics import Settling, make_setup, starts
from nashscape.dynamics.reducers import cumulative_alignment
from nashscape.games import DenseGame, MarkovGame
from nashscape.learning import meta_mapg, pg
from nashscape.selection import entry_probability, terms_at
from nashscape.systems.basin_entry.entry_borders import (
    STEPS,
    Entering,
    Floats,
    Truths,
    border,
    gradient_of_entry,
    towards,
)

TERMS = ("peer", "total")
SPREAD = 1.35
FIRST = (5, 50, STEPS)
"""Updates of a run that are added up."""
FEWEST = 10
"""Starts on either side of an area under a curve."""


@dataclass(frozen=True)
class Agreement:
    """How a term agrees with a direction.

    Attributes:
        where: "starts" or "border"; "first K updates" where those of a run are added up.
        direction: its name.
        term: "peer", or "total" for the whole update.
        positive: share of places, or runs, with a positive projection, of those that have a direction.
        auc: how well the projection tells the starts that Meta-MAPG gains, among those that policy gradient misses;
            None at the border, and where hardly any are gained or missed.
    """

    where: str
    direction: str
    term: str
    positive: Estimate
    auc: Estimate | None = None

    def __str__(self) -> str:
        auc = "" if self.auc is None else f", AUC {self.auc}"
        return f"{self.where}, {self.direction}, {self.term}: positive {self.positive}{auc}"


def condition(
    game: DenseGame | MarkovGame, *, n: int = 1000, pairs: int = 32, lines: int = 300, seed: int = 5
) -> list[Agreement]:
    """How the peer term and the whole update of Meta-MAPG agree with each direction.

    Args:
        game: of two players with two actions.
        n: starts N(0, 1.35²).
        pairs: draws for the gradient of entry.
        lines: across the border, at most; no more than starts that enter, or that do not.
        seed: of everything random.
    """
    draws = np.random.default_rng(seed)
    theta = SPREAD * draws.normal(size=(n, make_setup(game, pg()).game.dimension))
    plain, shaped = Entering(game, pg()), Entering(game, meta_mapg())
    entered = plain(theta)
    gained = shaped(theta)[~entered]
    directions = towards(game, theta) | {
        f"gradient of entry, noise {spread:g}": gradient_of_entry(plain, theta, spread, pairs, seed)
        for spread in (0.3, 1.0)
    }
    found = [
        Agreement("starts", name, term, _positive(values), _auc(values[~entered], gained))
        for name, direction in directions.items()
        for term, values in _projections(game, theta, direction).items()
    ]
    found += _along(game, theta, ~entered, gained)
    # each start once, so that places on the border are independent
    inside, outside = (draws.permutation(own) for own in (theta[entered], theta[~entered]))
    across = min(lines, len(inside), len(outside))
    inside, outside = inside[:across], outside[:across]
    edge = border(plain, inside, outside)
    normal = {"normal of the border": gradient_of_entry(plain, edge, 0.1, 4 * pairs, seed)}
    return found + [
        Agreement("border", name, term, _positive(values))
        for name, direction in (towards(game, edge) | normal).items()
        for term, values in _projections(game, edge, direction).items()
    ]


def _along(game: DenseGame | MarkovGame, theta: Floats, missed: Truths, gained: Truths) -> list[Agreement]:
    """How far the first updates of Meta-MAPG, taken together, go towards cooperation in the first round."""
    found = []
    for first in FIRST:
        with all_or_nothing():
            entry = entry_probability(
                game, meta_mapg(), n=len(theta), starts=starts.parameters(theta), steps=STEPS, targets="CC",
                settling=Settling(follow=False), reducers=cumulative_alignment("CC", until=first),
            )  # fmt: skip
        values = np.asarray(entry.reduced["cumulative_alignment"], np.float64).ravel()
        where = f"first {first} updates"
        found.append(Agreement(where, "target in the first round", "total", _positive(values),
                               _auc(values[missed], gained)))  # fmt: skip
    return found


def _projections(game: DenseGame | MarkovGame, theta: Floats, direction: Floats) -> dict[str, Floats]:
    """`⟨c, d⟩/|d|` for each term, NaN where there is no direction."""
    parts = terms_at(game, meta_mapg(), theta)
    length = np.linalg.norm(direction, axis=1)
    unit = direction / np.where(length > 0, length, np.nan)[:, None]
    return {term: np.asarray((parts[term] * unit).sum(axis=1)) for term in TERMS}


def _positive(values: Floats) -> Estimate:
    known = values[np.isfinite(values)]
    return wilson(int((known > 0).sum()), len(known))


def _auc(values: Floats, gained: Truths) -> Estimate | None:
    known = np.isfinite(values)
    counts = int((known & gained).sum()), int((known & ~gained).sum())
    return area_under_curve(values[known & gained], values[known & ~gained]) if min(counts) >= FEWEST else None


def main() -> None:
    """Print both games."""
    for game in (games.stag_hunt(), games.iterated_prisoners_dilemma()):
        sys.stdout.write("\n".join([game.name, *map(str, condition(game)), ""]) + "\n")


if __name__ == "__main__":
    main()
