"""Rounds as an environment of Gymnasium: one player learns, the others are frozen."""

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
import numpy.typing as npt
from gymnasium.utils import seeding

from nashscape.environments.adapters import spaces
from nashscape.environments.adapters.described import described
from nashscape.environments.game_rounds import Rounds, drawn

Floats = npt.NDArray[np.float64]


class FrozenGame(gymnasium.Env[np.int64, Any]):
    """A game seen by one player, against others who never change; made by `environments.gymnasium_env`."""

    def __init__(self, rounds: Rounds, player: int, strategies: Sequence[Floats], seed: int) -> None:
        """Play these rounds as a player; the others' strategies are in their places."""
        self.rounds, self.player, self.strategies = rounds, player, tuple(strategies)
        self.metadata = {**described(rounds), "player": rounds.game.players[player]}
        self.observation_space = spaces.observations(rounds)
        self.action_space = spaces.actions(rounds, player)
        self._np_random, self._np_random_seed = seeding.np_random(seed)
        self._state, self._played = 0, 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin a play; without a seed it goes on with the random numbers of the plays before."""
        super().reset(seed=seed)
        self._state, self._played = self.rounds.first(self.np_random), 0
        return np.int64(self._state), self.rounds.told(self._played, self._state)

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Play a round: the own payoff is the reward, those of all are told.

        Raises:
            InputError: for an action that is none.
        """
        own = spaces.checked(self.action_space, action, self.rounds.game.players[self.player])
        joint = tuple(own if j == self.player else self._of_other(j) for j in range(len(self.strategies)))
        paid = self.rounds.pay(self._state, joint).tolist()
        self._state, self._played = self.rounds.onward(self._state, joint, self.np_random), self._played + 1
        told = {**self.rounds.told(self._played, self._state, joint), "payoffs": tuple(paid)}
        return np.int64(self._state), paid[self.player], *self.rounds.over(self._played), told

    def _of_other(self, j: int) -> Any:
        """A point as it is; an action drawn from a mixed strategy, that of the state where there are several."""
        strategy = self.strategies[j]
        if self.rounds.actions is None:
            return strategy
        return drawn(strategy[self._state] if strategy.ndim == 2 else strategy, self.np_random)
