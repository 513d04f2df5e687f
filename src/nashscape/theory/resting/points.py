"""Where a learning rule rests: zeros of its exact field in a box, and ends of the box to which it leads."""

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, citations, finite_number, positive_integer
from nashscape.core.calls import verb
from nashscape.core.interrupts import beside, until_stopped
from nashscape.core.provenance import record
from nashscape.learning import Rule, check_rule
from nashscape.learning.fields import Field, field_of
from nashscape.learning.gauges import check_rest, complement, gauges, limits
from nashscape.proofs.bounds.enclosures import enclose
from nashscape.semantics import ParametricGame, Playable
from nashscape.theory.resting.faces import along_face, can_rest, dies_out, joined, open_faces, searched
from nashscape.theory.resting.krawczyk import proof_radius
from nashscape.theory.resting.linear_types import MARGIN, linear_type
from nashscape.theory.resting.results import FixedPoint, FixedPoints
from nashscape.theory.resting.stationary import Resting, near_ends, resting

Floats = npt.NDArray[np.float64]
GRID = 21
"""Points of the grid for pictures along each of two parameters."""

SINGULAR = 1e-9
"""Singular values below this share of the largest count as zero."""

LARGEST = 30.0
"""Logits beyond this play to within rounding what pure strategies do."""

FEW = 3
"""Points that are kept of those on one face that are not isolated, such as a line of them."""


@verb()
def fixed_points(
    rule: Rule,
    game: "Playable",
    *,
    bound: float = 8.0,
    starts: int = 64,
    seed: int = 0,
    prove: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> FixedPoints:
    """Where a rule rests in a box: `F(θ) = 0`, or where parameters at an end of the box are led out of it.

    All corners of the box are looked at. On every other face Newton's method runs from random starts on the rule's
    exact field F; that is a search, and what it does not come to is missing from the list: see `note`. Every point is
    described by the eigenvalues of F's Jacobian, by regret, and beside the nearest zero φ* of policy gradient v by the
    shift θ − φ* and its prediction to first order, `−J_v(φ*)⁻¹ M(φ*)` with `M = F − v`. Logits of a softmax are those
    of mean zero, for one number added to all of them changes nothing.

    Args:
        rule: a rule without memory; schedules are taken at their first step.
        game: a game with or without a semantics.
        bound: M of the box `[−M, M]`, in units of the parameters; within a game's own bounds. Where parameters are
            points without bounds, only the inside is searched. At most 30 for logits, beyond which strategies are pure
            to within rounding, so that fields die out everywhere. By default 8.
        starts: of Newton's method on every face; half as many are added near its middle, and near its ends a quarter,
            at least eight. By default 64.
        seed: of the starts; by default 0.
        prove: whether to prove, by intervals, that about each point there is exactly one; not that there are no others
            elsewhere; by default not.
        progress: called with the points described and their number.

    Returns:
        The points. All corners that there are; of others those to which Newton's method came, and of points that are
        not isolated, such as a whole line of them, three. Inner zeros where a player's strategy is pure to within
        rounding are left out.

    Raises:
        InputError: for rules without a field or that never rest, probabilities as parameters, boxes with too many
            faces, bounds too large for logits, and `prove` where no bounds are known.

    Example:
        >>> from nashscape import games, meta_mapg
        >>> found = fixed_points(meta_mapg(), games.stag_hunt(), prove=True)
        >>> for point in found.points:
        ...     print(point)
        <FixedPoint saddle (interior) playing [0.5339, 0.4661], [0.5339, 0.4661]; regret 0.213; proved>
        <FixedPoint attracting corner playing [0.0003, 0.9997], [0.0003, 0.9997]; regret 0.00067; proved>
        <FixedPoint attracting corner playing [0.9997, 0.0003], [0.9997, 0.0003]; regret 0.000335; proved>

    Source: the corrected fixed point and its first-order shift are those of arXiv 2605.18078.
    """
    field = field_of(game, check_rule(rule))
    learners = field.game
    bound = finite_number(bound, "bound", low=0.0, low_open=True)
    positive_integer(starts, "starts")
    if learners.semantics.domain == "simplex":
        raise InputError("where parameters are probabilities learning rests on edges; use logits, the bare game")
    if learners.semantics.domain == "logits" and bound > LARGEST:
        raise InputError(
            f"with logits of ±{bound:g} strategies are pure to within rounding and fields die out; give a bound of at "
            f"most {LARGEST:g}"
        )
    low, high = limits(learners, bound)
    still = beside(lambda: gauges(learners))
    beside(lambda: check_rest(field, complement(still)))
    on = beside(lambda: [face for face in open_faces(learners, low, high) if can_rest(learners, still, face)])
    search = partial(resting, low=low, high=high, on=on, starts=starts, seed=seed, still=joined(still))
    base = field_of(learners)

    def searched() -> tuple[Any, Any]:
        resolved = [one for one in search(field) if not dies_out(field, one)]
        plain = field.rule.name == base.rule.name
        return _without_lines(resolved, learners, still), [] if plain else search(base)

    points: list[FixedPoint] = []
    with until_stopped(lambda: not points) as stop:
        found, origins = beside(searched)
        for one in found:
            points.append(beside(partial(_described, field, base, one, origins, still, (low, high), prove)))
            if progress is not None:
                progress(len(points), len(found))
    status = Status.INTERRUPTED if stop.early else Status.UNDECIDED
    grid = _grid(low, high)
    asked = {"game": learners, "rule": field.rule, "bound": bound, "prove": prove}
    return FixedPoints(
        game=learners.name,
        rule=field.rule.name,
        low=low,
        high=high,
        points=tuple(points),
        grid=grid,
        arrows=np.array([field(theta) for theta in grid]).reshape(grid.shape),
        searched=_searched(on, starts),
        status=status,
        provenance=record(
            "fixed points",
            {**asked, "starts": starts},
            seed=seed,
            sources=[
                *field.rule.sources,
                *([] if field.rule.follows_payoffs else [citations.BASIN_ENTRY]),
                *([citations.KRAWCZYK] if prove else []),
            ],
        ),
    )


def _searched(on: list[tuple[int, ...]], starts: int) -> str:
    corners = sum(all(face) for face in on)
    number = starts + starts // 2 + (near_ends(starts) if len(on) > 1 else 0)
    way = f"Newton's method from up to {number} starts on each of {len(on) - corners} faces"
    return f"{way}; all corners were looked at" if corners else way


def _without_lines(found: list[Resting], game: ParametricGame, still: list[Floats]) -> list[Resting]:
    """All isolated points, and a few of any that are not."""
    kept, lines = [], dict.fromkeys((one.fixed for one in found), 0)
    for one in sorted(found, key=lambda one: (sum(map(abs, one.fixed)), one.fixed, np.linalg.norm(one.theta))):
        basis = along_face(game, still, one.fixed)
        sizes = np.linalg.svd(basis.T @ one.jacobian @ basis, compute_uv=False)
        singular = bool(len(sizes)) and not sizes[-1] > SINGULAR * sizes[0]
        lines[one.fixed] += singular
        if not singular or lines[one.fixed] <= FEW:
            kept.append(one)
    return kept


def _described(
    field: Field, base: Field, one: Resting, origins: list[Resting], still: list[Floats], ends: Any, prove: bool
) -> FixedPoint:
    basis = along_face(field.game, still, one.fixed)
    values, linear = linear_type(basis.T @ one.jacobian @ basis)
    strategies = field.strategies(one.theta)
    with jax.enable_x64(True):
        regret = np.asarray(field.game.game.regrets(strategies), np.float64)
    origin = min(
        (other for other in origins if other.fixed == one.fixed and basis.shape[1]),
        key=lambda other: float(np.linalg.norm(other.theta - one.theta)),
        default=None,
    )
    return FixedPoint(
        theta=one.theta,
        strategies=tuple(strategies),
        fixed=one.fixed,
        regret=regret,
        eigenvalues=values,
        linear=linear,
        outwards=one.outwards,
        clear=_is_clear(field, one),
        residual=float(np.abs(basis.T @ one.field).max(initial=0.0)),
        origin=None if origin is None else origin.theta,
        shift=None if origin is None else one.theta - origin.theta,
        predicted=None if origin is None else _predicted(field, base, origin, basis),
        proved=_proof(field, one, still, ends) if prove else None,
    )


def _is_clear(field: Field, one: Resting) -> bool:
    """Whether the field certainly leads out of the box at its ends, by bounds where there are any."""
    sides = np.array(one.fixed)
    if not sides.any():
        return True
    try:
        [there] = enclose(field, one.theta[None], one.theta[None])
    except InputError:
        return one.outwards > MARGIN * float(np.abs(one.field).max())
    return bool((np.where(sides > 0, there.low[0], -there.high[0])[sides != 0] > 0).all())


def _predicted(field: Field, base: Field, origin: Resting, basis: Floats) -> Floats | None:
    """`−J_v⁻¹ M` at a zero of policy gradient, along the face."""
    slope = basis.T @ base.jacobian(origin.theta) @ basis
    sizes = np.linalg.svd(slope, compute_uv=False)
    if not sizes[-1] > SINGULAR * sizes[0]:
        return None
    correction = field(origin.theta) - base(origin.theta)
    return np.asarray(-basis @ np.linalg.solve(slope, basis.T @ correction))


def _proof(field: Field, one: Resting, still: list[Floats], ends: tuple[Floats, Floats]) -> float | None:
    free = searched(field.game, still, one.fixed)
    room = min(float(np.min(np.abs(one.theta - end)[free], initial=np.inf)) for end in ends)
    radius = proof_radius(field, one.theta, free, room) if free.any() else 0.0
    if radius is None:
        return None
    reach, sides = np.where(free, radius * (1 + 1e-9), 0.0), np.array(one.fixed)
    [there] = enclose(field, (one.theta - reach)[None], (one.theta + reach)[None])
    outwards = np.where(sides > 0, there.low[0], -there.high[0])[sides != 0]
    return radius if (outwards > 0).all() else None


def _grid(low: Floats, high: Floats) -> Floats:
    if len(low) != 2:
        return np.zeros((0, len(low)))
    lines = [np.linspace(a, b, GRID) for a, b in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 2)
