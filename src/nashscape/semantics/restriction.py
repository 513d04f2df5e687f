"""Restricted semantics: a few free numbers for each player, the other logits held where they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.core import InputError, finite_number, unknown
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.games import MarkovGame, is_chain
from nashscape.semantics.parametric_game import ParametricGame, parametric
from nashscape.semantics.policies import per_state
from nashscape.semantics.semantics import Semantics

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Restricted(Semantics):
    """Inner parameters that share a few free ones: `z_k = θ_g` for all k of group g, and `z_k = origin_k` elsewhere.

    Made by `restricted`.

    Attributes:
        inner: how the inner parameters z become strategies.
        groups: for every player the groups of places in z that share a free parameter.
        origin: the inner parameters that are held, `[Z]`; zero where one is free.
    """

    inner: Semantics
    groups: tuple[tuple[tuple[int, ...], ...], ...]
    origin: Any

    @property
    def normalised(self) -> bool:  # type: ignore[override]
        """Whether those of the inner semantics are."""
        return self.inner.normalised

    @property
    def reads_others(self) -> bool:
        """Whether the strategies inside do."""
        return self.inner.reads_others

    @property
    def sizes(self) -> tuple[int, ...]:
        """One parameter for every group."""
        return tuple(len(own) for own in self.groups)

    @property
    @override
    def strategy_shapes(self) -> tuple[tuple[int, ...], ...]:
        return self.inner.strategy_shapes

    @property
    def matrix(self) -> Floats:
        """K with `z = K θ + origin`, of zeros and ones, `[Z, d]`."""
        flat = [group for own in self.groups for group in own]
        matrix = np.zeros((self.inner.dimension, len(flat)))
        for column, group in enumerate(flat):
            matrix[list(group), column] = 1.0
        return matrix

    def logits(self, theta: jax.Array) -> jax.Array:
        """The inner parameters, `[Z]`."""
        matrix = jnp.asarray(self.matrix, theta.dtype)
        return jnp.matmul(matrix, theta, precision=lax.Precision.HIGHEST) + jnp.asarray(self.origin)

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Strategies at the inner parameters."""
        return self.inner.strategies(self.logits(theta))

    @override
    def log_strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.inner.log_strategies(self.logits(theta))

    @override
    def log_weights(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        return self.inner.log_weights(self.logits(theta))

    def parameters(self, strategies: Sequence[jax.Array]) -> jax.Array:
        """For every group the mean of the inner parameters of these strategies."""
        wanted = self.inner.parameters(strategies) - jnp.asarray(self.origin)
        matrix = jnp.asarray(self.matrix, wanted.dtype)
        return wanted @ matrix / matrix.sum(axis=0)


jax.tree_util.register_dataclass(Restricted, data_fields=["origin"], meta_fields=["inner", "groups"])


@public()
def restricted(
    game: MarkovGame, free: Sequence[Sequence[Sequence[str] | str]], fixed: float | Mapping[str, float] = 0.5
) -> ParametricGame:
    """A game over states in which every player has a few free parameters: groups of states that share one logit.

    It makes pictures and proofs of games possible that have too many parameters for either, such as reactive strategies
    in the repeated Prisoner's Dilemma: how likely to cooperate after the other did, all else held.

    Args:
        game: a Markov game of players with two actions.
        free: for every player its groups, each a state or several of them by name.
        fixed: the probability of the first action in all other states, between 0 and 1: one number, or one for each of
            some states by name and 0.5 elsewhere.

    Raises:
        InputError: for other games, unknown states, a state in two groups of a player, and impossible probabilities.

    Example:
        >>> from nashscape import games
        >>> game = games.repeated(games.prisoners_dilemma(), discount=0.9)
        >>> after_cooperation = [[("start", "CC", "DC")], [("start", "CC", "CD")]]   # states name player 1 first
        >>> learners = restricted(game, after_cooperation, fixed=0.1)
        >>> learners.sizes, [round(float(p), 3) for p in learners.strategies(jnp.array([0.0, 2.0]))[1][:, 0]]
        ((1, 1), [0.881, 0.881, 0.881, 0.1, 0.1])
    """
    if not is_chain(game) or set(game.shape) != {2}:
        raise InputError(f"restricted is for games over states whose players have two actions; got {game!r}")
    if not isinstance(free, Sequence) or len(free) != game.n_players:
        raise InputError(f"free must have the groups of each of {game.n_players} players; got {free!r}")
    groups = tuple(_groups(game, player, own) for player, own in enumerate(free))
    held = _held(game, fixed)
    taken = {place for own in groups for group in own for place in group}
    logits = np.tile(np.log(held) - np.log1p(-held), game.n_players)
    origin = np.array([0.0 if place in taken else x for place, x in enumerate(logits)])
    return parametric(game, Restricted(per_state(game.n_states, game.shape), groups, origin))


def _groups(game: MarkovGame, player: int, own: Any) -> tuple[tuple[int, ...], ...]:
    found: list[tuple[int, ...]] = []
    for group in own:
        names = (group,) if isinstance(group, str) else tuple(group)
        for name in names:
            if name not in game.states:
                raise unknown("state", str(name), game.states)
        found.append(tuple(player * game.n_states + game.states.index(name) for name in names))
    places = [place for group in found for place in group]
    if not found or any(not group for group in found):
        raise InputError(f"player {player + 1} needs at least one group of states, and none may be empty")
    if len(set(places)) < len(places):
        raise InputError(f"a state of player {player + 1} is named twice; every state has one parameter")
    return tuple(found)


def _held(game: MarkovGame, fixed: float | Mapping[str, float]) -> Floats:
    if not isinstance(fixed, Mapping):
        fixed = dict.fromkeys(game.states, fixed)
    for name in fixed:
        if name not in game.states:
            raise unknown("state", str(name), game.states)
    return np.array([
        finite_number(fixed.get(name, 0.5), f"the fixed probability in {name}", low=0.0, high=1.0, low_open=True,
                      high_open=True) for name in game.states
    ])  # fmt: skip
