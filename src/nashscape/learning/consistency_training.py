"""Training COLA: a network whose two sides of the consistency equation agree over a region."""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.rounding import rounded_game
from nashscape.learning.consistency import consistency_residual, violation
from nashscape.learning.consistent_lola import Cola, Network
from nashscape.learning.keys import check_seed
from nashscape.learning.projection import default_projection
from nashscape.learning.term_rules import lola
from nashscape.semantics import ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]
Progress = Callable[[int, float], None]

REPORTS = 10
"""How often training tells how far it is."""

FRESH = 2048
"""Points on which the residual is measured after training."""

SCALING = 256
"""Points from which the scale of the update is taken."""


@public()
def cola(
    game: "Playable",
    *,
    inner_lr: float = 0.55,
    region: Any = None,
    hidden: Sequence[int] = (32, 32),
    steps: int = 10_000,
    batch: int = 128,
    learning_rate: float = 1e-2,
    seed: int = 0,
    precision: str = "float32",
    progress: Progress | None = None,
) -> Cola:
    """COLA, consistent LOLA, for a game of two players: trains a network to be consistent, and says how far it got.

    It minimises the mean of `Σ_i |g_i − d/dθ_i J_i(θ_i, θ_j + η g_j)|²/s_i²` over points drawn uniformly from a region,
    by Adam with a step that falls to zero like a cosine. Three choices are ours: one network has the outputs of both
    players; beside its hidden layers of tanh is a linear map, and for logits it reads the strategies too; and errors
    are divided by `s_i`, the size of the player's gradient over the region. Training begins with no update at all,
    `g = 0`, as higher-order LOLA does: consistent updates need not be unique, and so it tends to find the one that
    higher-order LOLA converges to, where that does. There need be none, and none need be smooth.

    Read `residual` before you trust the rule: it is the violation on fresh points, to be compared with that of LOLA in
    `lola`. Outside the region the update is that of the nearest point, about which nothing was measured.

    Args:
        game: of two players, or such a game with a semantics.
        inner_lr: `η`, the look-ahead rate.
        region: `(low, high)`, numbers or one for each of the d parameters; by default, for logits, the box of
            `default_projection`, [−8, 8].
        hidden: widths of the hidden layers; `()` for an affine update.
        steps: of training.
        batch: points per step.
        learning_rate: of Adam, at the beginning.
        seed: of weights and points; the same seed gives the same rule.
        precision: of training, "float32", or "float64", which is taken too where payoffs would not survive rounding,
            see `nashscape.games.rounding`.
        progress: called ten times with the steps made and the rms violation, relative to `s`, on the last batch.

    Raises:
        InputError: for more or fewer than two players, an empty region, or numbers out of range.

    Example:
        >>> from nashscape import games
        >>> rule = cola(games.stag_hunt(), inner_lr=1.0, region=(-2, 2), hidden=(16,), steps=3000)
        >>> rule.residual.rms < rule.lola.rms / 4
        True

    Source: Willi, Letcher, Treutlein and Foerster (2022).
    """
    learners = parametric(game)
    if len(learners.sizes) != 2:
        raise InputError(
            f"COLA is defined for two players; {learners.name} has {len(learners.sizes)}: use lola() there"
        )
    rate = finite_number(inner_lr, "inner_lr", low=0.0, low_open=True)
    low, high = _region(region, learners)
    training = Training(
        positive_integer(steps, "steps"),
        positive_integer(batch, "batch"),
        finite_number(learning_rate, "learning_rate", low=0.0, low_open=True),
    )
    made = rounded_game(learners.game, precision)
    played, precision = replace(learners, game=made.game), made.precision
    random = np.random.default_rng(check_seed(seed))
    network = _network(_features(learners), _widths(hidden), low, high, random)
    with jax.enable_x64(precision == "float64"):
        scaled = replace(network, scale=_scale(played, random.uniform(low, high, size=(SCALING, len(low)))))
        start = jax.tree.map(lambda leaf: jnp.asarray(leaf, precision), scaled)
        trained = _train(played, start, rate, training, int(random.integers(2**31)), progress)
    rule = Cola(jax.tree.map(lambda leaf: np.asarray(leaf, np.float64), trained), rate, learners.sizes)
    fresh = random.uniform(low, high, size=(FRESH, len(low)))
    return replace(
        rule,
        residual=consistency_residual(rule, learners, fresh, inner_lr=rate),
        lola=consistency_residual(lola(inner_lr=rate), learners, fresh, inner_lr=rate),
        trained_on=learners,
    )


def _region(region: Any, learners: ParametricGame) -> tuple[Floats, Floats]:
    if region is None:
        if learners.semantics.domain != "logits":
            raise InputError(f"say where {learners.name} is to be learned: region=(low, high)")
        whole = default_projection(learners.semantics)
        region = (whole.low, whole.high)
    if not isinstance(region, Sequence | np.ndarray) or len(region) != 2:
        raise InputError(f"region must be (low, high), such as (-8.0, 8.0); got {region!r}")
    low, high = (
        np.broadcast_to(finite_array(bound, "region"), (learners.dimension,))
        if np.ndim(bound) == 0
        else finite_array(bound, "region", shape=(learners.dimension,))
        for bound in region
    )
    if not (low < high).all():
        raise InputError(f"region must have low below high for every parameter; got {region!r}")
    return low.copy(), high.copy()


def _features(learners: ParametricGame) -> int:
    """How many inputs the network has: parameters, and for logits the entries of all strategies."""
    entries = sum(math.prod(shape) for shape in learners.game.strategy_shapes)
    return learners.dimension + (entries if learners.semantics.domain == "logits" else 0)


def _widths(hidden: Any) -> tuple[int, ...]:
    if not isinstance(hidden, Sequence) or isinstance(hidden, str):
        raise InputError(f"hidden must be the widths of the hidden layers, such as (32, 32); got {hidden!r}")
    return tuple(positive_integer(width, "hidden width") for width in hidden)


def _scale(learners: ParametricGame, points: Floats) -> Floats:
    """The root-mean-square size of each player's gradient over some points, given to all of its parameters."""
    gradients = np.asarray(_base(learners, jnp.asarray(points)))
    sizes = [np.sqrt(np.mean(gradients[:, own] ** 2)) for own in learners.semantics.slices]
    return np.repeat([size if size > 0 else 1.0 for size in sizes], learners.sizes)


@jax.jit
def _base(learners: ParametricGame, points: jax.Array) -> jax.Array:
    def own_gradients(theta: jax.Array) -> jax.Array:
        jacobian = jax.jacrev(learners.utilities)(theta)
        return jnp.concatenate([jacobian[i, own] for i, own in enumerate(learners.semantics.slices)])

    return jax.vmap(own_gradients)(points)


def _network(features: int, widths: tuple[int, ...], low: Floats, high: Floats, random: np.random.Generator) -> Network:
    """Random hidden layers; the last layer and the linear map are zero, so that training begins with no update."""
    inputs, d = (features, *widths), len(low)
    layers = [
        (random.normal(size=(outputs, size)) / np.sqrt(size), random.uniform(-1.0, 1.0, size=outputs))
        for size, outputs in zip(inputs[:-1], widths, strict=True)
    ]
    last = (np.zeros((d, inputs[-1])), np.zeros(d))
    return Network((*layers, last), np.zeros((d, features)), np.ones(d), low, high)


@dataclass(frozen=True)
class Training:
    """How to train: numbers of which each makes a program of its own."""

    steps: int
    batch: int
    learning_rate: float

    def optimiser(self) -> optax.GradientTransformation:
        """Adam with a step that falls to zero like a cosine."""
        return optax.adam(optax.cosine_decay_schedule(self.learning_rate, self.steps))


def _train(
    learners: ParametricGame, network: Network, rate: float, training: Training, seed: int, progress: Progress | None
) -> Network:
    weights = (network.layers, network.linear)
    carry = (weights, training.optimiser().init(weights))
    ends = sorted({training.steps * report // REPORTS for report in range(1, REPORTS + 1)} - {0})
    for first, until in zip([0, *ends[:-1]], ends, strict=True):
        carry, loss = _stretch(learners, network, carry, rate, jnp.int32(first), jnp.int32(until), seed, training)
        if progress is not None:
            progress(until, float(np.sqrt(loss)))
    layers, linear = carry[0]
    return Network(layers, linear, network.scale, network.low, network.high)


@functools.partial(jax.jit, static_argnames=("training",))
def _stretch(
    learners: ParametricGame,
    network: Network,
    carry: Any,
    rate: Any,
    first: jax.Array,
    until: jax.Array,
    seed: Any,
    training: Training,
) -> Any:
    """Training from one step to another, and the loss on the last batch."""
    optimiser = training.optimiser()

    def loss(weights: Any, points: jax.Array) -> jax.Array:
        layers, linear = weights
        now = Network(layers, linear, network.scale, network.low, network.high)
        direction = functools.partial(now, learners.strategies)
        errors = jax.vmap(lambda theta: violation(learners, direction, rate, theta))(points)
        return jnp.mean(jnp.sum((errors / network.scale) ** 2, axis=1))

    def turn(step: jax.Array, carry: Any) -> Any:
        (weights, state), _ = carry
        key = jax.random.fold_in(jax.random.key(seed), step)
        within = jax.random.uniform(key, (training.batch, len(network.low)), network.low.dtype)
        value, slope = jax.value_and_grad(loss)(weights, network.low + (network.high - network.low) * within)
        change, state = optimiser.update(slope, state, weights)
        return (optax.apply_updates(weights, change), state), value

    return jax.lax.fori_loop(first, until, turn, (carry, jnp.zeros((), network.low.dtype)))
