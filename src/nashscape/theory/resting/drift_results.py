"""What is proved of the flow near a point at which a rule rests."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status

Floats = npt.NDArray[np.float64]

PROVED = ("drift", "radius", "lipschitz", "rate", "field_lipschitz", "step_bound", "away", "side", "margin", "time")
"""Attributes that are bounds rounded outwards: what is said with them holds for real numbers."""

MEASURED = ("theta", "measured_drift", "base_drift", "correction_drift")
"""Attributes in plain double precision, for orientation only."""


@dataclass(frozen=True, eq=False)
class DriftConstants(Result):
    """How fast, and from how far, a rule is proved to come to a point. Made by `drift_constants`.

    About an inner zero φ* of the field F, with `d = θ − φ*` and `r = |d| ≤ radius`,

        ⟨F(θ), d⟩ ≤ −(μ − L r/2) |d|²,

    so the flow comes closer at the rate `μ − Lρ/2` at least, and so do steps `θ + h F(θ)` with `h < step_bound`; to cut
    them back to a convex set that holds φ* does no harm. At a corner every component of F leads out of the box by at
    least `margin` on a sub-box, so that all parameters go to the corner and arrive, by steps of any size that are cut
    back to the box.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        kind: "interior", "corner" or "face".
        theta: the point as it was computed, `[d]`: the one asked about, to within rounding.
        fixed: −1 or 1 where a parameter lies at an end of the box, 0 where it is inside, `[d]`.
        verdict: "proved" or "none".
        reason: why nothing is proved; empty where it is.
        drift: μ, a lower bound of `−λ_max(sym DF(φ*))`, per unit of time.
        lipschitz: L, an upper bound of the Lipschitz constant of DF on the ball.
        radius: ρ with `ρ ≤ μ/(2L)`, L taken on the ball of this radius about φ*.
        rate: `μ' = μ − Lρ/2`, at least ¾ μ.
        field_lipschitz: L_F, an upper bound of the Lipschitz constant of F on the ball.
        step_bound: `2μ'/L_F²`.
        away: how far φ* is from `theta` in any parameter, at most.
        side: of the sub-box at a corner, along every parameter.
        margin: of the field there, in payoff units per parameter.
        time: within which the flow arrives from everywhere in the sub-box, `side/margin`.
        measured_drift: `−λ_max(sym DF)` at `theta`, in plain double precision, also where it is not positive.
        base_drift: the same of policy gradient's field alone,
        correction_drift: and of the rule's correction `M = F − v` alone. The largest eigenvalue of a sum is at most the
            sum of the largest, so μ is at least the sum of these.
        status: COMPLETE, or UNRESOLVED where the verdict is "none".
        provenance: what was asked, versions.
    """

    question_kind: ClassVar[str] = "drift constants"
    picture: ClassVar[str] = "nashscape.figures.drifts:drift_figure"

    game: str
    rule: str
    kind: str
    theta: Floats
    fixed: tuple[int, ...]
    verdict: str
    reason: str
    drift: float | None
    lipschitz: float | None
    radius: float | None
    rate: float | None
    field_lipschitz: float | None
    step_bound: float | None
    away: float | None
    side: float | None
    margin: float | None
    time: float | None
    measured_drift: float | None
    base_drift: float | None
    correction_drift: float | None
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """The verdict and what it rests on, as one line."""
        begin = f"<DriftConstants of {self.rule} on {self.game}"
        if self.verdict == "none":
            return f"{begin}: none; {self.reason}>"
        if self.kind == "corner":
            return f"{begin}: at the corner, out by {self.margin:.3g} within {self.side:.4g}; proved>"
        return (
            f"{begin}: μ = {self.drift:.4g}, L = {self.lipschitz:.4g}, ball of radius {self.radius:.4g}, steps below "
            f"{self.step_bound:.4g}; proved>"
        )
