"""What agents can find out about a state, what that costs them, and what it is worth to who decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, exact_number, exact_values, fraction_text
from nashscape.theory.mechanisms.given_chances import (
    check_shapes,
    check_unknowns,
    effort_names,
    fractions_given,
    normalised,
)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class AcquisitionProblem:
    """Agents who can find out about a state at a cost, and a principal who decides. Made by `acquisition_problem`.

    Attributes:
        name: of the problem.
        agents: their names.
        efforts: names, by agent.
        exact: chances of signals and state together by efforts, `[b_1, …, b_n, s_1, …, s_n, θ]`, in fractions.
        costs: of the efforts of each agent.
        worth: what each decision is worth in each state, `[decisions, θ]`, in fractions.
        most_paid: the largest payment to one agent.
    """

    name: str
    agents: tuple[str, ...]
    efforts: tuple[tuple[str, ...], ...]
    exact: Objects
    costs: tuple[tuple[Fraction, ...], ...]
    worth: Objects
    most_paid: Fraction

    @property
    def information(self) -> Floats:
        """The chances of signals and state together in doubles."""
        return self.exact.astype(np.float64)

    @property
    def values(self) -> Objects:
        """What the principal gets of efforts and honest reports before it pays, `[b_1, …, b_n]`, in fractions.

        `V(b) = Σ_s max_d Σ_θ P(s, θ | b) worth(d, θ)`.
        """
        return decided(self.exact, self.worth)

    @property
    def in_payments(self) -> "AcquisitionProblem":
        """The same with the largest payment as the unit of costs and worth, so that solvers see numbers of one size."""
        unit = self.most_paid
        costs = tuple(tuple(one / unit for one in own) for own in self.costs)
        return replace(self, costs=costs, worth=self.worth / unit, most_paid=Fraction(1))

    def to_dict(self) -> dict[str, Any]:
        """The problem as plain data, with fractions as texts."""
        numbers = {"information": self.exact, "worth": self.worth}
        return {
            "name": self.name,
            "efforts": [list(own) for own in self.efforts],
            **{name: np.vectorize(str, otypes=[object])(own).tolist() for name, own in numbers.items()},
            "costs": [[str(one) for one in own] for own in self.costs],
            "most_paid": str(self.most_paid),
        }

    def __repr__(self) -> str:
        """Name and sizes, as one line."""
        efforts = " × ".join(str(len(own)) for own in self.efforts)
        n = len(self.agents)
        signals = " × ".join(map(str, self.exact.shape[n : 2 * n]))
        paid = fraction_text(self.most_paid)
        return f"<AcquisitionProblem {self.name}: efforts {efforts}, signals {signals}, at most {paid} to each>"


def decided(information: Any, worth: Any) -> Any:
    """What the best decisions are worth by efforts, where signals are known, `[b_1, …, b_n]`."""
    n = (information.ndim - 1) // 2
    best = np.stack([(information * row).sum(axis=-1) for row in worth]).max(axis=0)
    return best.sum(axis=tuple(range(n, 2 * n)))


@public()
def acquisition_problem(
    signals: Any,
    costs: Sequence[Any],
    worth: Any,
    *,
    prior: Any,
    most_paid: Any,
    efforts: Sequence[Sequence[str]] | None = None,
    name: str = "information acquisition",
) -> AcquisitionProblem:
    """Agents who can find out about a state at a cost, and a principal who decides by what they report.

    Efforts are not seen, and costs are borne by agents. Payments are between 0 and `most_paid`, and may depend on what
    was recommended, on all reports, and on the state, which is known when they are made. An agent who may stay away
    has an effort that costs nothing. Numbers are read exactly: floats, fractions, texts such as "1/3".

    Args:
        signals: chances of signals in each state by efforts, `[b_1, …, b_n, θ, s_1, …, s_n]`; those of one state sum to
            one. `independent_signals` makes them of each agent's own.
        costs: of the efforts of each agent, in the unit of payments.
        worth: what each decision is worth to the principal in each state, `[decisions, θ]`, in the same unit.
        prior: chances of states, `[θ]`.
        most_paid: the largest payment to one agent.
        efforts: names, by agent; by default numbers from 0.
        name: of the problem.

    Raises:
        InputError: for arrays of other shapes, negative chances or such as do not sum to one, negative costs, a largest
            payment that is not positive, and problems whose linear program has more than 20,000 unknowns.

    Example:
        >>> coin = [[["1", "0"], ["1", "0"]], [["3/4", "1/4"], ["1/4", "3/4"]]]
        >>> acquisition_problem(coin, [[0, "1/10"]], [[4, 0], [0, 4]], prior=["1/2", "1/2"], most_paid=1)
        <AcquisitionProblem information acquisition: efforts 2, signals 2, at most 1 to each>

    Source: Cacciamani, Castiglioni, Gatti (2024), of which this is the setting.
    """
    own_costs = tuple(tuple(exact_values(own, f"costs of agent {i + 1}")) for i, own in enumerate(costs))
    table, chances = fractions_given(signals, "signals"), np.array(exact_values(prior, "prior"), dtype=object)
    decisions, paid = fractions_given(worth, "worth", ndim=2), exact_number(most_paid, "most_paid")
    n = len(own_costs)
    check_shapes(table, own_costs, decisions, len(chances))
    check_unknowns(table.shape, n)
    if min(min(own) for own in own_costs) < 0:
        raise InputError("costs must not be negative: what an effort takes from its agent, 0 for none")
    if paid <= 0:
        raise InputError(f"most_paid must be above 0, the largest payment to one agent; got {paid}")
    given = normalised(np.moveaxis(table, n, -1), tuple(range(n, 2 * n)), "signals in each state")
    names = effort_names(efforts, own_costs)
    return AcquisitionProblem(
        str(name), tuple(f"agent {i + 1}" for i in range(n)), names,
        given * normalised(chances, (0,), "prior"), own_costs, decisions, paid,
    )  # fmt: skip


@public()
def independent_signals(signals: Sequence[Any]) -> Objects:
    """Chances of the signals of all agents, who in a given state see each by itself.

    Args:
        signals: chances of each agent's signals by its own effort and the state, `[b_i, θ, s_i]`.

    Returns:
        Fractions `[b_1, …, b_n, θ, s_1, …, s_n]`, products of those.

    Raises:
        InputError: for none, and for arrays with other axes or different numbers of states.

    Example:
        >>> both = independent_signals([[[[1, 0], [1, 0]], [["3/4", "1/4"], ["1/4", "3/4"]]]] * 2)
        >>> both.shape, str(both[1, 1, 0, 0, 1])
        ((2, 2, 2, 2, 2), '3/16')
    """
    each = [fractions_given(own, f"signals of agent {i + 1}", ndim=3) for i, own in enumerate(signals)]
    if len({own.shape[1] for own in each}) != 1:
        raise InputError("signals are to be arrays [efforts, states, signals], one per agent, with the same states")
    n = len(each)
    product: Any = Fraction(1)
    for i, own in enumerate(each):
        shape = [1] * (2 * n + 1)
        shape[i], shape[n], shape[n + 1 + i] = own.shape
        product = product * own.reshape(shape)
    made: Objects = product
    return made
