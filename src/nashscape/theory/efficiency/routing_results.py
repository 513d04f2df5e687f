"""Selfish and best flows in a network, as a result."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from nashscape.core import Provenance, Result, Status
from nashscape.core.exact_numbers import fraction_text
from nashscape.theory.efficiency.objectives import price_of
from nashscape.theory.efficiency.results import Price, price_text

Flow = tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class SelfishRouting(Result):
    """Where traffic goes if everybody takes the cheapest path, and where it would go best. Made by `selfish_routing`.

    Attributes:
        game: name of the game.
        edges: names of the edges, "s-u".
        trips: names of the trips, "s-t".
        paths: names of the paths, trip by trip.
        path_trips: the number of the trip of each path.
        selfish: what goes on every path in a Wardrop equilibrium.
        best: what goes there where all spend least together.
        selfish_loads: what every edge carries in the equilibrium, which is the same in all of them but for edges whose
            costs do not grow.
        best_loads: what it carries at best.
        selfish_cost: what all spend together in the equilibrium, in all of them the same.
        best_cost: the least that they can spend.
        degree: the largest power of the load in a cost.
        lost: what travellers lose by not taking the cheapest path, as a share of what they spend: of the equilibrium,
            and with marginal costs of the best flow. Zero where both are exact.
        exact: whether flows are known exactly.
        status: COMPLETE if both are zero but for rounding.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "selfish routing"
    as_columns: ClassVar[str] = "nashscape.theory.efficiency.tables:routing_columns"
    as_table: ClassVar[str] = "nashscape.theory.efficiency.tables:routing_table"
    picture: ClassVar[str] = "nashscape.figures.prices:routing_figure"
    computed: ClassVar[tuple[str, ...]] = ("anarchy", "limit")

    game: str
    edges: tuple[str, ...]
    trips: tuple[str, ...]
    paths: tuple[str, ...]
    path_trips: tuple[int, ...]
    selfish: Flow
    best: Flow
    selfish_loads: Flow
    best_loads: Flow
    selfish_cost: Fraction
    best_cost: Fraction
    degree: int
    lost: tuple[float, float]
    exact: bool
    status: Status
    provenance: Provenance

    @property
    def anarchy(self) -> Price:
        """What selfish traffic spends, as a multiple of the least."""
        return price_of("cost", self.selfish_cost, self.best_cost)

    @property
    def limit(self) -> float:
        """The largest price in any network with costs of this degree d, `1/(1 − d (d + 1)^{−(d+1)/d})`: Pigou's."""
        d = self.degree
        return 1.0 if d == 0 else 1.0 / (1.0 - d * (d + 1.0) ** (-(d + 1.0) / d))

    def __repr__(self) -> str:
        """Both costs and their ratio, as one line."""
        costs = f"{fraction_text(self.selfish_cost)}, best {fraction_text(self.best_cost)}"
        return f"<SelfishRouting in {self.game}: cost {costs}; price of anarchy {price_text(self.anarchy)}>"
