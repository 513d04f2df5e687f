"""What games kept in a compact form share: checks, and the way to the full array of payoffs."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.sizes import check_size
from nashscape.games.forms.dense_game import DenseGame
from nashscape.games.protocol import NormalFormGame, Strategies

Floats = npt.NDArray[np.float64]

ENTRIES_AT_MOST = 10_000_000
"""Larger payoff arrays are refused: they would take more than 80 megabytes."""


class CompactGame(NormalFormGame):
    """A finite game of which not every payoff is written down."""

    if TYPE_CHECKING:

        @property
        def payoff_range(self) -> float: ...  # noqa: D102
        def expected_payoffs(self, strategies: Strategies) -> jax.Array: ...  # noqa: D102
        def table(self) -> str: ...  # noqa: D102
        def payoffs_at(self, profile: Sequence[int]) -> Floats: ...  # noqa: D102

        def _all_payoffs(self) -> Floats: ...

    def to_dense(self) -> DenseGame:
        """The same game with its full array of payoffs, n · a_1 ⋯ a_n entries.

        Raises `InputError` for more than ten million entries.
        """
        check_size(
            f"payoffs of {self.name}", self.n_players * math.prod(self.shape), 32.0,
            lambda most: "use fewer players, or what works on the compact form", most=ENTRIES_AT_MOST,
        )  # fmt: skip
        return DenseGame(self._all_payoffs(), self.name, self.players, self.actions)

    def _check_profile(self, profile: Sequence[int]) -> tuple[int, ...]:
        if len(profile) != self.n_players:
            raise InputError(f"a profile of {self.name} has {self.n_players} actions; got {len(profile)}")
        return tuple(self.action_index(i, action) for i, action in enumerate(profile))


def check_compact_names(
    shape: tuple[int, ...], players: tuple[str, ...], actions: tuple[tuple[str, ...], ...], name: str
) -> None:
    """Raise `InputError` unless the names are those of a game with these action counts."""
    if len(shape) < 2 or min(shape) < 1:
        raise InputError(f"{name} needs at least two players with an action each; got {list(shape)}")
    if len(set(players)) != len(players) or len(players) != len(shape):
        raise InputError(f"{name} needs {len(shape)} different player names; got {list(players)}")
    if tuple(len(names) for names in actions) != shape:
        raise InputError(f"{name} needs {list(shape)} action names; got {[list(names) for names in actions]}")
    for names in dict.fromkeys(actions):
        if len(set(names)) != len(names):
            raise InputError(f"a player's actions need different names; got {list(names)}")
        for action in names:
            if not isinstance(action, str) or action != action.strip() or not action or set(action) & set(",/"):
                raise InputError(f"an action name must be a text without commas and slashes; got {action!r}")
