"""What stands between the direction of a rule and the step: pairs of pure functions, as Optax has them.

Optax minimises: it takes gradients of a loss and gives updates to be added. Rules ascend. So an optimiser is given the
*negative* direction, corrections and all, and what it gives is added, times the step size, before the projection:

    u, memory = update(−direction, memory, θ)          θ ← Π(θ + h_t u)

`optax.sgd(1.0)` is no optimiser at all: `u` is the direction. An optimiser has a learning rate of its own, so that the
step size is 1 unless one is given; one that would be multiplied with another is refused.
"""

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError

SHORTEST, LONGEST = 64, 2048
"""Updates after which an optimiser has to have forgotten what was before: at least, and at most."""

STEADY, FORGOTTEN, ROUNDED = 1e-2, 1e-3, 1e-4
"""Shares: by which updates under one direction may still change then, of an impulse that may be left of it, and by
which responses may miss those of a linear optimiser in single precision."""

DELAY = 1000
"""Updates after which a single direction is given once more, to see whether it is answered alike."""

OWN = (0.5, 2.0)
"""An optimiser whose first step for a direction of ones lies between these has no learning rate of its own."""

EXAMPLE = 3
"""Parameters of the examples by which an optimiser is looked at."""


@dataclass(frozen=True)
class Fixed:
    """Functions that are part of a compiled program, such as those that Optax makes."""

    pair: Any

    def init(self, theta: jax.Array) -> Any:
        """The memory before the first step."""
        return self.pair.init(theta)

    def update(self, gradient: jax.Array, state: Any, theta: jax.Array) -> tuple[jax.Array, Any]:
        """What is added, and the memory after it."""
        made: tuple[jax.Array, Any] = self.pair.update(gradient, state, theta)
        return made


jax.tree_util.register_dataclass(Fixed, data_fields=[], meta_fields=["pair"])


@dataclass(frozen=True)
class Optimiser:
    """An optimiser that was looked at. Made by `as_optimiser`.

    Attributes:
        pair: the two functions.
        gain: how far it carries a single direction in all; of what is not linear, its first step.
        turns: updates after which it has forgotten where it was.
        linear: whether its updates are sums of earlier directions times numbers, so that noise is carried by `gain`.
        name: what it is called.
    """

    pair: Any
    gain: Any
    turns: int
    linear: bool
    name: str = "optimiser"

    def init(self, theta: jax.Array) -> Any:
        """The memory before the first step."""
        return self.pair.init(theta)

    def to_dict(self) -> dict[str, Any]:
        """What a question says of it: all else follows from the pair."""
        return {"name": self.name, "pair": self.pair}

    def push(self, direction: jax.Array, state: Any, theta: jax.Array) -> tuple[jax.Array, Any]:
        """What is added to parameters at the step size 1, in place of the direction, and the memory after it."""
        made, after = self.pair.update(-direction, state, theta)
        return made.astype(theta.dtype), after


jax.tree_util.register_dataclass(
    Optimiser, data_fields=["pair", "gain"], meta_fields=["turns", "linear"], drop_fields=["name"]
)


def as_optimiser(value: Any, *, step_size: Any = None) -> Optimiser | None:
    """An optimiser made ready for runs; None where there is none.

    Any object will do that has `init(theta)`, which gives its memory, and `update(gradient, memory, theta)`, which
    gives what is to be added and the memory after it, as those of Optax do. Functions become part of the compiled
    program; the numbers of an object that JAX knows, such as a registered dataclass, are arguments of it.

    Args:
        value: an optimiser or None.
        step_size: the step size that was asked for, None where nobody did.

    Raises:
        InputError: for what is none; one that climbs its loss, for want of a learning rate; two learning rates; and
            steps that change with the number of updates, of which labels and clocks would know nothing.

    Example:
        >>> import optax
        >>> made = as_optimiser(optax.sgd(0.1, momentum=0.9))
        >>> made.name, round(made.gain, 4), made.linear
        ('trace, scale', 1.0, True)
        >>> as_optimiser(optax.adam(0.1)).linear
        False
        >>> as_optimiser(optax.scale_by_adam())
        Traceback (most recent call last):
        nashscape.core.errors.InputError: the optimiser scale_by_adam goes up where it is told to go down: rules hand
        over the negative direction, as gradient of a loss; end it with a learning rate, as optax.adam(0.05) does

    Source: the protocol is that of Optax's `GradientTransformation`.
    """
    if value is None:
        return None
    if isinstance(value, type) or not all(callable(getattr(value, name, None)) for name in ("init", "update")):
        raise InputError(
            f"expected an optimiser, an object with init(theta) and update(gradient, memory, theta), such as "
            f"optax.adam(0.05); got {value!r}"
        )
    name = _name(value)
    pair = _held(value, name)
    seen = _Seen(*_responses(pair, name))
    _check_direction(seen, name)
    if step_size is not None:
        _check_learning_rate(seen, name)
    turns = seen.turns()
    if turns is None:
        raise InputError(
            f"the steps of the optimiser {name} change with the number of updates, or it remembers more than {LONGEST} "
            "of them, so that labels cannot tell where runs are going: give schedules of the step size as step_size, "
            "beside an optimiser whose own learning rate is 1.0"
        )
    linear = seen.linear()
    gain = float(np.abs(seen.impulse[:, 0]).sum()) if linear else float(np.abs(seen.steady[0]).max())
    return Optimiser(pair, gain, turns, linear, name)


def _held(value: Any, name: str) -> Any:
    """The pair as a part of a program: its numbers as arguments, or all of it fixed."""
    leaves = jax.tree.leaves(value)
    if all(leaf is not value and (hasattr(leaf, "dtype") or isinstance(leaf, int | float)) for leaf in leaves):
        return value
    try:
        hash(value)
    except TypeError:
        raise InputError(
            f"the optimiser {name} is not known to JAX and has no hash: make it a frozen dataclass, decorated with "
            "@jax.tree_util.register_dataclass, or a pair of functions in a NamedTuple"
        ) from None
    return Fixed(value)


def _name(value: Any) -> str:
    """The functions that it is made of, or its class."""
    found = list(dict.fromkeys(_parts(value.update, 6)))
    return ", ".join(found) if found else type(value).__name__


def _parts(function: Any, depth: int) -> list[str]:
    """The names of the makers of functions inside a function, but for those that only put others together."""
    inside = [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    listed = [one for own in inside for one in (own if isinstance(own, tuple | list) else (own,)) if callable(one)]
    maker = getattr(function, "__qualname__", "").partition(".<locals>")[0]
    around = "<locals>" not in getattr(function, "__qualname__", "") or maker in ("chain", "with_extra_args_support")
    if depth and around:
        return [name for one in listed for name in _parts(one, depth - 1)]
    return [] if around else [maker]


# --- looking at an optimiser ----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Seen:
    """Updates for some sequences of directions, `[T, 3]`: ones; a single one; the same later, doubled, turned round;
    two mixed sequences and their sum."""

    steady: npt.NDArray[np.float64]
    impulse: npt.NDArray[np.float64]
    delayed: npt.NDArray[np.float64]
    doubled: npt.NDArray[np.float64]
    turned: npt.NDArray[np.float64]
    mixed: npt.NDArray[np.float64]
    other: npt.NDArray[np.float64]
    sum: npt.NDArray[np.float64]

    def linear(self) -> bool:
        """Whether responses to sums are sums of responses."""
        pairs = (
            (self.doubled, 2.0 * self.impulse), (self.turned, -self.impulse), (self.sum, self.mixed + self.other)
        )  # fmt: skip
        unit = ROUNDED * max(np.abs(self.sum).max(), np.abs(self.impulse).max())
        return all(bool(np.abs(one - wanted).max() <= unit) for one, wanted in pairs)

    def lasting(self) -> bool:
        """Whether what is linear answers a direction alike whenever it comes."""
        apart = np.abs(self.delayed[DELAY:] - self.impulse[:-DELAY]).max()
        return bool(apart <= ROUNDED * np.abs(self.impulse).max())

    def turns(self) -> int | None:
        """Updates after which nothing is left of what was before; None where that is never."""
        if self.linear() and not self.lasting():
            return None
        size, single = np.abs(self.steady).max(axis=1), np.abs(self.impulse).max(axis=1)
        for k in (SHORTEST * 2**power for power in range(int(math.log2(LONGEST / SHORTEST)) + 1)):
            late = size[4 * k - 1]
            # all of them: one that moves at every fourth update only is never steady
            if (
                np.abs(size[k - 1 : 4 * k] - late).max() <= STEADY * late
                and single[k:].sum() <= FORGOTTEN * single.sum()
            ):
                return k
        return None


def _responses(pair: Any, name: str) -> list[npt.NDArray[np.float64]]:
    length = 4 * LONGEST
    random = np.random.default_rng(0)
    single, mixed, other = (np.zeros((length, EXAMPLE)) for _ in range(3))
    single[0] = 1.0
    delayed = np.roll(single, DELAY, axis=0)
    mixed[:SHORTEST], other[:SHORTEST] = random.normal(size=(2, SHORTEST, EXAMPLE))
    sequences = [np.ones((length, EXAMPLE)), single, delayed, 2.0 * single, -single, mixed, other, mixed + other]
    try:
        made = np.asarray(_driven(pair, jnp.asarray(np.stack(sequences), jnp.float32)), np.float64)
    except InputError:
        raise
    except Exception as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else "no word"
        raise InputError(
            f"the optimiser {name} does not work on a flat vector of parameters, {type(error).__name__}: {first}"
        ) from error
    if not np.isfinite(made).all():
        raise InputError(f"the optimiser {name} gives updates that are no numbers")
    return list(made)


@jax.jit
def _driven(pair: Any, sequences: jax.Array) -> jax.Array:
    """Updates `[S, T, 3]` along sequences of directions, at parameters that stay at zero."""
    theta = jnp.zeros(EXAMPLE, sequences.dtype)

    def turn(state: Any, direction: jax.Array) -> tuple[Any, jax.Array]:
        made, after = pair.update(-direction, state, theta)
        if jnp.shape(made) != theta.shape:
            raise InputError(f"an optimiser gives one update for every parameter, {theta.shape}; got {jnp.shape(made)}")
        return after, made

    made: jax.Array = jax.vmap(lambda own: lax.scan(turn, pair.init(theta), own)[1])(sequences)
    return made


def _check_direction(seen: _Seen, name: str) -> None:
    first = seen.steady[:8].sum()
    if first < 0.0:
        raise InputError(
            f"the optimiser {name} goes up where it is told to go down: rules hand over the negative direction, as "
            "gradient of a loss; end it with a learning rate, as optax.adam(0.05) does"
        )
    if not seen.steady.any():
        raise InputError(f"the optimiser {name} never moves a parameter; its learning rate is zero")


def _check_learning_rate(seen: _Seen, name: str) -> None:
    own = float(np.abs(seen.steady[0]).max())
    if not OWN[0] < own < OWN[1]:
        raise InputError(
            f"the optimiser {name} has a learning rate of its own, about {own:.3g}, with which step_size would be "
            "multiplied: leave step_size out, or give the optimiser the learning rate 1.0"
        )
