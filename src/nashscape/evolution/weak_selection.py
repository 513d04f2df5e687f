"""What weak selection does to cooperators on a graph: exactly, to first order, by coalescence times."""

from math import inf
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Source, Status, record
from nashscape.core.calls import public
from nashscape.evolution.coalescence import coalescence_times, places_taken
from nashscape.evolution.graph_populations import edge_weights, graph_process
from nashscape.evolution.weak_selection_results import WeakSelection

Floats = npt.NDArray[np.float64]

MOST_NODES = 600
ZERO = 1e-9
"""Of the cost: below this what a benefit does counts as nothing, which is where it cancels to rounding."""

ALLEN = Source(
    "evolution_on_graphs", "Allen, Lippner, Chen, Fotouhi, Momeni, Yau, Nowak: Evolutionary Dynamics on Any Population "
    "Structure. Nature 544, 227–230, 2017.", "https://doi.org/10.1038/nature21723",
)  # fmt: skip
OHTSUKI = Source(
    "simple_rule", "Ohtsuki, Hauert, Lieberman, Nowak: A Simple Rule for the Evolution of Cooperation on Graphs and "
    "Social Networks. Nature 441, 502–505, 2006.", "https://doi.org/10.1038/nature04605",
)  # fmt: skip


@public()
def weak_selection(
    graph: Any, process: Literal["death_birth", "birth_death", "fermi"] = "death_birth"
) -> WeakSelection:
    """How a donation game changes the chance of one cooperator to take over a graph, per unit of intensity.

    A cooperator pays c, and its neighbours get b between them, by the weights of their own edges: the mean payoffs of
    `graph_population([[b − c, −c], [b, 0]], graph)`. The cooperator appears at a node drawn evenly. To first order in
    the intensity w, of "linear" and "exponential" fitness alike, it takes over with probability

        1/n + w (b `benefit` − c `cost`)

    so that selection favours cooperation where `b/c > cost/benefit`, the critical ratio. With "death_birth" this is
    `t₂/(t₃ − t₁)`, `t_k` the mean coalescence time at the two ends of a random walk of k steps; on a k-regular graph of
    n nodes `(n − 2)/(n/k − 2)`, which is near k where n is large.

    Args:
        graph: as in `graph_population`, of at most 600 nodes.
        process: how members are replaced.

    Raises:
        InputError: for what is no connected graph, or too large, and an unknown process.

    Example:
        >>> weak_selection("ring:12")
        <WeakSelection by death_birth on 12 nodes: cooperation favoured where b/c > 2.5>
        >>> weak_selection("ring:12", "birth_death")
        <WeakSelection by birth_death on 12 nodes: cooperation never favoured>

    Source: Allen et al. (2017); Ohtsuki et al. (2006) for regular graphs.
    """
    weights, replaced = edge_weights(graph), graph_process(process)
    n = len(weights)
    if n > MOST_NODES:
        raise InputError(
            f"coalescence times are solved on at most {MOST_NODES} nodes; got {n}: draw fixation(…, runs=…)"
        )
    times = coalescence_times(weights, replaced)
    steps = weights / weights.sum(1, keepdims=True)
    cost = -first_order(weights, replaced, times, -np.eye(n))
    benefit = first_order(weights, replaced, times, steps)
    benefit = 0.0 if abs(benefit) < ZERO * cost else benefit
    return WeakSelection(
        weights=weights,
        process=replaced,
        cost=cost,
        benefit=benefit,
        critical_ratio=cost / benefit if benefit else inf,
        coalescence=times,
        status=Status.COMPLETE,
        provenance=record("weak selection", {"graph": weights, "process": replaced}, sources=[ALLEN, OHTSUKI]),
    )


def first_order(weights: Floats, process: str, times: Floats, gains: Floats) -> float:
    """How fast the chance of a mutant to take over grows with the intensity, where payoffs are `π_k = Σ_m G_km x_m`.

    x_m is 1 at mutants, e_ij how likely the offspring of i takes the place of j, v the values of nodes without
    selection. The sum `Σ_j v_j x_j` changes by `Σ_ij e_ij v_j (x_i − x_j)`; e_ij grows as `e_ij (π_i − r_j)`, with
    r_j the payoff that it competes with: the mean of the neighbours of j with "death_birth", of everybody with
    "birth_death"; of j itself, and half as fast, with "fermi". So all are products `(x_i − x_j) x_m`. Over all time,
    without selection, from a mutant at a node drawn evenly, the expected sum of `1/n − x_i x_m` is `τ_im/n`.
    """
    n, weight = len(weights), weights.sum(1)
    values = 1.0 / weight if process == "birth_death" else weight
    moved = places_taken(weights, process) * (values / values.sum())
    rivals = {
        "death_birth": weights / weight[:, None], "birth_death": np.full((n, n), 1.0 / n), "fermi": np.eye(n),
    }[process]  # fmt: skip
    own = gains @ times
    other = rivals @ own
    apart = own - np.diag(own)[:, None] - np.diag(other) + other.T
    return float((moved * apart).sum()) / n * (0.5 if process == "fermi" else 1.0)
