"""Continuation: where learning rests, followed over a parameter of the game or of the rule."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Unpack, overload

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, citations, finite_array, finite_number, positive_integer, record
from nashscape.core.calls import verb
from nashscape.core.interrupts import beside, until_stopped
from nashscape.games import has_points, mixed_profile, point_profile
from nashscape.learning import Rule
from nashscape.learning.by_rule import ByRule, usual_or_many
from nashscape.learning.fields import Field
from nashscape.theory.families import Family, family_of
from nashscape.theory.following.branches import BifurcationPoint, Branch, Continuation
from nashscape.theory.following.equations import Equations, equations_of, fields_over
from nashscape.theory.following.multistart import newton, starting_points, zeros_at
from nashscape.theory.following.surveying import Curve, Limits, Survey
from nashscape.theory.option_types import ContinuationOptions

Floats = npt.NDArray[np.float64]
LOOKED_AT = (0.381966, 0.618034, 0.0, 1.0)
"""Where in the range zeros are looked for: also inside, at places that are special in few families."""


@overload
def continuation(
    family: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    rule: Rule | None = None,
    **options: Unpack[ContinuationOptions],
) -> Continuation: ...
@overload
def continuation(
    family: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    rule: Sequence[Rule],
    **options: Unpack[ContinuationOptions],
) -> ByRule[Continuation]: ...
@verb()
def continuation(
    family: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    dial: Any = None,
    rule: Rule | Sequence[Rule] | None = None,
    start: Any = None,
    theta: npt.ArrayLike | None = None,
    at: float | None = None,
    parameter: str | None = None,
    bound: float = 8.0,
    step: float = 0.25,
    tolerance: float = 1e-6,
    starts: int = 32,
    seed: int = 0,
    switch: bool = True,
    max_points: int = 1000,
    max_branches: int = 24,
    progress: Callable[[int, int], None] | None = None,
) -> Any:
    """Follow the zeros of a learning rule's field over a parameter, `F(θ; λ) = 0`, with stability and bifurcations.

    Branches are followed by pseudo-arclength: a step along the tangent of the curve (θ, λ), then Newton's method in the
    plane across it, which goes round folds. Where the number of unstable eigenvalues, the direction in λ, or the sign
    of the bordered determinant changes between two points, the piece is halved until the change lies in a bracket; at
    branch points the other branches are followed too. Changes between neighbouring points that cancel are not seen:
    take shorter steps.

    Args:
        family: a game, with or without semantics, in which a dial is turned; or a function from the value λ to a game,
            or to a pair (game, rule). Games should differ in numbers only, so that they share their compiled programs.
        low: least value λ; by default that of the dial. Functions need both ends.
        high: largest value.
        dial: what varies in a game: a name that `steer` knows, the path of a number, such as "rule.inner_lr", a `Dial`,
            or a function from λ to a game, a rule, or both; by default "coupling".
        rule: how the players learn, or a list of rules; by default the usual one of the dial, else policy gradient.
            Rules without memory.
        start: a strategy (or point) per player, near a zero at the value `at`, from which one branch begins.
        theta: the same as parameters, `[d]`. With neither, Newton's method looks for zeros from random starts.
        at: the value of a given start, `low` by default; or the only one at which zeros are looked for, not at four.
        parameter: name of λ, for tables and figures; by default that of the dial, or "value".
        bound: branches end where a parameter leaves `[−bound, bound]` (and the bounds of the game, if it has any); by
            default 8.
        step: longest step along a branch, in units of θ; the range of λ is four such units long. By default 0.25.
        tolerance: largest width of the brackets of bifurcations, in λ; at least 1e-8 of the range. By default 1e-6.
        starts: random starts at each value; by default 32.
        seed: of the starts; by default 0.
        switch: whether to follow the other branches at branch points; by default they are.
        max_points: points of a branch, at most, in each direction; by default 1000.
        max_branches: branches, at most; by default 24.
        progress: called with (branches followed, branches known of).

    Returns:
        A `Continuation`; for a list of rules `ByRule`, a mapping from their names.

    Raises:
        InputError: for input that does not fit, families whose zeros are not isolated at any value, and starts from
            which Newton's method finds no zero.

    Example:
        >>> from nashscape import games, open_source
        >>> dilemma = games.prisoners_dilemma()               # T=5 R=3 P=1 S=0
        >>> found = continuation(dilemma, 0.35, 0.5, start=[0.5, 0.5], at=0.4)
        >>> found.branches[0].stable[[0, -1]], found.points[0].kind
        (array([ True, False]), 'pitchfork')
        >>> round(found.points[0].low, 5), round(found.points[0].high, 5)
        (0.41861, 0.41861)

    Source: Keller (1977) for pseudo-arclength; Allgower and Georg, Numerical Continuation Methods (1990).
    """
    positive_integer(starts, "starts")
    positive_integer(seed, "seed", at_least=0)

    def run(learned: Rule | None) -> Continuation:
        along = family_of(family, dial, learned, parameter)
        first, last = along.ends(low, high)
        limits = Limits(
            step=finite_number(step, "step", low=0.0, high=1.0, low_open=True),
            points=positive_integer(max_points, "max_points", at_least=2),
            branches=positive_integer(max_branches, "max_branches"),
            tolerance=finite_number(tolerance, "tolerance", low=1e-8 * (last - first), high=last - first),
            switch=bool(switch),
        )
        where = None if at is None else finite_number(at, "at", low=first, high=last)
        reach = finite_number(bound, "bound", low=0.0, low_open=True)
        asked = {"start": start, "theta": theta, "at": where, "starts": starts, "seed": seed}
        return _followed(along, (first, last), limits, reach, asked, progress)

    return usual_or_many(rule, run)


def _followed(
    along: Family,
    ends: tuple[float, float],
    limits: Limits,
    bound: float,
    asked: dict[str, Any],
    progress: Callable[[int, int], None] | None,
) -> Continuation:
    began = time.perf_counter()
    survey = beside(lambda: Survey(equations_of(fields_over(along), *ends, bound), limits))
    with until_stopped(lambda: not survey.curves) as stop:
        searched = beside(lambda: _begin(survey, **asked))
        survey.run(progress)
    options = {**asked, "bound": bound, "limits": limits, "dial": along.dial}
    return _result(survey, along.parameter, searched, stop.early, options, began)


def _begin(survey: Survey, start: Any, theta: Any, at: float | None, starts: int, seed: int) -> str:
    """Put the first zeros into the survey; says how they were looked for."""
    equations = survey.equations
    if start is not None and theta is not None:
        raise InputError("give start or theta, not both")
    if start is None and theta is None:
        span = equations.high - equations.low
        values = [equations.low + share * span for share in LOOKED_AT] if at is None else [at]
        points = starting_points(equations, starts, seed)
        for value in values:
            survey.add(zeros_at(equations, value, points))
        return f"zeros by Newton's method from {starts} starts at {len(values)} values: others may exist"
    value = equations.low if at is None else at
    field = equations.field(value)
    given = _parameters(field, start) if theta is None else finite_array(theta, "theta", shape=(field.game.dimension,))
    zero = newton(equations, equations.point(given, value))
    if zero is None:
        raise InputError(
            f"from the start, whose parameters are {given.round(3).tolist()}, Newton's method finds no isolated zero "
            f"within the box at {value:g}; start nearer to one, give another value at, or leave the start out"
        )
    survey.add([zero])
    return "one zero that was given, and the branches that meet its own: others may exist"


def _parameters(field: Field, start: Any) -> Floats:
    game = field.game.game
    profile = point_profile(game, start) if has_points(game) else mixed_profile(game, start)
    with jax.enable_x64(True), np.errstate(all="ignore"):
        theta = np.asarray(field.game.semantics.parameters([jnp.asarray(own) for own in profile]), dtype=np.float64)
    if not np.isfinite(theta).all():
        raise InputError("a start needs strategies between the pure ones: of those logits are infinite")
    return theta


def _result(
    survey: Survey, parameter: str, searched: str, interrupted: bool, options: dict[str, Any], began: float
) -> Continuation:
    equations = survey.equations
    ends = {end for curve in survey.curves for end in curve.ends}
    status = Status.UNRESOLVED if survey.waiting or ends & {"budget", "lost"} else Status.COMPLETE
    first = equations.field(equations.low)
    asked = {"parameter": parameter, "low": equations.low, "high": equations.high}
    families = {f"at {value:g}": _described(equations.field(value)) for value in (equations.low, equations.high)}
    return Continuation(
        game=first.game.name,
        rule=first.rule.name,
        parameter=parameter,
        low=equations.low,
        high=equations.high,
        branches=tuple(_branch(equations, curve) for curve in survey.curves),
        points=tuple(
            BifurcationPoint(
                kind=one.kind,
                low=one.low,
                high=one.high,
                theta=equations.theta(one.node.u),
                strategies=one.node.strategies,
                branch=number,
                others=tuple(dict.fromkeys(children)),
                multiplicity=one.multiplicity,
                frequency=one.frequency,
            )
            for (number, one), children in zip(survey.bifurcations, survey.children, strict=True)
        ),
        probabilities=not has_points(first.game.game),
        searched=searched,
        status=Status.INTERRUPTED if interrupted else status,
        provenance=record(
            "continuation",
            {**asked, **options, "families": families},
            seed=options["seed"],
            sources=[*first.rule.sources, citations.PSEUDO_ARCLENGTH],
            run_seconds=time.perf_counter() - began,
        ),
    )


def _branch(equations: Equations, curve: Curve) -> Branch:
    nodes = curve.nodes
    return Branch(
        values=np.array([equations.value(node.u) for node in nodes]),
        theta=np.stack([equations.theta(node.u) for node in nodes]),
        strategies=tuple(np.stack(own) for own in zip(*(node.strategies for node in nodes), strict=True)),
        eigenvalues=np.stack([node.eigenvalues for node in nodes]),
        unstable=np.array([node.unstable for node in nodes], dtype=np.int64),
        neutral=np.array([node.neutral for node in nodes], dtype=np.int64),
        ends=curve.ends,
    )


def _described(field: Field) -> dict[str, Any]:
    """What is played and how it is learned, as plain data."""
    return {"game": field.game.game, "semantics": field.game.semantics, "rule": field.rule}
