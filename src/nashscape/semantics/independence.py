"""Independent semantics: every player's strategy depends on that player's own parameters only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import InputError, choice, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.semantics.semantics import Semantics

FORMS = ("sigmoid", "softmax")


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Independent(Semantics):
    """Ordinary policy gradient: `σ_i` is a sigmoid of one logit, or a softmax of one logit per action.

    * sigmoid (two actions): `σ_i = (s, 1 − s)` with `s = 1/(1 + exp(−θ_i))`, one parameter;
    * softmax: `σ_i[a] = exp(θ_i[a]) / Σ_b exp(θ_i[b])`, as many parameters as actions. Adding a constant to all
      of them changes nothing.

    Attributes:
        shape: action counts of the players.
        forms: "sigmoid" or "softmax" for each player.
    """

    shape: tuple[int, ...] = field(metadata={"static": True})
    forms: tuple[str, ...] = field(metadata={"static": True})

    normalised: ClassVar[bool] = True

    def alone(self, player: int) -> "Independent":
        """The semantics of one player."""
        return Independent((self.shape[player],), (self.forms[player],))

    @property
    @override
    def reads_others(self) -> bool:
        return False

    @property
    def sizes(self) -> tuple[int, ...]:
        """One parameter for a sigmoid, one per action for a softmax."""
        return tuple(1 if form == "sigmoid" else k for form, k in zip(self.forms, self.shape, strict=True))

    @property
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        """One probability per action."""
        return tuple((actions,) for actions in self.shape)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Mixed strategies of shapes `[a_i]` for a flat profile of shape `[sum(sizes)]`.

        >>> semantics = independent((2, 3))
        >>> [strategy.round(3).tolist() for strategy in semantics.strategies(jnp.zeros(4))]
        [[0.5, 0.5], [0.333..., 0.333..., 0.333...]]
        """
        return tuple(
            _sigmoid(own) if form == "sigmoid" else _softmax(own)
            for own, form in zip(self.split(theta), self.forms, strict=True)
        )

    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Logarithms of the strategies, which stay finite where a probability rounds to zero."""
        return tuple(
            jnp.concatenate([_log_sigmoid(own), _log_sigmoid(-own)]) if form == "sigmoid" else _log_softmax(own)
            for own, form in zip(self.split(theta), self.forms, strict=True)
        )

    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """The logits themselves; the second action of a sigmoid has zero."""
        return tuple(
            jnp.concatenate([own, jnp.zeros_like(own)]) if form == "sigmoid" else own
            for own, form in zip(self.split(theta), self.forms, strict=True)
        )

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """The logits of interior strategies; those of a softmax have mean zero.

        >>> semantics = independent((2, 3))
        >>> semantics.parameters([jnp.array([0.5, 0.5]), jnp.array([0.2, 0.2, 0.6])]).round(3).tolist()
        [0.0, -0.366..., -0.366..., 0.732...]
        """
        logits = []
        for strategy, form in zip(strategies, self.forms, strict=True):
            logs = jnp.log(jnp.asarray(strategy))
            logits.append(logs[:1] - logs[1:] if form == "sigmoid" else logs - jnp.mean(logs))
        return jnp.concatenate(logits)


def _sigmoid(logit: jax.Array) -> jax.Array:
    first = jax.nn.sigmoid(logit)
    return jnp.concatenate([first, 1.0 - first])


@jax.custom_jvp
def _softmax(logits: jax.Array) -> jax.Array:
    return jax.nn.softmax(logits)


@_softmax.defjvp
def _softmax_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    # dσ = σ (dx − Σ σ dx): without the quotients that differentiating the formula itself leads to
    strategy, change = _softmax(*primals), tangents[0]
    return strategy, strategy * (change - jnp.sum(strategy * change))


@jax.custom_jvp
def _log_sigmoid(logit: jax.Array) -> jax.Array:
    return jax.nn.log_sigmoid(logit)


@_log_sigmoid.defjvp
def _log_sigmoid_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    # d log s(x) = s(−x) dx: a few operations where the formula itself, guarded against overflow, leads to dozens
    return _log_sigmoid(*primals), jax.nn.sigmoid(-primals[0]) * tangents[0]


@jax.custom_jvp
def _log_softmax(logits: jax.Array) -> jax.Array:
    return jax.nn.log_softmax(logits)


@_log_softmax.defjvp
def _log_softmax_jvp(primals: tuple[jax.Array], tangents: tuple[jax.Array]) -> tuple[jax.Array, jax.Array]:
    change = tangents[0]
    return _log_softmax(*primals), change - jnp.sum(_softmax(*primals) * change)


@public()
def independent(shape: Sequence[int], forms: str | Sequence[str] | None = None) -> Independent:
    """Independent semantics for players with the given action counts.

    Args:
        shape: action counts `(a_1, …, a_n)`.
        forms: "sigmoid" or "softmax", for all players or one each. By default a sigmoid for two actions and a
            softmax for more.

    Raises:
        InputError: for an unknown form, a wrong number of forms, or a sigmoid of other than two actions.

    Example:
        >>> independent((2, 3)).sizes
        (1, 3)
        >>> independent((2, 2), "softmax").sizes
        (2, 2)
    """
    if not isinstance(shape, Sequence) or not shape:
        raise InputError(f"expected the players' action counts, such as (2, 3); got {shape!r}")
    shape = tuple(positive_integer(actions, "number of actions") for actions in shape)
    if forms is None:
        forms = tuple("sigmoid" if actions == 2 else "softmax" for actions in shape)
    elif isinstance(forms, str):
        forms = (forms,) * len(shape)
    if not isinstance(forms, Sequence):
        raise InputError(f"forms are 'sigmoid' or 'softmax', for all players or one each; got {forms!r}")
    forms = tuple(choice(form, "form", FORMS) for form in forms)
    if len(forms) != len(shape):
        raise InputError(f"there are {len(shape)} players but {len(forms)} forms; give one form or one each")
    for actions, form in zip(shape, forms, strict=True):
        if form == "sigmoid" and actions != 2:
            raise InputError(f"a sigmoid describes two actions; this player has {actions}: use 'softmax'")
    return Independent(shape, forms)
