"""A game whose players choose parameters."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError
from nashscape.games import DifferentiableGame, Game, MarkovGame, NormalForm
from nashscape.semantics.direct import PointParameters
from nashscape.semantics.independence import independent
from nashscape.semantics.policies import per_state
from nashscape.semantics.semantics import Semantics

PLACES, OFF = 4, 1e-4
"""Profiles that are looked at, and how far float32 may be from sums of one."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True, eq=False)
class ParametricGame:
    """A game and a semantics: player i chooses `θ_i` to raise `U_i(θ) = E u_i(a)`, `a ~ ⊗ σ_j(θ)`.

    Example:
        >>> from nashscape import games
        >>> import jax.numpy as jnp
        >>> learners = parametric(games.stag_hunt())
        >>> learners.utilities(jnp.zeros(2)).tolist()
        [2.25, 2.25]
    """

    game: Game
    semantics: Semantics

    def __repr__(self) -> str:
        """Game and semantics, as one line."""
        return f"<ParametricGame {self.name}, {type(self.semantics).__name__} players>"

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many parameters each player has."""
        return self.semantics.sizes

    @property
    def dimension(self) -> int:
        """The number of parameters of all players together."""
        return self.semantics.dimension

    @property
    def name(self) -> str:
        """The name of the game."""
        return self.game.name

    def strategies(self, theta: jax.Array) -> tuple[jax.Array, ...]:
        """Mixed strategies `σ_i(θ)`, of shapes `[a_i]`, for a flat profile of shape `[dimension]`."""
        return self.semantics.strategies(theta)

    def utilities(self, theta: jax.Array) -> jax.Array:
        """Expected payoffs `U_i(θ)` of shape `[n]`, in payoff units, less what the semantics charges."""
        return self.less_costs(self.game.expected_payoffs(self.strategies(theta)), theta)

    def less_costs(self, payoffs: jax.Array, theta: jax.Array) -> jax.Array:
        """Payoffs `[n]` less what players pay for their semantics, where they pay anything."""
        costs = self.semantics.costs(theta)
        return payoffs if costs is None else payoffs - costs


def parametric(game: Game | ParametricGame, semantics: Semantics | None = None) -> ParametricGame:
    """The game with parameters; a bare game means independent sigmoids and softmaxes.

    Raises:
        InputError: when `game` is neither, or the semantics gives another number of strategies or actions, or
            strategies that are no probabilities.
    """
    if isinstance(game, ParametricGame):
        if semantics is not None:
            raise InputError("this game has a semantics already; pass the bare game to give it another")
        return game
    if not isinstance(game, Game):
        raise InputError(
            f"expected a game, got {type(game).__name__}; make one with nashscape.games.dense(payoffs) "
            "or take a named one such as nashscape.games.stag_hunt()"
        )
    if semantics is None:
        semantics = _usual_semantics(game)
    if not isinstance(semantics, Semantics):
        raise InputError(f"expected a semantics such as independent((2, 2), 'softmax'); got {semantics!r}")
    shapes = semantics.strategy_shapes
    if shapes != tuple(game.strategy_shapes):
        raise InputError(f"the semantics gives strategies of shapes {shapes}; the game needs {game.strategy_shapes}")
    # points of games with continuous actions are no probabilities; what is being traced has no values yet
    traced = any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(semantics))
    if semantics.domain == "logits" and not (isinstance(game, DifferentiableGame) or semantics.normalised or traced):
        _check_probabilities(semantics)
    return ParametricGame(game, semantics)


def _check_probabilities(semantics: Semantics) -> None:
    """Look at the strategies of a few profiles of logits: probabilities, or another game would be played."""
    places = np.random.default_rng(0).normal(scale=2.0, size=(PLACES, semantics.dimension))
    made = _strategies(semantics, jnp.asarray(places))
    for i, strategies in enumerate(np.asarray(own, np.float64) for own in made):
        # false for what is no number
        good = (strategies >= -OFF).all(axis=-1) & (np.abs(strategies.sum(axis=-1) - 1.0) <= OFF)
        if not good.all():
            example = strategies[~good][0]
            raise InputError(
                f"the strategies of player {i + 1} must be probabilities, at least 0 and adding up to 1; this "
                f"semantics gives {example.round(4).tolist()}, of sum {example.sum():.4g}: divide by the sum, or use "
                "jax.nn.softmax"
            )


@jax.jit
def _strategies(semantics: Semantics, places: jax.Array) -> tuple[jax.Array, ...]:
    return jax.vmap(semantics.strategies)(places)


def _usual_semantics(game: Game) -> Semantics:
    if isinstance(game, MarkovGame):
        return per_state(game.n_states, game.shape)
    if isinstance(game, NormalForm):
        return independent(tuple(len(names) for names in game.actions))
    if isinstance(game, DifferentiableGame):
        return PointParameters(game.sizes, game.bounds)
    raise InputError(f"{game.name} has no usual semantics; give one")
