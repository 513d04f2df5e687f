"""Local constants: how fast, and from how far, a rule is proved to come to a point at which it rests."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, citations, finite_array, finite_number
from nashscape.core.calls import verb
from nashscape.core.provenance import record
from nashscape.learning import Rule, check_rule
from nashscape.learning.fields import Field, field_of
from nashscape.learning.gauges import check_rest, complement, gauges, limits
from nashscape.proofs.bounds.enclosures import SLOPES, enclose
from nashscape.proofs.bounds.local_bounds import HALVINGS, SPARE, certified_radius, largest_rate, leads_out
from nashscape.semantics import Playable
from nashscape.theory.resting.drift_results import DriftConstants
from nashscape.theory.resting.faces import joined, searched
from nashscape.theory.resting.krawczyk import proof_radius
from nashscape.theory.resting.results import FixedPoint

Floats = npt.NDArray[np.float64]
WHOLE = 1e-8
"""Directions without effect count as whole numbers, such as (1, 1, 1), when they are to within this."""

NEWTON_STEPS = 20
AWAY = 1e-6
"""A point further than this from where the rule rests, beside one plus its largest parameter, is not that point."""


@verb()
def drift_constants(
    rule: Rule,
    game: "Playable",
    at: FixedPoint | npt.ArrayLike,
    *,
    bound: float = 8.0,
    share: float = 0.5,
) -> DriftConstants:
    """The drift μ of a rule at a point where it rests, a ball from which it is proved to come there, and step sizes.

        μ = −λ_max(sym DF(φ*)),   ρ = μ / (2 L(ρ)),   ⟨F, d⟩ ≤ −(μ − L r/2)|d|²  for r = |d| ≤ ρ,   h < 2μ'/L_F²

    with `μ' = μ − Lρ/2`. L(ρ) is a Lipschitz constant of DF on the very ball of radius ρ, so that ρ is a fixed point;
    F is the whole field of the rule, not that of policy gradient with a correction frozen at φ*. Everything named in
    `theory.drift_results.PROVED` is rounded outwards, φ* itself included, of which only a small box is known. At a
    corner of the box it is instead the largest sub-box found on which every component leads out by a margin.

    Args:
        rule: a rule without memory; schedules are taken at their first step.
        game: a game with or without a semantics.
        at: a point from `fixed_points` for this rule, or parameters `[d]`: a corner of the box, or an inner zero, to
            within rounding.
        bound: M of the box, as for `fixed_points`; by default 8.
        share: at a corner, the wanted margin as a share of the least component of the field at the corner itself; by
            default 0.5.

    Returns:
        With verdict "none" and its reason, and no numbers, where μ is not positive. That does not mean that the point
        repels: distances may grow at first on the way to a stable focus.

    Raises:
        InputError: for rules without a field, rules or games for which no bounds are known, and points near which the
            rule rests, but not there, such as those of another rule.

    Example:
        >>> from nashscape import games, lookahead, pg
        >>> drift_constants(lookahead(), games.matching_pennies(), [0.0, 0.0])
        <DriftConstants of lookahead on matching_pennies: μ = 0.03437, L = ..., ball ..., steps below ...; proved>
        >>> drift_constants(pg(), games.matching_pennies(), [0.0, 0.0]).verdict
        'none'
        >>> drift_constants(pg(), games.stag_hunt(), [8.0, 8.0])
        <DriftConstants of pg on stag_hunt: at the corner, out by 0.000167 within ...; proved>

    Source: the drift and the radius are those of arXiv 2605.18078, with both constants of the whole field on the ball.
    """
    field = field_of(game, check_rule(rule))
    share = finite_number(share, "share", low=0.0, high=1.0, low_open=True, high_open=True)
    low, high = limits(field.game, finite_number(bound, "bound", low=0.0, low_open=True))
    where: Any = at
    theta = finite_array(getattr(where, "theta", where), "at", shape=(field.game.dimension,))
    if ((theta < low) | (theta > high)).any():
        raise InputError(f"the point {theta.tolist()} lies outside the box; give the bound of fixed_points")
    still = gauges(field.game)
    check_rest(field, complement(still))
    sides = np.where(theta == high, 1.0, np.where(theta == low, -1.0, 0.0))
    found: dict[str, Any]
    if sides.all():
        kind, found = "corner", _corner(field, theta, sides, float((high - low).min()), share)
    elif sides.any():
        kind = "face"
        found = {"reason": "some parameters lie at an end of the box and others do not: no local form is known here"}
    else:
        kind, found = "interior", _inside(field, theta, still, low, high)
    asked = {"game": field.game, "rule": field.rule, "at": theta, "bound": bound}
    names = ("drift", "lipschitz", "radius", "rate", "field_lipschitz", "step_bound", "away", "side", "margin", "time",
             "measured_drift", "base_drift", "correction_drift")  # fmt: skip
    none = bool(found.get("reason"))
    return DriftConstants(
        game=field.game.name,
        rule=field.rule.name,
        kind=kind,
        theta=found.get("theta", theta),
        fixed=tuple(int(side) for side in sides),
        verdict="none" if none else "proved",
        reason=found.get("reason", ""),
        **{name: found.get(name) for name in names},
        status=Status.UNRESOLVED if none else Status.COMPLETE,
        provenance=record(
            "drift constants", {**asked, "share": share}, sources=[citations.BASIN_ENTRY, *field.rule.sources]
        ),
    )


# --- inside the box -------------------------------------------------------------------------------------


def _inside(field: Field, theta: Floats, still: list[Floats], low: Floats, high: Floats) -> dict[str, Any]:
    free = searched(field.game, still, (0,) * len(theta))
    given, theta = theta, _polished(field, theta, free)
    _check_near(field, given, theta)
    basis = complement(still)
    measured = _drift(field.jacobian(theta), basis)
    base = field_of(field.game).jacobian(theta)
    known = {
        "theta": theta,
        "measured_drift": measured,
        "base_drift": _drift(base, basis),
        "correction_drift": _drift(field.jacobian(theta) - base, basis),
    }
    room = float(min((theta - low).min(), (high - theta).min()))
    away = proof_radius(field, theta, free, max(room, 0.0))
    if away is None:
        return known | {"reason": "no zero of the field is proved here: none is near, it is not simple, or the rule "
                                  "has a kink; give a point from fixed_points"}  # fmt: skip
    reach = np.where(free, away * (1 + 1e-9), 0.0)
    slopes = enclose(field, (theta - reach)[None], (theta + reach)[None], SLOPES)[1]
    drift = -largest_rate(slopes.low[0], slopes.high[0], _whole(joined(still)))
    if not drift > 0:
        return known | {"reason": _why(field.jacobian(theta), basis, measured)}
    # the ball lies in the box or not: steps that are cut back to the box come no less close
    width = float((high - low).max())
    radius, steep = certified_radius(field, theta, drift, away, width)
    if radius == 0.0:
        return known | {"reason": "no bound of the second derivatives was found on any ball"}
    rate = float(np.nextafter(drift - steep.jacobian * radius / 2 * SPARE, -np.inf))
    return known | {
        "drift": drift,
        "lipschitz": steep.jacobian,
        "radius": radius,
        "rate": rate,
        "field_lipschitz": steep.field,
        "step_bound": 2 * rate / steep.field**2 / SPARE,
        "away": away,
    }


def _polished(field: Field, theta: Floats, free: npt.NDArray[np.bool_]) -> Floats:
    """The point after a few steps of Newton's method; as it was where that leads away."""
    now = theta.copy()
    for _ in range(NEWTON_STEPS):
        inner = np.ix_(free, free)
        now[free] -= np.linalg.lstsq(field.jacobian(now)[inner], field(now)[free], rcond=None)[0]
        if not np.isfinite(now).all() or np.abs(now - theta).max() > 1.0:
            return theta
    return now


def _check_near(field: Field, given: Floats, theta: Floats) -> None:
    """Raise `InputError` where the point at which the rule rests is another than the one that was asked about."""
    away = float(np.abs(theta - given).max())
    if away > AWAY * (1.0 + float(np.abs(given).max())):
        at = ", ".join(f"{x:.9g}" for x in theta)
        raise InputError(
            f"rule {field.rule.name} does not rest at the point given, of which the nearest zero found lies {away:.3g} "
            f"away in some parameter; give a point from fixed_points for {field.rule.name}, or [{at}]"
        )


def _drift(jacobian: Floats, basis: Floats) -> float:
    inner = basis.T @ jacobian @ basis
    # zero has no sign
    return 0.0 - float(np.linalg.eigvalsh((inner + inner.T) / 2)[-1])


def _whole(still: Floats) -> Floats:
    """Directions as whole numbers, of which they are multiples: what is claimed with them is claimed exactly.

    Raises:
        InputError: where they are not.
    """
    scaled = np.array([own / own[np.argmax(np.abs(own))] for own in still.T]).reshape(-1, len(still)).T
    if np.abs(scaled - scaled.round()).max(initial=0.0) > WHOLE:
        raise InputError(
            "directions of parameters that change no strategy are known to rounding only here; use a semantics without "
            "them, such as sigmoids"
        )
    return np.asarray(scaled.round() + 0.0)


def _why(jacobian: Floats, basis: Floats, measured: float) -> str:
    inner = basis.T @ jacobian @ basis
    size = float(np.linalg.norm(inner, 2))
    most = float(np.linalg.eigvals(inner).real.max())
    if abs(float(np.trace(inner))) <= 1e-9 * size:
        return (
            f"μ = {measured:.4g} is not positive; the Jacobian's trace is zero, so what comes closer along one "
            "direction goes away along another"
        )
    if most < -1e-9 * size:
        return (
            f"μ = {measured:.4g} is not positive although all eigenvalues have negative real parts: nearby starts come "
            "to the point, but their distance may grow at first"
        )
    return f"μ = {measured:.4g} is not positive: an eigenvalue has the real part {most:.4g}"


# --- corners --------------------------------------------------------------------------------------------


def _corner(field: Field, theta: Floats, sides: Floats, width: float, share: float) -> dict[str, Any]:
    [there] = enclose(field, theta[None], theta[None])
    least = float(np.where(sides > 0, there.low[0], -there.high[0]).min())
    if not least > 0:
        return {"reason": f"the field does not lead out of the box at this corner: its least component is {least:.4g}"}
    margin, low, high = share * least, 0.0, width
    if leads_out(field, theta, sides, width, margin):
        low = width
    for _ in range(HALVINGS):
        if high - low <= 1e-3 * low:
            break
        side = (low + high) / 2
        low, high = (side, high) if leads_out(field, theta, sides, side, margin) else (low, side)
    if low == 0.0:
        return {"reason": "no sub-box was found on which the field is proved to lead out"}
    return {"side": low, "margin": margin, "time": low / margin * SPARE}
