"""Backward induction of three who contribute one after the other: what the last does exactly, the others on a grid."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PLAYERS = 3
CLOSE = 1e-9
"""Sums and payoffs this close are equal: of two equal payoffs the one at the threshold is chosen, as those before need
it."""


@dataclass(frozen=True)
class Terms:
    """The reconstruction `u_i = −c(a_i) + γ a_i Σ_{j<i} a_j + (ρ/n) Σ_j a_j − P [Σ_j a_j < B]`, `c(a) = ℓ a + q a²`.

    Attributes:
        bonus: γ.
        multiplier: ρ.
        penalty: P.
        threshold: B.
        linear: ℓ.
        quadratic: q, above 0.
    """

    bonus: float = 0.0
    multiplier: float = 1.8
    penalty: float = 0.0
    threshold: float = 0.0
    linear: float = 0.6
    quadratic: float = 0.4

    @property
    def share(self) -> float:
        """What a unit that anyone gives is worth to each, ρ/n."""
        return self.multiplier / PLAYERS

    def own(self, given: Floats, before: Floats) -> Floats:
        """What a contribution is worth to who makes it after others, without what comes later and the penalty."""
        return given * (self.bonus * before + self.share - self.linear - self.quadratic * given)

    def free(self, before: Floats) -> Floats:
        """The best contribution after others where no threshold is at stake: `(γ s + ρ/n − ℓ) / 2q`, from 0 to 1."""
        return np.clip((self.bonus * before + self.share - self.linear) / (2 * self.quadratic), 0.0, 1.0)

    def welfare(self, given: Floats) -> float:
        """The sum of payoffs."""
        before = np.concatenate([[0.0], np.cumsum(given)[:-1]])
        own = self.own(given, before) - self.share * given
        total = float(np.sum(given))
        missed = total < self.threshold - CLOSE
        return float(own.sum() + self.multiplier * total - PLAYERS * self.penalty * missed)


def last(terms: Terms, before: Floats) -> Floats:
    """What the last gives after others, exactly: its free choice, or what is missing, if that pays."""
    free = terms.free(before)
    missing = terms.threshold - before
    short = before + free < terms.threshold - CLOSE
    can = short & (missing <= 1 + CLOSE)
    needed = np.clip(missing, 0.0, 1.0)
    pays = terms.own(needed, before) >= terms.own(free, before) - terms.penalty - CLOSE
    return np.where(can & pays, needed, free)


def seed(terms: Terms) -> float:
    """What has to be given before somebody gives all by itself: `(c'(1) − ρ/n) / γ`."""
    lacking = terms.linear + 2 * terms.quadratic - terms.share
    return max(lacking, 0.0) / terms.bonus if terms.bonus > 0 else (0.0 if lacking <= 0 else np.inf)


def grid(terms: Terms, cells: int) -> Floats:
    """Contributions to choose from: a grid, what is missing if later ones give all or nothing, and what makes them."""
    corners = np.append(terms.threshold - np.arange(PLAYERS), seed(terms))
    return np.unique(np.concatenate([np.linspace(0.0, 1.0, cells + 1), corners[(corners >= 0) & (corners <= 1)]]))


def outcome(terms: Terms, cells: int = 400) -> Floats:
    """What the three give in the subgame-perfect equilibrium, to a cell of the grid."""
    choices = grid(terms, cells)
    second, third = _answers(terms, choices, choices)
    total = choices + second + third
    paid = terms.own(choices, np.zeros_like(choices)) + terms.share * (second + third)
    paid = paid - terms.penalty * (total < terms.threshold - CLOSE)
    best = int(np.argmax(paid))
    return np.array([choices[best], second[best], third[best]])


def _answers(terms: Terms, firsts: Floats, choices: Floats) -> tuple[Floats, Floats]:
    """What the second and the third give after each choice of the first."""
    before = np.broadcast_to(firsts[:, None], (len(firsts), len(choices)))
    # what makes the third give all, and what is missing if it gives nothing or all, are choices too
    exact = np.clip(np.array([terms.threshold, terms.threshold - 1, seed(terms)]) - firsts[:, None], 0.0, 1.0)
    own = np.concatenate([np.broadcast_to(choices, before.shape), exact], axis=1)
    before = np.broadcast_to(firsts[:, None], own.shape)
    third = last(terms, before + own)
    total = before + own + third
    paid = terms.own(own, before) + terms.share * third - terms.penalty * (total < terms.threshold - CLOSE)
    best = np.argmax(paid, axis=1)
    rows = np.arange(len(firsts))
    return own[rows, best], third[rows, best]
