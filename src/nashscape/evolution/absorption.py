"""How likely a chain of states ends at each type, exactly."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.evolution.state_chains import Chain

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_STATES = 8_192
"""States whose equations are solved: 13 nodes of two types, 8 of three."""


def absorbed(chain: Chain) -> tuple[Ints, Floats]:
    """All states, and from each how likely every type is the one that is left, `[states, types]`.

    `Σ_t rate(s, t) (h(t) − h(s)) = 0`: each equation has a positive diagonal and no other positive number, so that
    elimination without exchanges subtracts nothing but from the diagonal.

    Raises:
        InputError: where from some state no type can take over.
    """
    from scipy.sparse import coo_array, csgraph, diags_array
    from scipy.sparse.linalg import splu

    states, number = chain.every()
    rates, left = chain.changes(states), chain.left(states)
    source, change = np.nonzero(rates)
    target = number(chain.changed(states[source], change))
    size, held = len(states), left >= 0
    table: Any = coo_array((rates[source, change], (source, target)), shape=(size, size)).tocsr()
    _ends(csgraph, table, held)
    going = ~held
    inner = table[going][:, going]
    total = np.asarray(table.sum(1)).ravel()[going]
    ends = (left[held][:, None] == np.arange(chain.types)).astype(float)
    made = np.zeros((size, chain.types))
    made[held] = ends
    if going.any():
        system = (diags_array(total) - inner).tocsc()
        solver = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        made[going] = solver.solve(np.ascontiguousarray(table[going][:, held] @ ends))
    return states, np.clip(made, 0.0, 1.0)


def _ends(csgraph: Any, table: Any, held: npt.NDArray[np.bool_]) -> None:
    """Refuse chains that can stay among several types for ever."""
    from scipy.sparse import coo_array

    back = table.T.tocoo()
    size = len(held)
    first = np.flatnonzero(held)
    # one more state, from which all that are held are reached
    rows, columns = np.r_[back.row, np.full(len(first), size)], np.r_[back.col, first]
    joined = coo_array((np.ones(len(rows)), (rows, columns)), shape=(size + 1, size + 1)).tocsr()
    reached = csgraph.breadth_first_order(joined, size, return_predecessors=False)
    if len(reached) <= size:
        raise InputError("from some state nobody can take over, as those who could have offspring have a fitness of 0; "
                         "add a constant to the payoffs")  # fmt: skip
