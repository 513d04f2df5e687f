"""Averages over noise: at which points of the noise to look, with which weights, and what that leaves out."""

import functools
import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

ENOUGH = 1e-10
"""A rule is fine enough when it misses no probability by more than this."""

MOST_NODES = 2500
COUNTS = {"normal": (12, 24, 48, 96, 192), "uniform": (8, 16, 32, 64)}
SAMPLE, FINE_SAMPLE = 512, 2**14


@dataclass(frozen=True)
class Nodes:
    """Points and weights that stand for a noise of independent entries, N(0, 1) or uniform on [−1, 1].

    A *grid* is a product of rules for one entry. For normal noise these are equal steps: the error of that rule falls
    geometrically for analytic functions, with the step times the noise, where the number of Gauss–Hermite nodes would
    have to grow with the noise squared. For uniform noise they are Gauss–Legendre. A *sample* is a Sobol sequence and
    its mirror image.

    Attributes:
        form: "normal" or "uniform".
        entries: the number of entries.
        count: nodes per entry of a grid, or points of a sample in all.
        sampled: whether it is a sample.
    """

    form: str
    entries: int
    count: int
    sampled: bool = False

    @property
    def size(self) -> int:
        """How many points there are."""
        return int(self.count if self.sampled else self.count**self.entries)

    def points(self) -> Floats:
        """The points, `[M, entries]`.

        >>> Nodes("uniform", 1, 2).points().round(4).tolist()
        [[-0.5774], [0.5774]]
        """
        return _rule(self)[0]

    def weights(self) -> Floats:
        """Their weights, positive numbers `[M]` whose sum is one."""
        return _rule(self)[1]

    def text(self, error: float) -> str:
        """What this is, in words, with a measured error."""
        kind = "quasi-random points" if self.sampled else "nodes"
        start = "sample" if self.sampled else "quadrature"
        return f"{start} of {self.size} {kind}, measured error below 1e{math.ceil(math.log10(max(error, ENOUGH)))}"


@functools.lru_cache(maxsize=64)
def _rule(nodes: Nodes) -> tuple[Floats, Floats]:
    if nodes.sampled:
        points = _sample(nodes.form, nodes.entries, nodes.count)
        return points, np.full(nodes.count, 1.0 / nodes.count)
    if nodes.form == "uniform":
        line, share = np.polynomial.legendre.leggauss(nodes.count)
    else:
        # further out than this, what is cut off weighs less than what the steps between the nodes leave out
        far = min(7.0, math.sqrt(math.pi * (nodes.count - 1)))
        line = np.linspace(-far, far, nodes.count)
        share = np.exp(-0.5 * line**2)
    share = share / share.sum()
    points = np.array(list(itertools.product(line, repeat=nodes.entries)))
    weights = np.array([math.prod(each) for each in itertools.product(share, repeat=nodes.entries)])
    return points, weights / weights.sum()


def _sample(form: str, entries: int, count: int) -> Floats:
    from scipy.special import ndtri
    from scipy.stats import qmc

    half = count // 2
    # the first 2^m points of a Sobol sequence lie on the lower corners of equal cells; half a cell up they are centred
    unit = qmc.Sobol(entries, scramble=False).random_base2(half.bit_length() - 1) + 0.5 / half
    if form == "uniform":
        points = 2.0 * unit - 1.0
    else:
        points = np.asarray(ndtri(unit))
        points /= np.sqrt(np.mean(points**2, axis=0))
    return np.concatenate([points, -points])


def choose_nodes(form: str, spreads: Floats) -> tuple[Nodes, float]:
    """Nodes for the mean of a softmax of logits with noise, and by how much they miss a probability at most.

    The least grid that misses by no more than `ENOUGH`, or the finest grid of at most `MOST_NODES` points, or where
    even the coarsest has more, a sample. The error is measured: against a rule with twice as many nodes per entry, or
    32 times as many points, at logits all over the place.

    Args:
        form: "normal" or "uniform".
        spreads: for every player the matrix from the entries of the noise to the noise in its logits, `[n, a, e]`;
            `a` is 1 for sigmoids.

    Example:
        >>> nodes, error = choose_nodes("normal", np.full((2, 1, 1), 0.6))
        >>> nodes.count, error < 1e-10
        (24, True)
    """
    entries = spreads.shape[-1]
    fitting = [count for count in COUNTS[form] if count**entries <= MOST_NODES]
    if not fitting:
        nodes = Nodes(form, entries, SAMPLE, sampled=True)
        return nodes, _difference(nodes, Nodes(form, entries, FINE_SAMPLE, sampled=True), spreads)
    for count in fitting:
        nodes = Nodes(form, entries, count)
        error = _difference(nodes, Nodes(form, entries, 2 * count), spreads)
        if error <= ENOUGH:
            break
    return nodes, error


def _difference(nodes: Nodes, finer: Nodes, spreads: Floats) -> float:
    if spreads.shape[1] == 1:  # a sigmoid is a softmax of its logit and zero
        spreads = np.concatenate([spreads, np.zeros_like(spreads)], axis=1)
        logits = np.stack([np.linspace(-20.0, 20.0, 161), np.zeros(161)], axis=1)
    else:
        logits = 3.0 * np.random.default_rng(0).normal(size=(24, spreads.shape[1]))
    different = np.unique(spreads, axis=0)
    return max(float(np.abs(_mean(nodes, logits, one) - _mean(finer, logits, one)).max()) for one in different)


def _mean(nodes: Nodes, logits: Floats, spread: Floats) -> Floats:
    noisy = logits[:, None, :] + (nodes.points() @ spread.T)[None]
    powers = np.exp(noisy - noisy.max(axis=-1, keepdims=True))
    mean: Floats = np.einsum("m,zma->za", nodes.weights(), powers / powers.sum(axis=-1, keepdims=True))
    return mean
