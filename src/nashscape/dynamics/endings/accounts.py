"""The account of endings: from where runs stand after their last update to labels of where they are going."""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import PASSING, Outcome, is_complete, target_code
from nashscape.dynamics.endings.coasting import Coasted
from nashscape.dynamics.endings.hurried_paths import Followed, begun, follow
from nashscape.dynamics.endings.judging import NEAR, NEUTRAL, Flags, Standing, labels_of, shown
from nashscape.dynamics.endings.looking import MOST
from nashscape.dynamics.endings.mean_fields import Moment, free_of_noise
from nashscape.dynamics.endings.memories import radii, radius_with_memory, remembers
from nashscape.dynamics.endings.noise import fluctuation, stays_reached
from nashscape.dynamics.endings.path_steps import growth
from nashscape.dynamics.endings.programs import Asked, Looks, looks_for, projected_move, regrets_at
from nashscape.dynamics.endings.recurrences import Recurrence
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.leaves import as_array
from nashscape.dynamics.rounding import rounded_setup
from nashscape.dynamics.setup import Setup
from nashscape.dynamics.targets import PointTarget, Target
from nashscape.learning.projection import is_box

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]

WIDE = 1.0
"""Updates with noise that may move a parameter farther leave the mean field behind."""

TOGETHER = 65_536
"""Runs that are followed at once, at most."""

LENGTH = 16.0
"""Log-odds that a path is long, unless the box of the parameters is wider: its width, and at most `LONGEST`."""
LONGEST = 100.0

ASIDE = 1e-3
"""Paths that may be held where they are by an exact symmetry are followed from so far beside it as well."""

SNAP = 1e-6
"""Parameters so close to a bound of the box, relative to its size, lie on it: single precision may have rounded it."""


@dataclass(frozen=True, eq=False)
class Labelled:
    """Labels of N runs.

    Attributes:
        codes: outcome codes, `[N]`.
        held: number of the target in whose region each run was after its last update, −1 for none, `[N]`.
        places: strategies at the end of each path, `[N, Σ a_i]`; not numbers where runs were not
            followed.
        evaluations: of the mean field.
        compile_seconds: of the program that looks along paths; zero where it was there.
        audit: what became of runs that were continued, an `Audited`; None where none was.
    """

    codes: Codes
    held: npt.NDArray[np.int8]
    places: Floats
    evaluations: int
    compile_seconds: float
    audit: Any = None


@dataclass(frozen=True)
class Ended:
    """N runs after their last update, of one setup or of several that differ in numbers alone.

    Attributes:
        setup: the setup, or the first of several.
        asked: all setups in double precision, without noise, and when each is looked at.
        which: the setup of every run, `[N]`, in rising order.
        theta: parameters, `[N, d]`.
        strategies: in the precision of the run, one array `[N, …]` per player.
        largest: the largest difference of an entry between one direction with noise and the next, `[N]`.
        noise: the same of players who mix, for every setup, `[S]`.
        is_flow: whether it is a flow that was followed, not updates.
        coasted: where an optimiser carries the runs on; None without one.
    """

    setup: Setup
    asked: Asked
    which: npt.NDArray[np.int64]
    theta: npt.NDArray[Any]
    strategies: Sequence[npt.NDArray[Any]]
    largest: npt.NDArray[Any]
    noise: Sequence[float] = (0.0,)
    is_flow: bool = False
    coasted: Coasted | None = None

    def places(self, runs: npt.NDArray[Any]) -> Floats:
        """Parameters from which these runs are followed, `[n, d]`."""
        theta = self.theta if self.coasted is None else self.coasted.theta
        return on_bounds(self.setup.projection, theta[runs].astype(np.float64))

    def moved(self, runs: npt.NDArray[Any]) -> Floats:
        """How far strategies of these runs get on the way there, `[n]`."""
        if self.coasted is None:
            return np.zeros(len(runs))
        played = np.concatenate([own.reshape(len(own), -1) for own in self.strategies], axis=1)
        return self.coasted.moved(played)[runs]


def asked_once(setup: Setup, moment: Moment) -> Asked:
    """One setup as the only one of several."""
    ready = rounded_setup(free_of_noise(setup), "float64").setup
    made: Asked = jax.tree.map(lambda leaf: as_array(leaf)[None], Asked(ready, moment))
    return made


def moment_of(setup: Setup, steps: int) -> Moment:
    """The moment after so many updates."""
    size = np.float64(np.asarray(setup.step_size(steps)))
    return Moment(np.int32(steps), size, np.float64(setup.game.game.payoff_range))


def labelled(
    ended: Ended,
    targets: Sequence[Target | PointTarget],
    settling: Settling,
    recurrences: Callable[[npt.NDArray[np.int64]], Recurrence],
) -> Labelled:
    """Where runs are going; `recurrences` says of runs that are open, by their numbers, whether they came back."""
    standing, lower, upper = standing_of(ended, targets)
    largest = largest_movements(ended)
    # where noise hides the mean field nothing is looked at
    runs = np.flatnonzero(standing.finite & ~standing.noisy) if settling.follow else np.zeros(0, np.int64)
    codes, places, spent = _unfollowed(standing), np.full(lower.shape, np.nan), (0, 0.0)
    # in blocks of one size, so that the memory of paths does not grow with the number of runs
    for block in np.array_split(runs, math.ceil(len(runs) / TOGETHER)) if len(runs) else ():
        batch = _Batch(
            ended, settling, block, ended.places(block), lower[block], upper[block], standing.some(block),
            largest[block], ended.moved(block),
        )  # fmt: skip
        codes[block], places[block], (evaluations, seconds) = _judged(batch)
        spent = spent[0] + evaluations, spent[1] + seconds
    if settling.follow:
        codes[standing.finite & standing.noisy] = Outcome.NOISY
    still_open = np.flatnonzero(codes == Outcome.OUT_OF_BUDGET)
    if settling.follow and len(still_open):
        seen = recurrences(still_open)
        codes[still_open[seen.slow]] = Outcome.SLOW
        codes[still_open[seen.cycling]] = Outcome.CYCLING
    return Labelled(codes, standing.held.astype(np.int8), places, *spent)


@dataclass(frozen=True, eq=False)
class _Batch:
    """Runs that are followed: numbers, parameters `[n, d]`, bounds of their targets `[n, Σ a_i]`, where they stood, how
    far noise moves them and an optimiser carries them, `[n]`."""

    ended: Ended
    settling: Settling
    runs: npt.NDArray[np.int64]
    theta: Floats
    lower: Floats
    upper: Floats
    standing: Standing
    largest: Floats
    moved: Floats

    def some(self, where: npt.NDArray[Any], theta: Floats) -> "_Batch":
        """Some of the runs, at other parameters."""
        return replace(
            self, runs=self.runs[where], theta=theta, lower=self.lower[where], upper=self.upper[where],
            standing=self.standing.some(where), largest=self.largest[where], moved=self.moved[where],
        )  # fmt: skip


def _judged(batch: _Batch) -> tuple[Codes, Floats, tuple[int, float]]:
    """Labels, strategies at the ends of the paths, and what that took."""
    codes, followed, looks = _followed(batch)
    places = followed.found.played.T
    exact = np.flatnonzero(is_complete(codes) & _exceptional(batch, followed))
    reached = np.flatnonzero((codes >= target_code(0)) & ((codes - target_code(0)) % 3 == 0))
    shaken = reached[batch.largest[reached] > 0.0]
    resting = np.setdiff1d(np.flatnonzero(is_complete(codes) & (batch.largest > 0.0)), shaken)
    evaluations = looks.evaluations
    if len(exact):
        beside = batch.some(exact, _beside(batch.ended.setup, batch.theta[exact]))
        codes_beside, _, more = _followed(beside, looks)
        codes[exact[~is_complete(codes_beside)]] = Outcome.FRAGILE
        evaluations += more.evaluations
    if len(shaken):
        stays, more = _stays(batch.some(shaken, batch.theta[shaken]), looks)
        codes[shaken[~stays]] = Outcome.NOISY
        evaluations += more.evaluations
    if len(resting):
        rests, count = _rests(batch.some(resting, batch.theta[resting]), looks, places[resting])
        codes[resting[~rests]] = Outcome.NOISY
        evaluations += count
    return codes, places, (evaluations, looks.compile_seconds)


def _stays(batch: _Batch, looks: Looks) -> tuple[Flags, Looks]:
    """Whether runs have reached their targets also from where noise may take them."""
    projection = batch.ended.setup.projection
    own = replace(looks, which=batch.ended.which[batch.runs], evaluations=0)
    move = functools.partial(projected_move, projection)
    stays = stays_reached(own, batch.theta, batch.lower, batch.upper, batch.largest, move, _length(projection))
    return stays, own


def _rests(batch: _Batch, looks: Looks, ends: Floats) -> tuple[Flags, int]:
    """Whether runs come to rest where they do, `[n, Σ a_i]`, also from where noise may take them; and how many
    evaluations that took."""
    own = replace(looks, which=batch.ended.which[batch.runs], evaluations=0)
    if batch.theta.shape[1] > MOST:
        return np.zeros(len(batch.runs), bool), 0
    projection, everyone = batch.ended.setup.projection, np.arange(len(batch.runs))
    # what a bound holds is drawn back to it from beside it
    inner = projected_move(projection, batch.theta, np.full_like(batch.theta, 0.25))
    inner = np.where(inner == batch.theta, batch.theta - 0.25, batch.theta + 0.25)
    inside = np.where(_bounds_met(projection, batch.theta), inner, batch.theta)
    far = fluctuation(own, inside, batch.lower, batch.upper, batch.largest)
    rests, evaluations = np.ones(len(far), bool), own.evaluations
    for sign in (1.0, -1.0):
        there = batch.some(everyone, projected_move(projection, batch.theta, sign * far))
        codes, followed, more = _followed(there, looks)
        rests &= is_complete(codes) & (np.abs(followed.found.played.T - ends).max(axis=1) <= NEAR)
        evaluations += more.evaluations
    return rests, evaluations


def _followed(batch: _Batch, known: Looks | None = None) -> tuple[Codes, Followed, Looks]:
    ended, projection = batch.ended, batch.ended.setup.projection
    which, path = ended.which[batch.runs], begun(batch.theta, batch.lower, batch.upper, batch.moved)
    looks = looks_for(ended.asked, which, path) if known is None else replace(known, which=which, evaluations=0)
    followed = follow(looks, path, functools.partial(projected_move, projection), _length(projection))
    domain = ended.setup.game.semantics.domain
    found = shown(batch.standing, followed, by_place=domain != "logits", points=domain == "points")
    attracting, doubtful = np.zeros(len(which), bool), np.flatnonzero(found.doubtful)
    if len(doubtful):
        attracting[doubtful] = _attracting(ended, which[doubtful], followed, doubtful)
    codes = labels_of(batch.standing, found.if_attracting(attracting))
    rest = np.flatnonzero(codes == Outcome.OTHER_EQUILIBRIUM)
    if len(rest):
        regrets = regrets_at(ended.asked, which[rest], followed.path.theta[:, rest].T)
        scales = ended.asked.moments.scale[which[rest]]
        # a regret that is not known is no number, and makes no equilibrium
        codes[rest[~(regrets <= batch.settling.regret * scales)]] = Outcome.STATIONARY_UNKNOWN
    return codes, followed, looks


def _attracting(ended: Ended, which: npt.NDArray[np.int64], followed: Followed, runs: npt.NDArray[np.int64]) -> Flags:
    """Whether the last places of paths attract: no eigenvalue of an update is larger than one, but for what is neutral.

    Without a Jacobian nothing is known.
    """
    jacobian = np.moveaxis(followed.found.jacobian[..., runs], -1, 0)
    if not jacobian.shape[1]:
        return np.zeros(len(runs), bool)
    moments = jax.tree.map(lambda leaf: leaf[which], ended.asked.moments)
    neutral = NEUTRAL * moments.scale
    if ended.is_flow:
        return growth(jacobian) <= neutral
    size = moments.size
    attracting = radii(np.eye(jacobian.shape[1]) + size[:, None, None] * jacobian) <= 1.0 + size * neutral
    if ended.setup.optimiser is not None:
        attracting |= True  # one update of what it makes of the field is looked at with its memory alone, below
    if remembers(ended.setup):
        for k in np.flatnonzero(attracting):
            one = jax.tree.map(lambda leaf, row=which[k]: leaf[row], ended.asked)
            free = np.abs(jacobian[k]).sum(axis=0) + np.abs(jacobian[k]).sum(axis=1) > 0
            most = radius_with_memory(one.setups, one.moments, followed.path.theta[:, runs[k]], free.astype(float))
            attracting[k] = most <= 1.0 + size[k] * neutral[k]
    return attracting


def standing_of(ended: Ended, targets: Sequence[Target | PointTarget]) -> tuple[Standing, Floats, Floats]:
    """Where runs stand, and the bounds of the targets that they stand in, `[N, Σ a_i]`."""
    count, shapes = len(ended.theta), ended.setup.game.game.strategy_shapes
    held, entries = np.full(count, -1), sum(math.prod(shape) for shape in shapes)
    lower, upper = np.full((count, entries), -np.inf), np.full((count, entries), np.inf)
    for k, target in reversed(list(enumerate(targets))):
        region = target.region(shapes)
        inside = region.contains_each(ended.strategies)
        held[inside] = k
        lower[inside] = np.concatenate([own.ravel() for own in region.lower])
        upper[inside] = np.concatenate([own.ravel() for own in region.upper])
    finite, entering = np.isfinite(ended.theta).all(axis=1), np.zeros(count, bool)
    if ended.coasted is not None:
        with jax.enable_x64(True):
            later = jax.vmap(ended.setup.game.strategies)(jnp.asarray(ended.coasted.theta, jnp.float64))
        then = [np.asarray(own) for own in later]
        for target in targets:
            entering |= (held < 0) & target.region(shapes).contains_each(then)
        finite &= np.isfinite(ended.coasted.theta).all(axis=1)
        # a target that a run leaves on its way is not one that its path stays in
        lower[ended.coasted.leaves(lower, upper)] = np.inf
    noisy = largest_movements(ended) > WIDE
    return Standing(np.where(finite, held, -1), finite, noisy, entering), lower, upper


def largest_movements(ended: Ended) -> Floats:
    """How far an update with noise may move a parameter of each run, at the present step size."""
    noise = np.maximum(ended.largest, np.asarray(ended.noise)[ended.which])
    return np.asarray(ended.asked.moments.size[ended.which] * noise, np.float64)


def _unfollowed(standing: Standing) -> Codes:
    """Labels that claim nothing."""
    inside = target_code(0) + 3 * np.maximum(standing.held, 0) + PASSING
    codes = np.where(standing.held >= 0, inside, int(Outcome.OUT_OF_BUDGET))
    return np.where(standing.finite, codes, int(Outcome.DIVERGED)).astype(np.int8)


def _exceptional(batch: _Batch, followed: Followed) -> Flags:
    """Runs that may be held by an exact symmetry, or by being exactly at a place, from which the path does not move."""
    projection = batch.ended.setup.projection
    still = (batch.theta == followed.path.theta.T).all(axis=1) & (followed.found.pull == 0.0).all(axis=0)
    return _alike(projection, batch.theta) | (still & ~_bounds_met(projection, batch.theta).all(axis=1))


def _beside(setup: Setup, theta: Floats) -> Floats:
    """Places beside others, `[n, d]`, in no direction that a symmetry or an edge of what is allowed has."""
    uneven = np.cos(1.0 + np.arange(theta.shape[1]))
    if setup.game.semantics.domain != "simplex":
        return projected_move(setup.projection, theta, ASIDE * uneven)
    # towards the inside: another direction may be projected back onto an edge, where an action is never tried
    inside, rows = 1.0 + 0.5 * uneven, [np.full(shape[:-1], shape[-1]) for shape in setup.game.game.strategy_shapes]
    counts = np.concatenate([own.ravel() for own in rows])
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    inside /= np.repeat(np.add.reduceat(inside, begins), counts)
    return (1.0 - ASIDE) * theta + ASIDE * inside


def _alike(projection: Any, theta: Floats) -> Flags:
    """Runs with two parameters of exactly one size, off the bounds."""
    size = np.sort(np.where(_bounds_met(projection, theta), np.nan, np.abs(theta)), axis=1)
    return np.asarray((size[:, 1:] == size[:, :-1]).any(axis=1))


def _bounds_met(projection: Any, theta: Floats) -> Flags:
    if not is_box(projection):
        return np.zeros(theta.shape, bool)
    return np.asarray((theta >= projection.high) | (theta <= projection.low))


def on_bounds(projection: Any, theta: Floats) -> Floats:
    """Parameters with those that lie on a bound but for rounding exactly on it."""
    if not is_box(projection):
        return theta
    for end in (projection.low, projection.high):
        bound = np.broadcast_to(np.asarray(end, np.float64), theta.shape)
        close = np.isfinite(bound)
        close[close] = np.abs(theta[close] - bound[close]) <= SNAP * np.maximum(1.0, np.abs(bound[close]))
        theta = np.where(close, bound, theta)
    return np.clip(theta, np.asarray(projection.low), np.asarray(projection.high))


def _length(projection: Any) -> float:
    if not is_box(projection):
        return LENGTH
    width = float(np.max(np.asarray(projection.high) - np.asarray(projection.low)))
    return min(max(LENGTH, width), LONGEST) if np.isfinite(width) else LENGTH
