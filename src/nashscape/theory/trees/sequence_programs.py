"""The sequence form of a tree of two players with opposite interests as linear programs."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

from nashscape.core import InputError
from nashscape.games.forms.trees.sequences import Side

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Programme:
    """One player's programme: the realisation plan that makes sure of most.

    With payoffs A `[own sequences, the other's]` it is: maximise v over plans x and numbers q of the other's rows, so
    that `x(∅) = 1`, `Σ_a x(r, a) = x(before r)`, and for each of the other's sequences s, with q(∅) = v,
    `q(row of s) − Σ_{rows r that s leads to} q(r) ≤ (Aᵀ x)(s)`. Koller, Megiddo, von Stengel (1996).
    """

    own: Side
    other: Side
    payoffs: csr_array

    def plan(self, name: str) -> Floats:
        """An optimal realisation plan, `[own sequences]`."""
        n, rows = self.own.sequences, len(self.other.before)
        equal, right = self._plans()
        objective = np.zeros(n + rows + 1)
        objective[n] = -1.0
        equal = csr_array((equal.data, equal.indices, equal.indptr), shape=(equal.shape[0], n + rows + 1))
        most = np.full(n, np.inf)
        most[1:][~self.own.legal.ravel()] = 0.0
        bounds = np.concatenate([
            np.stack([np.zeros(n), most], axis=1), np.tile([-np.inf, np.inf], (rows + 1, 1))
        ])  # fmt: skip
        found = linprog(
            objective, A_ub=self._replies(), b_ub=np.zeros(1 + int(self.other.legal.sum())), A_eq=equal, b_eq=right,
            bounds=bounds, method="highs",
        )  # fmt: skip
        if found.x is None:
            raise InputError(f"the linear program of {name} was not solved: {found.message}")
        plan: Floats = np.maximum(found.x[:n], 0.0)
        return plan

    def _plans(self) -> tuple[csr_array, Floats]:
        """What makes a vector a realisation plan."""
        rows, width = self.own.legal.shape
        at = np.repeat(np.arange(1, rows + 1), width)
        entries = coo_array(
            (
                np.concatenate([[1.0], np.ones(rows * width), -np.ones(rows)]),
                (np.concatenate([[0], at, np.arange(1, rows + 1)]),
                 np.concatenate([[0], np.arange(1, 1 + rows * width), self.own.before])),
            ),
            shape=(rows + 1, self.own.sequences),
        )  # fmt: skip
        right = np.zeros(rows + 1)
        right[0] = 1.0
        return csr_array(entries), right

    def _replies(self) -> Any:
        """What every sequence of the other lets through, a line for each: no moves, then what is legal."""
        n, (rows, width) = self.own.sequences, self.other.legal.shape
        kept = np.concatenate([[0], 1 + np.flatnonzero(self.other.legal.ravel())])
        line = np.full(self.other.sequences, -1)
        line[kept] = np.arange(len(kept))
        # q of the own row, which for no moves is v; less that of rows it leads to
        first = coo_array(
            (
                np.concatenate([np.ones(len(kept)), -np.ones(rows)]),
                (np.concatenate([np.arange(len(kept)), line[self.other.before]]),
                 np.concatenate([[0], 1 + (kept[1:] - 1) // width, np.arange(1, rows + 1)])),
            ),
            shape=(len(kept), rows + 1),
        )  # fmt: skip
        left = -csr_array(self.payoffs.T)[kept]
        assert left.shape == (len(kept), n)
        return csr_array(vstack([left.T, csr_array(first).T]).T)


def payoff_matrix(payoffs: Floats, first: Side, second: Side) -> csr_array:
    """What pairs of sequences pay, chances included, `[sequences of the first, of the second]`."""
    shape = (first.sequences, second.sequences)
    return csr_array(coo_array((payoffs, (first.ends, second.ends)), shape=shape))


def behaviour(side: Side, plan: Floats) -> Floats:
    """The behaviour strategy of a realisation plan, `[R, A]`; where it never comes all legal actions alike."""
    own = plan[1:].reshape(side.legal.shape) * side.legal
    total = own.sum(axis=1, keepdims=True)
    even = side.legal / side.legal.sum(axis=1, keepdims=True)
    made: Floats = np.where(total > 1e-12, own / np.where(total > 1e-12, total, 1.0), even)
    return made
