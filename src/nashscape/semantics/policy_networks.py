"""Neural policies: a network sees what a player knows of the state, and its weights are what is learnt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.environments.views import views_of
from nashscape.games import has_rows
from nashscape.semantics.callables import Held, hold, output_shape
from nashscape.semantics.inversion import solve
from nashscape.semantics.policies import PerState, per_row
from nashscape.semantics.semantics import Semantics

Floats = npt.NDArray[np.float64]


class Perceptron(eqx.Module):
    """`W_k tanh(… tanh(W_1 x / √m_0 + b_1) …) / √m_{k−1} + b_k`, with m inputs of every layer.

    Divided by the roots, weights of one size give logits of one size, however wide the layers are.

    Attributes:
        weights: of every layer, `[outputs, inputs]`.
        biases: of every layer, `[outputs]`.
    """

    weights: tuple[Any, ...]
    biases: tuple[Any, ...]

    def __call__(self, seen: jax.Array) -> jax.Array:
        """The logits, `[e]`, of what is seen, `[m]`."""
        value = seen
        for k, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            value = weight @ (value if k == 0 else jnp.tanh(value)) / np.sqrt(weight.shape[1]) + bias
        return value


@dataclass(frozen=True, eq=False)
class PolicyNetwork(Semantics):
    """In row s player i plays the sigmoid or softmax of `network(x_i[s]; θ_i)`. Made by `policy_network`.

    Attributes:
        rows: how logits become strategies in every row.
        networks: one for each player; their own weights are where `parameters` begins to search.
        views: what each player sees in its rows, `[S_i][m_i]`, as numbers of the program.
    """

    rows: PerState = field()
    networks: tuple[Held, ...] = field()
    views: tuple[tuple[tuple[float, ...], ...], ...] = field()

    normalised: ClassVar[bool] = True

    @property
    def reads_others(self) -> bool:
        """Players see states, never each other's weights."""
        return False

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of weights of every player's network."""
        return tuple(own.size for own in self.networks)

    @property
    def seen(self) -> tuple[Floats, ...]:
        """What each player sees in its rows, `[S_i, m_i]`."""
        return tuple(np.array(own) for own in self.views)

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """`[S_i, a_i]`."""
        return self.rows.strategy_shapes

    def logits(self, theta: jax.Array) -> jax.Array:
        """The parameters of `rows`: the logits in every row, player after player, row after row."""
        made = [
            jax.vmap(network.with_weights(own))(jnp.asarray(seen, theta.dtype))
            for network, own, seen in zip(self.networks, self.split(theta), self.seen, strict=True)
        ]
        return jnp.concatenate([own.ravel() for own in made])

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The policies `σ_i(a | s)`."""
        return self.rows.strategies(self.logits(theta))

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Their logarithms, finite where a probability rounds to zero."""
        return self.rows.log_strategies(self.logits(theta))

    @override
    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.rows.log_weights(self.logits(theta))

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """Weights near those of `networks` under which the policies are played, by Newton's steps on the logits.

        There are many others, and where what is seen does not tell rows apart there may be none: then it is where the
        search ended, and whoever asks has to look.
        """
        wanted = self.rows.parameters([jnp.asarray(own) for own in strategies])
        return _solved(jax.tree.map(jnp.asarray, self), wanted)


jax.tree_util.register_dataclass(PolicyNetwork, data_fields=["networks"], meta_fields=["rows", "views"])


@jax.jit
def _solved(semantics: PolicyNetwork, wanted: jax.Array) -> jax.Array:
    origin = jnp.concatenate([own.weights() for own in semantics.networks])
    return solve(lambda theta: semantics.logits(theta) - wanted, jnp.asarray(origin, wanted.dtype))


@public()
def policy_network(
    game: Any,
    *,
    width: int = 8,
    depth: int = 1,
    seed: int = 0,
    seen: Sequence[npt.ArrayLike] | None = None,
    forms: str | Sequence[str] | None = None,
) -> PolicyNetwork:
    """Players of a game over states whose parameters are the weights of a small perceptron that sees the state.

        σ_i(· | s) = softmax or sigmoid of network(x_i[s]; θ_i)

    With as many weights as a table has numbers or more, the same policies can be played; what differs is how
    they are learnt, since a step for one state moves what is played in all others.

    Args:
        game: with rows: a repeated or Markov game, or one with information sets.
        width: units of every hidden layer.
        depth: number of hidden layers; 0 for a linear policy.
        seed: of the random weights near which `parameters` searches; runs start from their own.
        seen: for every player what is seen in its rows, `[S_i, m_i]`; by default the last round where the state is
            known by it, see `last_round`, and otherwise which row it is.
        forms: "sigmoid" or "softmax", as in `independent`.

    Raises:
        InputError: for games without rows, sizes that are none, and what is seen of other rows than there are.

    Example:
        >>> from nashscape import games
        >>> semantics = policy_network(games.iterated_prisoners_dilemma(), width=4)
        >>> semantics.sizes                         # 3·4 + 4 + 4 + 1
        (21, 21)
        >>> semantics.strategy_shapes
        ((5, 2), (5, 2))
    """
    if not has_rows(game):
        raise InputError(
            f"{getattr(game, 'name', game)} has no states to see; a policy network is of repeated and Markov games"
        )
    width, depth = positive_integer(width, "width"), positive_integer(depth, "depth", at_least=0)
    seed = positive_integer(seed, "seed", at_least=0)
    counts = tuple(map(len, game.rows))
    rows = per_row(counts, tuple(map(len, game.actions)), forms)
    features = views_of(game, seen)
    networks = []
    for i, (own, out) in enumerate(zip(features, rows.within.sizes, strict=True)):
        made = hold(_drawn(own.shape[1], out, width, depth, (seed, i)), f"network of player {i + 1}")
        assert output_shape(made, "the perceptron", (own.shape[1],)) == (out,), "made to measure"
        networks.append(made)
    views = tuple(tuple(tuple(map(float, row)) for row in own) for own in features)
    return PolicyNetwork(rows, tuple(networks), views)


def _drawn(inputs: int, outputs: int, width: int, depth: int, seed: Sequence[int]) -> Perceptron:
    random = np.random.default_rng(list(seed))
    sizes = [inputs, *[width] * depth, outputs]
    pairs = list(zip(sizes[1:], sizes, strict=False))
    weights = tuple(random.standard_normal(pair).astype(np.float32) for pair in pairs)
    return Perceptron(weights, tuple(np.zeros(out, np.float32) for out, _ in pairs))
