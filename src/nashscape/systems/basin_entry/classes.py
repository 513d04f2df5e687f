"""What the corrections gain in every 2×2 game in which there is something to select: two strict pure equilibria.

`python -m nashscape.systems.basin_entry.classes` prints all eighteen of the 144 strict ordinal games.
"""

import sys
from dataclasses import dataclass
from typing import Any

from nashscape.studies import Findings, Study
from nashscape.systems.basin_entry.study import CLASSES


@dataclass(frozen=True)
class Gain:
    """Shares of starts that end at either equilibrium of a game, without noise.

    Attributes:
        game: "ordinal:" and its abbreviation.
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
        parts = ", ".join(f"{one} {self.before[k]:.3f} → {self.after[k]:.3f}" for k, one in enumerate(self.targets))
        named = f"payoff-dominant {self.payoff_dominant or '–'}, risk-dominant {self.risk_dominant or '–'}"
        return f"{self.game}: {parts}; {named}; {', '.join(self.pushes)}"


def gains(study: Study = CLASSES) -> list[Gain]:
    """What Meta-MAPG with its usual coefficients gains over policy gradient in every game of the study.

    >>> [own.game for own in gains(CLASSES.but({"grid": 5}, {"game": ["ordinal:Sh"]}))]
    ['ordinal:Sh']
    """
    found = study.run()
    games = dict.fromkeys(found.values(quantity="equilibria")["game"].tolist())
    return [_gain(found, game) for game in games]


def _gain(found: Findings, game: str) -> Gain:
    pure = [one for one in _of(found, game, "equilibrium", "of", "text") if "strict" in one[1]]
    names = (pure[0][0], pure[1][0])
    shares = {
        rule: dict(_of(found, game, "standing", "of", "value", rule=rule))
        for rule in ("pg", "meta_mapg")
    }  # fmt: skip
    return Gain(
        game=game,
        targets=names,
        payoff_dominant=_marked(pure, "payoff dominant"),
        risk_dominant=_marked(pure, "risk dominant"),
        before=(shares["pg"][names[0]], shares["pg"][names[1]]),
        after=(shares["meta_mapg"][names[0]], shares["meta_mapg"][names[1]]),
        pushes=tuple(text for (text,) in _of(found, game, "peer_direction", "text")),
    )


def _of(found: Findings, game: str, quantity: str, *columns: str, **where: str) -> list[tuple[Any, ...]]:
    rows = found.values(game=game, quantity=quantity, **where)
    return list(zip(*(rows[name].tolist() for name in columns), strict=True))


def _marked(equilibria: list[tuple[Any, ...]], mark: str) -> str:
    return next((name for name, marks in equilibria if mark in marks), "")


def main() -> None:
    """Print every game."""
    for one in gains():
        sys.stdout.write(f"{one}\n")


if __name__ == "__main__":
    main()
