"""Which actions are dominated, by what, and what speaks for those that are not: decided in fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from nashscape.core.exact_numbers import Objects, fraction_text
from nashscape.theory.nash.linear_programs import maximum
from nashscape.theory.nash.matrix_games import matrix_game
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.tableaus import Tableau, whole_numbers

KINDS = ("strict", "weak")
BY = ("mixed", "pure")


@dataclass(frozen=True)
class Dominated:
    """An action and the strategy that dominates it.

    Attributes:
        player: name.
        action: name.
        kind: "strict", if the strategy earns more whatever the others play; "weak", if it earns no less, and sometimes
            more.
        by: the strategy, in fractions, by name of action: only those that it plays.
        least: what it earns more than the action, at least, in payoff units; zero where the domination is weak.
        most: the same at most.
    """

    player: str
    action: str
    kind: str
    by: dict[str, Fraction]
    least: Fraction
    most: Fraction

    @property
    def mixed(self) -> bool:
        """Whether the strategy that dominates mixes."""
        return len(self.by) > 1

    def __str__(self) -> str:
        """In words: "C of player 1 is strictly dominated by 1/2 A + 1/2 B"."""
        return f"{self.action} of {self.player} is {self.kind}ly dominated by {mixture(self.by)}"


def mixture(strategy: dict[str, Fraction]) -> str:
    """A strategy in words.

    >>> mixture({"A": Fraction(1, 2), "B": Fraction(1, 2)}), mixture({"A": Fraction(1)})
    ('1/2 A + 1/2 B', 'A')
    """
    return (
        next(iter(strategy))
        if len(strategy) == 1
        else " + ".join(f"{fraction_text(p)} {name}" for name, p in strategy.items())
    )


@dataclass(frozen=True)
class Verdict:
    """What was found of one action: the strategy that dominates it, or else a belief against which it is best.

    Attributes:
        by: what dominates, over all actions, the action itself never; None where nothing does.
        belief: probabilities of the joint actions of the others, `[s]`; None where something dominates, or pure
            strategies alone were asked about.
    """

    by: Strategy | None
    belief: Strategy | None


def verdict(own: Objects, action: int, kind: str, by: str) -> Verdict:
    """Whether an action is dominated.

    With D the payoffs of the other actions less those of this one, `[b, s]`, it is strictly dominated by a mixture if
    and only if the matrix game D has a positive value; else the other side's optimal strategy is a belief about the
    others, who may act together, against which the action is best. It is weakly dominated if and only if
    `max Σ_s (σD)_s`, with `σD ≥ 0`, is positive; else its prices make a belief that gives weight to everything.

    Args:
        own: payoffs of the player by own action and joint action of the others, fractions, `[a, s]`.
        action: number of the action.
        kind: "strict" or "weak".
        by: "mixed" or "pure": what may dominate.

    Example:
        >>> own = np.array([[3, 0], [0, 3], [1, 1]], dtype=object) + Fraction(0)
        >>> [str(p) for p in verdict(own, 2, "strict", "mixed").by], verdict(own, 2, "strict", "pure").by
        (['1/2', '1/2', '0'], None)
        >>> [str(p) for p in verdict(own, 0, "strict", "mixed").belief]
        ['1', '0']

    Source: Pearce (1984), lemmas 3 and 4; Gale, Sherman (1950) for weak domination.
    """
    rest = [b for b in range(len(own)) if b != action]
    if not rest:
        return Verdict(None, tuple(Fraction(1, own.shape[1]) for _ in range(own.shape[1])))
    ahead = own[rest] - own[action]
    # what is dominated by an action is told so: that is simpler to read
    better = [b for b, row in zip(rest, ahead, strict=True) if _dominates(row.tolist(), kind)]
    if better:
        return Verdict(tuple(Fraction(int(b == better[0])) for b in range(len(own))), None)
    if by == "pure":
        return Verdict(None, None)
    found, belief = _strict(ahead) if kind == "strict" else _weak(ahead)
    return Verdict(None if found is None else (*found[:action], Fraction(0), *found[action:]), belief)


def _dominates(ahead: Sequence[Fraction], kind: str) -> bool:
    return min(ahead) > 0 if kind == "strict" else min(ahead) >= 0 and max(ahead) > 0


def _strict(ahead: Objects) -> tuple[Strategy | None, Strategy | None]:
    found = matrix_game(ahead)
    return (found.row, None) if found.value > 0 else (None, found.column)


def _weak(ahead: Objects) -> tuple[Strategy | None, Strategy | None]:
    """`max Σ_s (σD)_s` over `−σD ≤ 0`, `Σσ ≤ 1`; at a maximum of zero `1 + prices` is orthogonal to no gain."""
    whole = whole_numbers(ahead)
    b, s = whole.shape
    sides = np.vstack([-whole.T, np.full((1, b), 1, dtype=object)])
    right = np.array([0] * s + [1], dtype=object)
    found = maximum(Tableau.of(sides, right), [sum(row) for row in whole.tolist()])
    if found.value > 0:
        weight = sum(found.solution, Fraction(0))
        return tuple(p / weight for p in found.solution), None
    weights = [1 + price for price in found.prices[:s]]
    return None, tuple(own / sum(weights, Fraction(0)) for own in weights)


def margins(own: Objects, action: int, strategy: Strategy) -> tuple[Fraction, Fraction]:
    """What a strategy earns more than an action, at least and at most: the check of what a linear program said."""
    ahead = [Fraction(value) for value in (np.array(strategy, dtype=object) @ own - own[action]).tolist()]
    return min(ahead), max(ahead)


def own_table(payoffs: Objects, player: int) -> Objects:
    """The payoffs of a player by own action and joint action of the others, the last changing first, `[a, s]`."""
    own: Objects = np.moveaxis(payoffs[player], player, 0)
    return own.reshape(len(own), -1)
