"""Tubes of boxes around all runs of sampled updates whose summed noise stays within its bounds, compiled once.

Step by step the box of profiles gives bounds of what one play may add (`nashscape.proofs.bounds.play_bounds`), these a
bound of the noise summed up to the next step (`nashscape.proofs.bounds.concentration`), and this the next box
(`nashscape.proofs.bounds.noisy_steps`). The bounds of a step are about profiles inside its box. Stop a run when it
first leaves its box: the stopped sums are supermartingales, and where none of their bounds fails, no box was left. So
the bounds fail with the stated probability at most, for a run from any one start.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import lax

from nashscape.learning import TermRule
from nashscape.learning.schedules import Constant
from nashscape.proofs.bounds import concentration, schedule_bounds
from nashscape.proofs.bounds.concentration import Rates
from nashscape.proofs.bounds.noisy_steps import NoisyStep, clipped, held
from nashscape.proofs.bounds.play_bounds import Spreads, play_bounds
from nashscape.proofs.bounds.sigmoid_bounds import sigmoid_bounds
from nashscape.semantics import Coupled, ParametricGame
from nashscape.tracing.code_changes import kept_while_code_stays
from nashscape.tracing.intervals import Interval, compiled_whole, up

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int32]

WIDTH = 256
"""Boxes in one call."""

MOST_TRAPS = 32
"""So many are told apart by one program."""

WIDEST = 0.6
"""Of the clipped box: boxes wider than this are given up. It saves time and has no part in the proof."""


@dataclass(frozen=True, eq=False)
class NoisyMap:
    """Sampled updates with bounds of all their numbers up to a horizon of K steps. Made by `noisy_map`.

    Attributes:
        program: the compiled program.
        numbers: those of the game and the rule that never change.
        sizes: bounds of the step sizes, `[2, K]`.
        coefficients: bounds of the coefficients, `[2, K, c]`.
        bound: low end, high end of the clipped box, and the size beyond which a proposal counts as diverged, `[3]`.
        failure: the probability with which the bounds of the noise may fail for a start.
        scales: what one play adds to the field, and to products, at most about, for the choice of rates.
        products: whether the rule uses products of means.
    """

    program: Any
    numbers: Floats
    sizes: Floats
    coefficients: Floats
    bound: Floats
    failure: float
    scales: tuple[float, float]
    products: bool

    @property
    def horizon(self) -> int:
        """The number of steps, K."""
        return self.sizes.shape[1]

    def rates(self, batch: int, dimension: int) -> Rates:
        """The rates for plays of a batch."""
        linear, squared = self.scales
        deviation = linear * float(np.sqrt((self.sizes[1] ** 2).sum() / batch))
        largest = squared * float(self.sizes[1].max()) / batch
        return concentration.rates_for(self.failure, dimension, self.products, deviation, largest)

    def run(self, low: Floats, high: Floats, traps: tuple[Floats, Floats], batch: int) -> tuple[Whole, Whole]:
        """For boxes of starts `[N, d]`: the trap in which all their runs are at the horizon, and since which step.

        Args:
            low: ends of the boxes.
            high: see `low`.
            traps: ends of the traps, `[M, d]` each.
            batch: plays per update.

        Returns:
            The number of the trap, −1 where that was not proved, and the step, −1 where not.
        """
        d = low.shape[1]
        rates = self.rates(batch, d)
        # traps that are not used hold nothing, so that their number is no part of the program
        empty = np.full((max(MOST_TRAPS - len(traps[0]), 0), d), np.inf)
        held_in = np.concatenate([traps[0], empty]), np.concatenate([traps[1], -empty])
        shares = np.array([batch / max(batch - 1, 1), 1 / max(batch - 1, 1)])
        # neither is rounded by more than this
        shares = np.stack([shares * (1 - 2.0**-50), shares * (1 + 2.0**-50)])
        costs = np.array([rates.linear_cost, rates.squared_cost])
        fixed = (self.numbers, self.sizes, self.coefficients, self.bound, *held_in, rates.linear, rates.squared, costs)

        def call(first: int) -> tuple[Whole, Whole]:
            part = low[first : first + WIDTH], high[first : first + WIDTH]
            pad = WIDTH - len(part[0])
            ends = [np.pad(end, ((0, pad), (0, 0)), mode="edge").T for end in part]
            with jax.enable_x64(True):
                label, since = self.program(*fixed, float(batch), shares, *ends)
                return np.asarray(label)[: len(part[0])], np.asarray(since)[: len(part[0])]

        with ThreadPoolExecutor(2) as pool:
            made = list(pool.map(call, range(0, len(low), WIDTH)))
        nothing = np.zeros(0, np.int32), np.zeros(0, np.int32)
        label, since = (np.concatenate(column) for column in zip(nothing, *made, strict=True))
        return label, since


def noisy_map(
    game: ParametricGame, rule: TermRule, step_size: Any, projection: Any, horizon: int, failure: float, unbiased: bool
) -> NoisyMap:
    """Sampled updates of a rule in a game of players with two actions and a sigmoid each."""
    schedules = {name: getattr(rule, name) for name in ("own", "peer", "lookahead") if getattr(rule, name) is not None}
    constants: dict[str, Any] = {name: Constant(0.0) for name in schedules}
    leaves: list[Any]
    structure: Any
    leaves, structure = jax.tree.flatten((game, replace(rule, **constants)))
    shapes = tuple(np.shape(leaf) for leaf in leaves)
    tables = np.array([schedule_bounds.values(own, horizon) for own in schedules.values()])
    fixed = leaves[: len(leaves) - len(schedules)]
    return NoisyMap(
        program=_program(structure, shapes, len(schedules), unbiased),
        numbers=np.concatenate([np.asarray(leaf, np.float64).ravel() for leaf in fixed]),
        sizes=np.array(schedule_bounds.values(step_size, horizon)),
        coefficients=tables.reshape(len(schedules), 2, horizon).transpose(1, 2, 0),
        bound=np.array([float(projection.low), float(projection.high), float(projection.escape)]),
        failure=failure,
        scales=_scales(game, rule, np.abs(tables).max(initial=0.0) * len(schedules)),
        products=bool(schedules),
    )


def _scales(game: ParametricGame, rule: TermRule, coefficients: float) -> tuple[float, float]:
    """How large what one play adds may be, roughly: it only places the rates."""
    played: Any = game.game
    paid = float(np.abs(np.asarray(played.payoffs)).max())
    matrix = np.asarray(game.semantics.matrix) if isinstance(game.semantics, Coupled) else np.eye(game.dimension)
    stretch = float(np.abs(matrix).sum(axis=1).max())
    squared = float(rule.inner_lr) * coefficients * (paid * stretch) ** 2 * stretch
    return paid * stretch + squared, squared


@dataclass(frozen=True)
class Noise:
    """What bounds the summed noise inside a compiled program: rates `[RATES, 1]`, their costs, and the batch.

    `taken_off` is a bound of `B/(B − 1)` where the expectation of the products is taken off, in the unbiased form.
    """

    linear: Any
    squared: Any
    costs: Any
    batch: Any
    taken_off: Any

    def added(self, sums: tuple[Any, Any], spreads: Spreads, size: Any) -> tuple[Any, Any]:
        """The sums of logarithms of moments, `[d, RATES, W]`, with one more step of some size."""
        variance, length = spreads.variance[:, None], spreads.length[:, None]
        first = up(sums[0] + concentration.of_means(self.linear, size, self.batch, variance, length))
        if spreads.product is None:
            return first, None
        product = spreads.product[:, None] * (1.0 if self.taken_off is None else self.taken_off)
        more = concentration.of_products(self.squared, size, self.batch, product, spreads.ratio)
        if self.taken_off is not None:
            # the expectation is no larger than this
            more = up(more + up(self.squared * size * product * spreads.ratio / self.batch, concentration.MANY))
        return first, up(sums[1] + more)

    def radius(self, sums: tuple[Any, Any]) -> Any:
        """What no component of the summed noise exceeds, `[d, W]`."""
        found = concentration.radius(sums[0], self.linear, self.costs[0])
        return found if sums[1] is None else up(found + concentration.radius(sums[1], self.squared, self.costs[1]))


@kept_while_code_stays(32)
def _program(structure: Any, shapes: tuple[Any, ...], count: int, unbiased: bool) -> Any:
    """Boxes followed to the horizon; numbers of game, rule, schedules, traps and the batch are arguments."""
    game, rule = structure.unflatten([jax.ShapeDtypeStruct(shape, "float64") for shape in shapes])
    with jax.enable_x64(True):
        step = NoisyStep(game.dimension, *sigmoid_bounds(game, rule))
    plays = play_bounds(structure, shapes, unbiased)

    def follow(
        numbers: Any, sizes: Any, coefficients: Any, bound: Any, trap_low: Any, trap_high: Any, linear: Any,
        squared: Any, costs: Any, batch: Any, shares: Any, low: Any, high: Any,
    ) -> Any:  # fmt: skip
        fixed = [Interval(number) for number in numbers]
        factors = [Interval(a, b) for a, b in zip(*shares, strict=True)]
        taken_off = up(shares[1, 0]) if unbiased else None
        noise = Noise(linear[:, None], squared[:, None], costs, batch, taken_off)
        horizon, bottom, top, escape = sizes.shape[1], bound[0], bound[1], bound[2]
        d, width = low.shape
        nothing = jnp.zeros((d, concentration.RATES, width))

        def turn(state: Any) -> Any:
            k, low, high, r, sums, since, goes = state
            inside = held(low, high, r, bottom, top)
            since = _look(k, inside, since, trap_low, trap_high)
            known = [*fixed, *(Interval(coefficients[0, k, c], coefficients[1, k, c]) for c in range(count))]
            after = step.moved(known, low, high, Interval(sizes[0, k], sizes[1, k]), r)
            spreads = plays.spreads(known, factors, [Interval(a, b) for a, b in zip(*inside, strict=True)])
            sums = noise.added(sums, spreads, sizes[1, k])
            r_next = noise.radius(sums)
            goes &= ((after[0] - r_next > -escape) & (after[1] + r_next < escape)).all(0)
            low_next, high_next = clipped(*after, r_next, bottom, top)
            goes &= (high_next - low_next <= WIDEST * (top - bottom)).all(0) & (r_next <= top - bottom).all(0)
            # boxes that have failed stay where they are, so that no bound overflows
            low, high, r = (jnp.where(goes, new, old) for new, old in ((low_next, low), (high_next, high), (r_next, r)))
            return k + 1, low, high, r, sums, since, goes

        def more(state: Any) -> Any:
            return (state[0] < horizon) & state[-1].any()

        since = jnp.full((len(trap_low), width), -1, jnp.int32)
        start = (
            jnp.int32(0),
            low,
            high,
            jnp.zeros_like(low),
            (nothing, nothing if count else None),
            since,
            jnp.full(width, True),
        )
        k, low, high, r, _, since, goes = lax.while_loop(more, turn, start)
        since = jnp.where(goes, _look(k, held(low, high, r, bottom, top), since, trap_low, trap_high), -1)
        first = jnp.where(since >= 0, since, horizon + 1)
        label = jnp.where(first.min(0) <= horizon, jnp.argmin(first, axis=0), -1)
        return label.astype(jnp.int32), jnp.where(label >= 0, first.min(0), -1)

    return compiled_whole(follow)


def _look(k: Any, inside: tuple[Any, Any], since: Any, low: Any, high: Any) -> Any:
    """Since which step boxes have been in each trap, `[M, W]`, −1 where they are not."""
    there = ((inside[0][None] >= low[:, :, None]) & (inside[1][None] <= high[:, :, None])).all(1)
    return jnp.where(there, jnp.where(since >= 0, since, k), -1)
