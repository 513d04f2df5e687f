"""Coverage of every interval of chance that the library gives, by simulation of what results hold.

`GUARANTEED` never cover less than their level; `APPROXIMATE` as much as stands beside them, for the laws drawn here.
Coverage that is a finite sum is computed exactly in tests/core/test_core_interval_ends.py and docs/intervals.md.
"""

import math

import numpy as np
import pytest

from nashscape import core
from nashscape.core import Status, record, target_code
from nashscape.dynamics.starts import cell_grid
from nashscape.selection import (
    Alignment,
    BasinMap,
    CorrectedSteps,
    Entry,
    PhaseDiagram,
    Restarts,
    SimulatedBound,
    compare,
)
from nashscape.selection.steering.sequential import confidence_sequence

TIMES, LEVEL = 600, 0.95
SPREAD = 3 * math.sqrt(LEVEL * (1 - LEVEL) / TIMES)
HIT, MISS = target_code(0), target_code(1)
MADE = record("test", {"rule": "rule"}, seed=0)


def entry(reached, rule="rule"):
    labels = np.where(reached, HIT, MISS).astype(np.int8)
    held = np.where(reached, 0, 1).astype(np.int8)
    hits = np.zeros(len(labels), np.int32)
    return Entry(
        game="game", rule=rule, targets=("A", "B"), labels=labels, held=held, first_hit=hits, level=LEVEL, exact=True,
        at_random=True, status=Status.COMPLETE, provenance=MADE,
    )  # fmt: skip


def sampled_map(reached, rule="rule"):
    side = math.isqrt(reached.shape[1])
    labels = np.where(reached, HIT, MISS).astype(np.int8).reshape(-1, side, side)
    held, hits = ((labels - HIT) // 3).astype(np.int8), np.zeros(labels.shape, np.int32)
    return BasinMap(
        game="game", rule=rule, targets=("A", "B"), layout=cell_grid(2, side, low=0.0, high=1.0), labels=labels,
        held=held, first_hit=hits, level=LEVEL, exact=False, at_random=False, status=Status.COMPLETE, provenance=MADE,
    )  # fmt: skip


CELLS = np.r_[np.zeros(40), np.ones(30), np.linspace(0.02, 0.98, 30)]
"""Chances of the cells of a map of 10 × 10 with a border."""


def restarts_of(random, chance, runs, budget):
    first = random.geometric(chance, runs) - 1
    first = np.where(first < budget, first, -1).astype(np.int32)
    tried = np.where(first >= 0, first + 1, budget).astype(np.int32)
    return Restarts("game", "rule", "A", first, tried, budget, LEVEL, Status.COMPLETE, MADE)


def of_restarts(chance, runs, budget=13):
    within = sum((1 - chance) ** k for k in range(1, budget))

    def draw(random):
        found = restarts_of(random, chance, runs, budget)
        return {
            "per start": found.per_start().contains(chance),
            "within budget": found.restarts_within_budget().contains(within),
            "to success": found.restarts_to_success().contains((1 - chance) / chance),
            "tail": bool(found.geometric_bound()[2] >= (1 - chance) ** 3 - 1e-12),
        }

    return draw


def pairs_of_entries(gain, loss, n):
    def draw(random):
        one = random.random(n)
        first, second = one < gain, (one > 0.2) & (one < 0.2 + loss)
        both = (one > 0.6) & (one < 0.9)
        found = compare(entry(first | both, "one"), entry(second | both, "other"), "A")
        return {"difference": found.difference.contains(gain - loss)}

    return draw


def pairs_of_maps(random):
    other = np.clip(CELLS - 0.1, 0.0, 1.0)
    uniform = random.random((2, 2, 100))
    found = compare(sampled_map(uniform[0] < CELLS, "one"), sampled_map(uniform[1] < other, "other"), "A")
    return {"difference": found.difference.contains(CELLS.mean() - other.mean())}


def bounds(random):
    success = random.random(150) < 0.97
    bound = SimulatedBound(
        "A", np.zeros((150, 2)), "parameters", success, np.zeros(150, np.int32), 0.97, LEVEL, Status.COMPLETE, MADE
    )
    return {"lower": bound.lower <= 0.97, "no contradiction": not bound.contradicts}


def handoffs(random):
    chances = np.array([0.2, 0.5, 0.8, 0.9, 0.9])
    labels = np.where(random.random((1, 60, 5)) < chances, HIT, MISS).astype(np.int8)
    made = CorrectedSteps(
        "game", "rule", "pg", ("A", "B"), np.zeros((60, 2)), np.arange(5), labels, False, True, LEVEL, Status.COMPLETE,
        MADE,
    )  # fmt: skip
    return {"enough": made.enough(0.9 + 1e-9) is None and (made.enough(0.5 + 1e-9) or 5) >= 2}


def of_sequences(random):
    sums = np.cumsum(random.random(400) < 0.3)
    looks = np.arange(19, 400, 20)
    return {"all looks": all(confidence_sequence(int(sums[k]), int(k) + 1, LEVEL).contains(0.3) for k in looks)}


GUARANTEED = {
    "restarts, one run": of_restarts(0.3, 1),
    "restarts, most fail": of_restarts(0.02, 20),
    "restarts, most succeed": of_restarts(0.97, 40),
    "restarts": of_restarts(0.3, 100),
    "pairs, none lost": pairs_of_entries(0.005, 0.0, 400),
    "pairs": pairs_of_entries(0.05, 0.03, 100),
    "pairs of maps": pairs_of_maps,
    "simulated bounds": bounds,
    "handing over": handoffs,
    "sequences": of_sequences,
    "exact shares": lambda random: {"entry": entry(random.random(30) < 0.04).exact_interval("A").contains(0.04)},
    "bets": lambda random: {
        "skewed": core.bounded_mean(random.beta(0.2, 1.8, 40), 0, 1).contains(0.1),
        "rare": core.bounded_mean(random.random(200) < 0.01, 0, 1).contains(0.01),
    },
}


def of_maps(rollouts):
    def draw(random):
        return {"share": sampled_map(random.random((rollouts, 100)) < CELLS).fraction("A").contains(CELLS.mean())}

    return draw


def of_alignments(n):
    def draw(random):
        values = random.normal(0.3, 1.0, n)
        skewed = random.exponential(1.0, n)
        made = Alignment(
            "game", "rule", "A", None, np.zeros((n, 2)), np.ones(n), {"base": skewed, "total": values}, {}, LEVEL, True,
            Status.COMPLETE, MADE,
        )  # fmt: skip
        return {
            "mean": made.mean().contains(0.3),
            "skewed": made.mean("base").contains(1.0),
            "positive": made.positive().contains(0.6179114),
        }

    return draw


def of_restart_runs(random):
    found = restarts_of(random, 0.3, 60, 5)
    return {
        "success": found.success().contains(1 - 0.7**5),
        "survival": found.survival()[1].contains(0.7**2),
        "hazards": found.hazards()[1].contains(0.3),
    }


def of_phases(random):
    counts = random.multinomial(50, [0.3, 0.6, 0.1] + [0.0] * (HIT + 1))[None]
    made = PhaseDiagram(
        "game", "rule", None, np.zeros(1), None, ("A", "B"), np.roll(counts, HIT, axis=1), None, (-8.0, 8.0), None,
        Status.COMPLETE, MADE,
    )  # fmt: skip
    return {"cell": made.estimate(0, "A").contains(0.3)}


def of_curves(random):
    chances = np.linspace(0.1, 0.9, 8)[:, None]
    labels = np.where(random.random((30, 8, 1)) < chances, HIT, MISS).astype(np.int8)
    made = CorrectedSteps(
        "game", "rule", "pg", ("A", "B"), np.zeros((8, 2)), np.arange(1), labels, False, False, LEVEL, Status.COMPLETE,
        MADE,
    )  # fmt: skip
    return {"all": made.curve()[0].contains(0.5), "one": made.curve(2)[0].contains(float(chances[2, 0]))}


APPROXIMATE = {
    "Wilson, small share": (
        0.92,
        lambda random: {"entry": entry(random.random(50) < 0.1).probability("A").contains(0.1)},
    ),
    "Wilson, half": (0.93, lambda random: {"entry": entry(random.random(400) < 0.5).probability("A").contains(0.5)}),
    "Wilson of cells": (0.95, of_maps(1)),
    "stratified, 2": (0.94, of_maps(2)),
    "stratified, 6": (0.93, of_maps(6)),
    "runs of restarts": (0.92, of_restart_runs),
    "phases": (0.92, of_phases),
    "curves": (0.92, of_curves),
    "bootstrap, 30": (0.88, of_alignments(30)),
    "bootstrap, 200": (0.91, of_alignments(200)),
}


def covered(draw):
    random = np.random.default_rng(11)
    found = [draw(random) for _ in range(TIMES)]
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


@pytest.mark.long
@pytest.mark.parametrize("name", GUARANTEED)
def test_what_promises_a_level_covers_at_it(name):
    for what, share in covered(GUARANTEED[name]).items():
        assert share >= LEVEL - SPREAD, what


@pytest.mark.long
@pytest.mark.parametrize("name", APPROXIMATE)
def test_what_is_approximate_covers_as_documented(name):
    least, draw = APPROXIMATE[name]
    for what, share in covered(draw).items():
        assert share >= least, what


@pytest.mark.long
def test_a_bootstrap_of_few_values_covers_less_and_says_so():
    random = np.random.default_rng(3)
    found = [core.bootstrap(random.exponential(size=8), resamples=400) for _ in range(600)]
    assert {one.method for one in found} == {"bootstrap, approximate"}
    assert np.mean([one.contains(1.0) for one in found]) < 0.9
