"""COLA: an update that is consistent with itself.

LOLA answers opponents who learn naively, although they use LOLA too. The steps `f_i(θ) = η g_i(θ)` of two players are
*consistent* when each is the gradient of what its player gets after the other's step, that step's own dependence on the
player's parameters included:

    g_i(θ) = d/dθ_i J_i(θ_i, θ_j + η g_j(θ))

Higher-order LOLA iterates this equation and solves it where the iteration converges. COLA represents `g` by a network
and makes the two sides equal by gradient descent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from nashscape.core import InputError, citations
from nashscape.core.overriding import override
from nashscape.learning.asking import STRATEGIES, UTILITIES
from nashscape.learning.consistency import Consistency
from nashscape.learning.oracle import Oracle
from nashscape.learning.stateless import StatelessRule
from nashscape.semantics import ParametricGame

Strategies = Callable[[jax.Array], tuple[jax.Array, ...]]
Layers = tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Network:
    """An update function `g` of d parameters: hidden layers of tanh beside a linear map, `s · (A x + V h(x) + c)`.

    The inputs x, k in number, are θ, scaled to [−1, 1] over the region, and for logits the strategies that they stand
    for, scaled likewise: of them updates are far smoother functions than of logits.

    Attributes:
        layers: weights `[outputs, inputs]` and biases of the hidden layers and of the last one.
        linear: `A`, `[d, k]`.
        scale: `s`, the size of the outputs in payoff units per unit of a parameter, `[d]`.
        low: lower bounds of the region, `[d]`.
        high: upper bounds of the region, `[d]`.
    """

    layers: Layers
    linear: Any
    scale: Any
    low: Any
    high: Any

    def __call__(self, strategies: Strategies, theta: jax.Array) -> jax.Array:
        """The update `[d]` for parameters `[d]`; outside the region that of its nearest point.

        Args:
            strategies: from parameters to what they stand for, used where the network was made for logits.
            theta: the parameters.
        """
        inside = jnp.clip(theta, self.low, self.high)
        x = (2.0 * inside - (self.low + self.high)) / (self.high - self.low)
        if np.shape(self.linear)[1] > theta.shape[0]:
            x = jnp.concatenate([x, *(2.0 * own.ravel() - 1.0 for own in strategies(inside))])
        hidden = x
        for weights, bias in self.layers[:-1]:
            hidden = jnp.tanh(_product(weights, hidden) + bias)
        weights, bias = self.layers[-1]
        return self.scale * (_product(self.linear, x) + _product(weights, hidden) + bias)


def _product(matrix: jax.Array, vector: jax.Array) -> jax.Array:
    return jnp.matmul(matrix, vector, precision=lax.Precision.HIGHEST)


jax.tree_util.register_dataclass(Network, data_fields=["layers", "linear", "scale", "low", "high"], meta_fields=[])


@dataclass(frozen=True, eq=False, repr=False)
class Cola(StatelessRule):
    """COLA for one game and one look-ahead rate. Made, that is trained, by `cola`.

    The direction is the network's, `g(θ)`; with an outer step size equal to `inner_lr` players take exactly the steps
    with which they are consistent. For another game it means nothing and is refused.

    Attributes:
        network: the update function `g`; its weights are arguments of compiled programs.
        inner_lr: `η`, the look-ahead rate with which it is consistent.
        sizes: how many parameters each player has.
        name: what tables and figures call it.
        residual: its violation of consistency on fresh points of the region.
        lola: that of LOLA at the same rate on the same points.
        trained_on: the game, with its semantics.
    """

    network: Network
    inner_lr: Any
    sizes: tuple[int, ...]
    name: str = "cola"
    residual: Consistency | None = None
    lola: Consistency | None = None
    trained_on: ParametricGame | None = None

    # it was trained on utilities: noise in the terms would not reach it
    needs: ClassVar[frozenset[str]] = frozenset({"base", UTILITIES, STRATEGIES})

    @property
    @override
    def sources(self) -> tuple[citations.Source, ...]:
        return (citations.COLA,)

    def direction(self, oracle: Oracle, step: jax.Array) -> jax.Array:
        """What the network says at these parameters."""
        return self.network(oracle.strategies, oracle.theta)

    def for_game(self, game: ParametricGame) -> "Cola":
        """Only the game that it was trained on, with the same payoffs and the same semantics."""
        if game.sizes != self.sizes:
            raise InputError(
                f"this COLA was trained for players with {list(self.sizes)} parameters; those of {game.name} have "
                f"{list(game.sizes)}: train one on that game, cola(game)"
            )
        if self.trained_on is not None and not _same(self.trained_on, game):
            raise InputError(
                f"this COLA was trained on {self.trained_on.name}; {game.name} differs in payoffs or semantics: train "
                "one on that game, cola(game)"
            )
        return self

    def rescaled(self, factor: float) -> "Cola":
        """Refused: its network was trained for the payoffs as they are."""
        raise InputError("this COLA was trained for payoffs as they are; train one on the game with others, cola(game)")

    def __repr__(self) -> str:
        """Rate and residuals, as one line."""
        found = "not measured" if self.residual is None else f"rms violation {self.residual.rms:.2g}"
        beside = "" if self.lola is None else f" (LOLA {self.lola.rms:.2g})"
        return f"<Cola {self.name}: inner_lr {float(self.inner_lr):g}, {found}{beside}>"


def _same(one: ParametricGame, other: ParametricGame) -> bool:
    """Whether two games are the same but for names."""
    numbers, form = jax.tree.flatten(one)
    others, other_form = jax.tree.flatten(other)
    same = bool(form == other_form)  # type: ignore[operator]
    return same and all(np.array_equal(a, b) for a, b in zip(numbers, others, strict=True))


jax.tree_util.register_dataclass(
    Cola,
    data_fields=["network", "inner_lr"],
    meta_fields=["sizes"],
    drop_fields=["name", "residual", "lola", "trained_on"],
)
