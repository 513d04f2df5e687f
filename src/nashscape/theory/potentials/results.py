"""Whether a game has a potential, and how much of it is one."""

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from nashscape.core import Provenance, Result, Status
from nashscape.core.exact_numbers import Objects
from nashscape.games import DenseGame
from nashscape.theory.potentials.four_cycles import FourCycle

KINDS = ("exact", "weighted", "ordinal", "generalised ordinal", "none")
"""From what says most to what says nothing; each holds where one before it does."""


@dataclass(frozen=True, eq=False)
class PotentialTest(Result):
    """Which kind of potential a game has, the potential itself, and what speaks against more.

    Attributes:
        game: name of the game.
        form: the game with its payoffs.
        kind: with a and b profiles that differ in the action of one player i: "exact", `u_i(b) − u_i(a) = P(b) − P(a)`;
            "weighted", `= w_i (P(b) − P(a))`; "ordinal", `u_i(b) > u_i(a)` if and only if `P(b) > P(a)`; "generalised
            ordinal", the same with "only if" left out; or "none".
        potential: P, fractions, `[a_1, …, a_n]`: zero at the first profile if exact or weighted, else the most gains on
            a way of better replies to each profile; None if there is none.
        weights: w, by player; None unless exact or weighted.
        four_cycle: the cycle of four profiles that speaks most against an exact potential; None if exact.
        cycle: names of profiles round which nobody who moves loses and somebody gains, which excludes an ordinal
            potential; with "none" everybody who moves gains; None where there is an ordinal potential.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "potential test"
    picture: ClassVar[str] = "nashscape.figures.potentials:potential_figure"
    as_columns: ClassVar[str] = "nashscape.theory.potentials.tables:potential_columns"
    as_table: ClassVar[str] = "nashscape.theory.potentials.tables:potential_table"
    computed: ClassVar[tuple[str, ...]] = ("exact", "weighted", "ordinal", "generalised", "maxima")

    game: str
    form: DenseGame
    kind: str
    potential: Objects | None
    weights: tuple[Fraction, ...] | None
    four_cycle: FourCycle | None
    cycle: tuple[str, ...] | None
    status: Status
    provenance: Provenance

    @property
    def exact(self) -> bool:
        """Whether there is an exact potential."""
        return self.kind == "exact"

    @property
    def weighted(self) -> bool:
        """Whether there is a weighted potential."""
        return self.kind in KINDS[:2]

    @property
    def ordinal(self) -> bool:
        """Whether there is an ordinal potential."""
        return self.kind in KINDS[:3]

    @property
    def generalised(self) -> bool:
        """Whether there is a generalised ordinal potential: better replies one at a time always come to an end."""
        return self.kind in KINDS[:4]

    @property
    def maxima(self) -> tuple[str, ...]:
        """Names of the profiles at which the potential is largest, which are equilibria; none without one."""
        if self.potential is None:
            return ()
        best = np.argwhere(self.potential == self.potential.max())
        return tuple(self.form.profile_name([int(a) for a in own]) for own in best)

    def __repr__(self) -> str:
        """The kind of potential and where it is largest, or a cycle, as one line."""
        if self.potential is None:
            return f"<PotentialTest of {self.game}: no potential; better replies cycle, {' → '.join(self.cycle or ())}>"
        names = ", ".join(self.maxima[:8]) + (", …" if len(self.maxima) > 8 else "")
        return f"<PotentialTest of {self.game}: {self.kind} potential, largest at {names}>"


@dataclass(frozen=True, eq=False)
class Decomposition(Result):
    """A game as the sum of three: of a potential game, a harmonic game, and what no choice of one's own changes.

    Attributes:
        game: name of the game.
        potential: φ of the potential part, fractions, `[a_1, …, a_n]`, of mean zero.
        potential_part: the exact potential game nearest to the game.
        harmonic_part: the rest of what players decide about; everybody mixing evenly is an equilibrium of it.
        nonstrategic_part: what depends on the others' actions alone; it changes no best response.
        squares: squared norms of the three parts, in `⟨u, v⟩ = Σ_i h_i Σ_a u_i(a) v_i(a)` with h_i the number of
            actions of player i, in which they are orthogonal.
        status: COMPLETE.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "decomposition"
    picture: ClassVar[str] = "nashscape.figures.potentials:decomposition_figure"
    as_columns: ClassVar[str] = "nashscape.theory.potentials.tables:decomposition_columns"
    as_table: ClassVar[str] = "nashscape.theory.potentials.tables:decomposition_table"
    computed: ClassVar[tuple[str, ...]] = ("shares", "potential_share")

    game: str
    potential: Objects
    potential_part: DenseGame
    harmonic_part: DenseGame
    nonstrategic_part: DenseGame
    squares: tuple[Fraction, Fraction, Fraction]
    status: Status
    provenance: Provenance

    @property
    def shares(self) -> dict[str, float]:
        """Shares of the parts in the squared norm of the game; NaN where all payoffs are zero."""
        total = sum(self.squares)
        names = ("potential", "harmonic", "nonstrategic")
        return {name: float(own / total) if total else np.nan for name, own in zip(names, self.squares, strict=True)}

    @property
    def potential_share(self) -> float | None:
        """The share of the potential part in what players decide about; None where they decide about nothing.

        One for exact potential games, zero for harmonic ones; payoffs that no choice of one's own changes do not count.
        """
        potential, harmonic, _ = self.squares
        return float(potential / (potential + harmonic)) if potential + harmonic else None

    def __repr__(self) -> str:
        """The shares, as one line."""
        each = ", ".join(f"{name} {share:.4g}" for name, share in self.shares.items())
        return f"<Decomposition of {self.game}: {each}>"
