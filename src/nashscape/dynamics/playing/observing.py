"""How behaviour is looked at: evaluation episodes at some moments of a run."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public

if TYPE_CHECKING:
    from typing_extensions import TypeIs


@dataclass(frozen=True)
class Observing:
    """When behaviour is looked at, and how long. Made by `observing`.

    Attributes:
        episodes: that are played at every moment, with actions drawn as players draw them.
        moments: how often, the last time after the last update.
        greedy: episodes that are played at the end with everybody's likeliest actions; reported apart.
    """

    episodes: int = 64
    moments: int = 8
    greedy: int = 16

    def checked(self) -> "Observing":
        """The same, after everything was checked."""
        return observing(self.episodes, self.moments, self.greedy)

    def updates(self, steps: int) -> npt.NDArray[np.int64]:
        """After how many updates it is looked, `[moments]`, the last after all of them.

        >>> Observing(moments=4).updates(10).tolist()
        [2, 5, 7, 10]
        """
        return np.arange(1, self.moments + 1, dtype=np.int64) * steps // self.moments


@public()
def observing(episodes: int = 64, moments: int = 8, greedy: int = 16) -> Observing:
    """How behaviour is looked at in a game that is only played; given as `settling`.

    At every moment fresh episodes are played with the players as they are, none of which anybody learns from. A target
    is *reached* where it holds at the last moment and at all of the second half of them, and *passed* where it does at
    the last one but not at all of those; of several that are reached, or else passed, the first counts. That is a fact
    about episodes that were played, no claim about later ones.

    Args:
        episodes: at every moment; by default 64.
        moments: how many, evenly spaced over the run; by default 8.
        greedy: episodes with the likeliest actions, at the end; by default 16.

    Raises:
        InputError: for less than one episode, and fewer than two moments.

    Example:
        >>> observing(episodes=100, moments=4).updates(400).tolist()
        [100, 200, 300, 400]
    """
    return Observing(
        positive_integer(episodes, "episodes"),
        positive_integer(moments, "moments", at_least=2),
        positive_integer(greedy, "greedy", at_least=0),
    )


def is_observing(value: Any) -> "TypeIs[Observing]":
    """Whether it says how behaviour is looked at."""
    return hasattr(value, "moments")


def check_observing(value: Any, steps: int, name: str) -> Observing:
    """How behaviour is looked at in runs of so many updates; the usual way where nothing was said.

    Raises:
        InputError: for something else, and more moments than updates.
    """
    if not is_observing(value):
        raise InputError(
            f"{name} is only played: settling says how behaviour is looked at, as in settling=observing(episodes=64); "
            f"got {value!r}"
        )
    if value.moments > steps:
        raise InputError(f"behaviour is looked at {value.moments} times in {steps} updates; give at most {steps}")
    return value
