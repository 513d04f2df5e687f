"""Parameters under which given strategies are played, where there are any."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.semantics.parametric_game import ParametricGame

Floats = npt.NDArray[np.float64]

CLOSE = 1e-6
"""How far a probability may be from the one that was asked for."""


def parameters_for(game: ParametricGame, profiles: Sequence[Any]) -> Floats:
    """Parameters `[N, d]` under which N profiles of strategies are played.

    Args:
        game: a game with a semantics.
        profiles: one array per player, N strategies `[N, …]` side by side.

    Raises:
        InputError: where no parameters give one of them, as when two players' logits are always the same.
    """
    with jax.enable_x64(True):
        wanted = [jax.numpy.asarray(own, dtype="float64") for own in profiles]
        # of one profile, asked for again and again along a family of games, a compiled program
        theta, given = (_compiled if len(wanted[0]) == 1 else _inverse)(game, wanted)
    far = [
        np.abs(np.asarray(a) - np.asarray(b)).reshape(len(b), -1).max(axis=1)
        for a, b in zip(given, wanted, strict=True)
    ]
    # not a number counts as far
    missed = np.flatnonzero(~(np.max(far, axis=0) <= CLOSE))
    if missed.size:
        first = [np.asarray(own[missed[0]]).round(4).tolist() for own in wanted]
        raise InputError(
            f"no parameters of {game.name} give the strategies {first}, which its players cannot play under this "
            "semantics; start from parameters, as with starts.normal(std=1.0) or starts.parameters([[0.1, 0.2]])"
        )
    return np.asarray(theta, dtype=np.float64)


def _inverse(game: ParametricGame, wanted: Sequence[jax.Array]) -> Any:
    theta = jax.vmap(game.semantics.parameters)(list(wanted))
    return theta, jax.vmap(game.strategies)(theta)


_compiled = jax.jit(_inverse)
