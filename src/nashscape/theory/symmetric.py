"""Closed forms for two players of open source in a symmetric game with two actions."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from nashscape.core import Bracket, InputError, choice, finite_number
from nashscape.core.sign_changes import sign_changes_of
from nashscape.games import Game
from nashscape.games.offers import has_table
from nashscape.semantics import ParametricGame
from nashscape.semantics.parametric_game import is_parametric

SAMPLES = 257
"""Couplings at which the sign of a rate is looked at first."""

KINDS = {
    "one switch": "below the threshold cooperation falls everywhere on the diagonal, above it it grows everywhere",
    "stable mixture": "between the thresholds runs on the diagonal come to a mixture",
    "two attractors": "between the thresholds full defection and full cooperation both attract on the diagonal",
    "none": "no coupling above −1 is a threshold",
    "reversed": "the other's cooperation does harm, so coupling works the other way round",
    "changes sign": "the other's cooperation helps at some p and does harm at others, so the threshold has a pole",
}


@dataclass(frozen=True)
class SymmetricThresholds:
    """What coupling does to selfish gradient ascent with `z_i = θ_i + κ θ_j` in a symmetric 2×2 game.

    With `c = R − S − T + P`, let `A(p) = (S − P) + c p` be what a player's own cooperation is worth to it where both
    cooperate with probability p, and `B(p) = (T − P) + c p` what the other's is worth. On the diagonal `θ_1 = θ_2` each
    parameter moves at `s(p) [A(p) + κ B(p)]`, `s = p (1 − p)`, and so do the logits, times `1 + κ`.

    These are statements about the *diagonal*. Nearby starts leave it where `transverse_rate` is positive, and for where
    random starts go see `global_threshold`.

    Attributes:
        R: payoff of a player when both cooperate (play their first action).
        S: when it cooperates alone.
        T: when the other cooperates alone.
        P: when both defect.

    Source: arXiv 2606.27068 for the diagonal; the transverse rate and the global threshold are derived here.
    """

    R: float
    S: float
    T: float
    P: float

    @property
    def c(self) -> float:
        """`R − S − T + P`: positive where cooperating is worth more when the other does."""
        return self.R - self.S - self.T + self.P

    def own_gain(self, p: float) -> float:
        """`A(p)`, in payoff units."""
        return self.S - self.P + self.c * p

    def others_gain(self, p: float) -> float:
        """`B(p)`, in payoff units."""
        return self.T - self.P + self.c * p

    def at(self, p: float) -> float | None:
        """`κ*(p) = −A(p)/B(p)`, where cooperation neither grows nor falls at p; None where B(p) is zero."""
        worth = self.others_gain(finite_number(p, "p", low=0.0, high=1.0))
        return None if worth == 0 else -self.own_gain(p) / worth

    @property
    def defection(self) -> float | None:
        """`κ_D = (P − S)/(T − P)`: above it (B > 0) full defection is not first-order stable. None where T = P."""
        return self.at(0.0)

    @property
    def cooperation(self) -> float | None:
        """`κ_C = (T − R)/(R − S)`: above it (B > 0) full cooperation is first-order stable. None where R = S."""
        return None if self.R == self.S else (self.T - self.R) / (self.R - self.S)

    @property
    def half(self) -> float | None:
        """`κ_½ = (T + P − R − S)/(R + T − S − P)`: above it (B > 0) the first step from p = ½ is upward."""
        return self.at(0.5)

    @property
    def degenerate(self) -> tuple[str, ...]:
        """Which thresholds are not defined, and why; they are None and nothing is divided by zero."""
        found = []
        if self.defection is None:
            found.append("κ_D: T = P, so the other's cooperation is worth nothing where nobody cooperates")
        if self.cooperation is None:
            found.append("κ_C: R = S, so the other's cooperation is worth nothing where everybody cooperates")
        if self.half is None:
            found.append("κ_½: R + T = S + P, so the other's cooperation is worth nothing at p = ½")
        if self.c == 0:
            found.append("p°: R + P = S + T, so drift has the same sign all along the diagonal")
        return tuple(found)

    @property
    def kind(self) -> str:
        """How the diagonal changes with κ > −1, one of `theory.symmetric.KINDS`."""
        low, high = sorted((self.T - self.P, self.R - self.S))
        if low < 0 < high:
            return "changes sign"
        if high <= 0 and low < 0:
            return "reversed"
        thresholds = [k for k in (self.defection, self.cooperation) if k is not None]
        if not any(k > -1 for k in thresholds):
            return "none"
        if self.c == 0:
            return "one switch"
        return "stable mixture" if self.c < 0 else "two attractors"

    def mixture(self, coupling: float) -> float | None:
        """`p° = [(P − S) − κ (T − P)]/[(1 + κ) c]`, where the diagonal's drift is zero; None where not in (0, 1)."""
        scale = (1.0 + coupling) * self.c
        if scale == 0:
            return None
        p = (self.P - self.S - coupling * (self.T - self.P)) / scale
        return p if 0 < p < 1 else None

    def drift(self, coupling: float, p: float) -> float:
        """`s(p) [A(p) + κ B(p)]`: how fast each parameter moves on the diagonal, in payoff units."""
        return p * (1 - p) * (self.own_gain(p) + coupling * self.others_gain(p))

    def transverse_rate(self, coupling: float, p: float) -> float:
        """`τ(p) = (1−κ) s {(1−2p) [A − κ B] − (1−κ) s c}`: the rate at which a small `z_1 − z_2` grows at p.

        It is zero at κ = 1, where the two logits are the same. It is local: positive does not say where runs end.
        """
        s, apart = p * (1 - p), 1.0 - coupling
        turning = self.own_gain(p) - coupling * self.others_gain(p)
        return apart * s * ((1 - 2 * p) * turning - apart * s * self.c)

    @property
    def global_threshold(self) -> float | None:
        """`√max(κ_C, κ_D)`: of the flow without bounds *every* start goes to full cooperation above it, not at it.

        Known where `T > P`, `R > S`, `T > S`, `S + T ≥ 2P` and `2R ≥ S + T`; else None, and nothing is said. On a box
        equilibria on its edges may survive.
        """
        known = self.T > self.P and self.R > self.S and self.T > self.S
        if not (known and self.S + self.T >= 2 * self.P and 2 * self.R >= self.S + self.T):
            return None
        assert self.cooperation is not None
        assert self.defection is not None
        return math.sqrt(max(self.cooperation, self.defection, 0.0))

    def leaving_the_diagonal(self) -> tuple[Bracket, ...]:
        """Brackets of the couplings at which the sign of `τ(p°)` changes, between the two thresholds.

        Where it rises, runs near the mixture p° begin to leave the diagonal; where it falls, they cease to. Empty where
        there is no p°, and where the sign does not change. At κ = 1 it always does.
        """
        if self.c == 0 or self.defection is None or self.cooperation is None or self.kind == "changes sign":
            return ()
        ends = sorted((self.defection, self.cooperation))
        low, high = max(ends[0], -1.0), ends[1]
        inset = 1e-9 * (high - low)
        if not low < high:
            return ()

        def rate(coupling: float) -> float:
            # τ(p°)/s, which does not vanish with p° or 1 − p°; there A = −κ B
            p = self.mixture(coupling)
            assert p is not None, "between the thresholds there is one"
            apart, turning = 1.0 - coupling, 2.0 * self.own_gain(p)
            return apart * ((1 - 2 * p) * turning - apart * p * (1 - p) * self.c)

        return sign_changes_of(
            rate, low + inset, high - inset, samples=SAMPLES, tolerance=1e-14 * (high - low)
        ).brackets

    def thresholds(self) -> dict[str, Any]:
        """All of them by name, with the kind of the diagonal and what is not defined."""
        names = ("kind", "defection", "cooperation", "half", "global_threshold", "degenerate")
        found = {name: getattr(self, name) for name in names}
        return {**found, "leaving_the_diagonal": self.leaving_the_diagonal()}

    def corner_thresholds(self, bound: float, corner: str = "C") -> tuple[Bracket, ...]:
        """Brackets of the couplings κ in (−1, 100] at which a corner of the box `[−M, M]²` changes its first order.

        Both parameters at ±M mean `p = σ(±(1 + κ) M)`, not 0 or 1. Where it rises, cooperation grows there above it.
        Two changes closer than one per cent of 1 + κ can be missed.

        Args:
            bound: M.
            corner: "C", both at M, or "D", both at −M.
        """
        bound = finite_number(bound, "bound", low=0.0, low_open=True)
        sign = 1.0 if choice(corner, "corner", ("C", "D")) == "C" else -1.0

        def gain(size: float) -> float:
            coupling, rest = math.expm1(size), math.exp(-bound * math.exp(size))
            p = (1.0 if sign > 0 else rest) / (1.0 + rest)
            return self.own_gain(p) + coupling * self.others_gain(p)

        # beyond it the rest of a probability is below all numbers
        high = min(math.log(101.0), math.log(700.0 / bound))
        found = sign_changes_of(gain, -8.0, high, samples=10 * SAMPLES, tolerance=1e-13).brackets
        return tuple(Bracket(math.expm1(one.low), math.expm1(one.high), one.rises) for one in found)


def symmetric_thresholds(game: Game | ParametricGame) -> SymmetricThresholds:
    """The closed forms for a symmetric game of two players with two actions.

    Raises:
        InputError: for any other game.

    Example:
        >>> from nashscape import games
        >>> found = symmetric_thresholds(games.prisoners_dilemma())           # T=5 R=3 P=1 S=0
        >>> found.kind, found.defection, round(found.cooperation, 4), round(found.global_threshold, 4)
        ('stable mixture', 0.25, 0.6667, 0.8165)

    Source: arXiv 2606.27068.
    """
    played = game.game if is_parametric(game) else game
    if not has_table(played) or tuple(map(len, played.actions)) != (2, 2):
        raise InputError(f"closed forms are for two players with two actions; got {played!r}")
    bare = played.to_dense()
    first, second = np.asarray(bare.payoffs, dtype=np.float64)
    if not np.array_equal(first, second.T):
        raise InputError(
            f"closed forms need a symmetric game, in which the second player's payoffs are the first's transposed; "
            f"{bare.name} is not: coupling_threshold finds brackets for any game, threshold along any family"
        )
    (R, S), (T, P) = first.tolist()
    return SymmetricThresholds(R, S, T, P)
