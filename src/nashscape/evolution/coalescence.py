"""How long ago the ancestors of two members met, where types make no difference."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError

Floats = npt.NDArray[np.float64]

RELATIVE = 1e-13
"""Of the right-hand side: how exactly the equations are solved."""
MOST_TURNS = 20_000


def places_taken(weights: Floats, process: str) -> Floats:
    """How likely the offspring of the row takes the place of the column in an update without selection, `[n, n]`.

    >>> path = np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    >>> (places_taken(path, "death_birth") * 6).tolist()
    [[0.0, 1.0, 0.0], [2.0, 0.0, 2.0], [0.0, 1.0, 0.0]]
    """
    weight = weights.sum(1)
    own = weights / (weight[:, None] if process == "birth_death" else weight)
    made: Floats = own / len(weights) * (0.5 if process == "fermi" else 1.0)
    return made


def coalescence_times(weights: Floats, process: str) -> Floats:
    """Of every two nodes how many updates ago their members had their last common ancestor, on average, `[n, n]`.

    With `e_ki` how likely the offspring of k takes the place of i, and `d_i = Σ_k e_ki`, these solve `τ_ii = 0` and
    `(d_i + d_j) τ_ij = 1 + Σ_k e_ki τ_kj + Σ_k e_kj τ_ik`. Multiplied by the weights of i and j, or by one over them
    with "birth_death", the equations are symmetric and positive definite, and solved by conjugate gradients.

    Args:
        weights: of the edges.
        process: of a `graph_population`.

    Raises:
        InputError: where that does not come to an end.

    Example:
        >>> coalescence_times(np.ones((3, 3)) - np.eye(3), "death_birth").round(9)[0].tolist()
        [0.0, 3.0, 3.0]

    Source: Allen, Lippner, Chen, Fotouhi, Momeni, Yau and Nowak (2017), equation 1.
    """
    from scipy.sparse import csr_array

    taken = places_taken(weights, process)
    own = weights.sum(1) if process != "birth_death" else 1.0 / weights.sum(1)
    own = own / own.mean()
    off, both = 1.0 - np.eye(len(weights)), np.outer(own, own)
    came: Any = csr_array(taken.T) if (taken > 0).mean() < 0.2 else taken.T
    gone = taken.sum(0)
    diagonal = np.where(off > 0, (gone[:, None] + gone) * both, 1.0)

    def applied(times: Floats) -> Floats:
        """The left-hand side less what stands behind the 1, weighted."""
        half = gone[:, None] * times - came @ times
        made: Floats = both * (half + half.T) * off
        return made

    right = both * off
    times = np.zeros_like(right)
    rest = right.copy()
    scaled = rest / diagonal
    way, size = scaled.copy(), float((rest * scaled).sum())
    enough = size * RELATIVE**2
    for _ in range(MOST_TURNS):
        if size <= enough:
            return times
        image = applied(way)
        step = size / float((way * image).sum())
        times += step * way
        rest -= step * image
        scaled = rest / diagonal
        before, size = size, float((rest * scaled).sum())
        way = scaled + size / before * way
    raise InputError(
        "the weights of the edges differ too much for the coalescence times to be solved; leave out the faintest"
    )
