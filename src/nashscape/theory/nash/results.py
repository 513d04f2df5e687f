"""Equilibria of a game in normal form, each with what checks it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.games import DenseGame
from nashscape.theory.nash.stability import Stability

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """A Nash equilibrium, and what speaks for its being reached.

    Attributes:
        name: "CC" for a pure one, "C+D/C+D" for one in which both players mix C and D.
        strategies: mixed strategies, `[a_i]` each.
        payoffs: `[n]`.
        regret: what each player could gain at most by any deviation, computed from the strategies in double precision,
            in payoff units, `[n]`.
        support: indices of the actions played, per player.
        strict: whether every deviation loses.
        margin: the least loss of any player from an action that is not played, in payoff units, negative where rounding
            leaves a gain; infinite where all are played.
        isolated: whether no other equilibrium found hangs together with it; None where not known.
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
    payoffs: Floats
    regret: Floats
    support: tuple[tuple[int, ...], ...]
    strict: bool
    margin: float
    isolated: bool | None
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


@dataclass(frozen=True, eq=False)
class Equilibria(Result):
    """The Nash equilibria of a game, as far as they were found.

    Attributes:
        game: name of the game.
        form: the game with its payoffs.
        equilibria: those found, smallest supports first.
        method: "supports", "pure", "gambit" or "nashpy".
        complete: whether there are no others.
        degenerate: whether some strategy has more best responses than actions it plays, with more than two players
            in some equilibrium; None where not known. Then there can be infinitely many equilibria.
        components: numbers of equilibria that hang together. With the method "supports" these are the extreme points of
            every connected set, and all equilibria are mixtures of them; else each stands alone.
        logit: how following the logit path went: "arrived", "the only one" (no need to), "branches" (a symmetry lets
            other branches cross it), "lost" or "unclear" (no equilibrium is selected), or "not followed".
        tolerance: the largest regret, as a share of a player's range of payoffs, with which a profile is listed.
        note: what to know before using the list, and advice; "" where it is simply complete.
        status: COMPLETE if the list is; else UNDECIDED.
        provenance: what was asked, and versions.
    """

    game: str
    form: DenseGame
    equilibria: tuple[Equilibrium, ...]
    method: str
    complete: bool
    degenerate: bool | None
    components: tuple[tuple[int, ...], ...]
    logit: str
    tolerance: float
    note: str
    status: Status
    provenance: Provenance

    def __len__(self) -> int:
        """How many were found."""
        return len(self.equilibria)

    def __iter__(self) -> Iterator[Equilibrium]:
        """Those found, in order."""
        return iter(self.equilibria)

    def __getitem__(self, key: int | str) -> Equilibrium:
        """One of them by number, or the first of a name."""
        if isinstance(key, int):
            return self.equilibria[key]
        return next(one for one in self.equilibria if one.name == key)

    def __repr__(self) -> str:
        """Names of what was found and whether that is all, as one line."""
        names = ", ".join(one.name for one in self.equilibria[:8]) + (", …" if len(self) > 8 else "")
        kind = "degenerate, " if self.degenerate else ""
        all_ = "all" if self.complete else "not all, see .note"
        return f"<Equilibria of {self.game}: {len(self)} ({kind}{all_}): {names or 'none'}>"
