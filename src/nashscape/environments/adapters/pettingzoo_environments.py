"""Environments of ours as parallel environments of PettingZoo."""

from typing import Any

import jax
import numpy as np
from gymnasium import spaces as outside
from pettingzoo import ParallelEnv

from nashscape.core import InputError
from nashscape.environments.adapters import spaces
from nashscape.environments.adapters.agent_names import agent_names
from nashscape.environments.spaces import Space, is_discrete


class ParallelEnvironment(ParallelEnv[str, Any, Any]):  # type: ignore[misc]  # PettingZoo has no types
    """An environment in which all players act at once; made by `environments.parallel_env`."""

    render_mode = None

    def __init__(self, environment: Any, seed: int) -> None:
        """Play it, with random numbers from this seed until `reset` gives another."""
        self.environment = environment
        self.possible_agents = agent_names(environment.players)
        self.agents: list[str] = []
        self.metadata = {
            "name": environment.name,
            "players": tuple(environment.players),
            "discount": float(environment.discount),
            "horizon": environment.horizon,
            "actions": tuple(getattr(own, "names", ()) for own in environment.action_spaces),
            "is_parallelizable": True,
        }
        state = jax.eval_shape(environment.reset, jax.random.key(0))[0]
        self._masked = [own is not None for own in jax.eval_shape(environment.legal, state)]
        self._done = dict(zip(self.possible_agents, map(_actions, environment.action_spaces), strict=True))
        self._seen = {
            agent: self._sight(i, space)
            for i, (agent, space) in enumerate(
                zip(self.possible_agents, environment.observation_spaces, strict=True)
            )
        }  # fmt: skip
        self._reset, self._step, self._legal = (
            jax.jit(environment.reset), jax.jit(environment.step), jax.jit(environment.legal)
        )  # fmt: skip
        self._key = jax.random.key(seed)
        self._state: Any = None
        self._may: tuple[Any, ...] = ()

    def observation_space(self, agent: str) -> outside.Space[Any]:
        """What an agent sees; where some actions are not legal with a mask, as a dictionary."""
        return self._seen[agent]

    def action_space(self, agent: str) -> outside.Space[Any]:
        """An agent's actions."""
        return self._done[agent]

    def reset(self, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], Any]:
        """Begin an episode; without a seed it goes on with the random numbers of those before."""
        if seed is not None:
            self._key = jax.random.key(seed)
        self.agents = list(self.possible_agents)
        self._state, seen = self._reset(self._next())
        return self._views(seen), self._told({})

    def step(self, actions: dict[str, Any]) -> tuple[Any, Any, Any, Any, Any]:
        """Play a round; infos tell what the environment measures.

        Raises:
            InputError: for an action that is none, is missing, or is not legal.
        """
        if not self.agents:
            return {}, {}, {}, {}, {}
        missing = [agent for agent in self.agents if agent not in actions]
        if missing:
            raise InputError(f"a round takes an action of every player; there is none of {', '.join(missing)}")
        joint = tuple(self._checked(i, agent, actions[agent]) for i, agent in enumerate(self.agents))
        after = self._step(self._next(), self._state, joint)
        self._state = after.state
        paid = dict(zip(self.agents, np.asarray(after.rewards, np.float64).tolist(), strict=True))
        ended, cut = bool(after.terminated), bool(after.truncated)
        made = self._views(after.observations), paid, self._all(ended), self._all(cut), self._told(after.measures)
        if ended or cut:
            self.agents = []
        return made

    def render(self) -> None:
        """Nothing is drawn."""

    def close(self) -> None:
        """Nothing is open."""

    def _next(self) -> Any:
        self._key, one = jax.random.split(self._key)
        return one

    def _checked(self, i: int, agent: str, action: Any) -> Any:
        own = spaces.checked(self._done[agent], action, agent)
        if self._masked[i] and not self._may[i][own]:
            raise InputError(
                f"action {own} of {agent} is not legal now; those are {np.flatnonzero(self._may[i]).tolist()}"
            )
        return np.int32(own) if is_discrete(self.environment.action_spaces[i]) else np.asarray(own, np.float32)

    def _views(self, seen: Any) -> dict[str, Any]:
        self._may = tuple(None if own is None else np.asarray(own, np.int8) for own in self._legal(self._state))
        made = [np.int64(own) if np.ndim(own) == 0 else np.asarray(own, np.float32) for own in seen]
        return {
            agent: {"observation": own, "action_mask": mask} if masked else own
            for agent, own, mask, masked in zip(self.agents, made, self._may, self._masked, strict=True)
        }

    def _sight(self, i: int, space: Space) -> outside.Space[Any]:
        own = _observations(space)
        if not self._masked[i]:
            return own
        count = self.environment.action_spaces[i].n
        return outside.Dict({"observation": own, "action_mask": outside.Box(0, 1, (count,), np.int8)})

    def _all(self, value: Any) -> dict[str, Any]:
        return dict.fromkeys(self.agents, value)

    def _told(self, measures: Any) -> dict[str, dict[str, Any]]:
        n = len(self.possible_agents)
        each = {name: np.asarray(own) for name, own in measures.items()}
        return {
            agent: {name: own[i] if own.shape[:1] == (n,) else own for name, own in each.items()}
            for i, agent in enumerate(self.agents)
        }


def _observations(space: Any) -> outside.Space[Any]:
    if is_discrete(space):
        return outside.Discrete(space.n)
    low, high = (own.astype(np.float32) for own in space.bounds)
    return outside.Box(low, high, dtype=np.float32)


def _actions(space: Any) -> outside.Space[Any]:
    if is_discrete(space):
        return outside.Discrete(space.n)
    low, high = space.bounds
    return outside.Box(low.astype(np.float64), high.astype(np.float64), dtype=np.float64)
