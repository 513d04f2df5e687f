"""Parallel environments of PettingZoo as games here: stepped in Python, and played by hosted players alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NoReturn

import jax
import numpy as np

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.extras import needs_package
from nashscape.environments.adapters.outside_stage import Stage
from nashscape.environments.spaces import Space, discrete, reals


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
        raise self.why_not_traced()

    def step(self, key: Any, state: Any, actions: Any) -> NoReturn:
        """Nothing that could be traced."""
        raise self.why_not_traced()

    def legal(self, state: Any) -> tuple[None, ...]:
        """Players are told with what they see."""
        return (None,) * len(self.players)

    def exact(self) -> None:
        """Nobody has computed it."""

    def stage(self) -> Stage:
        """A fresh environment to play episodes in, one after the other."""
        fresh = made(self.make)
        if fresh is self._example:
            raise InputError(f"make gave the same environment of {self.name} again; every run needs one of its own")
        return Stage(fresh, self.limit, self.name)

    def why_not_traced(self) -> InputError:
        """Why nothing of it is compiled."""
        return InputError(
            f"{self.name} is stepped in Python, outside of compiled programs: give players of your own, "
            "dynamics.hosted(make), who learn in Python"
        )


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
