"""Whether a corner of the box is a parametric program Nash equilibrium: a test over all deviations, near and far."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import (
    InputError,
    Provenance,
    Result,
    Status,
    citations,
    finite_array,
    finite_number,
    positive_integer,
)
from nashscape.core.calls import verb
from nashscape.core.provenance import record
from nashscape.games import names_actions
from nashscape.games.naming import profile_name, pure_profile
from nashscape.learning import check_seed
from nashscape.semantics import ParametricGame, Playable, parametric
from nashscape.theory.programs.box_deviations import MOST_PARAMETERS, box_deviation
from nashscape.theory.programs.deviations import Deviations, best_deviations, problems
from nashscape.theory.programs.searches import searched
from nashscape.tracing.components import NotUnrollable

Floats = npt.NDArray[np.float64]

TOLERANCE = 1e-9
"""Of the range of payoffs: how close the bounds of a gain come to each other."""

ROUNDING = 1e-12
"""Of the range of payoffs: more than regrets can be wrong by in double precision."""

POINTS = 401
"""Of the line in a picture."""

CERTAIN, SEARCHED = "interval branch and bound", "multi-start search"


@dataclass(frozen=True)
class PlayerTest:
    """What one player can gain by another parameter while all others stay.

    Attributes:
        player: name of the player.
        verdict: "yes", no deviation gains anything; "no", one does; "undecided".
        deviation: parameters of the best deviation found, `[d_i]`; those of the corner where none is better.
        gain: bounds of what the best deviation gains, in payoff units. After a search the upper is the regret of what
            is played where nobody reads the player, and infinite else.
        slope: bounds of the derivatives of the utility at the corner, `[d_i, 2]`: the first-order test.
        method: how all deviations were looked at.
        line: for a player with one parameter its values and the gain at each, `[2, G]`, to look at; else empty.
    """

    player: str
    verdict: str
    deviation: Floats
    gain: tuple[float, float]
    slope: Floats
    method: str
    line: Floats


@dataclass(frozen=True, eq=False)
class BoundaryTest(Result):
    """Whether a profile of parameters is a program equilibrium on a box: `U_i(θ*) ≥ U_i(θ_i, θ*_-i)` for all `θ_i`.

    Attributes:
        game: name of the game.
        corner: name of the corner, or "" for other profiles.
        bound: M of the box `[−M, M]`.
        theta: the parameters, `[d]`.
        strategies: what is played there.
        verdict: "yes", "no" or "undecided".
        players: what each player can gain.
        status: COMPLETE or UNDECIDED.
        provenance: what was asked, and versions.
    """

    question_kind: ClassVar[str] = "boundary test"
    picture: ClassVar[str] = "nashscape.figures.programs:boundary_figure"
    as_table: ClassVar[str] = "nashscape.theory.programs.tables:boundary_table"
    computed: ClassVar[tuple[str, ...]] = ("gain", "first_order")

    game: str
    corner: str
    bound: float
    theta: Floats
    strategies: tuple[Floats, ...]
    verdict: str
    players: tuple[PlayerTest, ...]
    status: Status
    provenance: Provenance

    @property
    def gain(self) -> tuple[float, float]:
        """Bounds of the largest gain of any player, in payoff units."""
        low, high = zip(*(own.gain for own in self.players), strict=True)
        return max(low), max(high)

    @property
    def first_order(self) -> bool:
        """Of a corner: whether no player gains by a *small* step into the box; weaker than the verdict."""
        inwards = np.where(self.theta > 0, -1.0, 1.0)
        slopes = np.concatenate([own.slope for own in self.players])
        return bool((np.max(slopes * inwards[:, None], axis=1) <= 0).all())

    def __repr__(self) -> str:
        """Corner, box, verdict and the best deviation, as one line."""
        best = max(self.players, key=lambda own: own.gain)
        where = self.corner or np.round(self.theta, 4).tolist()
        moved = (
            f"; {best.player} gains {best.gain[0]:.6g} at {np.round(best.deviation, 4).tolist()}"
            if self.verdict == "no"
            else ""
        )
        return f"<BoundaryTest {where} of {self.game} on [−{self.bound:g}, {self.bound:g}]: {self.verdict}{moved}>"


@verb()
def boundary_test(
    game: "Playable",
    corner: str | Sequence[Any] | Floats,
    *,
    bound: float = 8.0,
    tolerance: float = TOLERANCE,
    starts: int = 32,
    seed: int = 0,
) -> BoundaryTest:
    """Whether no player gains by any other parameter in the box: whether a corner is a program equilibrium.

    For a player with up to six parameters this is settled by branch and bound with interval bounds of the utility and
    its derivatives, rounded outwards: "yes" and "no" are proved. "undecided" means a tie, or bounds that did not come
    together within the boxes allowed, as where payoffs have a large common part, or in several directions near pure
    strategies; `gain` says how far they came. The first-order condition at the corner is not sufficient: a best
    deviation is often in the interior. For players with more parameters, and semantics of which no bounds are known, it
    is a search from several starts, which can find deviations but cannot exclude them, and says so.

    Args:
        game: a game with a semantics such as `open_source(game, 0.5)`; a bare game is played independently.
        corner: a profile of actions ("CC"): the parameter of a first action is `bound`, of a second `−bound`; of a
            softmax that of the action is `bound` and the others are `−bound`. Or the parameters themselves, `[d]`
            numbers of which at least one is a fraction.
        bound: M: parameters are in `[−M, M]`; by default 8.
        tolerance: how close the bounds of a gain are to come, as a share of the range of payoffs; by default 1e-9.
        starts: of a search; by default 32.
        seed: of the starts; by default 0.

    Raises:
        InputError: for a profile that the game does not have, and parameters outside the box.

    Example:
        >>> from nashscape import games, open_source
        >>> dilemma = open_source(games.prisoners_dilemma(), 0.7)      # above κ_C = 2/3
        >>> boundary_test(dilemma, "CC", bound=1.0)
        <BoundaryTest CC of prisoners_dilemma on [−1, 1]: yes>
        >>> test = boundary_test(dilemma, "CC", bound=2.0)
        >>> test.first_order, test
        (True, <BoundaryTest CC of prisoners_dilemma on [−2, 2]: no; player 1 gains 0.110252 at [-1.1838]>)

    Source: arXiv 2606.27068 for the test; the bounds are of this library.
    """
    learners = parametric(game)
    bound = finite_number(bound, "bound", low=0.0, low_open=True)
    tolerance = finite_number(tolerance, "tolerance", low=0.0, low_open=True)
    positive_integer(starts, "starts")
    check_seed(seed)
    name, theta = corner_of(learners, corner, bound)
    margin = tolerance * learners.game.payoff_range
    players = tuple(player_test(learners, i, theta, bound, margin, starts, seed) for i in range(len(learners.sizes)))
    verdict = together(own.verdict for own in players)
    asked = {"game": learners, "theta": theta, "bound": bound, "tolerance": tolerance, "starts": starts}
    return BoundaryTest(
        game=learners.name,
        corner=name,
        bound=bound,
        theta=theta,
        strategies=_strategies(learners, theta),
        verdict=verdict,
        players=players,
        status=Status.UNDECIDED if verdict == "undecided" else Status.COMPLETE,
        provenance=record("boundary test", asked, seed=seed, sources=[citations.OPEN_SOURCE]),
    )


def together(verdicts: Any) -> str:
    """That of a profile: no if some player gains, yes if none does."""
    given = set(verdicts)
    return "no" if "no" in given else "undecided" if "undecided" in given else "yes"


def corner_of(game: ParametricGame, corner: Any, bound: float) -> tuple[str, Floats]:
    """Name ("" for other profiles) and parameters `[d]` of a corner of the box.

    Raises:
        InputError: see `boundary_test`.
    """
    fractions = not isinstance(corner, str) and any(isinstance(entry, float | np.floating) for entry in corner)
    if fractions:
        theta = finite_array(corner, "the parameters", shape=(game.dimension,))
        if (np.abs(theta) > bound).any():
            raise InputError(f"the parameters {theta.tolist()} lie outside the box [−{bound:g}, {bound:g}]")
        return "", theta
    played: Any = game.game
    if not names_actions(played) or game.semantics.domain != "logits":
        raise InputError(f"corners have names in games with actions and logits; give parameters of {game.name}")
    profile = pure_profile(played, corner)
    signs = signs_of(game, profile)
    if signs is None:
        raise InputError(f"corners have names where parameters are logits; give the {game.dimension} parameters")
    return profile_name(played, profile), bound * signs


def signs_of(game: ParametricGame, profile: Sequence[int]) -> Floats | None:
    """The signs `[d]` of the parameters at the corner that stands for a joint action; None where they are no logits."""
    if getattr(game.semantics, "chosen", False):  # the last parameter of a player says how often it reads
        return None
    parts = []
    for size, shape, action in zip(game.sizes, game.game.strategy_shapes, profile, strict=True):
        rows, each = math.prod(shape[:-1]), shape[-1]
        if size not in (rows, rows * each):
            return None
        parts.append(np.tile(np.where(np.arange(size // rows) == action, 1.0, -1.0), rows))
    return np.concatenate(parts)


def player_test(
    game: ParametricGame, player: int, theta: Floats, bound: float, margin: float, starts: int, seed: int
) -> PlayerTest:
    """What one player can gain at parameters `[d]`: proved where there are bounds, else searched."""
    name = game.game.players[player]
    if game.sizes[player] == 1:
        try:
            found = best_deviations(problems([game], player, theta[None]), -bound, bound, margin)
        except NotUnrollable:
            pass
        else:
            slope = np.stack([found.slope_low, found.slope_high], axis=1)
            gain = float(found.gain_low[0]), float(found.gain_high[0])
            line = _line(game, player, theta, bound)
            return PlayerTest(name, verdicts_of(found)[0], found.at, gain, slope, CERTAIN, line)
    if 1 < game.sizes[player] <= MOST_PARAMETERS:
        try:
            box = box_deviation(game, player, theta, bound, margin, starts=starts, seed=seed)
        except NotUnrollable:
            pass
        else:
            gains = box.gain_low, min(box.gain_high, max(box.gain_low, regret_of(game, player, theta)))
            return PlayerTest(name, verdict_of(*gains), box.at, gains, box.slopes, CERTAIN, np.zeros((2, 0)))
    best, gained, slope = searched(game, player, theta, bound, starts, seed)
    most = regret_of(game, player, theta) if game.sizes[player] > 1 else np.inf
    verdict = "no" if gained > margin else verdict_of(0.0, most)
    line = _line(game, player, theta, bound) if game.sizes[player] == 1 else np.zeros((2, 0))
    slopes = np.stack([slope, slope], axis=1)
    return PlayerTest(name, verdict, best, (max(gained, 0.0), max(gained, most)), slopes, SEARCHED, line)


def regret_of(game: ParametricGame, player: int, theta: Floats) -> float:
    """What no strategy at all gains the player at parameters `[d]`, where others do not read it; else infinite."""
    if game.semantics.reads_others or game.semantics.costs_vary or game.semantics.domain != "logits":
        return np.inf
    with jax.enable_x64(True):
        strategies = game.strategies(jnp.asarray(theta, "float64"))
        regret = float(game.game.regrets(strategies)[player])
    return max(regret, 0.0) + ROUNDING * game.game.payoff_range if np.isfinite(regret) else np.inf


def _line(game: ParametricGame, player: int, theta: Floats, bound: float) -> Floats:
    """The gain along the range of a player's only parameter, for a picture."""
    t = np.linspace(-bound, bound, POINTS)
    profiles = np.tile(theta, (POINTS + 1, 1))
    profiles[1:, game.semantics.slices[player].start] = t
    with jax.enable_x64(True):
        values = np.asarray(_payoffs(game, jnp.asarray(profiles))[:, player], np.float64)
    return np.stack([t, values[1:] - values[0]])


@jax.jit
def _payoffs(game: ParametricGame, profiles: jax.Array) -> Any:
    return jax.vmap(game.utilities)(profiles)


def verdict_of(low: float, high: float) -> str:
    """What bounds of the largest gain say: yes where nothing is gained, no where something is."""
    return "no" if low > 0 else "yes" if high <= 0 else "undecided"


def verdicts_of(found: Deviations) -> list[str]:
    """The verdict on every problem."""
    return [verdict_of(*bounds) for bounds in zip(found.gain_low.tolist(), found.gain_high.tolist(), strict=True)]


def _strategies(game: ParametricGame, theta: Floats) -> tuple[Floats, ...]:
    with jax.enable_x64(True):
        return tuple(np.asarray(own, np.float64) for own in game.strategies(jnp.asarray(theta, "float64")))
