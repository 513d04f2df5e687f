"""The coin game: whose coins players take, exactly."""

from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.environments import coin_game

Floats = npt.NDArray[np.float64]


def own_share(payoffs: Floats, collected: Floats) -> Floats:
    """Which share of the coins that are taken their owners take, `[…]`, by discounted numbers.

    Every coin pays who takes it 1, and its owner −2 where that is somebody else.

    Args:
        payoffs: of both players, `[…, 2]`.
        collected: the same in the game without a penalty: all coins that a player takes.

    >>> float(own_share(np.array([2.0, 0.0]), np.array([4.0, 2.0])))     # each lost one of its coins to the other
    0.6666666666666667
    """
    robbed = (collected - payoffs).sum(axis=-1) / 2.0
    return np.asarray(1.0 - robbed / collected.sum(axis=-1))


def profiles(entry: Any) -> list[tuple[Floats, ...]]:
    """The strategies of both players with which every run of `without_noise` ends, `[S, 4]` each."""
    last = np.asarray(entry.reduced["last_profile"])
    return [tuple(own.reshape(2, -1, 4)) for own in last]


def own_shares(ends: list[tuple[Floats, ...]]) -> Floats:
    """That share for profiles of strategies of the exact game, `[N]`."""
    paid, free = (coin_game(egocentric=True, penalty=own).exact() for own in (2.0, 0.0))
    assert paid is not None, "it is small enough"
    assert free is not None, "as is this one"

    @jax.jit
    def values(strategies: tuple[jax.Array, ...]) -> tuple[jax.Array, jax.Array]:
        return paid.expected_payoffs(strategies), free.expected_payoffs(strategies)

    both = [values(own) for own in ends]
    return own_share(*(np.array([np.asarray(one[k], np.float64) for one in both]) for k in range(2)))
