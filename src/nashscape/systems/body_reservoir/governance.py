"""Governance: a sentinel that says how much of an action is the body's, and how much that of a rule of thought."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.systems.body_reservoir.bodies import Bodies, Floats, driven, noise_of, stepped

SETTLED, BASELINE = 500, 200
"""Rounds of cooperation before play, and those from which the sentinel's baselines are averages."""


class Sentinel(NamedTuple):
    """How trust in the body moves, round after round.

        D = .3 |x − x̄|/√d + .3 |a_body − ā| + .4 |a_body − a_thought|
        α' = clip(α + rise (usual − α) − fall max(0, D − threshold), floor, 1)

    Attributes:
        usual: to what trust comes back.
        rise: how fast it comes back; 0 for trust that never moves.
        fall: how fast it goes; 0 as well.
        threshold: the discomfort D below which it does not go.
        floor: the least trust.
    """

    usual: Any = 0.85
    rise: Any = 0.05
    fall: Any = 0.5
    threshold: Any = 0.1
    floor: Any = 0.05


STATE, OUTPUT, DISAGREEMENT = 0.3, 0.3, 0.4
"""Weights of the three parts of discomfort."""
MEMORY = 0.02
"""By how much baselines go towards what is seen, every round, after it was compared with them."""


def unmoved(trust: float) -> Sentinel:
    """Trust that never changes."""
    return Sentinel(trust, 0.0, 0.0, 0.0, 0.0)


def moved(sentinel: Sentinel, trust: Any, discomfort: Any) -> Any:
    """Trust after a round.

    >>> float(moved(Sentinel(), 0.85, 0.3))                     # .85 − .5 · .2
    0.75
    """
    kick = sentinel.fall * jnp.maximum(0.0, discomfort - sentinel.threshold)
    return jnp.clip(trust + sentinel.rise * (sentinel.usual - trust) - kick, sentinel.floor, 1.0)


def settled_trust(sentinel: Sentinel, discomfort: float) -> float:
    """Where trust comes to rest under constant discomfort, as published: `usual − fall/rise (D − threshold)`.

    >>> round(settled_trust(Sentinel(), 0.15), 12), settled_trust(Sentinel(), 0.05), settled_trust(Sentinel(), 0.5)
    (0.35, 0.85, 0.05)
    """
    resting = sentinel.usual - sentinel.fall / sentinel.rise * max(0.0, discomfort - sentinel.threshold)
    return float(np.clip(resting, sentinel.floor, 1.0))


class Played(NamedTuple):
    """What was seen, of n bodies under k sentinels in T rounds.

    Attributes:
        actions: `[k, n, T]`.
        trust: `[k, n, T]`.
        body: what the body alone would have done, `[k, n, T]`.
        states: after every round, `[k, n, T, d]`.
    """

    actions: Floats
    trust: Floats
    body: Floats
    states: Floats


def played(bodies: Bodies, opponents: Floats, sentinels: list[Sentinel], random: np.random.Generator) -> Played:
    """Every body under every sentinel against others who do not react, `[n, T]`; the rule of thought is tit for tat."""
    count, units = bodies.bias.shape
    ones, start = np.ones(count, np.float32), np.zeros((count, units), np.float32)
    before = np.asarray(driven(bodies, start, ones, noise_of(bodies, BASELINE, random)))
    outputs = 1 / (1 + np.exp(-(np.einsum("ntd,nd->nt", before, bodies.readout) + bodies.offset[:, None])))
    baselines = (before.mean(axis=1), outputs.mean(axis=1))
    every = []
    for sentinel in sentinels:
        settled = driven(bodies, start, ones, noise_of(bodies, SETTLED, random))[:, -1]
        noise = noise_of(bodies, opponents.shape[1], random)
        own = Sentinel(*map(np.float32, sentinel))
        every.append(_played(bodies, own, settled, baselines, np.asarray(opponents, np.float32), noise))
    return Played(*(np.stack([np.asarray(one[part]) for one in every]) for part in range(4)))


@jax.jit
def _played(bodies: Bodies, sentinel: Sentinel, states: Any, baselines: Any, opponents: Any, noise: Any) -> Any:
    def one(given: Any) -> Any:
        body, start, (middle, usual), others, own_noise = given

        def step(now: Any, seen: Any) -> Any:
            state, middle, usual, trust, thought = now
            other, drawn = seen
            output = jax.nn.sigmoid(body.readout @ state + body.offset)
            trust = moved(sentinel, trust, discomfort(state, output, thought, middle, usual))
            action = trust * output + (1 - trust) * thought
            after = stepped(body, state, action, other, drawn)
            kept = (middle + MEMORY * (state - middle), usual + MEMORY * (output - usual))
            return (after, *kept, trust, other), (action, trust, output, after)

        return lax.scan(step, (start, middle, usual, sentinel.usual, others[0]), (others, own_noise))[1]

    return lax.map(one, (bodies, states, baselines, opponents, noise))


def discomfort(state: Any, output: Any, thought: Any, middle: Any, usual: Any) -> Any:
    """D, from how far state and output are from their baselines, and the body from the rule of thought."""
    away = jnp.sqrt(jnp.mean((state - middle) ** 2))
    return STATE * away + OUTPUT * jnp.abs(output - usual) + DISAGREEMENT * jnp.abs(output - thought)


def at_rest(bodies: Bodies, rounds: int = 20_000) -> tuple[Floats, Floats]:
    """Actions of bodies that follow themselves without noise among cooperators, and how far `x = f(x)` is missed.

    In double precision, from the state 0 on.
    """
    recurrent, inputs, bias, readout, offset = (np.asarray(own, np.float64) for own in bodies)
    state = np.zeros(bias.shape)
    for _ in range(rounds):
        action = 1 / (1 + np.exp(-((readout * state).sum(axis=1) + offset)))
        pushed = inputs[:, :, 0] * action[:, None] + inputs[:, :, 1] + bias
        after = np.tanh(np.einsum("nij,nj->ni", recurrent, state) + pushed)
        apart = np.abs(after - state).max(axis=1)
        state = after
        if apart.max() < 1e-14:
            break
    return action, apart
