"""Parametric program Nash equilibria on a box: every corner tested, stationary points elsewhere found and tested."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Provenance, Result, Status, citations, finite_number, positive_integer
from nashscape.core.calls import verb
from nashscape.core.provenance import record
from nashscape.games import in_normal_form
from nashscape.learning import check_seed
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.theory.programs.boundary import TOLERANCE, player_test, verdict_of
from nashscape.theory.programs.deviations import best_deviations, problems
from nashscape.theory.programs.several_parameters import candidates, pure_corners
from nashscape.theory.resting.stationary import Stationary, stationary_points
from nashscape.tracing.components import NotUnrollable

Floats = npt.NDArray[np.float64]

EPSILON = 1e-6
"""Of the range of payoffs: a profile that is only known to this many digits counts as an equilibrium within it."""

STARTS = 16
"""Of the search for a better deviation of a player with several parameters, at every point."""


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
        looked: which points were looked at. What is not said to be all of them may be missing.
        status: UNDECIDED where the test of some point is; else COMPLETE: all of them were decided. Equilibria that are
            no corners may be missing all the same.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "program equilibria"
    picture: ClassVar[str] = "nashscape.figures.programs:program_figure"
    as_table: ClassVar[str] = "nashscape.theory.programs.tables:program_table"

    game: str
    bound: float
    equilibria: tuple[ProgramEquilibrium, ...]
    rejected: tuple[ProgramEquilibrium, ...]
    epsilon: float
    looked: str
    status: Status
    provenance: Provenance

    def __repr__(self) -> str:
        """What was found, as one line."""
        names = [one.name or f"{one.kind} {np.round(one.theta, 3).tolist()}" for one in self.equilibria]
        found = ", ".join(names) or "none found"
        return f"<ProgramEquilibria of {self.game} on [−{self.bound:g}, {self.bound:g}]: {found}>"


@verb()
def program_equilibria(
    game: "Playable",
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

    Players with several parameters, as with three actions or policies over states, are looked at in the same way: all
    deviations in all directions are bounded for up to six parameters of a player, as far as the boxes that are allowed
    reach. What is open then has bounds of the gain, infinite above where there are none, and is "undecided". Of points
    with the same strategies one is kept. Of more than seven parameters of all players together not all faces are looked
    at; `looked` says which.

    Args:
        game: a game with a semantics of logits.
        bound: M: parameters are in `[−M, M]`; by default 8.
        tolerance: how close the bounds of a gain are to come, as a share of the range of payoffs; by default 1e-9.
        epsilon: the gain that counts as none at points that are no corners, as a share of the range of payoffs; by
            default 1e-6.
        starts: of Newton's method on every face; by default 64.
        seed: of the starts; by default 0.

    Raises:
        InputError: for semantics of other than logits, of single parameters without bounds, and for too many players.

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
    if learners.semantics.domain != "logits":
        raise InputError(
            "program equilibria are of parameters in a box, such as logits; give such a semantics, as a bare game has"
        )
    if set(learners.sizes) == {1}:
        points = stationary_points(learners, bound, starts=starts, seed=seed)
        signs = [tuple(1 - 2 * side for side in fixed) for fixed in np.ndindex(*(2,) * learners.dimension)]
        corners = {one: _name(learners, one) for one in signs}
        looked = f"all {len(corners)} corners, and points that Newton's method finds inside and on all faces"
    else:
        points, looked = candidates(learners, bound, starts=starts, seed=seed)
        corners = pure_corners(learners)
    tested = _tested(learners, _with_corners(points, list(corners), bound), corners, bound, tolerance, epsilon)
    asked = {"game": learners, "bound": bound, "tolerance": tolerance}
    return ProgramEquilibria(
        game=learners.name,
        bound=bound,
        equilibria=tuple(one for one in tested if one.holds),
        rejected=tuple(one for one in tested if not one.holds),
        epsilon=epsilon * learners.game.payoff_range,
        looked=looked,
        status=Status.UNDECIDED if any(one.verdict == "undecided" for one in tested) else Status.COMPLETE,
        provenance=record(
            "program equilibria",
            {**asked, "epsilon": epsilon, "starts": starts},
            seed=seed,
            sources=[citations.OPEN_SOURCE],
        ),
    )


def _with_corners(points: list[Stationary], corners: list[tuple[int, ...]], bound: float) -> list[Stationary]:
    """Some corners besides the points: from those no ascent stays at there is something to gain, worth telling."""
    known = {point.fixed: point for point in points if point.kind == "corner"}
    for signs in corners:
        known.setdefault(signs, Stationary(bound * np.array(signs, float), signs, np.inf, -np.inf))
    return [*known.values(), *(point for point in points if point.kind != "corner")]


def _tested(
    game: ParametricGame,
    points: list[Stationary],
    names: Mapping[tuple[int, ...], str],
    bound: float,
    tolerance: float,
    epsilon: float,
) -> list[ProgramEquilibrium]:
    if not points:
        return []
    theta = np.stack([point.theta for point in points])
    margin, slack = tolerance * game.game.payoff_range, epsilon * game.game.payoff_range
    several = set(game.sizes) != {1}
    low, high = (_several if several else _single)(game, theta, bound, margin)
    with jax.enable_x64(True):
        strategies, utilities = _played(game, jnp.asarray(theta))

    def verdict(k: int, point: Stationary) -> str:
        # of one parameter corners are decided exactly
        near = (several or point.kind != "corner") and 0 < high[k] <= slack
        return "within ε" if near else verdict_of(low[k], high[k])

    return [
        ProgramEquilibrium(
            name=names.get(point.fixed, ""),
            theta=point.theta,
            strategies=tuple(np.asarray(own[k], np.float64) for own in strategies),
            utilities=np.asarray(utilities[k], np.float64),
            kind=point.kind,
            verdict=verdict(k, point),
            gain=(float(low[k]), float(high[k])),
            attracting=point.attracting,
        )
        for k, point in enumerate(points)
    ]


def _single(game: ParametricGame, theta: Floats, bound: float, margin: float) -> tuple[Floats, Floats]:
    """Bounds of the largest gain of any player at profiles `[K, d]`, of players with one parameter each."""
    try:
        each = [best_deviations(problems([game], i, theta), -bound, bound, margin) for i in range(len(game.sizes))]
    except NotUnrollable as refusal:
        raise InputError(f"no bounds are known for the utilities of this game ({refusal})") from None
    return np.max([own.gain_low for own in each], axis=0), np.max([own.gain_high for own in each], axis=0)


def _several(game: ParametricGame, theta: Floats, bound: float, margin: float) -> tuple[Floats, Floats]:
    """The same for players with several, of whom some have no bound above."""
    found = [
        [player_test(game, i, one, bound, margin, STARTS, 0).gain for i in range(len(game.sizes))] for one in theta
    ]
    low, high = np.max(np.array(found), axis=1).T
    return low, high


@jax.jit
def _played(game: ParametricGame, theta: jax.Array) -> Any:
    return jax.vmap(lambda own: (game.strategies(own), game.utilities(own)))(theta)


def _name(game: ParametricGame, signs: tuple[int, ...]) -> str:
    bare: Any = game.game
    if not in_normal_form(bare) or any(s != (2,) for s in bare.strategy_shapes):
        return ""
    return str(bare.profile_name([int(side < 0) for side in signs]))  # type: ignore[attr-defined]
