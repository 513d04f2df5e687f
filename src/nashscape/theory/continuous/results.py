"""Equilibria of games over points, as results."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status
from nashscape.theory.equilibrium_lists import EquilibriumList

Floats = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class PointEquilibrium:
    """A point from which nobody gains by moving alone.

    Attributes:
        point: one point for each player, of shapes `[d_i]`.
        payoffs: `u_i`, `[n]`.
        residual: the largest component of `x − Π(x + F(x))`, in units of points.
        gains: what each player could gain by another own point, `[n]`, in payoff units.
        known: how that is known for each player: "exact", "bound" (the own payoff was shown to be concave, which
            bounds gains from above) or "searched" (the best that a search found).
        free: how many directions players can move in without leaving their sets.
        isolated: whether no other equilibrium is near, to first order; False where it may be one of a continuum.
        eigenvalues: of the derivative of own gradients along these directions, `[free]`.
        radii: of discs about them that hold the exact ones, `[free]`.
        flow: "attracting", "repelling", "saddle" or "undecided": of simultaneous gradient ascent, decided by the discs;
            undecided where an own gradient vanishes at a bound, so that there is a way back into the set alone.
    """

    point: tuple[Floats, ...]
    payoffs: Floats
    residual: float
    gains: Floats
    known: tuple[str, ...]
    free: int
    isolated: bool
    eigenvalues: Complex
    radii: Floats
    flow: str

    @property
    def name(self) -> str:
        """The coordinates, player by player."""
        return " | ".join(" ".join(f"{value:.4g}" for value in own) for own in self.point)

    def __repr__(self) -> str:
        """Point, payoffs and what is known, as one line."""
        payoffs = ", ".join(f"{value:.4g}" for value in self.payoffs)
        alone = "" if self.isolated else "; perhaps one of a continuum"
        gain = self.gains.max() if self.gains.max() > 1e-12 else 0.0  # but for rounding
        return f"<PointEquilibrium {self.name}: payoffs {payoffs}; {self.flow}{alone}; gains {gain:.1g}>"


@dataclass(frozen=True, eq=False)
class PointEquilibria(EquilibriumList[PointEquilibrium], Result):
    """The equilibria of a game over points, as far as they were found. Made by `equilibria`.

    Attributes:
        game: name of the game.
        players: their names.
        equilibria: those found, the one with the largest total payoff first; of a continuum a few of its points.
        uniqueness: "proved", "refuted" (several were found) or "not proved".
        reason: by what, in words.
        weights: of the proof by diagonal strict concavity, `[n]`; None without one.
        rate: of the proof by contraction of best replies; None without one.
        grid: of games with two coordinates, where own gradients were looked at for pictures, `[G, 2]`; else empty.
        arrows: own gradients there, `[G, 2]`.
        stationary: how many points were found where no small move pays, and a large one does.
        starts: how many starts the search had; nothing but a proof says that there are no others.
        status: COMPLETE where uniqueness is proved and the equilibrium was found; else UNDECIDED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "point equilibria"
    picture: ClassVar[str] = "nashscape.figures.point_equilibria:point_equilibria_figure"
    as_table: ClassVar[str] = "nashscape.theory.continuous.tables:point_equilibria_table"

    game: str
    players: tuple[str, ...]
    equilibria: tuple[PointEquilibrium, ...]
    uniqueness: str
    reason: str
    weights: Floats | None
    rate: float | None
    grid: Floats
    arrows: Floats
    stationary: int
    starts: int
    status: Status
    provenance: Provenance

    @property
    def unique(self) -> bool | None:
        """True where proved, False where refuted, else None."""
        return {"proved": True, "refuted": False}.get(self.uniqueness)

    def __repr__(self) -> str:
        """What was found and whether it is the only one, as one line."""
        names = "; ".join(one.name for one in self.equilibria[:4]) + ("; …" if len(self) > 4 else "")
        return f"<PointEquilibria of {self.game}: {len(self)}, uniqueness {self.uniqueness}: {names or 'none'}>"
