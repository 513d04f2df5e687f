"""Parametric program Nash equilibria on a box: every corner tested, stationary points elsewhere found and tested."""

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, citations, finite_number, positive_integer
from nashscape.core.components import NotUnrollable
from nashscape.core.provenance import record
from nashscape.games import Game, in_normal_form
from nashscape.learning import check_seed
from nashscape.semantics import ParametricGame, parametric
from nashscape.theory.programs.boundary import TOLERANCE, verdict_of
from nashscape.theory.programs.deviations import best_deviations, problems
from nashscape.theory.resting.stationary import Stationary, stationary_points

Floats = npt.NDArray[np.float64]

EPSILON = 1e-6
"""Of the range of payoffs: a profile that is only known to this many digits counts as an equilibrium within it."""


@dataclass(frozen=True)
class ProgramEquilibrium:
    """A profile of parameters from which nobody gains by any other in the box, or next to nothing.

    Attributes:
        name: the actions that a corner stands for, "" elsewhere.
        theta: the parameters, `[d]`.
        strategies: the probability of every player's first action for two actions, else the strategies.
        utilities: payoffs, `[n]`.
        kind: "corner", "face" or "interior".
        verdict: "yes": proved, nobody gains at all; "within ε": nobody gains more than `gain`; else what
            `boundary_test` says.
        gain: bounds of the largest gain of any player by any parameter, in payoff units.
        attracting: whether selfish gradient ascent on the box comes to it from nearby.
    """

    name: str
    theta: Floats
    strategies: tuple[Floats, ...]
    utilities: Floats
    kind: str
    verdict: str
    gain: tuple[float, float]
    attracting: bool

    @property
    def holds(self) -> bool:
        """Whether it is an equilibrium, if only within ε."""
        return self.verdict in ("yes", "within ε")


@dataclass(frozen=True, eq=False)
class ProgramEquilibria(Result):
    """The program equilibria of a game on a box, as far as they were found.

    Attributes:
        game: name of the game.
        bound: M of the box `[−M, M]`.
        equilibria: those found, corners first.
        rejected: corners and stationary points that are not, with what there is to gain.
        epsilon: what "within ε" allows, in payoff units.
        status: UNDECIDED where the test of some point is; else COMPLETE: all of them were decided. Equilibria that are
            no corners may be missing all the same.
        provenance: what was asked, and versions.
    """

    picture: ClassVar[str] = "nashscape.figures.programs:program_figure"

    game: str
    bound: float
    equilibria: tuple[ProgramEquilibrium, ...]
    rejected: tuple[ProgramEquilibrium, ...]
    epsilon: float
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """What was found, as one line."""
        names = [one.name or f"{one.kind} {np.round(one.theta, 3).tolist()}" for one in self.equilibria]
        found = ", ".join(names) or "none found"
        return f"<ProgramEquilibria of {self.game} on [−{self.bound:g}, {self.bound:g}]: {found}>"


def program_equilibria(
    game: Game | ParametricGame,
    *,
    bound: float = 8.0,
    tolerance: float = TOLERANCE,
    epsilon: float = EPSILON,
    starts: int = 64,
    seed: int = 0,
) -> ProgramEquilibria:
    """Parametric program Nash equilibria `U_i(θ*) ≥ U_i(θ_i, θ*_-i)` for all `θ_i` in the box.

    Every corner is tested, as by `boundary_test`. Elsewhere selfish ascent must stand still, so stationary points
    inside and on all faces are found by Newton's method from several starts, and a global search for each player's best
    deviation, with bounds that are proved, tells which of them are equilibria. Those are known to rounding only, hence
    "within ε". The list of corners is complete; of others it is what was found.

    Args:
        game: a game whose players have one parameter each.
        bound: M: parameters are in `[−M, M]`; by default 8.
        tolerance: how close the bounds of a gain are to come, as a share of the range of payoffs; by default 1e-9.
        epsilon: the gain that counts as none at points that are no corners, as a share of the range of payoffs; by
            default 1e-6.
        starts: of Newton's method on every face; by default 64.
        seed: of the starts; by default 0.

    Raises:
        InputError: for players with more parameters, semantics without bounds, and too many players.

    Example:
        >>> from nashscape import games, open_source
        >>> program_equilibria(open_source(games.prisoners_dilemma(), 0.7), bound=1.0)
        <ProgramEquilibria of prisoners_dilemma on [−1, 1]: CC>
        >>> program_equilibria(open_source(games.prisoners_dilemma(), 0.3), bound=4.0)
        <ProgramEquilibria of prisoners_dilemma on [−4, 4]: none found>

    Source: the notion is that of arXiv 2606.27068.
    """
    learners = parametric(game)
    bound = finite_number(bound, "bound", low=0.0, low_open=True)
    positive_integer(starts, "starts")
    finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    finite_number(epsilon, "epsilon", low=0.0)
    check_seed(seed)
    if set(learners.sizes) != {1}:
        raise InputError(
            f"program equilibria are enumerated for players with one parameter each; these have {learners.sizes}: test "
            "single profiles with boundary_test, or use sigmoids"
        )
    points = stationary_points(learners, bound, starts=starts, seed=seed)
    corners = {point.fixed: point for point in points if point.kind == "corner"}
    # a corner that no ascent stays at is none, but what there is to gain from it is worth telling
    for fixed in np.ndindex(*(2,) * learners.dimension):
        signs = tuple(1 - 2 * side for side in fixed)
        corners.setdefault(signs, Stationary(bound * np.array(signs, float), signs, np.inf, -np.inf))
    tested = _tested(
        learners, [*corners.values(), *(p for p in points if p.kind != "corner")], bound, tolerance, epsilon
    )
    asked = {"game": learners, "bound": bound, "tolerance": tolerance}
    return ProgramEquilibria(
        game=learners.name,
        bound=bound,
        equilibria=tuple(one for one in tested if one.holds),
        rejected=tuple(one for one in tested if not one.holds),
        epsilon=epsilon * learners.game.payoff_range,
        status=Status.UNDECIDED if any(one.verdict == "undecided" for one in tested) else Status.COMPLETE,
        provenance=record(
            "program equilibria",
            {**asked, "epsilon": epsilon, "starts": starts},
            seed=seed,
            sources=[citations.OPEN_SOURCE],
        ),
    )


def _with_all_corners(points: list[Stationary], dimension: int, bound: float) -> list[Stationary]:
    """All corners, then the other points. A corner that no ascent stays at is none of the stationary points, but what
    there is to gain from it is worth telling."""
    still = {point.fixed: point for point in points}
    signs = itertools.product((1, -1), repeat=dimension)
    corners = [still.get(own, Stationary(bound * np.array(own, float), own, np.inf, -np.inf)) for own in signs]
    return [*corners, *(point for point in points if point.kind != "corner")]


def _tested(
    game: ParametricGame, points: list[Stationary], bound: float, tolerance: float, epsilon: float
) -> list[ProgramEquilibrium]:
    theta = np.stack([point.theta for point in points])
    margin, slack = tolerance * game.game.payoff_range, epsilon * game.game.payoff_range
    try:
        each = [best_deviations(problems([game], i, theta), -bound, bound, margin) for i in range(len(game.sizes))]
    except NotUnrollable as refusal:
        raise InputError(f"no bounds are known for the utilities of this game ({refusal})") from None
    low = np.max([own.gain_low for own in each], axis=0)
    high = np.max([own.gain_high for own in each], axis=0)
    with jax.enable_x64(True):
        strategies, utilities = _played(game, jnp.asarray(theta))
    return [
        ProgramEquilibrium(
            name=_name(game, point),
            theta=point.theta,
            strategies=tuple(np.asarray(own[k], np.float64) for own in strategies),
            utilities=np.asarray(utilities[k], np.float64),
            kind=point.kind,
            verdict="within ε" if point.kind != "corner" and 0 < high[k] <= slack else verdict_of(low[k], high[k]),
            gain=(float(low[k]), float(high[k])),
            attracting=point.attracting,
        )
        for k, point in enumerate(points)
    ]


@jax.jit
def _played(game: ParametricGame, theta: jax.Array) -> Any:
    return jax.vmap(lambda own: (game.strategies(own), game.utilities(own)))(theta)


def _name(game: ParametricGame, point: Stationary) -> str:
    bare: Any = game.game
    if point.kind != "corner" or not in_normal_form(bare) or any(s != (2,) for s in bare.strategy_shapes):
        return ""
    return str(bare.profile_name([int(side < 0) for side in point.fixed]))  # type: ignore[attr-defined]
