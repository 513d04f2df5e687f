"""Reservoirs: recurrent networks whose weights stay as they were drawn, and a readout that is learnt."""

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.offers import needs
from nashscape.neural.drawing import Drawing
from nashscape.neural.held_policies import Policies
from nashscape.neural.layers import Layers, Sight, layers
from nashscape.neural.ready_policies import LAST, drawing_of, policies_of, units_of

Floats = npt.NDArray[np.float64]


class Fixed(eqx.Module):
    """Numbers of a module that nothing learns, since all its arrays of floating point numbers are weights.

    They are kept as whole numbers with the same bits, and are arguments of compiled programs as weights are.

    Attributes:
        bits: of numbers in single precision, int32.
    """

    bits: Any

    def numbers(self, dtype: Any) -> jax.Array:
        """What they are, in a precision."""
        return lax.bitcast_convert_type(jnp.asarray(self.bits, jnp.int32), jnp.float32).astype(dtype)


def fixed(numbers: npt.ArrayLike) -> Fixed:
    """Numbers as fixed ones, in single precision.

    >>> fixed([0.5, -2.0]).numbers("float32").tolist()
    [0.5, -2.0]
    """
    return Fixed(np.asarray(numbers, np.float32).view(np.int32))


class Reservoir(eqx.Module):
    """`h' = (1 − leak) h + leak tanh(W h + U x + b)`, numbers `V h' + c`. Of these V and c alone are weights.

    Attributes:
        recurrent: W, `[units, units]`.
        inputs: U, `[units, inputs]`.
        bias: b, `[units]`.
        last: V and c, as layers of one.
        leak: how much of what is remembered is new.
        sight: how an observation becomes x.
    """

    recurrent: Fixed
    inputs: Fixed
    bias: Fixed
    last: Layers
    leak: Fixed
    sight: Sight

    def memory(self) -> jax.Array:
        """h before the first round of an episode: zeros."""
        return jnp.zeros(len(self.bias.bits))

    def __call__(self, observation: jax.Array, memory: jax.Array) -> tuple[jax.Array, jax.Array]:
        """The numbers, and what is remembered."""
        kind = memory.dtype
        seen = self.inputs.numbers(kind) @ self.sight(observation, kind)
        pushed = jnp.tanh(self.recurrent.numbers(kind) @ memory + seen + self.bias.numbers(kind))
        memory = memory + self.leak.numbers(kind) * (pushed - memory)
        return self.last(memory), memory

    def drawn(self, key: jax.Array) -> "Reservoir":
        """The same with a random readout; the reservoir stays."""
        return eqx.tree_at(lambda own: own.last, self, self.last.drawn(key))


@public()
def reservoirs(
    environment: Any,
    units: int | Sequence[int] = 32,
    *,
    radius: float = 0.9,
    leak: float = 1.0,
    inputs: float = 0.5,
    bias: float = 0.3,
    seed: int = 0,
    drawn: str = "orthogonal",
    last: float = LAST,
    spread: float = 0.0,
) -> Policies:
    """Players who remember by a reservoir, an echo state network: only what reads it is learnt.

        h_t = (1 − leak) h_{t−1} + leak tanh(W h_{t−1} + U x_t + b),  numbers = V h_t + c,  h = 0 before an episode

    W, U and b are drawn once, for each player by itself, and never change: V and c are the parameters, which every
    rule learns as those of any network, and which restarts draw anew. All runs have the same reservoirs; another `seed`
    has others.

    Args:
        environment: what is played, as in `perceptrons`.
        units: how many numbers are remembered, of all players or of each.
        radius: the spectral radius of W, the largest size of its eigenvalues. Below 1 what was seen long ago is
            forgotten, as a rule; near 1 late.
        leak: how much of what is remembered is new in every round, above 0 and up to 1.
        inputs: standard deviation of the entries of U.
        bias: standard deviation of the entries of b.
        seed: of W, U and b.
        drawn: how V is drawn where runs start, as in `perceptrons`; c is zero.
        last: gain of V.
        spread: logarithm of the standard deviations of points, at first.

    Raises:
        InputError: for what is not played round by round, and sizes and names that are none.

    Example:
        >>> from nashscape import environments, games
        >>> environment = environments.of_game(games.iterated_prisoners_dilemma(), limit=16)
        >>> made = reservoirs(environment, units=8)
        >>> made.sizes, [own.shape for own in made.memory()]        # V and c alone: 8·2 + 2
        ((18, 18), [(8,), (8,)])

    Source: Jaeger 2001, The "echo state" approach to analysing and training recurrent neural networks.
    """
    needs(environment, "plays", to="be played by policies")
    counts = units_of(environment, units)
    radius = finite_number(radius, "radius", low=0.0)
    leak = finite_number(leak, "leak", low=0.0, low_open=True, high=1.0)
    scales = finite_number(inputs, "inputs", low=0.0), finite_number(bias, "bias", low=0.0)
    seed, drawing = positive_integer(seed, "seed", at_least=0), drawing_of(drawn, last)

    def made(player: int, sight: Sight, outputs: int) -> Reservoir:
        random = np.random.default_rng([seed, player])
        return _reservoir(sight, counts[player], outputs, radius, leak, scales, drawing, random)

    return policies_of(environment, made, finite_number(spread, "spread"))


def _reservoir(
    sight: Sight,
    units: int,
    outputs: int,
    radius: float,
    leak: float,
    scales: tuple[float, float],
    drawing: Drawing,
    random: np.random.Generator,
) -> Reservoir:
    """A reservoir whose readout has not been drawn yet: zeros."""
    recurrent = random.standard_normal((units, units))
    recurrent *= radius / np.abs(np.linalg.eigvals(recurrent)).max()
    inputs, bias = scales[0] * random.standard_normal((units, sight.size)), scales[1] * random.standard_normal(units)
    readout = layers(Sight(units, False), (), outputs, "tanh", drawing)
    return Reservoir(fixed(recurrent), fixed(inputs), fixed(bias), readout, fixed(leak), sight)
