"""Environments of JaxMARL as environments of ours; the only file that knows their types."""

import functools
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from nashscape.environments.adapters.counted import Counted, begun
from nashscape.environments.protocol import Step
from nashscape.environments.spaces import Reals, Space, discrete, reals


@dataclass(frozen=True)
class Kind:
    """How an environment counts rounds, and what its end means.

    Attributes:
        clock: its option for the number of rounds.
        limit: rounds of an episode where nobody says how many.
        later: how many rounds more it is told of, so that its own end, which resets the state, does not come first.
        ends: whether what it calls done is an end of the game; else it is time alone.
        masks: what says which actions are legal, where something does.
        shapes: whether it tells of rewards for steps on the way, which it does not pay.
    """

    clock: str | None
    limit: int | None
    later: int = 1
    ends: bool = False
    masks: str | None = None
    shapes: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "MPE_simple_spread_v3": Kind("max_steps", 25),
        "MPE_simple_reference_v3": Kind("max_steps", 25),
        "MPE_simple_speaker_listener_v4": Kind("max_steps", 25),
        "MPE_simple_tag_v3": Kind("max_steps", 25),
        "coin_game": Kind("num_inner_steps", 150),
        "storm_2p": Kind("num_inner_steps", 152),
        # what players see says how near the end is, so it must know the true one
        "overcooked": Kind("max_steps", 400, later=0, shapes=True),
        "hanabi": Kind(None, None, ends=True, masks="get_legal_moves"),
        "HeuristicEnemySMAX": Kind("max_steps", 100, ends=True, masks="get_avail_actions"),
        "SMAX": Kind("max_steps", 100, ends=True, masks="get_avail_actions"),
    }
)
"""The environments that are known here, by their names in JaxMARL."""


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class JaxMarl:
    """An environment of JaxMARL. Made by `jaxmarl`.

    Attributes:
        discount: γ.
        inner: the environment, of JaxMARL.
        kind: how it counts rounds.
        limit: rounds after which an episode is cut off; None for none.
        options: that it was made with, by name.
        shaped: whether rewards for steps on the way are paid.
    """

    discount: Any
    inner: Any = field(metadata={"static": True})
    kind: Kind = field(metadata={"static": True})
    name: str = field(metadata={"static": True})
    limit: int | None = field(metadata={"static": True})
    options: tuple[tuple[str, Any], ...] = field(default=(), metadata={"static": True})
    shaped: bool = field(default=False, metadata={"static": True})

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    def to_dict(self) -> dict[str, Any]:
        """What tells it from others."""
        own = {"name": self.name, "limit": self.limit, "discount": self.discount, "options": dict(self.options)}
        return {**own, "shaped": True} if self.shaped else own

    @property
    def players(self) -> tuple[str, ...]:
        """The names of its agents."""
        return tuple(map(str, self.inner.agents))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """Its own spaces; of several arrays for a player one, flat and side by side."""
        return _observed(self.inner)

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """Its own spaces, which may differ between players."""
        return tuple(_chosen(self.inner.action_space(agent)) for agent in self.inner.agents)

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode at most; None where only the game knows."""
        return self.limit

    def reset(self, key: jax.Array) -> tuple[Counted, tuple[jax.Array, ...]]:
        """Its `reset`."""
        with jax.enable_x64(False):
            seen, state = self.inner.reset(key)
        return begun(state), self._seen(seen)

    def step(self, key: jax.Array, state: Counted, actions: tuple[jax.Array, ...]) -> Step:
        """Its `step_env`, which does not begin anew where an episode ends."""
        chosen = dict(zip(self.inner.agents, actions, strict=True))
        with jax.enable_x64(False):
            seen, after, paid, done, told = self.inner.step_env(key, state.state, chosen)
        later = state.next(after)
        over = jnp.asarray(done["__all__"]) if self.kind.ends else jnp.asarray(False)
        cut = jnp.asarray(False) if self.limit is None else ~over & (later.played >= self.limit)
        rewards = jnp.stack([jnp.asarray(paid[agent]).astype(float) for agent in self.inner.agents])
        measures = self._measured(told)
        if self.shaped:
            measures["soups"] = rewards
            rewards = rewards + measures["shaped_reward"]
        return Step(later, self._seen(seen), rewards, over, cut, measures)

    def legal(self, state: Counted) -> tuple[jax.Array | None, ...]:
        """Its masks, where it has any."""
        if self.kind.masks is None:
            return (None,) * len(self.players)
        with jax.enable_x64(False):
            masks = getattr(self.inner, self.kind.masks)(state.state)
        return tuple(jnp.asarray(masks[agent]).astype(bool) for agent in self.inner.agents)

    def exact(self) -> None:
        """Nobody has computed them."""

    def _seen(self, seen: Mapping[str, Any]) -> tuple[jax.Array, ...]:
        return tuple(_as_array(seen[agent]) for agent in self.inner.agents)

    def _measured(self, told: Mapping[str, Any]) -> dict[str, jax.Array]:
        """What is told beside rewards: by player where it is told for each."""
        each = {name: value for name, value in told.items() if name != "inner_episode_done"}
        return {
            name: jnp.stack([jnp.asarray(value[agent]) for agent in self.inner.agents])
            if isinstance(value, Mapping)
            else jnp.asarray(value)
            for name, value in each.items()
        }


@functools.cache
def made(name: str, options: tuple[tuple[str, Any], ...]) -> Any:
    """An environment of JaxMARL; the same one for the same options, so that programs are compiled once."""
    import jaxmarl

    given = dict(options)
    if isinstance(given.get("layout"), str):
        from jaxmarl.environments.overcooked import overcooked_layouts

        given["layout"] = overcooked_layouts[given["layout"]]
    if isinstance(given.get("scenario"), str):
        from jaxmarl.environments.smax import map_name_to_scenario

        given["scenario"] = map_name_to_scenario(given["scenario"])
    with jax.enable_x64(False), warnings.catch_warnings():
        # it recommends another version of Overcooked
        warnings.simplefilter("ignore", DeprecationWarning)
        return jaxmarl.make(name, **given)


@functools.cache
def _observed(inner: Any) -> tuple[Space, ...]:
    """The spaces of observations: bounds as they are said to be, shapes as they are (some say them the wrong way)."""
    with jax.enable_x64(False):
        shown, _ = jax.eval_shape(inner.reset, jax.random.key(0))
    return tuple(_beside(inner.observation_space(agent), shown[agent]) for agent in inner.agents)


def _beside(space: Any, shown: Any) -> Space:
    if not isinstance(shown, Mapping):
        return _reals(space, shown.shape)
    parts = space if isinstance(space, Mapping) else space.spaces
    own = [_reals(parts[name], shown[name].shape) for name in sorted(shown)]
    low, high = (np.concatenate([np.ravel(one.bounds[end]) for one in own]) for end in (0, 1))
    return reals(len(low), low, high)


def _reals(space: Any, shape: tuple[int, ...]) -> Reals:
    return reals(shape, np.asarray(space.low, float), np.asarray(space.high, float))


def _chosen(space: Any) -> Space:
    return discrete(int(space.n)) if hasattr(space, "n") else _reals(space, tuple(space.shape))


def _as_array(seen: Any) -> jax.Array:
    if not isinstance(seen, Mapping):
        return jnp.asarray(seen).astype(float)
    return jnp.concatenate([jnp.ravel(seen[name]).astype(float) for name in sorted(seen)])
