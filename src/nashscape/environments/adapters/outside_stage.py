"""Episodes of an environment of PettingZoo, stepped from Python."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError

Flags = npt.NDArray[np.bool_]


class Stage:
    """One environment in which episodes are played one after the other.

    Attributes:
        going: who still plays, `[n]`.
        seen: what every player sees, as the environment gives it; what it saw last where it plays no more.
    """

    def __init__(self, inner: Any, limit: int | None, name: str) -> None:
        self.inner, self.agents, self.limit, self.name = inner, list(inner.possible_agents), limit, name
        self.played, self.going = 0, np.zeros(len(self.agents), bool)
        self.seen: list[Any] = [None] * len(self.agents)

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
        """What a round pays `[n]`, for whom the game is over, and who is cut off, `[n]` each."""
        playing = self.going
        chosen = {agent: actions[i] for i, agent in enumerate(self.agents) if playing[i]}
        seen, rewards, over, cut, _ = self.inner.step(chosen)
        self.played += 1
        paid = np.array([float(rewards.get(agent, 0.0)) for agent in self.agents])
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
