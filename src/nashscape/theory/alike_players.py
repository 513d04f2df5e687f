"""Two alike players of a symmetric 2×2 game: what their networks make of the closed forms of coupling."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.semantics import ParametricGame
from nashscape.theory.symmetric import SymmetricThresholds, symmetric_thresholds

Floats = npt.NDArray[np.float64]

SAME = 1e-6
"""How far derivatives of exchangeable players may be apart, relative to the largest of them."""


@dataclass(frozen=True, eq=False)
class AlikePlayers:
    """What decides whether two alike players come to cooperate, at a profile at which both are the same.

    Both climb their own utilities. With `a = ∂z_1/∂θ_1` and `b = ∂z_2/∂θ_1`, each one's logit moves at

        ż = s(p) · [ A(p) (|a|² + ⟨a,b⟩) + B(p) (|b|² + ⟨a,b⟩) ],   s = p (1 − p)

    Part of a `SensitivityRatio`.

    Attributes:
        p: the probability with which each cooperates, plays its first action.
        own: `a`, how a player's own logit answers its parameters, `[d]`.
        cross: `b`, how the other's logit answers them, `[d]`.
        thresholds: the closed forms of the game, with A and B.
    """

    p: float
    own: Floats
    cross: Floats
    thresholds: SymmetricThresholds

    @property
    def self_sensitivity(self) -> float:
        """`|a|² + ⟨a,b⟩`: what one's own gain A is multiplied by."""
        return float(self.own @ self.own + self.own @ self.cross)

    @property
    def cross_sensitivity(self) -> float:
        """`|b|² + ⟨a,b⟩`: what the gain by the other, B, is multiplied by."""
        return float(self.cross @ self.cross + self.own @ self.cross)

    @property
    def ratio(self) -> float | None:
        """`ρ = (|b|² + ⟨a,b⟩)/(|a|² + ⟨a,b⟩)`, which is κ where `b = κa`; None where the divisor is zero."""
        return None if self.self_sensitivity == 0 else self.cross_sensitivity / self.self_sensitivity

    @property
    def threshold(self) -> float | None:
        """`κ*(p) = −A(p)/B(p)`; None where B(p) is zero."""
        return self.thresholds.at(self.p)

    @property
    def margin(self) -> float | None:
        """`ρ − κ*(p)`; None where one of them is."""
        return None if self.ratio is None or self.threshold is None else self.ratio - self.threshold

    @property
    def bracket(self) -> float:
        """`A (|a|² + ⟨a,b⟩) + B (|b|² + ⟨a,b⟩)`, in payoff units: cooperation grows where it is positive, always."""
        gains = self.thresholds.own_gain(self.p), self.thresholds.others_gain(self.p)
        return gains[0] * self.self_sensitivity + gains[1] * self.cross_sensitivity

    @property
    def velocity(self) -> float:
        """`ż = s(p) · bracket`, of either player's logit."""
        return self.p * (1 - self.p) * self.bracket

    @property
    def undecided(self) -> tuple[str, ...]:
        """The conditions that fail under which the margin has the sign of the bracket; none where it does."""
        failing = []
        if not self.self_sensitivity > 0:
            failing.append(f"|a|² + ⟨a,b⟩ = {self.self_sensitivity:.4g} is not positive")
        if not self.thresholds.others_gain(self.p) > 0:
            failing.append(f"B(p) = {self.thresholds.others_gain(self.p):.4g} is not positive")
        return tuple(failing)

    @property
    def decides(self) -> bool:
        """Whether cooperation grows if and only if ρ exceeds κ*(p); otherwise look at the bracket."""
        return not self.undecided


def alike_players(learners: ParametricGame, theta: Floats, odds: Floats, slopes: Floats) -> AlikePlayers:
    """What decides whether two players who are the same come to cooperate.

    Args:
        learners: what is played.
        theta: the profile, `[d]`.
        odds: the log-odds of both first actions there, `[2]`.
        slopes: their derivatives, `[2, d]`.

    Raises:
        InputError: which says what is not alike.
    """
    thresholds = symmetric_thresholds(learners)
    if learners.semantics.costs_vary:
        raise InputError("what they pay changes with what they learn")
    if len(set(learners.sizes)) > 1:
        raise InputError(f"they have {list(learners.sizes)} parameters")
    d = learners.sizes[0]
    if not np.array_equal(theta[:d], theta[d:]):
        raise InputError("they have not the same parameters")
    (first, second) = slopes
    _check_alike("log-odds", odds[0], odds[1], 1.0)
    scale = float(np.abs(slopes).max())
    _check_alike("answers to their own parameters", first[:d], second[d:], scale)
    _check_alike("answers to each other's parameters", second[:d], first[d:], scale)
    return AlikePlayers(float(1 / (1 + np.exp(-odds[0]))), first[:d], second[:d], thresholds)


def _check_alike(what: str, one: Floats, other: Floats, scale: float) -> None:
    apart = float(np.abs(one - other).max())
    if not apart <= SAME * scale:
        raise InputError(f"their {what} differ by {apart:.3g}")
