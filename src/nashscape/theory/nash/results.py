"""Equilibria of a game in normal form, each with what checks it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.games import DenseGame
from nashscape.theory.equilibrium_lists import EquilibriumList
from nashscape.theory.nash.found import Region
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.nash.stability import Stability

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A Nash equilibrium, and what speaks for its being reached.

    Attributes:
        name: "CC" for a pure one, "C+D/C+D" for one in which both players mix C and D.
        strategies: mixed strategies, `[a_i]` each, rounded to doubles.
        exact: the same in fractions, checked in fractions; None where they are known up to rounding alone.
        payoffs: `[n]`.
        regret: what each player could gain at most by any deviation, computed from the strategies, exact ones in
            fractions and others in double precision, in payoff units, `[n]`.
        support: indices of the actions played, per player.
        losses: what each action earns less than the best, in payoff units, `[a_i]` each.
        strict: whether every deviation loses.
        margin: the least loss of any player from an action that is not played, in payoff units, zero at a tie; infinite
            where all are played.
        isolated: whether no other equilibria are near; None where not known.
        index: 1 or −1 of a regular equilibrium; they sum to one over all where there are no ties. None where there are
            or it was not computed.
        payoff_dominant: whether it gives every player more than each other equilibrium does; None where it is the only
            one or not all are known.
        risk_factor: of strict ones: the least probability of the others playing theirs that makes each player's action
            best, `[n]`; else None.
        risk_dominates: names of the strict equilibria that it risk-dominates, pair by pair, in games of two players.
        risk_dominant: whether it risk-dominates every other strict equilibrium; None unless two players have several.
        selected_by: "logit" for the one to which the logit path from the centroid leads, else "".
        stability: under the given rule; None without one.
    """

    name: str
    strategies: tuple[Floats, ...]
    exact: tuple[Strategy, ...] | None
    payoffs: Floats
    regret: Floats
    support: tuple[tuple[int, ...], ...]
    losses: tuple[Floats, ...]
    strict: bool
    margin: float
    isolated: bool | None
    index: int | None = None
    payoff_dominant: bool | None = None
    risk_factor: Floats | None = None
    risk_dominates: tuple[str, ...] = ()
    risk_dominant: bool | None = None
    selected_by: str = ""
    stability: Stability | None = None

    @property
    def pure(self) -> bool:
        """Whether nobody mixes."""
        return all(len(own) == 1 for own in self.support)

    @property
    def profile(self) -> tuple[int, ...] | None:
        """Action indices of a pure one, None for a mixed one."""
        return tuple(own[0] for own in self.support) if self.pure else None

    @property
    def labels(self) -> tuple[str, ...]:
        """What is to be said of it, in words."""
        kind = "strict" if self.strict else "pure, not strict" if self.pure else "mixed"
        said = {
            "payoff-dominant": self.payoff_dominant,
            "risk-dominant": self.risk_dominant,
            "logit-selected": self.selected_by == "logit",
            "not isolated": self.isolated is False,
        }
        rest = () if self.stability is None else (f"{self.stability.words} under {self.stability.rule}",)
        return (kind, *(words for words, true in said.items() if true), *rest)

    def __repr__(self) -> str:
        """Name, payoffs, regret and labels, as one line."""
        payoffs = ", ".join(f"{value:.4g}" for value in self.payoffs)
        return f"<Equilibrium {self.name}: payoffs {payoffs}; {', '.join(self.labels)}; regret {self.regret.max():.1g}>"


@dataclass(frozen=True)
class NearTie:
    """A difference that is not zero but nearly so: it is decided as it stands, and a small change would turn it.

    Attributes:
        profile: name of the equilibrium, or of the pure profile that just misses being one.
        player: name of the player whose actions nearly tie.
        actions: the better one and the other.
        gap: by how much they differ, in payoff units.
        equilibrium: whether the profile is an equilibrium.
    """

    profile: str
    player: str
    actions: tuple[str, str]
    gap: float
    equilibrium: bool

    def __str__(self) -> str:
        """What is close to what, in words."""
        better, worse = self.actions
        kind = "is" if self.equilibrium else "is no equilibrium, but"
        return f"{self.profile} {kind} within {self.gap:.2g} of a tie between {better} and {worse} of {self.player}"


@dataclass(frozen=True, eq=False)
class Equilibria(EquilibriumList[Equilibrium], Result):
    """The Nash equilibria of a game, as far as they were found.

    Attributes:
        game: name of the game.
        form: the game with its payoffs.
        equilibria: those found, smallest supports first. Where there are infinitely many, extreme points of their sets,
            or representatives.
        method: "exact" (two players: vertices, in fractions), "supports" (more: faces in fractions, boxes), "pure",
            "gambit" or "nashpy".
        complete: whether every equilibrium is one of them, or a product of mixtures of those in one of `subsets`.
        degenerate: whether some strategy has more best responses than actions it plays, with more than two players
            in some equilibrium, or some equilibrium is not regular; None where not known. Then there can be infinitely
            many equilibria.
        components: numbers of equilibria that hang together: each is one connected set, or, where it reaches into
            `regions`, may be.
        subsets: numbers of the extreme points of maximal Nash subsets: every product of mixtures of their strategies is
            an equilibrium.
        regions: boxes of profiles in which the search decided nothing, of more than two players.
        near_ties: what a small change of payoffs would turn.
        logit: how following the logit path went: "arrived", "the only one" (no need to), "branches" (a symmetry lets
            other branches cross it), "lost", "cut short" or "unclear" (no equilibrium is selected), or "not followed".
        tolerance: the largest regret, as a share of a player's range of payoffs, with which a profile is listed that is
            neither exact nor proved.
        note: what to know before using the list, and advice; "" where it is simply complete.
        status: COMPLETE if the list is; INTERRUPTED where the search was cut short; else UNDECIDED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "equilibria"
    picture: ClassVar[str] = "nashscape.figures.equilibria:equilibria_figure"
    as_table: ClassVar[str] = "nashscape.theory.nash.tables:equilibria_table"

    game: str
    form: DenseGame
    equilibria: tuple[Equilibrium, ...]
    method: str
    complete: bool
    degenerate: bool | None
    components: tuple[tuple[int, ...], ...]
    subsets: tuple[tuple[int, ...], ...]
    regions: tuple[Region, ...]
    near_ties: tuple[NearTie, ...]
    logit: str
    tolerance: float
    note: str
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """Names of what was found and whether that is all, as one line."""
        names = ", ".join(one.name for one in self.equilibria[:8]) + (", …" if len(self) > 8 else "")
        kind = "degenerate, " if self.degenerate else ""
        sets = self.infinite
        all_ = f"all, with {sets} set{'s' if sets > 1 else ''} of infinitely many" if sets else "all"
        said = all_ if self.complete else "not all, see .note"
        near = f", {len(self.near_ties)} near-ties" if self.near_ties else ""
        return f"<Equilibria of {self.game}: {len(self)} ({kind}{said}{near}): {names or 'none'}>"

    def representatives(self) -> "tuple[Equilibrium, ...]":
        """One equilibrium for each component: the one with the most entropy among its maximal Nash subsets.

        An isolated one stands for itself; of a set of infinitely many it is the mixture that keeps the most open. What
        is known by its boxes alone, or not exactly, stands for itself too, the most mixed first.

        Example:
            >>> from nashscape import games
            >>> from nashscape.theory import equilibria
            >>> found = equilibria(games.bimatrix([[1, 1], [0, 2]], [[1, 1], [0, 3]]))
            >>> [(one.name, one.strategies[1].round(4).tolist()) for one in found.representatives()]
            [('A/A+B', [0.5, 0.5]), ('BB', [0.0, 1.0])]
        """
        from nashscape.theory.nash.representatives import representatives

        return representatives(self)

    @property
    def infinite(self) -> int:
        """How many of the components have more than one member, and so infinitely many."""
        return sum(len(group) > 1 for group in self.components)
