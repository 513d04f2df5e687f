"""Sampled learning written with NumPy: all starts at once, and two ways to draw a batch."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from benchmarks import problem

Floats = npt.NDArray[np.float32]
Counts = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""Plays in which the first player, the second, and both take the first action."""

Draw = Callable[[np.random.Generator, Floats, Floats, int], Counts]


def pairs(rng: np.random.Generator, p: Floats, q: Floats, batch: int) -> Counts:
    """Every play is drawn."""
    first = rng.random((batch, len(p)), dtype=np.float32) < p
    second = rng.random((batch, len(q)), dtype=np.float32) < q
    return first.sum(axis=0), second.sum(axis=0), (first & second).sum(axis=0)


def counts(rng: np.random.Generator, p: Floats, q: Floats, batch: int) -> Counts:
    """Only how often each pair of actions occurs is drawn."""
    first = rng.binomial(batch, p)
    both = rng.binomial(first, q)
    return first, both + rng.binomial(batch - first, q), both


def final_logits(draw: Draw, rule: str, x: Floats, y: Floats, batch: int, rng: np.random.Generator) -> list[Floats]:
    """Where the runs from the starts `(x, y)` end."""
    own, peer = (np.float32(problem.INNER_LR * coefficient) for coefficient in problem.RULES[rule])
    one = np.float32(1.0)
    for size in problem.step_sizes():
        p, q = one / (one + np.exp(-x)), one / (one + np.exp(-y))
        along_x, along_y = _direction(draw(rng, p, q, batch), p, q, batch, own, peer)
        x = np.clip(x + size * along_x, -problem.BOUND, problem.BOUND)
        y = np.clip(y + size * along_y, -problem.BOUND, problem.BOUND)
    return [x, y]


def _direction(drawn: Counts, p: Floats, q: Floats, batch: int, own: np.float32, peer: np.float32) -> list[Floats]:
    """Base and, where they are used, own and peer from products of means of the same batch."""
    first, second, both = (count.astype(np.float32) / np.float32(batch) for count in drawn)
    shares = (both, first - both, second - both, 1.0 - first - second + both)
    u, v = ([share * gain for share, gain in zip(shares, player.ravel(), strict=True)] for player in problem.PAYOFFS)
    u_x, v_y = _gradient(u[0] + u[1], u[2] + u[3], p), _gradient(v[0] + v[2], v[1] + v[3], q)
    along_x, along_y = u_x, v_y
    if own:
        along_x = along_x + own * _curvature(u[0] + u[1], u[2] + u[3], p) * u_x
        along_y = along_y + own * _curvature(v[0] + v[2], v[1] + v[3], q) * v_y
    if peer:
        along_x = along_x + peer * _mixed(v, p, q) * _gradient(u[0] + u[2], u[1] + u[3], q)
        along_y = along_y + peer * _mixed(u, p, q) * _gradient(v[0] + v[1], v[2] + v[3], p)
    return [along_x, along_y]


def _gradient(with_first: Floats, with_second: Floats, p: Floats) -> Floats:
    return with_first * (1.0 - p) - with_second * p


def _curvature(with_first: Floats, with_second: Floats, p: Floats) -> Floats:
    bend = p * (1.0 - p)
    return with_first * ((1.0 - p) ** 2 - bend) + with_second * (p**2 - bend)


def _mixed(w: list[Floats], p: Floats, q: Floats) -> Floats:
    return w[0] * (1.0 - p) * (1.0 - q) - w[1] * (1.0 - p) * q - w[2] * p * (1.0 - q) + w[3] * p * q
