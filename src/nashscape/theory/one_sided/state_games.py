"""Repeated zero-sum games in which the first player knows which table is played, and the second does not."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source
from nashscape.core.checks import distribution
from nashscape.core.exact_numbers import Objects, exact_array, exact_values, fractions_of
from nashscape.theory.nash.response_vertices import Strategy

Floats = npt.NDArray[np.float64]

AUMANN_MASCHLER = Source(
    "aumann_maschler", "Aumann, Maschler: Repeated Games with Incomplete Information. MIT Press, 1995.",
)  # fmt: skip

MOST_PAYOFFS = 10_000


@dataclass(frozen=True, eq=False)
class StateGames:
    """A table of payoffs for every state, and the prior.

    Attributes:
        exact: what the informed player gets, `[states, rows, columns]`, in fractions.
        payoffs: the same as doubles.
        prior: of every state, in fractions.
    """

    exact: Objects
    payoffs: Floats
    prior: Strategy

    @property
    def chances(self) -> Floats:
        """The prior as doubles, `[states]`."""
        return np.array(self.prior, dtype=np.float64)

    @property
    def scale(self) -> Fraction:
        """A power of two near the range of payoffs; 1 where they are all the same."""
        apart = float(np.ptp(self.payoffs))
        return Fraction(2) ** math.frexp(apart)[1] if apart else Fraction(1)

    @property
    def shift(self) -> Fraction:
        """The smallest payoff."""
        return Fraction(min(self.exact.ravel().tolist()))

    @property
    def in_units(self) -> "StateGames":
        """The same game with payoffs from 0 to 1 at most, exactly: those here are `shift + scale` times as large."""
        exact = (self.exact - self.shift) / self.scale
        return StateGames(exact, exact.astype(np.float64), self.prior)

    def at(self, belief: Floats) -> Floats:
        """The table that is played on average where nothing is revealed, `[rows, columns]`."""
        made: Floats = np.tensordot(belief, self.payoffs, 1)
        return made

    def exactly_at(self, belief: Strategy) -> Objects:
        """The same in fractions."""
        made: Objects = np.tensordot(np.array(belief, dtype=object), self.exact, 1)
        return made


def state_games(payoffs: Any, prior: Any) -> StateGames:
    """Tables and prior as they are used.

    >>> state_games([[[1, 0], [0, 0]], [[0, 0], [0, 1]]], ["1/3", "2/3"]).at(np.array([0.5, 0.5])).tolist()
    [[0.5, 0.0], [0.0, 0.5]]

    Raises `InputError` for tables that do not have the same actions in every state, and a prior that is none.
    """
    given = list(payoffs) if isinstance(payoffs, Iterable) and not isinstance(payoffs, str) else []
    if not given:
        raise InputError(f"payoffs are a table for every state, [states, rows, columns]; got {payoffs!r}")
    tables = [exact_array(own, f"payoffs of state {k + 1}", ndim=2) for k, own in enumerate(given)]
    shape = tables[0][0].shape
    for k, (own, _) in enumerate(tables):
        if own.shape != shape or not own.size:
            raise InputError(
                f"every state has the same rows and columns, since who does not know the state must be able to choose: "
                f"payoffs of state {k + 1} have shape {own.shape}, those of state 1 {shape}"
            )
    if len(tables) * tables[0][0].size > MOST_PAYOFFS:
        raise InputError(f"at most {MOST_PAYOFFS:,} payoffs; got {len(tables)} states with tables of shape {shape}")
    whole = exact_values(prior, "prior")
    distribution([float(p) for p in whole], "prior", len(tables))
    total = sum(whole, Fraction(0))
    exact = np.stack([fractions_of(own) if exact is None else exact for own, exact in tables])
    return StateGames(exact, np.stack([own for own, _ in tables]), tuple(p / total for p in whole))
