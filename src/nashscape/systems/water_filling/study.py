"""Channels, drawn and frozen, and the orders in which their users reply."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

USERS, CARRIERS, NOISE = 3, 4, 0.1
ORDERS = ("simultaneous", "sequential", "asynchronous")
WEAK = (0.02, 0.25)
"""Between which sizes of cross channels are drawn, so weak that ρ(S) is below 1 as a rule."""

CYCLES, CONVERGES = 20, 36
"""Seeds of two strong channels with ρ(S) above 1: in one simultaneous replies circle, in the other they settle."""


def channel(seed: int, sizes: tuple[float, float] = (0.05, 1.5)) -> Floats:
    """Gains `[sender, receiver, carrier]`: exponential, those of own links from .2 up, cross ones of one size."""
    random = np.random.default_rng(seed)
    gains = random.uniform(*sizes) * np.ones((USERS, USERS, CARRIERS))
    gains *= random.exponential(size=gains.shape)
    for user in range(USERS):
        gains[user, user] = random.exponential(size=CARRIERS) + 0.2
    return np.asarray(gains)


def first() -> list[list[float]]:
    """All power of everybody on the first carrier."""
    return [[1.0] + [0.0] * (CARRIERS - 1)] * USERS
