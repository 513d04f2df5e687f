"""Parallel environments of PettingZoo as games here: stepped in Python, and played by hosted players alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NoReturn

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.extras import needs_package
from nashscape.environments.spaces import Space, discrete, is_discrete, reals

Flags = npt.NDArray[np.bool_]


@jax.tree_util.register_static
@dataclass(frozen=True, eq=False)
class Outside:
    """A game that another library steps. Made by `pettingzoo`.

    Attributes:
        make: gives a new environment, of PettingZoo.
        name: what tables call it.
        discount: γ.
        limit: rounds after which an episode is cut off here; None for none.
    """

    make: Callable[[], Any]
    name: str
    discount: float
    limit: int | None

    offers: ClassVar[frozenset[str]] = frozenset({"plays"})

    def to_dict(self) -> dict[str, Any]:
        """What tells it from others."""
        return {"name": self.name, "make": self.make, "discount": self.discount, "limit": self.limit}

    @cached_property
    def _example(self) -> Any:
        return made(self.make)

    @property
    def players(self) -> tuple[str, ...]:
        """All its possible agents."""
        return tuple(map(str, self._example.possible_agents))

    @property
    def observation_spaces(self) -> tuple[Space, ...]:
        """What its spaces come to, flat; players are shown what it gives, as it is."""
        return tuple(_space(self._example.observation_space(own), act=False) for own in self._example.possible_agents)

    @property
    def action_spaces(self) -> tuple[Space, ...]:
        """Whole numbers, or points within bounds."""
        names = getattr(self._example, "metadata", {}).get("actions")
        agents = self._example.possible_agents
        return tuple(
            _space(self._example.action_space(own), act=True, names=tuple(names[i]) if names else ())
            for i, own in enumerate(agents)
        )

    @property
    def horizon(self) -> int | None:
        """The rounds of an episode at most; None where only the environment knows."""
        return self.limit

    def reset(self, key: Any) -> NoReturn:
        """Nothing that could be traced."""
        raise self.refused()

    def step(self, key: Any, state: Any, actions: Any) -> NoReturn:
        """Nothing that could be traced."""
        raise self.refused()

    def legal(self, state: Any) -> tuple[None, ...]:
        """Players are told with what they see."""
        return (None,) * len(self.players)

    def exact(self) -> None:
        """Nobody has computed it."""

    def stage(self) -> "Stage":
        """A fresh environment to play episodes in, one after the other."""
        fresh = made(self.make)
        if fresh is self._example:
            raise InputError(f"make gave the same environment of {self.name} again; every run needs one of its own")
        return Stage(fresh, self.players, self.action_spaces, self.limit, self.name)

    def refused(self) -> InputError:
        """Why nothing of it is compiled."""
        return InputError(
            f"{self.name} is stepped in Python, outside of compiled programs: give players of your own, "
            "dynamics.hosted(make), who learn in Python"
        )


class Stage:
    """One environment in which episodes are played one after the other.

    Attributes:
        going: who still plays, `[n]`.
        seen: what every player sees, as the environment gives it; what it saw last where it plays no more.
    """

    def __init__(
        self, inner: Any, players: tuple[str, ...], actions: tuple[Space, ...], limit: int | None, name: str
    ) -> None:
        self.inner, self.agents, self.limit, self.name = inner, list(inner.possible_agents), limit, name
        self.players, self.actions, self.played = players, actions, 0
        self.going: Flags = np.zeros(len(players), bool)
        self.seen: list[Any] = [None] * len(players)

    def begin(self, seed: int) -> None:
        """A new episode; only a seed is handed on, so that chance is the environment's own."""
        try:
            seen, _ = self.inner.reset(seed=seed)
            seen = dict(seen)
        except Exception as error:
            raise InputError(
                f"reset(seed=…) of {self.name} must give what every agent sees and infos, two mappings; "
                f"{type(error).__name__}: {error}"
            ) from error
        self.played, self.going = 0, np.array([agent in self.inner.agents for agent in self.agents])
        self._look(seen)

    def allowed(self, i: int) -> None:
        """Told with what a player sees, where anything is."""

    def measured(self) -> dict[str, npt.NDArray[np.float64]]:
        """Nothing beside rewards."""
        return {}

    def step(self, actions: list[Any]) -> tuple[npt.NDArray[np.float64], Flags, Flags]:
        """What a round pays `[n]`, for whom the game is over, and who is cut off, `[n]` each.

        Raises:
            InputError: for an action that a player does not have, and a reward that is no number.
        """
        playing = self.going
        chosen = {agent: self._checked(i, actions[i]) for i, agent in enumerate(self.agents) if playing[i]}
        seen, rewards, over, cut, _ = self.inner.step(chosen)
        self.played += 1
        paid = np.array([float(rewards.get(agent, 0.0)) for agent in self.agents])
        if not np.isfinite(paid).all():
            raise InputError(f"{self.name} pays {paid.tolist()} in round {self.played}; rewards must be numbers")
        ended = playing & np.array([bool(over.get(agent, False)) for agent in self.agents])
        up = self.limit is not None and self.played >= self.limit
        left = playing & ~ended & np.array([up or bool(cut.get(agent, False)) for agent in self.agents])
        # who is missing without a word has left the game
        gone = playing & ~ended & ~left & np.array([agent not in self.inner.agents for agent in self.agents])
        ended |= gone
        self.going = playing & ~ended & ~left
        self._look(seen)
        return paid, ended, left

    def _look(self, seen: Mapping[Any, Any]) -> None:
        self.seen = [seen.get(agent, old) for agent, old in zip(self.agents, self.seen, strict=True)]

    def _checked(self, i: int, action: Any) -> Any:
        own = self.actions[i]
        if not is_discrete(own):
            return np.asarray(action, np.float32).reshape(own.shape)
        if not 0 <= int(action) < own.n:  # type: ignore[union-attr]
            raise InputError(
                f"{self.players[i]} of {self.name} has actions 0 to {own.n - 1}; got {action!r}"  # type: ignore[union-attr]
            )
        return int(action)


@public()
def pettingzoo(
    make: Callable[[], Any], *, name: str | None = None, limit: int | None = None, discount: float = 1.0
) -> Outside:
    """A parallel environment of PettingZoo, played by hosted players: learners of anybody's, in plain Python.

    Every run makes an environment of its own and plays episodes in it one after the other. What players do is looked at
    over windows of episodes; see `dynamics.hosted`. Who is terminated or truncated plays no more until the next
    episode. An environment in turns is made parallel by `pettingzoo.utils.aec_to_parallel`.

    Args:
        make: a function that gives a new `ParallelEnv`.
        name: what tables call it; by default what its metadata says.
        limit: rounds after which an episode is cut off here; by default the environment ends its episodes itself.
        discount: γ, for discounted returns; by default 1.

    Raises:
        InputError: where PettingZoo is not installed, for what makes no parallel environment, and actions that are
            neither whole numbers nor points.

    Example:
        >>> from nashscape import environments, games
        >>> dilemma = environments.pettingzoo(lambda: environments.parallel_env(games.prisoners_dilemma()))
        >>> dilemma.players, dilemma.action_spaces[0].n
        (('player_1', 'player_2'), 2)

    Source: Terry et al., PettingZoo, NeurIPS 2021.
    """
    needs_package("pettingzoo", "an environment of PettingZoo")
    if not callable(make):
        raise InputError(f"pettingzoo takes a function that makes a parallel environment; got {make!r}")
    example = made(make)
    told = str(getattr(example, "metadata", {}).get("name", type(example).__name__))
    limit = None if limit is None else positive_integer(limit, "limit")
    found = Outside(make, name or told, finite_number(discount, "discount", low=0.0, high=1.0), limit)
    try:  # spaces that cannot be used are told at once
        _ = found.action_spaces, found.observation_spaces
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"observation_space(agent) and action_space(agent) of {found.name} must give spaces of Gymnasium; "
            f"{type(error).__name__}: {error}"
        ) from error
    return found


def made(make: Callable[[], Any]) -> Any:
    """A new environment.

    Raises:
        InputError: for what is none.
    """
    try:
        found = make()
    except Exception as error:
        raise InputError(f"make raised {type(error).__name__}: {error}") from error
    lacking = [own for own in ("possible_agents", "reset", "step", "action_space") if not hasattr(found, own)]
    if lacking or hasattr(found, "agent_iter"):
        raise InputError(
            f"make must give a ParallelEnv of PettingZoo; got {type(found).__name__}"
            + (", which goes in turns: pettingzoo.utils.aec_to_parallel makes it parallel" if not lacking else "")
        )
    return found


def _space(space: Any, *, act: bool, names: tuple[str, ...] = ()) -> Space:
    """A space of Gymnasium as one of ours; of observations of other kinds the size they have when flat."""
    if hasattr(space, "n") and hasattr(space, "start") and np.ndim(space.n) == 0:
        if act and int(space.start) != 0:
            raise InputError(f"actions are numbered from 0 here; got {space}")
        return discrete(int(space.n), names if len(names) == int(space.n) else ())
    if hasattr(space, "low") and hasattr(space, "high"):
        return reals(space.shape or (1,), np.asarray(space.low, float), np.asarray(space.high, float))
    if act:
        raise InputError(f"actions must be whole numbers or points, Discrete or Box; got {space}")
    from gymnasium.spaces import flatdim

    return reals(int(flatdim(space)))
