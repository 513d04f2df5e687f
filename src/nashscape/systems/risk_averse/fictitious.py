"""Fictitious play of risk-averse players, for many games of two players with three actions at once."""

from itertools import combinations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def moments(payoffs: Floats, other: Floats, tremble: float) -> tuple[Floats, Floats]:
    """Mean `[G, 3]` and covariance `[G, 3, 3]` of what own actions pay, `payoffs[g, own, other]`, under a tremble."""
    chance = tremble + (1 - 3 * tremble) * other
    mean = np.einsum("gab,gb->ga", payoffs, chance)
    apart = payoffs - mean[:, :, None]
    return mean, np.einsum("gab,gb,gcb->gac", apart, chance, apart)


def best_reply(mean: Floats, covariance: Floats, aversion: float) -> Floats:
    """The s of the simplex with the largest `m·s − γ sᵀΣs`, `[G, 3]`: the best of corners, edges and the inside.

    On a face the payoff is concave, so that its best point is where it is stationary, or on a smaller face.
    """
    corners = [np.broadcast_to(np.eye(3)[a], mean.shape) for a in range(3)]
    found = [*corners, *(_edge(mean, covariance, aversion, a, b) for a, b in combinations(range(3), 2))]
    found.append(_inside(mean, covariance, aversion))
    values = np.stack([worth(mean, covariance, aversion, own) for own in found])
    return np.asarray(np.stack(found)[values.argmax(axis=0), np.arange(len(mean))])


def worth(mean: Floats, covariance: Floats, aversion: float, own: Floats) -> Floats:
    """`m·s − γ sᵀΣs`, `[G]`."""
    return np.asarray((mean * own).sum(axis=1) - aversion * np.einsum("ga,gab,gb->g", own, covariance, own))


def _edge(mean: Floats, covariance: Floats, aversion: float, a: int, b: int) -> Floats:
    way = np.eye(3)[a] - np.eye(3)[b]
    bend = 2 * aversion * np.einsum("a,gab,b->g", way, covariance, way)
    slope = mean @ way - 2 * aversion * (covariance[:, :, b] @ way)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(bend > 0, np.clip(slope / bend, 0, 1), slope > 0)
    return np.asarray(np.eye(3)[b] + share[:, None] * way)


def _inside(mean: Floats, covariance: Floats, aversion: float) -> Floats:
    """Where the payoff is stationary along the simplex; the first corner where that is no point of it."""
    ways = np.array([[1.0, 0.0, -1.0], [0.0, 1.0, -1.0]])
    bends = 2 * aversion * ways @ covariance @ ways.T
    slopes = mean @ ways.T - 2 * aversion * (covariance[:, :, 2] @ ways.T)
    sizes = np.linalg.det(bends)
    solid = sizes > 1e-12 * np.abs(bends).max(axis=(1, 2)) ** 2
    solved = np.linalg.solve(np.where(solid[:, None, None], bends, np.eye(2)), slopes[:, :, None])[:, :, 0]
    points = np.concatenate([solved, 1 - solved.sum(axis=1, keepdims=True)], axis=1)
    good = solid & (points >= 0).all(axis=1)
    return np.where(good[:, None], points, np.eye(3)[0])


def played(payoffs: Floats, aversion: float, tremble: float, rounds: int, seed: int) -> tuple[Floats, Floats]:
    """Means of strategies `[G, 2, 3]` and what each could gain `[G, 2]` after so many rounds of fictitious play.

    Args:
        payoffs: `[G, 2, 3, 3]`, of both players by the actions of the first and the second.
        aversion: γ.
        tremble: ε.
        rounds: in each both reply to the mean of what the other did.
        seed: of the first strategies.
    """
    random = np.random.default_rng(seed)
    sides = payoffs[:, 0], payoffs[:, 1].swapaxes(1, 2)
    means = random.dirichlet(np.ones(3), size=(2, len(payoffs)))
    for t in range(1, rounds + 1):
        replies = [best_reply(*moments(side, means[1 - i], tremble), aversion) for i, side in enumerate(sides)]
        means = means + (np.stack(replies) - means) / (t + 1)
    gains = []
    for i, side in enumerate(sides):
        own = moments(side, means[1 - i], tremble)
        gains.append(worth(*own, aversion, best_reply(*own, aversion)) - worth(*own, aversion, means[i]))
    return means.swapaxes(0, 1), np.stack(gains, axis=1)


def zero_sum(count: int, seed: int) -> Floats:
    """Games in which one wins what the other loses, `[G, 2, 3, 3]`."""
    first = np.random.default_rng(seed).normal(size=(count, 3, 3))
    return np.stack([first, -first], axis=1)


def common(count: int, seed: int) -> Floats:
    """Potential games: both get the potential, and the other something that hangs on one's own action alone."""
    random = np.random.default_rng(seed)
    whole = random.normal(size=(count, 3, 3))
    return np.stack([whole + random.normal(size=(count, 1, 3)), whole + random.normal(size=(count, 3, 1))], axis=1)
