"""What a certificate is asked of, checked: the game, the rule, the schedules, the box and the region of starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array, finite_number
from nashscape.games import DenseGame, MarkovGame
from nashscape.learning import Box, Estimator, TermRule, as_schedule, box, check_rule
from nashscape.learning.schedules import Constant, usual_step_size
from nashscape.proofs.bounds import schedule_bounds
from nashscape.proofs.bounds.step_enclosures import followed_of
from nashscape.proofs.certification.box_runs import coefficients_of
from nashscape.semantics import Coupled, Independent, ParametricGame, Restricted, parametric
from nashscape.tracing.interval_formulas import ELEMENTARY

Floats = npt.NDArray[np.float64]
COORDINATES = ("strategies", "parameters")
MOST_PARAMETERS, MOST_STATES = 4, 8
PLAIN = {"optimiser": "proofs are of plain updates, θ ← Π(θ + h u); entry_probability runs under one"}
"""Why no certificate takes what runs do."""
USUAL = {"strategies": (0.05, 0.95), "parameters": (-3.0, 3.0)}


@dataclass(frozen=True, eq=False)
class Asked:
    """A checked question.

    Attributes:
        learners: the game as an array of payoffs, with its semantics.
        rule: a sum of terms, every coefficient one of the known schedules.
        step_size: one of the known schedules, positive and with an infinite sum; None for the flow.
        time_step: of the flow.
        box: a finite box for every parameter.
        coordinates: "strategies" or "parameters".
        region: its low and high ends in these, `[d]` each.
    """

    learners: ParametricGame
    rule: TermRule
    step_size: Any
    time_step: float
    box: Box
    coordinates: str
    region: tuple[Floats, Floats]


def asked_of(
    game: Any, rule: Any, step_size: Any, projection: Any, coordinates: Any, region: Any, time_step: Any = None
) -> Asked:
    """The question checked, with defaults filled in.

    Raises:
        InputError: for what no certificate covers.
    """
    learners = _dense(parametric(game))
    ready = check_rule(rule).for_game(learners)
    if type(ready) is not TermRule:
        raise InputError(
            f"certificates are for rules that are sums of terms, such as pg or meta_mapg; {ready.name} is none"
        )
    for name, schedule in coefficients_of(ready).items():
        schedule_bounds.over_all_steps(schedule, f"coefficient {name!r}")
    size = _size(ready, step_size, time_step)
    clip = box() if projection is None else projection
    if not isinstance(clip, Box) or np.ndim(clip.low) or not np.isfinite([clip.low, clip.high]).all():
        raise InputError("a certificate needs a finite box, such as box(8.0): its corners are what runs arrive at")
    step = 0.0 if time_step is None else float(time_step)
    return Asked(learners, ready, size, step, clip, *_region(learners, clip, coordinates, region))


def check_exact(rule: Any, estimator: Any) -> None:
    """Refuse sampled updates, of which nothing is certain."""
    if estimator is not None and not isinstance(estimator, Estimator | int):
        raise InputError(f"expected no estimator, or an exact one; got {estimator!r}")
    for given in (rule, estimator):
        # a number stands for so many plays, as in certify_in_probability
        if isinstance(given, int) or (isinstance(given, Estimator) and not given.exact):
            raise InputError(
                "certify is about exact updates; with sampled ones nothing is certain: certify_in_probability(game, "
                "rule, target, estimator=sampled(384)) proves where they end with a stated probability"
            )


def _size(rule: TermRule, step_size: Any, time_step: Any) -> Any:
    """The schedule of step sizes, checked; None for the flow."""
    if time_step is None:
        size = usual_step_size() if step_size is None else as_schedule(step_size, "step_size")
        schedule_bounds.check_step_size(size)
        return size
    if step_size is not None:
        raise InputError("a flow has no step sizes; give either step_size or time_step")
    finite_number(time_step, "time_step", low=0.0, low_open=True)
    if not all(isinstance(own, Constant) for own in coefficients_of(rule).values()):
        raise InputError("coefficients of a flow do not depend on the step; give numbers, or no time_step")
    return None


def _dense(learners: ParametricGame) -> ParametricGame:
    semantics, game = learners.semantics, learners.game
    dimension = followed_of(learners).dimension
    if isinstance(semantics, Restricted):
        if not isinstance(game, MarkovGame) or game.horizon is not None or game.n_states > MOST_STATES:
            raise InputError(
                f"certificates of games over states are for discounted ones without a last round and with up to "
                f"{MOST_STATES} states; got {game!r}"
            )
    else:
        inner = semantics.inner if isinstance(semantics, Coupled) else semantics
        reads = isinstance(semantics, Coupled)
        if not isinstance(inner, Independent) or (reads and set(inner.forms) != {"sigmoid"}):
            raise InputError(
                f"certificates are for one-shot games of independent players, of players with two actions and coupled "
                f"sigmoids, and for restricted ones of games over states; {learners.name} has "
                f"{type(semantics).__name__} semantics of {learners.dimension} parameters"
            )
    if dimension > MOST_PARAMETERS:
        raise InputError(f"certificates are for up to {MOST_PARAMETERS} free parameters; here are {dimension}")
    if isinstance(game, MarkovGame | DenseGame):
        return learners
    made: Any = game
    return ParametricGame(made.to_dense(), semantics)


def _region(
    learners: ParametricGame, clip: Box, coordinates: str | None, region: Any
) -> tuple[str, tuple[Floats, Floats]]:
    followed = followed_of(learners)
    simple = isinstance(learners.semantics, Independent) and not followed.has_softmax
    kind = choice(coordinates or COORDINATES[not simple], "coordinates", COORDINATES)
    if kind == "strategies" and not simple:
        raise InputError(
            "regions of strategies are for independent players with two actions each; give this one in 'parameters'"
        )
    given = USUAL[kind] if region is None else region
    if not isinstance(given, Sequence | np.ndarray) or len(given) != 2:
        raise InputError(f"a region is a pair of its low and high ends, such as (0.05, 0.95); got {given!r}")
    d = followed.dimension
    ends = [finite_array(end, "the region's ends") for end in given]
    if any(end.shape not in ((), (d,)) for end in ends):
        raise InputError(f"the ends of a region are numbers, or one number per player, [{d}]")
    low, high = (np.broadcast_to(end, d).copy() for end in ends)
    least, most = (0.0, 1.0) if kind == "strategies" else (float(clip.low), float(clip.high))
    if not (low <= high).all() or not (low < high).any():
        raise InputError(f"the region's low end must lie below its high end; got {low.tolist()}, {high.tolist()}")
    inside = (low >= least) & (high <= most)
    if followed.has_softmax:
        # the farthest centred logits
        matrix, scale = followed.centred
        far = np.maximum(matrix, 0) @ np.abs([low, high]).max(0) - np.minimum(matrix, 0) @ np.abs([low, high]).max(0)
        inside &= (far / scale < min(float(clip.high), -float(clip.low))).all()
    if kind == "strategies":
        inside &= (low > 0) & (high < 1)
        if inside.all():
            bottom, top = in_parameters(kind)(low[None], high[None])
            inside = (bottom[0] >= clip.low) & (top[0] <= clip.high)
    if not inside.all():
        raise InputError(
            f"the region must lie within the box [{float(clip.low):g}, {float(clip.high):g}] of parameters; "
            f"{kind} from {low.tolist()} to {high.tolist()} do not"
        )
    return kind, (low, high)


def in_parameters(kind: str) -> Callable[[Floats, Floats], tuple[Floats, Floats]]:
    """From cells of the region to boxes of parameters that hold them."""
    if kind == "parameters":
        return lambda low, high: (low, high)

    def logits(p: Floats, way: float) -> Floats:
        one, other = np.log(p), np.log1p(-p)
        size = (np.abs(one) + np.abs(other)) * ELEMENTARY
        return np.asarray(one - other + way * size)

    return lambda low, high: (logits(low, -1.0), logits(high, 1.0))


def stays(largest: float, asked: Asked) -> bool:
    """Whether no proposal in the box overshoots so far that the run would count as diverged.

    Args:
        largest: what no component of the field exceeds where this is asked.
        asked: the question.
    """
    if asked.step_size is None:
        return True
    _, most = schedule_bounds.over_all_steps(asked.step_size, "step_size")
    edge = max(abs(float(asked.box.low)), abs(float(asked.box.high)))
    return (edge + most * largest) * (1 + 1e-9) < float(asked.box.escape)
