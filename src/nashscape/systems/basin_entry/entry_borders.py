"""Directions in which entry becomes likelier: its gradient, the border of a basin, cooperation itself."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core.interrupts import all_or_nothing
from nashscape.dynamics import Settling, starts
from nashscape.games import DenseGame, MarkovGame
from nashscape.learning import Rule
from nashscape.selection import entry_probability

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

STEPS = 260
HALVINGS = 12
"""Of the line between a start that enters and one that does not."""


@dataclass(frozen=True)
class Entering:
    """Which starts enter: runs of one rule from given parameters, counted where they stand after their last update.

    Attributes:
        game: in which.
        rule: by which.
        chunk: starts of one call, so that there is one program for any number.
    """

    game: DenseGame | MarkovGame
    rule: Rule
    chunk: int = 4096

    def __call__(self, theta: Floats) -> Truths:
        """Whether each of the starts `[N, d]` enters."""
        parts = [self._part(theta[k : k + self.chunk]) for k in range(0, len(theta), self.chunk)]
        return np.concatenate(parts)

    def _part(self, theta: Floats) -> Truths:
        filled = np.pad(theta, ((0, self.chunk - len(theta)), (0, 0)), mode="edge")
        with all_or_nothing():
            found = entry_probability(
                self.game, self.rule, n=self.chunk, starts=starts.parameters(filled), steps=STEPS, targets="CC",
                settling=Settling(follow=False),
            )  # fmt: skip
        return np.asarray(found.held == 0)[: len(theta)]


def gradient_of_entry(
    enters: Callable[[Floats], Truths], theta: Floats, spread: float, pairs: int, seed: int
) -> Floats:
    """The gradient of the probability of entry from `θ + ε`, ε normal: `E[(y(θ + ε) − y(θ − ε)) ε]/(2 spread²)`.

    Args:
        enters: whether each of the starts `[N, d]` enters.
        theta: the places, `[N, d]`.
        spread: standard deviation of ε in each coordinate.
        pairs: draws of ε for each place, each with its opposite.
        seed: of the draws.
    """
    noise = spread * np.random.default_rng(seed).normal(size=(pairs, *theta.shape))
    up, down = (enters((theta + sign * noise).reshape(-1, theta.shape[1])) for sign in (1, -1))
    difference = (up.astype(float) - down).reshape(pairs, len(theta), 1)
    return np.asarray((difference * noise).mean(axis=0) / (2 * spread**2))


def border(enters: Callable[[Floats], Truths], inside: Floats, outside: Floats) -> Floats:
    """A point of the border on each line from a start that enters to one that does not, by halving."""
    low, high = np.zeros((len(inside), 1)), np.ones((len(inside), 1))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        entered = enters(outside + middle * (inside - outside))[:, None]
        low, high = np.where(entered, low, middle), np.where(entered, middle, high)
    return np.asarray(outside + high * (inside - outside))


def towards(game: DenseGame | MarkovGame, theta: Floats) -> dict[str, Floats]:
    """Gradients of `Σ log p` over the first round, and over all states where there are several; p are sigmoids of θ."""
    every = 1 / (1 + np.exp(theta))
    rows = theta.shape[1] // 2
    if rows == 1:
        return {"target": every}
    first = np.zeros_like(every)
    first[:, ::rows] = every[:, ::rows]
    return {"target in the first round": first, "target in all states": every}
