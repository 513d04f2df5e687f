"""Environments of ours with the interface of JaxMARL: dictionaries by agent, and episodes that begin anew."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.environments.adapters.agent_names import agent_names
from nashscape.environments.spaces import Space
from nashscape.games.offers import has_plays, needs

Named = Mapping[str, jax.Array]


class MarlView:
    """An environment as programs for JaxMARL use it; made by `jaxmarl_env`.

    Attributes:
        environment: what is played.
        agents: the players, with "_" for spaces.
        num_agents: how many.
        name: of the environment.
    """

    def __init__(self, environment: Any) -> None:
        """See an environment so."""
        self.environment = environment
        self.agents = agent_names(environment.players)
        self.num_agents = len(self.agents)
        self.name = str(environment.name)

    def reset(self, key: jax.Array) -> tuple[dict[str, jax.Array], Any]:
        """What every agent sees at first, and the state."""
        state, seen = self.environment.reset(key)
        return self._named(seen), state

    def step_env(self, key: jax.Array, state: Any, actions: Named) -> tuple[Any, Any, Any, Any, Any]:
        """A round: what is seen, the state, rewards, what is done, and what was measured. Nothing begins anew."""
        after = self.environment.step(key, state, tuple(actions[agent] for agent in self.agents))
        over = after.terminated | after.truncated
        done = {**dict.fromkeys(self.agents, over), "__all__": over}
        told = {**after.measures, "terminated": after.terminated, "truncated": after.truncated}
        return self._named(after.observations), after.state, self._named(tuple(after.rewards)), done, told

    def step(self, key: jax.Array, state: Any, actions: Named) -> tuple[Any, Any, Any, Any, Any]:
        """The same, and where the episode is over what is seen and the state are those of the next one."""
        first, second = jax.random.split(key)
        seen, now, rewards, done, told = self.step_env(first, state, actions)
        seen_anew, anew = self.reset(second)

        def then(new: Any, old: Any) -> Any:
            return jax.tree.map(lambda one, other: jnp.where(done["__all__"], one, other), new, old)

        return then(seen_anew, seen), then(anew, now), rewards, done, told

    def get_avail_actions(self, state: Any) -> dict[str, jax.Array]:
        """Which actions of every agent are legal, as truth values."""
        legal = self.environment.legal(state)
        return {
            agent: jnp.ones(space.n, bool) if own is None else own
            for agent, own, space in zip(self.agents, legal, self.environment.action_spaces, strict=True)
        }

    def observation_space(self, agent: str) -> Space:
        """What an agent sees."""
        own: Space = self.environment.observation_spaces[self.agents.index(agent)]
        return own

    def action_space(self, agent: str) -> Space:
        """What an agent may do."""
        own: Space = self.environment.action_spaces[self.agents.index(agent)]
        return own

    def _named(self, values: Any) -> dict[str, jax.Array]:
        return dict(zip(self.agents, values, strict=True))


@public()
def jaxmarl_env(environment: Any) -> MarlView:
    """An environment of this library with the interface of JaxMARL's `MultiAgentEnv`, for programs written for it.

    `reset(key)` and `step(key, state, actions)` with dictionaries by agent; episodes begin anew in `step`, not in
    `step_env`. JaxMARL knows one flag, done: infos tell "terminated" and "truncated" apart, and all measures. Spaces
    are those of this library, with `n`, or `shape` and `bounds`. JaxMARL itself is not needed.

    Args:
        environment: any of this library.

    Raises:
        InputError: for what is not played round by round, and what JAX cannot trace.

    Example:
        >>> from nashscape import environments
        >>> env = jaxmarl_env(environments.coin_game())
        >>> seen, state = env.reset(jax.random.key(0))
        >>> seen, state, paid, done, told = env.step(jax.random.key(1), state, {"red": 0, "blue": 3})
        >>> sorted(seen), sorted(done), seen["red"].shape
        (['blue', 'red'], ['__all__', 'blue', 'red'], (4, 3, 3))
    """
    if not has_plays(environment):
        needs(environment, "plays", to="be played as JaxMARL does")
    if hasattr(environment, "make"):
        raise InputError(
            f"{environment.name} is stepped in Python by another library; programs of JaxMARL trace theirs"
        )
    return MarlView(environment)
