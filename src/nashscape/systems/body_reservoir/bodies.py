"""Bodies: reservoirs drawn at random, taught by ridge regression what to do, and habituated to cooperation."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

Floats = npt.NDArray[np.floating[Any]]

NOISE = 0.15
"""Standard deviation of what is added to every state, after tanh."""
RADIUS = 0.9
BOUNDS = (0.05, 0.99)
"""Of the spectral radius, after every epoch of habituation."""
BURNT, TAUGHT = 500, 2_000
"""States left out, and states after them that the readout is taught by, of either kind."""
SURE = 0.95
"""What is to be done after mutual cooperation, and one less it after mutual defection."""
EPOCHS, EPOCH, RATE = 200, 500, 0.01
"""Of habituation by Oja's rule: how many, of how many steps, and its step size."""
POWERS = 300


class Bodies(NamedTuple):
    """Reservoirs of d units, one for each of n players; as parts of a compiled program those of one player.

    `x' = tanh(recurrent x + inputs [own, other's action] + bias) + noise`, action `sigmoid(readout · x + offset)`.

    Attributes:
        recurrent: `[n, d, d]`.
        inputs: `[n, d, 2]`.
        bias: `[n, d]`.
        readout: `[n, d]`.
        offset: `[n]`.
    """

    recurrent: Any
    inputs: Any
    bias: Any
    readout: Any
    offset: Any


def drawn(count: int, units: int, random: np.random.Generator) -> Bodies:
    """Bodies without a readout, whose recurrent weights are divided by what power iteration takes for their radius."""
    recurrent = random.standard_normal((count, units, units)) / np.sqrt(units)
    recurrent *= RADIUS / last_norms(recurrent, random.standard_normal((count, units)))[:, None, None]
    inputs = 0.5 * random.standard_normal((count, units, 2))
    bias = 0.3 * random.standard_normal((count, units))
    zeros = np.zeros((count, units), np.float32), np.zeros(count, np.float32)
    return Bodies(recurrent.astype(np.float32), inputs.astype(np.float32), bias.astype(np.float32), *zeros)


def last_norms(matrices: Floats, starts: Floats) -> Floats:
    """By how much the last of 300 steps of power iteration stretches: the radius where the leading eigenvalue is real.

    Where it is one of a complex pair the step turns, and what is stretched changes from step to step for ever.
    """
    vectors = starts / np.linalg.norm(starts, axis=-1, keepdims=True)
    for _ in range(POWERS):
        after = np.einsum("nij,nj->ni", matrices, vectors)
        norms = np.linalg.norm(after, axis=-1)
        vectors = after / norms[:, None]
    made: Floats = norms
    return made


def radii(matrices: Floats) -> Floats:
    """The spectral radii, `[n]`, by eigenvalues."""
    made: Floats = np.abs(np.linalg.eigvals(np.asarray(matrices, np.float64))).max(axis=-1)
    return made


def noise_of(bodies: Bodies, steps: int, random: np.random.Generator) -> Floats:
    """`[n, steps, d]`."""
    return np.float32(NOISE) * random.standard_normal((len(bodies.bias), steps, bodies.bias.shape[1]), np.float32)


def stepped(body: Any, state: jax.Array, own: jax.Array, other: jax.Array, noise: jax.Array) -> jax.Array:
    """The state of one body after a round."""
    driven = body.recurrent @ state + body.inputs[:, 0] * own + body.inputs[:, 1] * other + body.bias
    return jnp.tanh(driven) + noise


@jax.jit
def driven(bodies: Bodies, starts: Any, actions: Any, noise: Any) -> jax.Array:
    """The states `[n, T, d]` where both players do the same every round, which is given: `[n]`."""

    def one(given: Any) -> jax.Array:
        body, start, action, own_noise = given

        def step(state: jax.Array, drawn_noise: jax.Array) -> tuple[jax.Array, jax.Array]:
            after = stepped(body, state, action, action, drawn_noise)
            return after, after

        return lax.scan(step, start, own_noise)[1]

    return lax.map(one, (bodies, starts, actions, noise))


def taught(bodies: Bodies, strengths: list[float], random: np.random.Generator) -> list[Bodies]:
    """The same with readouts for each strength of the ridge, as a share of the number of states.

    Least squares of `readout · x + offset` against the logits of .95 in states after mutual cooperation and of .05
    after mutual defection. The offset is not drawn to zero.
    """
    count, units = bodies.bias.shape
    start, every = np.zeros((count, units), np.float32), []
    for action in (1.0, 0.0):
        noise = noise_of(bodies, BURNT + TAUGHT, random)
        every.append(np.asarray(driven(bodies, start, np.full(count, action, np.float32), noise))[:, BURNT:])
    states = np.concatenate(every, axis=1).astype(np.float64)
    wanted = np.repeat(np.array([1.0, -1.0]) * np.log(SURE / (1 - SURE)), TAUGHT)
    return [bodies._replace(**_ridge(states, wanted, strength)) for strength in strengths]


def _ridge(states: Floats, wanted: Floats, strength: float) -> dict[str, Floats]:
    middle = states.mean(axis=1, keepdims=True)
    centred = states - middle
    squares = np.swapaxes(centred, 1, 2) @ centred + strength * len(wanted) * np.eye(states.shape[2])
    # with an offset that is free, centred states have the same solution
    readout = np.linalg.solve(squares, np.swapaxes(centred, 1, 2) @ (wanted - wanted.mean())[:, None])[..., 0]
    offset = wanted.mean() - np.einsum("nd,nd->n", readout, middle[:, 0])
    return {"readout": readout.astype(np.float32), "offset": offset.astype(np.float32)}


def habituated(bodies: Bodies, random: np.random.Generator) -> Bodies:
    """The same after long cooperation: after each epoch Oja's rule, and the radius is brought back into its bounds."""
    recurrent, state = bodies.recurrent, np.zeros(bodies.bias.shape, np.float32)
    start = random.standard_normal(bodies.bias.shape).astype(np.float32)
    for _ in range(EPOCHS):
        recurrent, state = _epoch(bodies._replace(recurrent=recurrent), state, noise_of(bodies, EPOCH, random), start)
    return bodies._replace(recurrent=np.asarray(recurrent))


@jax.jit
def _epoch(bodies: Bodies, states: Any, noise: Any, starts: Any) -> tuple[jax.Array, jax.Array]:
    def one(given: Any) -> tuple[jax.Array, jax.Array]:
        body, state, own_noise, start = given

        def step(now: jax.Array, drawn_noise: jax.Array) -> tuple[jax.Array, jax.Array]:
            after = stepped(body, now, jnp.float32(1), jnp.float32(1), drawn_noise)
            return after, after

        last, seen = lax.scan(step, state, own_noise)
        return within(oja(body.recurrent, seen), start), last

    return lax.map(one, (bodies, states, noise, starts))


def oja(recurrent: jax.Array, states: jax.Array) -> jax.Array:
    """Weights after `ΔW_ij = .01 (⟨x_i x_j⟩ − ⟨x_i²⟩ W_ij)`, averages over all states `[T, d]` of an epoch."""
    products = states.T @ states / len(states)
    return recurrent + RATE * (products - jnp.diag(products)[:, None] * recurrent)


def within(recurrent: jax.Array, start: jax.Array) -> jax.Array:
    """Weights scaled so that their radius, as power iteration has it, lies in its bounds."""

    def step(_: int, told: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
        after = recurrent @ told[0]
        norm = jnp.sqrt(after @ after)
        return after / norm, norm

    radius = lax.fori_loop(0, POWERS, step, (start / jnp.sqrt(start @ start), jnp.float32(1)))[1]
    return recurrent * jnp.clip(radius, *BOUNDS) / radius
