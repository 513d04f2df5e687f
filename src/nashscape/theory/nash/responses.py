"""Best responses to a mixed profile, and what each player could gain by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number
from nashscape.core.calls import public
from nashscape.games import GameLike, NormalForm, has_rows, mixed_profile, player_index
from nashscape.games import game as as_game
from nashscape.semantics.parametric_game import is_parametric

Floats = npt.NDArray[np.float64]

TIE = 1e-9  # payoff units: differences below it are rounding


@dataclass(frozen=True)
class BestResponse:
    """A player's best pure responses to what the others play.

    `actions` and `names` are all of them, `value` is their payoff, and `regret` is the value less the payoff
    of what the player plays, in payoff units and never negative.
    """

    player: int
    actions: tuple[int, ...]
    names: tuple[str, ...]
    value: float
    regret: float


def _bare(given: Any) -> Any:
    game = as_game(given)
    if is_parametric(game):
        raise InputError(
            f"best responses and regrets are of strategies in the bare game, {game.name}; pass game.game, or test "
            "parameters with boundary_test"
        )
    return game


@overload
def best_response(
    game: "GameLike", strategies: Sequence[Any], player: None = None, *, tolerance: float = TIE
) -> tuple[BestResponse, ...]: ...


@overload
def best_response(
    game: "GameLike", strategies: Sequence[Any], player: int | str, *, tolerance: float = TIE
) -> BestResponse: ...


@public()
def best_response(
    game: "GameLike", strategies: Sequence[Any], player: int | str | None = None, *, tolerance: float = TIE
) -> BestResponse | tuple[BestResponse, ...]:
    """The pure actions with the highest payoff u_i(a, σ_-i), for one player or, without `player`, for each.

    `strategies` is as in `games.mixed_profile`; actions within `tolerance`, in payoff units, of the best are
    ties.

    >>> from nashscape import games
    >>> best_response(games.stag_hunt(), [0.5, 0.75], player=0)
    BestResponse(player=0, actions=(0,), names=('C',), value=3.0, regret=0.125)

    Raises `InputError` for strategies or a player that the game does not have.
    """
    tolerance = finite_number(tolerance, "tolerance", low=0.0)
    played = _bare(game)
    profile = mixed_profile(played, strategies)
    deviations = _action_values(played, profile)
    responses = tuple(
        _response(i, own, strategy, played.actions[i], tolerance)
        for i, (own, strategy) in enumerate(zip(deviations, profile, strict=True))
    )
    return responses if player is None else responses[player_index(played, player)]


@public()
def regret(game: "GameLike", strategies: Sequence[Any]) -> Floats:
    """What each player could gain at most: max_a u_i(a, σ_-i) − u_i(σ), shape [n], in payoff units.

    `strategies` is as in `games.mixed_profile`. A profile is a Nash equilibrium if and only if every regret
    is zero. In games over rows, as trees, a deviation is one in all rows; the sum of regrets is called NashConv, and
    in zero-sum games of two players half of it exploitability.

    >>> from nashscape import games
    >>> regret(games.matching_pennies(), [0.5, 1.0])
    array([1., 0.])

    Raises `InputError` for strategies that are not a mixed profile of the game.
    """
    played = _bare(game)
    if has_rows(played):
        with jax.enable_x64(True):
            return np.asarray(played.regrets(mixed_profile(played, strategies)))
    return np.array([response.regret for response in best_response(game, strategies)])


def _action_values(game: NormalForm, profile: Sequence[npt.NDArray[np.float64]]) -> list[npt.NDArray[np.float64]]:
    with jax.enable_x64(True):
        return [np.asarray(own) for own in game.action_values(profile)]


def _response(
    player: int,
    own: Floats,
    strategy: Floats,
    names: tuple[str, ...],
    tolerance: float,
) -> BestResponse:
    value = float(own.max())
    actions = tuple(int(a) for a in np.flatnonzero(own >= value - tolerance))
    # losses against the best are summed, not payoffs: then large payoffs round no regret away from zero
    return BestResponse(player, actions, tuple(names[a] for a in actions), value, float(strategy @ (value - own)))
