"""What the corrections gain in every 2×2 game in which there is something to select: two strict pure equilibria.

`python -m nashscape.systems.basin_entry.classes` prints all eighteen of the 144 strict ordinal games.
"""

import sys
from dataclasses import dataclass

import numpy as np

from nashscape.dynamics import Settling
from nashscape.games import topology
from nashscape.games.pure import pure_equilibria
from nashscape.learning import meta_mapg, pg
from nashscape.selection import basin_map
from nashscape.theory import peer_direction
from nashscape.theory.nash.dominance import payoff_dominant, risk_dominates

GRID = 41


@dataclass(frozen=True)
class Gain:
    """Shares of starts that end at either equilibrium of a game, without noise.

    Attributes:
        game: its abbreviation.
        targets: the two strict equilibria.
        payoff_dominant: the one that pays both more; empty where there is none.
        risk_dominant: the one with the larger product of losses by leaving it; empty where they are equal.
        before: shares under policy gradient.
        after: shares under Meta-MAPG.
        pushes: which way the peer term moves each player's first action, over all profiles.
    """

    game: str
    targets: tuple[str, str]
    payoff_dominant: str
    risk_dominant: str
    before: tuple[float, float]
    after: tuple[float, float]
    pushes: tuple[str, ...]

    def gained(self, target: str) -> float:
        """What the share of a target grows by."""
        place = self.targets.index(target)
        return self.after[place] - self.before[place]

    def __str__(self) -> str:
        """One line."""
        parts = ", ".join(f"{one} {self.before[k]:.3f} → {self.after[k]:.3f}" for k, one in enumerate(self.targets))
        named = f"payoff-dominant {self.payoff_dominant or '–'}, risk-dominant {self.risk_dominant or '–'}"
        return f"{self.game}: {parts}; {named}; {', '.join(self.pushes)}"


def with_two_equilibria() -> list[topology.OrdinalGame]:
    """The strict ordinal games with two strict pure equilibria.

    >>> len(with_two_equilibria())
    18
    """
    return [one for one in topology.all_games() if len(pure_equilibria(one.to_dense())) == 2]


def gain(game: topology.OrdinalGame, grid: int = GRID) -> Gain:
    """What Meta-MAPG with its usual coefficients gains over policy gradient, where runs stand after 140 updates."""
    table = game.to_dense()
    found = pure_equilibria(table)
    first, second = (tuple(int(action) for action in one.profile) for one in found)
    names = (found[0].name, found[1].name)
    maps = basin_map(table, [pg(), meta_mapg()], grid=grid, targets=names, settling=Settling(follow=False))
    shares = [tuple(maps[rule].at_step(name).value for name in names) for rule in ("pg", "meta_mapg")]
    best = payoff_dominant(np.array([one.payoffs for one in found], float))
    safe = [risk_dominates(table.payoffs, *pair) for pair in ((first, second), (second, first))]
    return Gain(
        game=game.abbreviation,
        targets=names,
        payoff_dominant="" if best is None else names[best],
        risk_dominant=names[safe.index(True)] if any(safe) else "",
        before=(shares[0][0], shares[0][1]),
        after=(shares[1][0], shares[1][1]),
        pushes=peer_direction(table).verdicts,
    )


def main() -> None:
    """Print every game."""
    for game in with_two_equilibria():
        sys.stdout.write(f"{gain(game)}\n")


if __name__ == "__main__":
    main()
