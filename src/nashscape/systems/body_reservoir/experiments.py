"""The experiments of the card: what is measured of bodies of one size, and tests of figures that few bodies decide."""

from typing import Any, NamedTuple

import numpy as np

from nashscape.systems.agreement import ALIKE, Row, Spread, by_test
from nashscape.systems.body_reservoir.bodies import Bodies, Floats, drawn, habituated, taught
from nashscape.systems.body_reservoir.filters import BLOCKS, paid, schedules
from nashscape.systems.body_reservoir.governance import Played, Sentinel, played, unmoved

RIDGE, USUAL_UNITS = 0.001, 30
ROUNDS = 2_000
"""Of every run, so that bodies of one size share a program; schedules that are shorter end in cooperation."""
STATIC = (0.0, 0.7, 0.85, 1.0)
NOISE = 0.1
PUBLISHED = 20
"""Bodies behind published means."""
LENGTHS = (10, 50, 100, 200, 500)
"""Of the block of defection, for the diagram."""


class Grown(NamedTuple):
    """Bodies of one size: as drawn, and habituated with a ridge in proportion to the size, and with a fixed one."""

    raw: Bodies
    scaled: Bodies
    fixed: Bodies


def grown(count: int, units: int, random: np.random.Generator) -> Grown:
    """Bodies that were drawn, taught, and habituated afterwards; the readout has no part in habituation."""
    raw = drawn(count, units, random)
    scaled, fixed = taught(raw, [RIDGE * units / USUAL_UNITS, RIDGE], random)
    recurrent = habituated(raw, random).recurrent
    return Grown(raw, scaled._replace(recurrent=recurrent), fixed._replace(recurrent=recurrent))


class Table(NamedTuple):
    """The published schedule: payoffs `[1 + 4, n]` of the sentinel and of unmoved trust, the run, and the opponents."""

    payoffs: Floats
    run: Played
    opponents: Floats


def table(bodies: Bodies, random: np.random.Generator) -> Table:
    """The sentinel and unmoved trust on one schedule for each body."""
    length = sum(rounds for rounds, _ in BLOCKS)
    opponents = schedules(len(bodies.offset), (*BLOCKS, (ROUNDS - length, 0)), random)
    run = played(bodies, opponents, [Sentinel(), *map(unmoved, STATIC)], random)
    return Table(paid(run.actions, opponents)[..., :length].sum(axis=-1), run, opponents[:, :length])


class Noisy(NamedTuple):
    """Against who defects in one round of ten: opponents `[n, T]`, and the run at trust 0, .7 and 1."""

    opponents: Floats
    run: Played

    @property
    def variances(self) -> Floats:
        """Of actions over rounds, `[3, n]`."""
        made: Floats = self.run.actions.var(axis=-1)
        return made

    @property
    def payoffs(self) -> Floats:
        """Per round, `[3, n]`."""
        made: Floats = paid(self.run.actions, self.opponents).mean(axis=-1)
        return made


def noisy(bodies: Bodies, random: np.random.Generator) -> Noisy:
    """Unmoved trust against opponents who defect by chance."""
    opponents = schedules(len(bodies.offset), [(ROUNDS, NOISE)], random)
    return Noisy(opponents, played(bodies, opponents, [unmoved(trust) for trust in (0.0, 0.7, 1.0)], random))


def advantages(bodies: Bodies, random: np.random.Generator) -> Floats:
    """By how much the sentinel is paid more than tit for tat where defection lasts, by its length, `[5, n]`."""
    every = []
    for length in LENGTHS:
        blocks = ((500, 0), (length, 1), (ROUNDS - 500 - length, 0))
        opponents = schedules(len(bodies.offset), blocks, random)
        actions = played(bodies, opponents, [Sentinel(), unmoved(0.0)], random).actions
        payoffs = paid(actions, opponents)[..., : 1_000 + length].sum(axis=-1)
        every.append(payoffs[0] - payoffs[1])
    return np.stack(every)


def spread(values: Any) -> Spread:
    """Mean, deviation and number of independent measurements."""
    given = np.asarray(values, np.float64)
    return Spread(float(given.mean()), float(given.std(ddof=1)), given.size)


def ratio_of_means(
    claim: str, label: str, published: float, over: Floats, under: Floats, random: np.random.Generator
) -> Row:
    """A published ratio of two means over 20 bodies, beside ours, where a few bodies decide the means.

    Logarithms of variances are taken for normal, with our mean and deviation. The p-value is how often the ratios of
    two draws, one of 20 bodies and one of as many as ours, are as far apart as the published one and ours.
    """
    logs = _drawn_ratios(over, under, PUBLISHED, random) - _drawn_ratios(over, under, over.size, random)
    ours = float(over.mean() / under.mean())
    low, high = ours * np.exp(np.quantile(logs, [0.025, 0.975]))
    p_value = float(np.mean(np.abs(logs) >= abs(np.log(published / ours))))
    row = Row(claim, label, published, ours, float(low), float(high), "draws of log-normal variances", True,
              runs=over.size, claim=claim)  # fmt: skip
    return by_test(row, ALIKE, p_value)


def _drawn_ratios(over: Floats, under: Floats, count: int, random: np.random.Generator, draws: int = 4_000) -> Floats:
    logs = [np.log(own) for own in (over, under)]
    drawn = [np.exp(own.mean() + own.std(ddof=1) * random.standard_normal((draws, count))).mean(axis=1) for own in logs]
    made: Floats = np.log(drawn[0] / drawn[1])
    return made


def more_than(one: Floats, other: Floats) -> Spread:
    """The difference of the means of bodies that are others, with the error of both, as of the fewer ones."""
    count = min(one.size, other.size)
    error = np.sqrt(one.var(ddof=1) / one.size + other.var(ddof=1) / other.size)
    return Spread(float(one.mean() - other.mean()), float(error * np.sqrt(count)), count)


def larger(one: Floats, other: Floats) -> Spread:
    """How much larger logarithms of positive measurements are, pair by pair."""
    return spread(np.log(one / other))
