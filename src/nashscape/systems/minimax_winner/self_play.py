"""Self-play on preferences: multiplicative weights against oneself, exact, from draws, or with a magnet."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FROZEN = np.array([
    [0, 46, -73, 12, 58, -31],
    [-46, 0, 65, -88, 20, 39],
    [73, -65, 0, 51, -17, 4],
    [-12, 88, -51, 0, 33, -69],
    [-58, -20, 17, -33, 0, 81],
    [31, -39, -4, 69, -81, 0],
]) / 100  # fmt: skip
"""How much likelier the one of the row is preferred to that of the column than the other way round."""


def margins(count: int, size: int, seed: int) -> Floats:
    """Random preferences without any order, `[count, size, size]`, from −1 to 1, the opposite of their transposes."""
    upper = np.triu(np.random.default_rng(seed).uniform(-1, 1, size=(count, size, size)), 1)
    made: Floats = upper - np.swapaxes(upper, 1, 2)
    return made


def exploited(tables: Floats, mixtures: Floats) -> Floats:
    """By how much the best answer to each mixture is preferred to it, `[count]`; 0 for minimax winners."""
    made: Floats = np.einsum("kij,kj->ki", tables, mixtures).max(axis=1)
    return made


def promised(size: int, rounds: int) -> float:
    """What the average of multiplicative weights leaves at most: `2 √(ln n / (2 T))`, payoffs being from −1 to 1.

    By symmetry what one gets against itself is 0, so that regret is all there is to exploit.

    >>> round(promised(6, 10_000), 4)
    0.0189
    """
    return 2 * float(np.sqrt(np.log(size) / (2 * rounds)))


def played(tables: Floats, rounds: int, *, rate: float = 0.0) -> tuple[Floats, Floats]:
    """The average and the last mixture of multiplicative weights against itself, `[count, size]` each.

    Args:
        tables: margins, `[count, size, size]`.
        rounds: T.
        rate: of each round; 0 for that of `promised`, `√(2 ln n / T)`.
    """
    size = tables.shape[1]
    step = rate or float(np.sqrt(2 * np.log(size) / rounds))
    logs, sums = np.zeros(tables.shape[:2]), np.zeros(tables.shape[:2])
    for _ in range(rounds):
        mixtures = _softmax(logs)
        sums += mixtures
        logs += step * np.einsum("kij,kj->ki", tables, mixtures)
    return sums / rounds, _softmax(logs)


def drawn(tables: Floats, rounds: int, batch: int, seed: int) -> Floats:
    """The average where every round knows only a few noisy comparisons, as published: the reward is the share of wins.

    A batch is drawn from the mixture, each of it is compared with each other once, with the chance `(1 + margin)/2`.
    What was not drawn has no reward, and what was is weighed by how likely that was.
    """
    random, (count, size) = np.random.default_rng(seed), tables.shape[:2]
    step = float(np.sqrt(2 * np.log(size) / (rounds * size)))
    logs, sums, each = np.zeros((count, size)), np.zeros((count, size)), np.arange(count)[:, None]
    for _ in range(rounds):
        mixtures = _softmax(logs)
        sums += mixtures
        chosen = (random.random((count, batch, 1)) > mixtures.cumsum(axis=1)[:, None, :-1]).sum(axis=2)
        chances = (1 + tables[each[:, :, None], chosen[:, :, None], chosen[:, None, :]]) / 2
        wins = np.triu(random.random(chances.shape) < chances, 1)
        shares = wins.sum(axis=2) + np.tril(~np.swapaxes(wins, 1, 2), -1).sum(axis=2)
        rewards = 2 * shares / (batch - 1) - 1
        found = np.zeros((count, size))
        np.add.at(found, (each, chosen), rewards / (batch * mixtures[each, chosen]))
        logs += step * np.clip(found, -size, size)
    return sums / rounds


def drawn_to(tables: Floats, rounds: int, *, pull: float, rate: float, moved: int = 0) -> Floats:
    """The last mixture where each step is drawn to a magnet, even at first, which moves to the mixture after `moved`.

    `x ∝ (x exp(rate · v) m^(rate · pull))^(1/(1 + rate · pull))`: the regularised point attracts the last mixture.
    """
    logs = np.zeros(tables.shape[:2])
    magnet = np.zeros(tables.shape[:2])
    for k in range(rounds):
        if moved and k % moved == 0:
            magnet = logs.copy()
        value = np.einsum("kij,kj->ki", tables, _softmax(logs))
        logs = (logs + rate * value + rate * pull * magnet) / (1 + rate * pull)
        logs -= logs.max(axis=1, keepdims=True)
    return _softmax(logs)


def _softmax(logs: Floats) -> Floats:
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    made: Floats = powers / powers.sum(axis=1, keepdims=True)
    return made
