"""Prices of anarchy and of stability, as results."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Provenance, Result, Status
from nashscape.core.exact_numbers import fraction_text
from nashscape.games import DenseGame
from nashscape.theory.efficiency.objectives import price_of

Floats = npt.NDArray[np.float64]
Price = Fraction | float
"""Exact, or infinite."""


@dataclass(frozen=True, eq=False)
class PriceOfAnarchy(Result):
    """How much worse equilibria are for all than the best profile. Made by `price_of_anarchy`.

    A price is `cost/least cost` or `largest welfare/welfare`, one at least, and infinite beside nothing.

    Attributes:
        game: name of the game.
        form: the game with its payoffs.
        sense: "cost", which is to be small, or "welfare".
        kind: "sum" over players, the "largest" cost, the "least" payoff, or a "table" of one's own.
        by_profile: what is reckoned, of every pure profile, `[a_1, …, a_n]`.
        optimum: the best of these.
        best: names of profiles where it is reached, the first hundred.
        names: of the Nash equilibria that were found.
        pure: whether each is pure.
        values: cost or welfare in each, expected where players mix; exact where the equilibrium is.
        bound: a price that no coarse correlated equilibrium exceeds, by smoothness; None without one.
        smoothness: the λ and μ that prove it; None where no profile at all exceeds the bound.
        note: of the search for equilibria; "" where all are known.
        status: COMPLETE where all equilibria are known; else that of the search.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "price of anarchy"
    as_columns: ClassVar[str] = "nashscape.theory.efficiency.tables:price_columns"
    as_table: ClassVar[str] = "nashscape.theory.efficiency.tables:price_table"
    picture: ClassVar[str] = "nashscape.figures.prices:price_figure"
    computed: ClassVar[tuple[str, ...]] = ("anarchy", "stability", "pure_anarchy", "pure_stability")

    game: str
    form: DenseGame
    sense: str
    kind: str
    by_profile: Floats
    optimum: Fraction
    best: tuple[str, ...]
    names: tuple[str, ...]
    pure: tuple[bool, ...]
    values: tuple[Fraction, ...]
    bound: Fraction | None
    smoothness: tuple[Fraction, Fraction] | None
    note: str
    status: Status
    provenance: Provenance

    @property
    def prices(self) -> tuple[Price, ...]:
        """The price of each equilibrium."""
        return tuple(price_of(self.sense, own, self.optimum) for own in self.values)

    @property
    def anarchy(self) -> Price | None:
        """The price of the worst equilibrium; None where none was found."""
        return max(self.prices, default=None)

    @property
    def stability(self) -> Price | None:
        """The price of the best equilibrium."""
        return min(self.prices, default=None)

    @property
    def pure_anarchy(self) -> Price | None:
        """The price of the worst pure equilibrium; None where there is none."""
        return self._of_pure(max)

    @property
    def pure_stability(self) -> Price | None:
        """The price of the best pure equilibrium."""
        return self._of_pure(min)

    def _of_pure(self, worst: Callable[..., Any]) -> Price | None:
        chosen: Price | None = worst(
            (own for own, pure in zip(self.prices, self.pure, strict=True) if pure), default=None
        )
        return chosen

    def average(self, runs: Any) -> Estimate:
        """The price that learners pay on average: of mean cost, or mean welfare, over where runs end.

        Runs that end at a target count with what its profile costs. Of others only least and largest values are known,
        and the interval holds for both. For independent runs it is that of `core.bounded_mean`; for a map that of the
        shares of its outcomes.

        Args:
            runs: what `entry_probability` or `basin_map` gave for this game.

        Raises:
            InputError: for runs of another game, and runs none of which ended at a target.

        Example:
            >>> import nashscape as ns
            >>> hunt = ns.games.stag_hunt()
            >>> found = ns.theory.price_of_anarchy(hunt)
            >>> print(found.average(ns.basin_map(hunt, ns.pg(), grid=21)))
            1.5921 [1.4924, 1.6994] (mean over a map)

        Source: Panageas, Piliouras (2016), average price of anarchy.
        """
        from nashscape.theory.efficiency.averages import average_price

        return average_price(self, runs)

    def __repr__(self) -> str:
        """Prices and how many equilibria there are, as one line."""
        told = f"anarchy {price_text(self.anarchy)}, stability {price_text(self.stability)}"
        bound = "" if self.bound is None else f", at most {fraction_text(self.bound)}"
        known = "all" if self.status is Status.COMPLETE else "not all"
        return f"<PriceOfAnarchy of {self.game}: {told}{bound}; {len(self.names)} equilibria, {known}>"

    def profile(self, name: str) -> tuple[int, ...] | None:
        """The pure profile that a name stands for, or None."""
        try:
            return self.form.profile(name)
        except InputError:
            return None


def price_text(value: Price | None) -> str:
    """A price as text: a fraction, ∞, or nothing found.

    >>> price_text(Fraction(4, 3)), price_text(float("inf")), price_text(None)
    ('4/3', '∞', 'none found')
    """
    return "none found" if value is None else fraction_text(value) if isinstance(value, Fraction) else "∞"
