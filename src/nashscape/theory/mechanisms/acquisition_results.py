"""The best mechanism for agents who find things out at a cost, as a result."""

from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.core.columns import Columns
from nashscape.core.tables import Table, one_by_one, shortened, standing

Floats = npt.NDArray[np.float64]

NONE = 1e-9
"""A chance that is none: what linear programs leave."""


@dataclass(frozen=True, eq=False)
class AcquisitionMechanism(Result):
    """What a principal recommends and promises to pay. Made by `acquisition_mechanism`.

    Attributes:
        problem: name of the problem.
        agents: their names.
        efforts: names, by agent.
        recommendations: "correlated" or "independent".
        chances: of recommendations, `[b_1, …, b_n]`.
        payments: to each agent where efforts b were recommended, signals s reported, and the state is θ,
            `[b_1, …, b_n, s_1, …, s_n, θ]`; 0 where b never is.
        value: what the principal gets on average after it has paid.
        bound: what it cannot exceed by any mechanism with such recommendations, by prices in fractions, rounded up.
        paid: to each agent on average, `[n]`.
        costs: of each agent on average, `[n]`.
        gains: what each agent gains by doing d where it is told a, with the best lies, computed from the payments
            alone, `[a, d]` of each agent; the chance of being told a is in it.
        status: COMPLETE if nobody gains more than 1e-7 of the largest payment, and value and bound are as near as was
            asked for; else UNDECIDED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "acquisition mechanism"
    as_columns: ClassVar[str] = "nashscape.theory.mechanisms.acquisition_results:mechanism_columns"
    as_table: ClassVar[str] = "nashscape.theory.mechanisms.acquisition_results:mechanism_table"
    picture: ClassVar[str] = "nashscape.figures.acquisition:mechanism_figure"
    computed: ClassVar[tuple[str, ...]] = ("largest_gain",)

    problem: str
    agents: tuple[str, ...]
    efforts: tuple[tuple[str, ...], ...]
    recommendations: str
    chances: Floats
    payments: tuple[Floats, ...]
    value: float
    bound: float
    paid: Floats
    costs: Floats
    gains: tuple[Floats, ...]
    status: Status
    provenance: Provenance

    @property
    def largest_gain(self) -> float:
        """The most that any agent gains by any deviation from one order, or by none: zero but for rounding."""
        return max(float(own.max(initial=0.0)) for own in self.gains)

    @property
    def profiles(self) -> tuple[str, ...]:
        """The names of joint efforts, the last agent changing first: "work, rest"."""
        return tuple(", ".join(own) for own in product(*self.efforts))

    def __repr__(self) -> str:
        """The value, its bound, and what is recommended, as one line."""
        told = [
            f"{chance:.4g} {name}"
            for name, chance in zip(self.profiles, self.chances.ravel(), strict=True)
            if chance > NONE
        ]
        return (
            f"<AcquisitionMechanism of {self.problem}: {self.recommendations}, value {self.value:.6g} (at most "
            f"{self.bound:.6g}); {'; '.join(told)}>"
        )


def mechanism_columns(found: AcquisitionMechanism) -> Columns:
    """A row for every joint effort, reports and state: how likely efforts are told, and what is paid then."""
    n, shape = len(found.agents), found.payments[0].shape
    every = np.indices(shape).reshape(len(shape), -1)
    signals = {f"report_{i + 1}": every[n + i] for i in range(n)}
    return {
        "efforts": np.repeat(np.array(found.profiles), found.payments[0].size // found.chances.size),
        "chance": np.repeat(found.chances.ravel(), found.payments[0].size // found.chances.size),
        **signals,
        "state": every[-1],
        **{f"payment_{i + 1}": own.ravel() for i, own in enumerate(found.payments)},
    }


@one_by_one
def mechanism_table(found: AcquisitionMechanism) -> Table:
    """What is recommended how often; what every agent is paid, what it spends, and what it could gain."""
    told = zip(found.profiles, found.chances.ravel(), strict=True)
    rows = [(name, f"{chance:.6g}") for name, chance in told if chance > NONE]
    each = zip(found.agents, found.paid, found.costs, found.gains, strict=True)
    pays = [
        (name, f"{paid:.6g}", f"{cost:.6g}", f"{paid - cost:.6g}", f"{gains.max(initial=0.0):.1g}")
        for name, paid, cost, gains in each
    ]
    return Table(
        f"A mechanism for {found.problem}, {found.recommendations} recommendations",
        ("efforts", "chance"),
        shortened(rows),
        notes=(
            f"The principal gets {found.value:.6g} after it has paid; no such mechanism gets more than "
            f"{found.bound:.6g}.",
            *standing([found]),
        ),
        below=(Table("Agents", ("agent", "paid", "cost", "left", "largest gain"), pays),),
    )
