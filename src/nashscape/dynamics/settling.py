"""Telling how runs end: what is watched during the last steps, and the label it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import Outcome, Status, finite_number, positive_integer, target_code
from nashscape.dynamics.setup import Setup
from nashscape.dynamics.targets import PointTarget, Target

SHORT = 400


@dataclass(frozen=True)
class Settling:
    """When a run counts as at rest or as cycling.

    Attributes:
        window: the last steps that are watched for cycles; None for half of the steps, or the last `rest` steps of
            runs shorter than 400, which have no time for cycles.
        rest: the last steps in which a run at rest is still; None for a fiftieth of the steps, 2 at least and 200 at
            most.
        still: at rest when no parameter moves faster than this, in parameters per unit of step size and of the
            range of payoffs. At an active bound of the box a parameter does not move. Steps of size zero show
            nothing.
        close: cycling when the strategies come back within this distance (in probability, largest coordinate) of
            those at the start of the window after having been ten times as far away.
        regret: a resting point is a other equilibrium when no player could gain more by deviating, as a share of
            the range of payoffs.
    """

    window: int | None = None
    rest: int | None = None
    still: float = 1e-4
    close: float = 0.01
    regret: float = 0.01

    def checked(self, steps: int) -> "Settling":
        """With the windows filled in for a number of steps, and every number checked."""
        rest = max(2, min(steps // 50, 200)) if self.rest is None else positive_integer(self.rest, "rest")
        usual = rest if steps < SHORT else steps // 2
        window = usual if self.window is None else positive_integer(self.window, "window")
        return Settling(
            min(max(window, rest), steps),
            min(rest, steps),
            finite_number(self.still, "still", low=0.0),
            finite_number(self.close, "close", low=0.0, high=0.1),
            finite_number(self.regret, "regret", low=0.0),
        )


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Watch:
    """What is remembered of the last steps."""

    anchor: Any
    speed: Any
    left: Any
    returned: Any


def start_watch(setup: Setup, theta: jax.Array) -> Watch:
    """Nothing seen yet."""
    anchor = _flat(setup, theta)
    no = jnp.zeros((), bool)
    return Watch(anchor, jnp.zeros((), theta.dtype), no, no)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Watching:
    """What to watch for: the step from which a run at rest is still, and how close counts as coming back."""

    quiet: Any
    close: Any


def watch(setup: Setup, before: jax.Array, after: jax.Array, step: jax.Array, seen: Watch, watching: Watching) -> Watch:
    """Take in one step of the window, from parameters `before` to `after`."""
    size = jnp.asarray(setup.step_size(step), before.dtype)
    speed = jnp.where(size > 0, jnp.max(jnp.abs(after - before)) / size, jnp.inf)
    speed = jnp.where(step < watching.quiet, 0.0, jnp.maximum(seen.speed, speed))
    distance = jnp.max(jnp.abs(_flat(setup, after) - seen.anchor))
    left = seen.left | (distance > 10.0 * watching.close)
    return Watch(seen.anchor, speed, left, seen.returned | (left & (distance < watching.close)))


def _flat(setup: Setup, theta: jax.Array) -> jax.Array:
    return jnp.concatenate([own.ravel() for own in setup.game.strategies(theta)])


@dataclass(frozen=True, eq=False)
class Endings:
    """How a batch of N runs ended.

    Attributes:
        theta: final parameters, `[N, d]`.
        strategies: final strategies, one array `[N, …]` per player.
        regret: the largest regret of any player at the end, in payoff units, `[N]`.
        first_hit: updates made when the target first held, −1 where it never did, `[N]`.
        speed: the fastest movement of a parameter in the last steps, per unit of step size, `[N]`.
        returned: whether the strategies came back during the window, `[N]`.
        reduced: what every reducer came to, by name, `[N, …]`.
    """

    theta: npt.NDArray[Any]
    strategies: tuple[npt.NDArray[Any], ...]
    regret: npt.NDArray[Any]
    first_hit: npt.NDArray[np.int32]
    speed: npt.NDArray[Any]
    returned: npt.NDArray[np.bool_]
    reduced: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


def labels(
    endings: Endings, targets: Sequence[Target | PointTarget], settling: Settling, payoff_range: float
) -> npt.NDArray[np.int8]:
    """The outcome code of every run; the first that holds of: diverged, target, at rest, cycling, out of budget."""
    shapes = [own.shape[1:] for own in endings.strategies]
    still = endings.speed <= settling.still * payoff_range
    return np.asarray(
        first_that_holds(
            np,
            diverged=~np.isfinite(endings.theta).all(axis=1),
            reached=[target.region(shapes).contains_each(endings.strategies) for target in targets],
            known=still & (endings.regret <= settling.regret * payoff_range),
            still=still,
            returned=endings.returned,
        ),
        dtype=np.int8,
    )


def first_that_holds(
    numbers: Any, *, diverged: Any, reached: Sequence[Any], known: Any, still: Any, returned: Any
) -> Any:
    """Outcome codes `[N]` by what is true of N runs; `numbers` is NumPy, or its JAX version in a compiled program."""
    targets = [target_code(k) for k in range(len(reached))]
    codes = [Outcome.DIVERGED, *targets, Outcome.OTHER_EQUILIBRIUM, Outcome.STATIONARY_UNKNOWN, Outcome.CYCLING]
    conditions, last = [diverged, *reached, known, still, returned], numbers.int8(Outcome.OUT_OF_BUDGET)
    return numbers.select(conditions, [numbers.int8(code) for code in codes], last)


def status_of(codes: npt.NDArray[np.int8]) -> Status:
    """The status of a set of labels: diverged if any run did, unresolved if any is not settled, else complete."""
    if (codes == Outcome.DIVERGED).any():
        return Status.DIVERGED
    if np.isin(codes, [Outcome.OUT_OF_BUDGET, Outcome.CYCLING]).any():
        return Status.UNRESOLVED
    return Status.COMPLETE
