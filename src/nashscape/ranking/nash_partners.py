"""Scores of agents in tasks of two, against those who hold the whole population to its value."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array
from nashscape.core.calls import public
from nashscape.core.checks import moderate

Floats = npt.NDArray[np.float64]


class AgainstNash(NamedTuple):
    """What agents get in tasks of two against the partners' side of an equilibrium.

    Attributes:
        scores: of every agent, `A_t y_t`, `[agents, tasks]`.
        values: what the population is worth there, `max_i (A_t y_t)_i`, `[tasks]`.
        partners: the mixtures `y_t`, `[tasks, partners]`.
    """

    scores: Floats
    values: Floats
    partners: Floats


@public()
def against_nash(payoffs: npt.ArrayLike) -> AgainstNash:
    """What agents get in tasks of two against the mixture of partners that holds the whole population lowest.

    Task t is taken for a game in which one side chooses an agent, the other a partner who wants the first to get
    little: `v_t = max_x min_y xᵀA_t y = min_y max_i (A_t y)_i`. No agent gets more than `v_t` against `y_t`, and those
    of the best mixture of agents get it, so that `v_t` is a reference for `task_scores` which no easy partner raises
    and a copy of an agent does not change. Where several mixtures of partners hold agents to the value, one is taken.

    Args:
        payoffs: `[tasks, agents, partners]`, what the agent of the row gets with the partner of the column.

    Raises:
        InputError: for payoffs of another shape, and such as are not finite.

    Example:
        >>> found = against_nash([[[3, 1], [0, 2], [1, 1]]])
        >>> found.values.round(4).tolist(), found.partners.round(4).tolist(), found.scores[:, 0].round(4).tolist()
        ([1.5], [[0.25, 0.75]], [1.5, 1.5, 1.0])

    Source: Stooke et al. (2021), who normalise the scores of a task by an estimated Nash equilibrium of a population;
    that partners want agents to get little is ours.
    """
    tables = moderate(finite_array(payoffs, "payoffs", ndim=3), "payoffs")
    if not tables.size:
        raise InputError(f"payoffs are [tasks, agents, partners], one of each at least; got {tables.shape}")
    partners = np.stack([_holding(table) for table in tables])
    scores: Floats = np.einsum("tap,tp->at", tables, partners)
    return AgainstNash(scores, scores.max(0), partners)


def _holding(table: Floats) -> Floats:
    """The mixture of columns against which the best row is worst, by a linear program."""
    from scipy.optimize import linprog

    rows, columns = table.shape
    scale = np.ptp(table) or 1.0
    above = np.hstack([(table - table.min()) / scale, -np.ones((rows, 1))])
    total, cost = np.append(np.ones(columns), 0.0)[None], np.append(np.zeros(columns), 1.0)
    bounds = [(0.0, None)] * columns + [(None, None)]
    done = linprog(cost, A_ub=above, b_ub=np.zeros(rows), A_eq=total, b_eq=[1.0], bounds=bounds, method="highs")
    assert done.success, done.message
    found: Floats = np.maximum(done.x[:columns], 0.0)
    return found / found.sum()
