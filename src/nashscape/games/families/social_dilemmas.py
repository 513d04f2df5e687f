"""The symmetric 2×2 games that have names, from the order of their four payoffs."""

from collections.abc import Mapping
from itertools import pairwise

from nashscape.core import InputError, finite_number
from nashscape.core.calls import public
from nashscape.games.families.parametric import symmetric_2x2
from nashscape.games.forms.dense_game import DenseGame


def _ordered(name: str, order: str, payoffs: Mapping[str, float]) -> DenseGame:
    """A symmetric 2×2 game, refused unless its payoffs come in the order that gives it its name."""
    checked = {letter: finite_number(x, letter) for letter, x in payoffs.items()}
    for chain in order.split(", "):
        letters = chain.split(" > ")
        if any(checked[a] <= checked[b] for a, b in pairwise(letters)):
            got = ", ".join(f"{letter}={x:g}" for letter, x in checked.items())
            raise InputError(f"{name} needs {order}; got {got}. For any payoffs use symmetric_2x2")
    return symmetric_2x2(**checked, name=name)


@public()
def prisoners_dilemma(R: float = 3, S: float = 0, T: float = 5, P: float = 1) -> DenseGame:
    """Prisoner's Dilemma: defecting is dominant, and cooperating would be better for both.

    Payoffs as in `symmetric_2x2` with T > R > P > S, by default those of Axelrod (1984). Pure equilibria: (D,
    D).

    >>> prisoners_dilemma()
    <DenseGame prisoners_dilemma: 2 players, 2×2 actions (C D)>
    """
    return _ordered("prisoners_dilemma", "T > R > P > S", {"R": R, "S": S, "T": T, "P": P})


@public()
def stag_hunt(R: float = 4, S: float = 0, T: float = 3, P: float = 2) -> DenseGame:
    """Stag Hunt: hunting the stag pays best if both do, the hare is safe.

    Payoffs as in `symmetric_2x2` with R > T, P > S, R > P, where C is the stag. Pure equilibria: (C, C),
    which pays more, and (D, D), which by default is risk dominant. Rousseau (1755); Skyrms (2004).

    >>> stag_hunt()
    <DenseGame stag_hunt: 2 players, 2×2 actions (C D)>
    """
    return _ordered("stag_hunt", "R > T, P > S, R > P", {"R": R, "S": S, "T": T, "P": P})


@public()
def chicken(R: float = 6, S: float = 2, T: float = 7, P: float = 0) -> DenseGame:
    """Chicken, or Hawk–Dove: each would rather not yield, and both not yielding is the worst.

    Payoffs as in `symmetric_2x2` with T > R > S > P, by default those of Aumann (1974); C yields. Pure
    equilibria: (C, D) and (D, C). Maynard Smith and Price (1973).

    >>> chicken()
    <DenseGame chicken: 2 players, 2×2 actions (C D)>
    """
    return _ordered("chicken", "T > R > S > P", {"R": R, "S": S, "T": T, "P": P})


@public()
def harmony(R: float = 4, S: float = 2, T: float = 3, P: float = 1) -> DenseGame:
    """Harmony: cooperating is dominant and best for both. Ordinally the default is what Bruns calls Concord.

    Payoffs as in `symmetric_2x2` with R > T, S > P, R > P. Pure equilibria: (C, C).

    >>> harmony()
    <DenseGame harmony: 2 players, 2×2 actions (C D)>
    """
    return _ordered("harmony", "R > T, S > P, R > P", {"R": R, "S": S, "T": T, "P": P})


@public()
def deadlock(R: float = 1, S: float = 0, T: float = 3, P: float = 2) -> DenseGame:
    """Deadlock: defecting is dominant, and both defecting is better for both than both cooperating.

    Payoffs as in `symmetric_2x2` with T > P > R > S. Pure equilibria: (D, D).

    >>> deadlock()
    <DenseGame deadlock: 2 players, 2×2 actions (C D)>
    """
    return _ordered("deadlock", "T > P > R > S", {"R": R, "S": S, "T": T, "P": P})
