"""The sensitivity ratio: what coupling becomes where two players are networks of each other's parameters."""

from dataclasses import dataclass, fields
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.core.plain_data import plain
from nashscape.games import Game
from nashscape.semantics import ParametricGame, parametric
from nashscape.theory.symmetric import SymmetricThresholds, symmetric_thresholds

Floats = npt.NDArray[np.float64]

SAME = 1e-6
"""How far derivatives of exchangeable players may be apart, relative to the largest of them."""


@dataclass(frozen=True, eq=False)
class SensitivityRatio:
    """What decides whether two alike players come to cooperate, at a profile at which both are the same.

    Both climb their own utilities. With `a = ∂z_1/∂θ_1` and `b = ∂z_2/∂θ_1`, each one's logit moves at

        ż = s(p) · [ A(p) (|a|² + ⟨a,b⟩) + B(p) (|b|² + ⟨a,b⟩) ],   s = p (1 − p)

    Made by `sensitivity_ratio`.

    Attributes:
        game: name of the game.
        p: the probability with which each cooperates, plays its first action.
        own: `a`, how a player's own logit answers its parameters, `[d]`.
        cross: `b`, how the other's logit answers them, `[d]`.
        thresholds: the closed forms of the game, with A and B.
    """

    game: str
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

    def to_dict(self) -> dict[str, Any]:
        """The fields and what follows from them, as plain data."""
        derived = ("self_sensitivity", "cross_sensitivity", "ratio", "threshold", "margin", "bracket", "velocity",
                   "decides", "undecided")  # fmt: skip
        names = [field.name for field in fields(self)]
        return {name: plain(getattr(self, name)) for name in (*names, *derived)}

    def __repr__(self) -> str:
        """Ratio, threshold and verdict, as one line."""
        verdict = "grows" if self.bracket > 0 else "falls" if self.bracket < 0 else "rests"
        begin = f"<SensitivityRatio on {self.game} at p = {self.p:.4g}: cooperation {verdict}, "
        if not self.decides:
            return f"{begin}bracket {self.bracket:+.4g}; ρ does not decide, {' and '.join(self.undecided)}>"
        return f"{begin}ρ = {self.ratio:.4g}, κ* = {self.threshold:.4g}>"


def sensitivity_ratio(game: Game | ParametricGame, theta: npt.ArrayLike) -> SensitivityRatio:
    """The sensitivity ratio of two exchangeable players in a symmetric 2×2 game, at a symmetric profile.

        ρ = (|b|² + ⟨a,b⟩) / (|a|² + ⟨a,b⟩),   a = ∂z_1/∂θ_1,  b = ∂z_2/∂θ_1

    If `|a|² + ⟨a,b⟩ > 0` and `B(p) > 0`, cooperation grows under selfish gradient ascent iff ρ exceeds `κ*(p)`, the
    threshold of coupled players. Whether these hold is said by `decides`. Logits z are log-odds of the first action.
    It is a statement about the profile: on the way ρ, p and with them κ* change, and nearby profiles that are not
    symmetric may move apart.

    Args:
        game: a symmetric game of two players with two actions, with semantics that treat the players alike.
        theta: the profile, `[2d]` with equal halves, or what both have, `[d]`.

    Raises:
        InputError: for games and profiles that are not symmetric, and players who are not exchangeable at the profile.

    Example:
        >>> from nashscape import games, open_source
        >>> sensitivity_ratio(open_source(games.donation(benefit=3, cost=1), 0.4), [0.2, 0.2])
        <SensitivityRatio on donation at p = 0.5695: cooperation grows, ρ = 0.4, κ* = 0.3333>

    Source: section 3 of arXiv 2606.27068; the ratio for vectors of parameters is derived here.
    """
    learners = parametric(game)
    if learners.semantics.costs_vary:
        raise InputError("the sensitivity ratio knows no costs that learning changes; use cooperation_index")
    try:
        thresholds = symmetric_thresholds(learners)
    except InputError as error:
        raise InputError(f"{error}; cooperation_index works for any game and profile") from None
    if learners.semantics.domain != "logits":
        raise InputError(
            "a sensitivity ratio is for parameters that move freely, such as logits; give such a semantics"
        )
    at = _both(learners, theta)
    with jax.enable_x64(True):
        odds, slopes = (np.asarray(own) for own in _log_odds(learners, jnp.asarray(at, "float64")))
    (first, second), d = slopes, len(at) // 2
    _check_alike("log-odds", odds[0], odds[1], 1.0)
    scale = float(np.abs(slopes).max())
    _check_alike("answers to their own parameters", first[:d], second[d:], scale)
    _check_alike("answers to each other's parameters", second[:d], first[d:], scale)
    return SensitivityRatio(learners.name, float(1 / (1 + np.exp(-odds[0]))), first[:d], second[:d], thresholds)


def _both(learners: ParametricGame, theta: npt.ArrayLike) -> Floats:
    at = finite_array(theta, "theta", ndim=1)
    if len(set(learners.sizes)) > 1:
        raise InputError(
            f"exchangeable players have as many parameters; these have {list(learners.sizes)}: use cooperation_index"
        )
    d = learners.sizes[0]
    if len(at) not in (d, 2 * d):
        raise InputError(f"theta must have {2 * d} entries, or {d} that both players have; got {len(at)}")
    whole: Floats = np.tile(at, 2) if len(at) == d else at
    if not np.array_equal(whole[:d], whole[d:]):
        raise InputError(
            "the profile is not symmetric: both players must have the same parameters; use cooperation_index"
        )
    return whole


def _check_alike(what: str, one: Any, other: Any, scale: float) -> None:
    apart = float(np.abs(one - other).max())
    if not apart <= SAME * scale:
        raise InputError(
            f"the players are not exchangeable at this profile, their {what} differ by {apart:.3g}: "
            "use cooperation_index"
        )


@jax.jit
def _log_odds(game: ParametricGame, theta: jax.Array) -> Any:
    """The log-odds of the first actions, `[2]`, and their derivatives `[2, 2d]`."""

    def odds(at: jax.Array) -> jax.Array:
        return jnp.stack([own[0] - own[1] for own in game.semantics.log_strategies(at)])

    return odds(theta), jax.jacrev(odds)(theta)
