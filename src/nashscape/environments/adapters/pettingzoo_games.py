"""Rounds as a parallel environment of PettingZoo."""

from typing import Any

import numpy as np
from gymnasium.spaces import Discrete, Space
from pettingzoo import ParallelEnv

from nashscape.core import InputError
from nashscape.environments.adapters import spaces
from nashscape.environments.adapters.agent_names import agent_names
from nashscape.environments.adapters.described import described
from nashscape.environments.game_rounds import Rounds


class ParallelGame(ParallelEnv[str, np.int64, Any]):  # type: ignore[misc]  # PettingZoo has no types
    """A game in which all players act at once; made by `environments.parallel_env`.

    `metadata` says what does not change: the names of players, states and actions, the discount, horizon and limit.
    """

    render_mode = None

    def __init__(self, rounds: Rounds, seed: int) -> None:
        """Play these rounds, with random numbers from this seed until `reset` gives another."""
        self.rounds = rounds
        self.possible_agents = agent_names(rounds.game.players)
        self.agents: list[str] = []
        self.metadata = {**described(rounds), "is_parallelizable": True}
        self.state_space: Discrete = spaces.observations(rounds)
        self._seen = {agent: spaces.observations(rounds) for agent in self.possible_agents}
        self._done = {agent: spaces.actions(rounds, i) for i, agent in enumerate(self.possible_agents)}
        self._random = np.random.default_rng(seed)
        self._state, self._played = 0, 0

    def observation_space(self, agent: str) -> Space[Any]:
        """The number of the state, the same for all."""
        return self._seen[agent]

    def action_space(self, agent: str) -> Space[Any]:
        """An agent's actions."""
        return self._done[agent]

    def state(self) -> Any:
        """The number of the state, which every player sees."""
        return np.int64(self._state)

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], Any]:
        """Begin a play; without a seed it goes on with the random numbers of the plays before."""
        if seed is not None:
            self._random = np.random.default_rng(seed)
        self.agents = list(self.possible_agents)
        self._state, self._played = self.rounds.first(self._random), 0
        return self._for_all(self.state()), self._told(None)

    def step(self, actions: dict[str, Any]) -> tuple[Any, Any, Any, Any, Any]:
        """Play a round: payoffs are rewards; the end of the game is termination, the limit is truncation.

        Raises:
            InputError: for an action that is none, or is missing.
        """
        if not self.agents:
            return {}, {}, {}, {}, {}
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise InputError(f"a round takes an action of every player; there is none of {', '.join(missing)}")
        joint = tuple(spaces.checked(self._done[agent], actions[agent], agent) for agent in self.agents)
        paid = dict(zip(self.agents, self.rounds.pay(self._state, joint).tolist(), strict=True))
        self._state, self._played = self.rounds.onward(self._state, joint, self._random), self._played + 1
        ended, cut = self.rounds.over(self._played)
        made = self._for_all(self.state()), paid, self._for_all(ended), self._for_all(cut), self._told(joint)
        if ended or cut:
            self.agents = []
        return made

    def render(self) -> None:
        """Nothing is drawn."""

    def close(self) -> None:
        """Nothing is open."""

    def _for_all(self, value: Any) -> dict[str, Any]:
        return dict.fromkeys(self.agents, value)

    def _told(self, joint: tuple[Any, ...] | None) -> dict[str, dict[str, Any]]:
        return {agent: self.rounds.told(self._played, self._state, joint) for agent in self.agents}
