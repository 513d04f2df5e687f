"""What a certificate is asked of, checked: the game, the rule, the schedules, the box and the region of starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, choice, finite_array
from nashscape.core.intervals import ELEMENTARY
from nashscape.games import DenseGame
from nashscape.learning import Box, TermRule, as_schedule, box, check_rule, power
from nashscape.semantics import Coupled, Independent, ParametricGame, parametric
from nashscape.theory import schedule_bounds
from nashscape.theory.box_runs import coefficients_of

Floats = npt.NDArray[np.float64]
COORDINATES = ("strategies", "parameters")
MOST_PARAMETERS = 4
USUAL = {"strategies": (0.05, 0.95), "parameters": (-3.0, 3.0)}


@dataclass(frozen=True, eq=False)
class Question:
    """A checked question.

    Attributes:
        learners: the game as an array of payoffs, with its semantics.
        rule: a sum of terms, every coefficient one of the known schedules.
        step_size: one of the known schedules, positive and with an infinite sum.
        box: a finite box for every parameter.
        coordinates: "strategies" or "parameters".
        region: its low and high ends in these, `[d]` each.
    """

    learners: ParametricGame
    rule: TermRule
    step_size: Any
    box: Box
    coordinates: str
    region: tuple[Floats, Floats]


def asked_of(game: Any, rule: Any, step_size: Any, projection: Any, coordinates: Any, region: Any) -> Question:
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
    size = power(0.9, offset=10.0, exponent=0.24) if step_size is None else as_schedule(step_size, "step_size")
    schedule_bounds.check_step_size(size)
    clip = box() if projection is None else projection
    if not isinstance(clip, Box) or np.ndim(clip.low) or not np.isfinite([clip.low, clip.high]).all():
        raise InputError("a certificate needs a finite box, such as box(8.0): its corners are what runs arrive at")
    return Question(learners, ready, size, clip, *_region(learners, clip, coordinates, region))


def _dense(learners: ParametricGame) -> ParametricGame:
    semantics = learners.semantics
    inner = semantics.inner if isinstance(semantics, Coupled) else semantics
    if not isinstance(inner, Independent) or set(inner.forms) != {"sigmoid"}:
        raise InputError(
            f"certificates are for players with two actions and a sigmoid each, independent or coupled; "
            f"{learners.name} has {type(semantics).__name__} semantics of {learners.dimension} parameters"
        )
    if learners.dimension > MOST_PARAMETERS:
        raise InputError(f"certificates are for up to {MOST_PARAMETERS} parameters; here are {learners.dimension}")
    game: Any = learners.game
    return ParametricGame(game if isinstance(game, DenseGame) else game.to_dense(), semantics)


def _region(
    learners: ParametricGame, clip: Box, coordinates: str | None, region: Any
) -> tuple[str, tuple[Floats, Floats]]:
    independent = isinstance(learners.semantics, Independent)
    kind = choice(coordinates or COORDINATES[not independent], "coordinates", COORDINATES)
    if kind == "strategies" and not independent:
        raise InputError("coupled players' strategies depend on all parameters; give the region in 'parameters'")
    given = USUAL[kind] if region is None else region
    if not isinstance(given, Sequence | np.ndarray) or len(given) != 2:
        raise InputError(f"a region is a pair of its low and high ends, such as (0.05, 0.95); got {given!r}")
    d = learners.dimension
    ends = [finite_array(end, "the region's ends") for end in given]
    if any(end.shape not in ((), (d,)) for end in ends):
        raise InputError(f"the ends of a region are numbers, or one number per player, [{d}]")
    low, high = (np.broadcast_to(end, d).copy() for end in ends)
    least, most = (0.0, 1.0) if kind == "strategies" else (float(clip.low), float(clip.high))
    if not (low <= high).all() or not (low < high).any():
        raise InputError(f"the region's low end must lie below its high end; got {low.tolist()}, {high.tolist()}")
    inside = (low >= least) & (high <= most)
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
