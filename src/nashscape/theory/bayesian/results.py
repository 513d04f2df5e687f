"""What deviations of each type would gain, and equilibria at which none gains anything, as results."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.theory.equilibrium_lists import EquilibriumList

Floats = npt.NDArray[np.float64]
Behaviour = tuple[tuple[Fraction, ...], ...]
"""A strategy in fractions: a mixed action for every type."""


@dataclass(frozen=True, eq=False)
class TypeProfile:
    """A profile of strategies of a Bayesian game, with what every deviation of every type would gain.

    Attributes:
        name: what each type does, type after type, "F/F O"; of mixtures the actions that are played, "F+O".
        strategies: a mixed action for every type, `[T_i, a_i]` each.
        exact: the same in fractions, from which the gains were computed in fractions; None where they are doubles.
        payoffs: ex ante, `[n]`.
        interim: what each type gets, knowing itself, `[T_i]` each; NaN of types of probability zero.
        gains: what each type would gain by each action instead, `[T_i, a_i]` each, in payoff units; never positive in
            an equilibrium. NaN of types of probability zero.
        regret: what each player could gain at most before types are drawn, `[n]`.
    """

    name: str
    strategies: tuple[Floats, ...]
    exact: tuple[Behaviour, ...] | None
    payoffs: Floats
    interim: tuple[Floats, ...]
    gains: tuple[Floats, ...]
    regret: Floats

    @property
    def largest(self) -> float:
        """The largest gain of any type of any player by any action."""
        return max(float(np.nanmax(own)) for own in self.gains)

    @property
    def pure(self) -> bool:
        """Whether no type mixes."""
        return all(bool((own.max(axis=1) == 1.0).all()) for own in self.strategies)

    @property
    def strict(self) -> bool:
        """Whether every deviation of every type of a positive probability loses."""
        others = [own[(played == 0) & ~np.isnan(own)] for own, played in zip(self.gains, self.strategies, strict=True)]
        return self.pure and all(bool((own < 0).all()) for own in others)

    def __repr__(self) -> str:
        """Name, payoffs and the largest gain, as one line."""
        payoffs = ", ".join(f"{value:.4g}" for value in self.payoffs)
        kind = "strict" if self.strict else "pure" if self.pure else "mixed"
        return f"<TypeProfile {self.name}: payoffs {payoffs}; {kind}; largest gain {self.largest:.1g}>"


@dataclass(frozen=True, eq=False)
class InterimGains(Result):
    """What every type of every player would gain by every action. Made by `interim_gains`.

    Attributes:
        game: name of the game.
        players: names.
        types: names of each player's types.
        actions: names of each player's actions.
        profile: the strategies with the gains.
        closed_form: of auctions with one, the equilibrium bids at all values, `[T_i]` each; else None.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "interim gains"
    picture: ClassVar[str] = "nashscape.figures.types:interim_gains_figure"
    as_table: ClassVar[str] = "nashscape.theory.bayesian.tables:gains_table"
    as_columns: ClassVar[str] = "nashscape.theory.bayesian.tables:gains_columns"
    computed: ClassVar[tuple[str, ...]] = ("largest",)

    game: str
    players: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    actions: tuple[tuple[str, ...], ...]
    profile: TypeProfile
    closed_form: tuple[Floats, ...] | None
    status: Status
    provenance: Provenance

    @property
    def largest(self) -> float:
        """The largest gain; a profile is a Bayes–Nash equilibrium if and only if it is not positive."""
        return self.profile.largest

    def __repr__(self) -> str:
        """The profile and its largest gain, as one line."""
        return f"<InterimGains of {self.game}: {self.profile.name}, at most {self.largest:.3g}>"


@dataclass(frozen=True, eq=False)
class BayesNashEquilibria(EquilibriumList[TypeProfile], Result):
    """The Bayes–Nash equilibria of a game, as far as they were found. Made by `bayes_nash_equilibria`.

    Attributes:
        game: name of the game.
        players: names.
        types: names of each player's types.
        actions: names of each player's actions.
        equilibria: those found, pure ones first. Where there are infinitely many, extreme ones.
        method: "normal form" or "agent form" (pure and mixed ones), "pure" (those alone) or "best replies".
        complete: whether every equilibrium is one of them, or, in a connected set of infinitely many, a mixture of
            some.
        pure_complete: whether every pure equilibrium is one of them.
        components: numbers of equilibria that hang together; several are one set of infinitely many.
        tolerance: the largest gain of any type with which a profile is listed that is not known in fractions, as a
            share of the range of payoffs.
        closed_form: of auctions with one, the equilibrium bids at all values, `[T_i]` each; else None.
        note: what to know before using the list, and advice; "" where it is simply complete.
        status: COMPLETE if the list is; INTERRUPTED where time ran out; else UNDECIDED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "Bayes-Nash equilibria"
    picture: ClassVar[str] = "nashscape.figures.types:bayes_nash_figure"
    as_table: ClassVar[str] = "nashscape.theory.bayesian.tables:bayes_nash_table"

    game: str
    players: tuple[str, ...]
    types: tuple[tuple[str, ...], ...]
    actions: tuple[tuple[str, ...], ...]
    equilibria: tuple[TypeProfile, ...]
    method: str
    complete: bool
    pure_complete: bool
    components: tuple[tuple[int, ...], ...]
    tolerance: float
    closed_form: tuple[Floats, ...] | None
    note: str
    status: Status
    provenance: Provenance

    @property
    def infinite(self) -> int:
        """How many of the components have more than one member, and so infinitely many."""
        return sum(len(group) > 1 for group in self.components)

    @property
    def said(self) -> str:
        """How much of the list is known to be there."""
        if self.complete:
            sets = self.infinite
            return f"all, with {sets} set{'s' if sets > 1 else ''} of infinitely many" if sets else "all"
        return "all pure ones" if self.pure_complete else "not all, see .note"

    def __repr__(self) -> str:
        """Names of what was found and whether that is all, as one line."""
        names = ", ".join(one.name for one in self.equilibria[:6]) + (", …" if len(self) > 6 else "")
        return f"<BayesNashEquilibria of {self.game}: {len(self)} ({self.said}): {names or 'none'}>"
