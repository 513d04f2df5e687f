"""A game whose players choose parameters."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.games import Game, GameLike, check_offers, has_points, has_rows, has_tree, in_normal_form, names_actions
from nashscape.games import game as as_game
from nashscape.games.offers import has_plays
from nashscape.games.pytrees import check_pytree
from nashscape.semantics.acting import acts
from nashscape.semantics.direct import PointParameters
from nashscape.semantics.heads import head_of
from nashscape.semantics.independence import independent
from nashscape.semantics.policies import per_row
from nashscape.semantics.semantics import Semantics, has_forms, is_semantics
from nashscape.tracing.code_changes import notice, when_code_changes

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from nashscape.environments.protocol import Environment

when_code_changes(jax.clear_caches)

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

    def to_dict(self) -> dict[str, Any]:
        """Game and semantics, and what the parameters are called."""
        return {"game": self.game, "semantics": self.semantics, "parameters": self.parameter_names}

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """What every parameter is, such as "logit of C, player 1" or "parameter 2 of player 1"."""
        game: Any = self.game
        if names_actions(game) and has_forms(self.semantics) and set(self.semantics.forms) == {"sigmoid"}:
            return tuple(f"logit of {own[0]}, player {i + 1}" for i, own in enumerate(game.actions))
        return tuple(
            f"parameter {f'{k + 1} ' if size > 1 else ''}of player {i + 1}"
            for i, size in enumerate(self.sizes)
            for k in range(size)
        )

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


Playable: TypeAlias = GameLike | ParametricGame
"""What stands for a game, or a game with a semantics."""


def is_parametric(game: Any) -> "TypeIs[ParametricGame]":
    """Whether a game has a semantics already."""
    return isinstance(game, ParametricGame)  # class: there is one, ours: a game and a semantics side by side


def bare(game: "Playable") -> Game:
    """The game without its semantics.

    Raises:
        InputError: for what is no game.
    """
    given = as_game(game)
    if is_parametric(given):
        return given.game
    check_offers(given)
    return given


@public()
def parametric(game: "Playable | Environment", semantics: Semantics | None = None) -> ParametricGame:
    """The game with parameters; a bare game means independent sigmoids and softmaxes.

    Args:
        game: a game, what `games.game` makes one of, such as an array of payoffs, a game with a semantics, or an
            environment.
        semantics: how parameters become strategies; by default the usual one of the game.

    Raises:
        InputError: when `game` stands for none, or the semantics gives another number of strategies or actions, or
            strategies that are no probabilities; and players who explore with probability ε where some actions are
            not legal.
    """
    notice(game, semantics)
    given = as_game(game)
    if hasattr(given, "why_not_traced"):
        raise given.why_not_traced()
    if is_parametric(given):
        if semantics is not None:
            raise InputError("this game has a semantics already; pass the bare game to give it another")
        return given
    check_offers(given)
    check_pytree(given, "game")
    if semantics is None:
        semantics = _usual_semantics(given)
    if not is_semantics(semantics):
        raise InputError(f"expected a semantics such as independent((2, 2), 'softmax'); got {semantics!r}")
    check_pytree(semantics, "semantics")
    if has_plays(given):
        _check_policies(given, semantics)
        return ParametricGame(given, semantics)
    shapes = semantics.strategy_shapes
    if shapes != tuple(given.strategy_shapes):
        raise InputError(f"the semantics gives strategies of shapes {shapes}; the game needs {given.strategy_shapes}")
    # points of games with continuous actions are no probabilities; what is being traced has no values yet
    traced = any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(semantics))
    if semantics.domain == "logits" and not (has_points(given) or semantics.normalised or traced):
        _check_probabilities(semantics)
    return ParametricGame(given, semantics)


def _check_policies(game: Any, semantics: Semantics) -> None:
    """Refuse players who do not see what there is to be seen, or cannot say what there is to be done."""
    if not acts(semantics):
        raise InputError(
            f"{game.name} is played round by round, by policies that act on what they see, such as "
            f"nashscape.neural.perceptrons(environment); got {type(semantics).__name__}"
        )
    seen = tuple(space.shape for space in game.observation_spaces)
    if semantics.observation_shapes != seen:
        raise InputError(f"policies see arrays of shapes {semantics.observation_shapes}; {game.name} shows {seen}")
    wanted = tuple(head_of(space) for space in game.action_spaces)
    if semantics.heads != wanted:
        raise InputError(f"policies have the heads {semantics.heads}; actions of {game.name} need {wanted}")
    if not getattr(semantics, "maskable", True):
        state, _ = jax.eval_shape(lambda env, key: env.reset(key), game, jax.random.key(0))
        if any(own is not None for own in jax.eval_shape(lambda env, now: env.legal(now), game, state)):
            raise InputError(
                f"{game.name} has rounds in which some actions are not legal, where players cannot explore with "
                "probability ε: what is best depends on them; let players explore by "
                "neural.soft_values(players, temperature=…)"
            )


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
    own: Semantics | None = getattr(game, "usual_semantics", None)
    if own is not None:
        return own
    if has_plays(game):
        raise InputError(
            f"players of {game.name} need policies: parametric(environment, neural.perceptrons(environment)), "
            "by name perceptrons:hidden=16"
        )
    if has_rows(game):
        legal = game.legal if has_tree(game) else None
        return per_row(tuple(map(len, game.rows)), tuple(map(len, game.actions)), legal=legal)
    if in_normal_form(game):
        return independent(tuple(map(len, game.actions)))
    if has_points(game):
        return PointParameters(game.sizes, game.bounds, getattr(game, "constraints", None))
    raise InputError(f"{game.name} has no usual semantics; give one")
