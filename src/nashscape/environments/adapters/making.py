"""Games as environments of other libraries, which are loaded when one is made."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, positive_integer
from nashscape.core.calls import public
from nashscape.core.extras import needs_package
from nashscape.environments.game_rounds import Rounds, bounds_of, in_double, rounds
from nashscape.games.exchange.converters import game as as_game
from nashscape.games.forms.differentiable_checks import point_profile
from nashscape.games.naming import player_index
from nashscape.games.offers import has_plays, has_semantics
from nashscape.games.profiles import mixed_profile

if TYPE_CHECKING:
    from gymnasium import Env
    from pettingzoo import AECEnv

    from nashscape.environments.adapters.pettingzoo_environments import ParallelEnvironment
    from nashscape.environments.adapters.pettingzoo_games import ParallelGame

Floats = npt.NDArray[np.float64]


@public()
def parallel_env(game: Any, *, limit: int | None = None, seed: int = 0) -> "ParallelGame | ParallelEnvironment":
    """A game, or an environment of this library, as a parallel environment of PettingZoo: all players act at once.

    Observations are the number of the state: of a repeated game what was played in the rounds that are remembered, of
    a one-shot game always 0. Rewards are the payoffs of the round, so that the mean of `Σ_t γ^t reward_t` under fixed
    strategies is `game.expected_payoffs`. The end of the game is termination; `limit`, after which the game would go
    on, is truncation. Agents are called as the players are, with "_" for spaces.

    Of an environment, such as `harvest()` or `governed(…)`, observations, rewards and both flags are its own, and infos
    tell what it measures. Where some actions are not legal, observations are dictionaries with an "action_mask".

    Args:
        game: in normal form, repeated, a Markov game, or with continuous actions; or an environment.
        limit: rounds after which a play is cut off; needed for a game that never ends. Environments have their own.
        seed: of states that are drawn, until `reset` is given another.

    Returns:
        A `pettingzoo.ParallelEnv`. Its `metadata` holds the discount and the names of states and actions, and infos
        tell the rounds that were played, the state by name, the discount, and what was played.

    Raises:
        InputError: where PettingZoo is not installed, for a game that is not played in rounds, and one without end and
            without a limit.

    Example:
        >>> from nashscape import environments, games
        >>> env = environments.parallel_env(games.iterated_prisoners_dilemma())
        >>> seen, told = env.reset(seed=1)
        >>> seen, paid, *_ = env.step({"player_1": 0, "player_2": 1})
        >>> paid, env.metadata["states"][seen["player_1"]]
        ({'player_1': 0.0, 'player_2': 5.0}, 'CD')
    """
    needs_package("pettingzoo", "an environment of PettingZoo")
    first = positive_integer(seed, "seed", at_least=0)
    if has_plays(game):
        return _of_environment(game, limit, first)
    played = rounds(game, limit=limit)
    from nashscape.environments.adapters.pettingzoo_games import ParallelGame

    return ParallelGame(played, first)


def _of_environment(environment: Any, limit: int | None, seed: int) -> "ParallelEnvironment":
    if limit is not None:
        raise InputError(f"{environment.name} knows itself when it is cut off; leave limit out")
    if hasattr(environment, "make"):
        raise InputError(f"{environment.name} is an environment of PettingZoo already")
    from nashscape.environments.adapters.pettingzoo_environments import ParallelEnvironment

    return ParallelEnvironment(environment, seed)


@public()
def aec_env(game: Any, *, limit: int | None = None, seed: int = 0) -> "AECEnv[str, Any, Any]":
    """A game as a turn-based environment of PettingZoo: players act one after the other, and see nothing in between.

    It is `parallel_env`, turned by `pettingzoo.utils.parallel_to_aec`. All rewards of a round come after the last
    player's action. The reward of `last()` belongs to the action that the same player took before, and after the end
    every player is asked once more, for `None`: who takes the reward behind its own action for its own loses some.

    Args:
        game: as in `parallel_env`.
        limit: rounds after which a play is cut off; needed for a game that never ends.
        seed: of states that are drawn, until `reset` is given another.

    Raises:
        InputError: as `parallel_env`.
    """
    made = parallel_env(game, limit=limit, seed=seed)
    from pettingzoo.utils import parallel_to_aec

    return parallel_to_aec(made)


@public()
def gymnasium_env(
    game: Any, player: int | str, others: Any, *, limit: int | None = None, seed: int = 0
) -> "Env[np.int64, Any]":
    """A game as an environment of Gymnasium: one player acts, and the others play strategies that do not change.

    Observations and rewards are that player's of `parallel_env`; the best mean of `Σ_t γ^t reward_t` is what it gets
    in its best reply to the others.

    Args:
        game: as in `parallel_env`.
        player: who acts, by number or name.
        others: the strategies of the other players in their order, such as `games.mixed_profile` takes, or points. Of
            a game with a semantics its parameters, flat, `[dimension]`: those of the player count only where others
            read them.
        limit: rounds after which a play is cut off; needed for a game that never ends.
        seed: of states and actions that are drawn, until `reset` is given another.

    Returns:
        A `gymnasium.Env`; infos tell what those of `parallel_env` do, and the payoffs of all players.

    Raises:
        InputError: where Gymnasium is not installed, for a player that is not there, others that do not fit, and as
            `parallel_env` for the game.

    Example:
        >>> from nashscape import environments, games
        >>> env = environments.gymnasium_env(games.stag_hunt(), 0, [0.25], seed=3)
        >>> env.reset()[0], env.action_space
        (np.int64(0), Discrete(2))
    """
    needs_package("gymnasium", "an environment of Gymnasium")
    given = as_game(game)
    played = rounds(given, limit=limit)
    own = player_index(played.game, player)
    from nashscape.environments.adapters.gymnasium_games import FrozenGame

    frozen = _of_parameters(played, given, others) if has_semantics(given) else _of_others(played, own, others)
    return FrozenGame(played, own, frozen, positive_integer(seed, "seed", at_least=0))


def _of_others(played: Rounds, player: int, others: Any) -> Sequence[Floats]:
    """A whole profile, in which the player's own place is filled with any strategy."""
    game = played.game
    given = list(others) if hasattr(others, "__iter__") and not isinstance(others, str) else None
    if given is None or len(given) != len(game.players) - 1:
        names = ", ".join(name for i, name in enumerate(game.players) if i != player)
        raise InputError(
            f"others are the strategies of {names}, a list with one for each other player, as [[0.5, 0.5]] for one who "
            f"has two actions; got {others!r}"
        )
    given.insert(player, _anything(played, player))
    return _checked(played, given)


def _anything(played: Rounds, player: int) -> Floats:
    """A strategy for the place of the player itself, which is not played."""
    shape = played.game.strategy_shapes[player]
    return np.clip(np.zeros(shape), *bounds_of(played.game, player)) if played.actions is None else (
        np.full(shape, 1.0 / shape[-1]))  # fmt: skip


def _of_parameters(played: Rounds, learners: Any, theta: Any) -> Sequence[Floats]:
    """The strategies of all players at parameters of a semantics."""
    flat = finite_array(theta, "the parameters of all players", shape=(learners.dimension,))
    return _checked(played, in_double(learners.semantics.strategies, flat))


def _checked(played: Rounds, profile: Sequence[Any]) -> Sequence[Floats]:
    return (point_profile if played.actions is None else mixed_profile)(played.game, profile)
