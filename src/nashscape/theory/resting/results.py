"""What is known of the points at which a learning rule rests."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from nashscape.core import Provenance, Result, Status

Floats = npt.NDArray[np.float64]
Complex = npt.NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """A point of the box at which a rule's exact field vanishes, or only leads out of the box.

    Attributes:
        theta: the parameters, `[d]`.
        strategies: what each player plays, `[a_i]`.
        fixed: −1 or 1 where a parameter lies at an end of the box, 0 where it is inside, `[d]`.
        regret: what each player could gain by playing something else while all others play what they play, `[n]`, in
            payoff units; NaN where the game does not know. How others would react under an open-source semantics is
            not in it: for that see `program_equilibria`.
        eigenvalues: of the field's Jacobian along the face on which it lies, without directions that change no
            strategy, largest real part first, `[r]`; none at a corner.
        linear: what they say of the flow along that face, a key of `theory.linear_types.TYPES`.
        outwards: the least component of the field out of the box at its ends, in payoff units per parameter; inf where
            none is.
        clear: whether every component at an end leads out of the box by more than rounding; True inside.
        residual: the largest component of the field along the face.
        origin: the zero of policy gradient on the same face that is nearest, `[d]`; None where there is none, and for
            policy gradient itself.
        shift: θ less the origin, `[d]`, or None.
        predicted: `−J_v⁻¹ M` at the origin, with the correction `M = F − v`: the shift to first order; None also where
            `J_v` is singular.
        proved: the half width of a box about θ in which exactly one such point is proved to lie, zero for a corner,
            where there is nothing to search; None: not proved, or not asked for.
    """

    theta: Floats
    strategies: tuple[Floats, ...]
    fixed: tuple[int, ...]
    regret: Floats
    eigenvalues: Complex
    linear: str
    outwards: float
    clear: bool
    residual: float
    origin: Floats | None
    shift: Floats | None
    predicted: Floats | None
    proved: float | None

    @property
    def kind(self) -> str:
        """ "corner", "face" (some parameters at an end of the box) or "interior"."""
        ends = sum(side != 0 for side in self.fixed)
        return "corner" if ends == len(self.fixed) else "face" if ends else "interior"

    @property
    def type(self) -> str:
        """The linear type; for corners "attracting corner", and "degenerate" where the field does not lead out.

        A point on a face is told apart by the flow along the face: where the field leads out of the box with a margin,
        starts nearby come to the face.
        """
        if not self.clear:
            return "degenerate"
        return "attracting corner" if self.kind == "corner" else self.linear

    @property
    def attracting(self) -> bool:
        """Whether the flow on the box comes to it from all nearby starts; False also where that is not told."""
        return self.type in ("attracting corner", "stable node", "stable focus")

    @property
    def verdict(self) -> str:
        """ "proved" or "not proved": that exactly one such point lies within `proved` of θ."""
        return "not proved" if self.proved is None else "proved"

    def __repr__(self) -> str:
        """Type and place, as one line."""
        played = ", ".join(str(own.round(4).tolist()) for own in self.strategies)
        what = self.type if self.kind in self.type else f"{self.type} ({self.kind})"
        return f"<FixedPoint {what} playing {played}; regret {self.regret.max():.3g}; {self.verdict}>"


@dataclass(frozen=True, eq=False)
class FixedPoints(Result):
    """The points of a box at which a learning rule rests, as far as they were found. Made by `fixed_points`.

    Attributes:
        game: name of the game.
        rule: name of the rule.
        low: lower ends of the box, `[d]`.
        high: upper ends, `[d]`.
        points: those found, inside first, corners last.
        grid: for two parameters, where the field was looked at for pictures, `[G, 2]`; else empty.
        arrows: the field there, `[G, 2]`.
        searched: how they were looked for; nothing says that there are no others.
        status: UNDECIDED, for a search does not show that there are no others; INTERRUPTED where the user stopped it,
            with what had been described.
        provenance: what was asked, versions.
    """

    question_kind: ClassVar[str] = "fixed points"
    picture: ClassVar[str] = "nashscape.figures.fixed_points:fixed_point_figure"
    as_table: ClassVar[str] = "nashscape.theory.resting.tables:fixed_point_table"
    computed: ClassVar[tuple[str, ...]] = ("note",)

    game: str
    rule: str
    low: Floats
    high: Floats
    points: tuple[FixedPoint, ...]
    grid: Floats
    arrows: Floats
    searched: str
    status: Status
    provenance: Provenance

    @property
    def note(self) -> str:
        """What is known to be complete and what is not, and advice."""
        if self.status is Status.INTERRUPTED:
            return "stopped before all points found were described; corners, which come last, may be missing too"
        return (
            f"{self.searched}. Elsewhere there may be more such points: raise starts or change the seed. A point's "
            'verdict "proved" says that it is the only one nearby, not that the list is complete.'
        )

    @property
    def attracting(self) -> tuple[FixedPoint, ...]:
        """Those to which all nearby starts come."""
        return tuple(point for point in self.points if point.attracting)

    def of_kind(self, kind: str) -> tuple[FixedPoint, ...]:
        """Those of one kind: "interior", "face" or "corner"."""
        return tuple(point for point in self.points if point.kind == kind)

    def nearest(self, theta: npt.ArrayLike) -> FixedPoint | None:
        """The one nearest to some parameters; None where none was found."""
        at = np.asarray(theta, np.float64)
        return min(self.points, key=lambda point: float(np.linalg.norm(point.theta - at)), default=None)

    def __repr__(self) -> str:
        """Rule, game, the types found, and that this is a search, as one line."""
        types = [point.type for point in self.points]
        counted = ", ".join(f"{types.count(one)} {one}" for one in dict.fromkeys(types))
        return f"<FixedPoints of {self.rule} on {self.game}: {counted or 'none found'}; {self.status.value}, see .note>"
