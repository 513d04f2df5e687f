"""The study of the card: the table of payoffs, trust, internal cost, plain averages; and what the table leaves out."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from nashscape.core import Source, wilson
from nashscape.systems.agreement import Row, mean_of
from nashscape.systems.body_reservoir import filters
from nashscape.systems.body_reservoir.bodies import Bodies
from nashscape.systems.body_reservoir.experiments import (
    NOISE,
    PUBLISHED,
    ROUNDS,
    Noisy,
    Table,
    grown,
    larger,
    noisy,
    ratio_of_means,
    spread,
    table,
)
from nashscape.systems.body_reservoir.governance import Sentinel, at_rest, moved, played, settled_trust, unmoved
from nashscape.systems.body_reservoir.sizes import BODIES, SIZES, USUAL, rows_of_sizes
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, between, exactly, holds, mean_above, near

SOURCE = Source(
    "body_reservoir", "Nakamura: Body-Reservoir Governance in Repeated Games. 2026.", "https://arxiv.org/abs/2602.20846"
)
COUNTS = {"quick": 2, "full": 7, "thorough": 8}
"""Of sizes."""
FIGURES = 74
PAID = {"the sentinel": 5105, "tit for tat": 5070, "trust .7": 5012, "trust .85": 4999, "trust 1": 4985}
EXACT = [(500, 0), (50, 1), (500, 0), (200, Fraction(3, 10)), (500, 0)]
"""The schedule in fractions."""
KEPT = {0.5: (3, 5), 0.9: (20, 29), 0.95: (41, 59), 0.99: (158, 200)}
"""Of tit for tat of a moving average, how much is kept: published reduction of variance, and rounds to recover."""


def _rows(count: int, seed: int) -> Iterator[Row]:
    random = np.random.default_rng((seed, USUAL))
    bodies = grown(BODIES[USUAL], USUAL, random)
    usual = noisy(bodies.scaled, random)
    yield from _by_hand(random)
    yield from _at_rest(bodies.scaled)
    scheduled = table(bodies.scaled, random)
    yield from _payoffs(scheduled)
    yield from _trust(scheduled)
    yield from _clouds(bodies.scaled, usual, PUBLISHED if count > COUNTS["quick"] else PUBLISHED // 2, random)
    yield from _reservoir(usual, random)
    yield from _averages(usual)
    yield from rows_of_sizes([SIZES[k] for k in range(count)], bodies, usual, seed)


def _alike(claim: str, label: str, published: float, values: filters.Floats, unit: float) -> Row:
    """A published mean over 20 bodies among means of as many of ours; the unit is that of its last digit."""
    row = mean_of(claim, label, published, spread(values), f"means of {PUBLISHED} bodies", size=PUBLISHED, unit=unit)
    return replace(row, claim=claim)


def _by_hand(random: np.random.Generator) -> Iterator[Row]:
    for discomfort in (0.05, 0.12, 0.15, 0.5):
        trust = 1.0
        for _ in range(400):
            trust = float(moved(Sentinel(), trust, discomfort))
        yield near("fixed-point", f"discomfort {discomfort:g}", settled_trust(Sentinel(), discomfort), trust, 1e-5)
    one, two = random.standard_normal((2_000, 3)), 0.5 + 1.5 * random.standard_normal((2_000, 3))
    known = 3 * (np.log(1.5) + (1 + 0.25) / (2 * 1.5**2) - 0.5)
    yield near("estimator", "two normal laws in three dimensions", known, filters.divergence(one, two), 0.1)
    for keep, (_, rounds) in {0.0: (1, 1), **KEPT}.items():
        found = filters.recovery(_perturbed(keep, 200), 200, 100)
        yield near("recoveries", f"of the average {keep:g} is kept", rounds, found, 0.5)
    found = filters.recovery(_perturbed(0.99, 400), 200, 100)
    yield above("censored", "of the average .99 is kept, and 400 rounds follow", 200, exactly(found))


def _perturbed(keep: float, after: int) -> filters.Floats:
    return filters.smoothed(np.repeat([1.0, 0.0, 1.0], [200, 100, after]), keep)


def _at_rest(bodies: Bodies) -> Iterator[Row]:
    actions, apart = at_rest(bodies)
    yield below("self-consistent", "largest residual of x = f(x)", 1e-12, exactly(float(apart.max())))
    yield _alike("self-consistent", "what bodies at rest do", 0.98, actions, 0.01)


def _payoffs(found: Table) -> Iterator[Row]:
    for (name, published), own in zip(PAID.items(), found.payoffs, strict=True):
        yield _alike("payoffs", name, published, own, 1.0)
    sentinel = found.payoffs[0]
    for name, own in zip(list(PAID)[1:], found.payoffs[1:], strict=True):
        ahead = wilson(int((sentinel > own).sum()), own.size)
        yield above("highest", f"bodies in which the sentinel is paid more than {name}", 0.5, ahead)
    defecting = filters.paid(0.0, found.opponents).sum(axis=1)
    yield mean_above("one-sided", "to defect always more than the sentinel", 0.0, spread(defecting - sentinel))
    always = float(filters.expected(EXACT, Fraction(19, 20)))
    echoing = float(filters.expected(EXACT))
    yield above("one-sided", ".95 always, on average", echoing, exactly(always))
    for name, action, wanted in (
        ("to defect always", 0, 8310), ("to cooperate always", 1, 4920), (".95 always", Fraction(19, 20), 5089.5),
        ("tit for tat", None, 5073.09),
    ):  # fmt: skip
        yield near("closed-forms", name, wanted, float(filters.expected(EXACT, action)), 1e-9)


def _trust(found: Table) -> Iterator[Row]:
    trust, actions = found.run.trust[0], found.run.actions
    calm = np.abs(trust[:, 100:500].mean(axis=1) - 0.85) < 0.02
    yield above("baseline", "bodies of which mean trust is .85 ± .02", 0.8, wilson(int(calm.sum()), calm.size))
    rounds = [int(np.flatnonzero(own[501:] <= 0.0501)[0]) for own in trust]
    yield holds("floor", f"{min(rounds)} to {max(rounds)} rounds from the first answer of tit for tat",
                max(rounds) <= 5, "at most 5")  # fmt: skip
    block, noise = slice(500, 550), slice(1_050, 1_250)
    yield _alike("trust-later", "50 rounds after defection", 0.66, trust[:, 600], 0.01)
    yield _alike("trust-later", "among noise", 0.19, trust[:, noise].mean(axis=1), 0.01)
    yield _alike("trust-later", "action among noise", 0.72, actions[0][:, noise].mean(axis=1), 0.01)
    for name, run, published in (("the sentinel", 0, 0.08), ("trust 1", -1, 0.96)):
        own = actions[run][:, block].mean(axis=1)
        yield _alike("trust-later", f"action of {name} while the other defects", published, own, 0.01)
    seen = np.array([np.flatnonzero(own[500:] < 0.75)[0] for own in trust], float)
    yield _alike("detection", "rounds of defection until trust is below .75", 5.0, seen, 1.0)


def _clouds(bodies: Bodies, found: Noisy, count: int, random: np.random.Generator) -> Iterator[Row]:
    few = Bodies(*(own[:count] for own in bodies))
    calm = played(few, np.ones((count, ROUNDS)), [unmoved(1.0)] * 2, random).states
    costs = np.array([
        [filters.divergence(run[i], calm[0, i]) for i in range(count)] for run in (*found.run.states, calm[1])
    ])  # fmt: skip
    for name, published, own in zip(("0", ".7", "1"), (1.23, 0.48, 0.55), costs[:3], strict=True):
        yield _alike("divergences", f"trust {name}", published, own, 0.01)
    yield mean_above("internal-cost", "trust 0 more than trust 1", 0.0, spread(costs[0] - costs[2]))
    yield _alike("interior", "trust 1 more than trust .7", 0.07, costs[2] - costs[1], 0.01)
    yield between("estimator", "the habituated law against itself", 0.0, spread(costs[3]), 0.2)


def _reservoir(found: Noisy, random: np.random.Generator) -> Iterator[Row]:
    raw, _, body = found.variances
    yield ratio_of_means("ema", "the reservoir", 461, raw, body, random)
    yield _alike("ema", "payoff of the reservoir", 2.74, found.payoffs[2], 0.01)
    for keep, (published, _) in KEPT.items():
        own = filters.smoothed(found.opponents, keep).var(axis=1)
        yield ratio_of_means("ema", f"of the average {keep:g} is kept", published, raw, own, random)
    share, ratios = body.max() / body.sum(), raw / body
    yield above("few-bodies", "share of the variance of one of them, times their number", 2.0,
                exactly(float(share * len(body))))  # fmt: skip
    yield above("few-bodies", "median reduction of bodies, over that of the means", 1.0,
                exactly(float(np.median(ratios) * body.mean() / raw.mean())))  # fmt: skip
    yield above("few-bodies", "largest reduction of one body over the smallest", 10.0,
                exactly(float(ratios.max() / ratios.min())))  # fmt: skip


def _averages(found: Noisy) -> Iterator[Row]:
    body, raw = found.variances[2], found.variances[0]
    plain = filters.averaged(found.opponents, USUAL)
    yield between("averages", f"{USUAL} times the variance of a plain average", NOISE * (1 - NOISE),
                  spread(USUAL * plain.var(axis=1)), 0.03)  # fmt: skip
    read = filters.squashed(plain).var(axis=1)
    yield mean_above("averages", "reduction by an average that is read as bodies are", np.log(USUAL),
                     larger(raw, read))  # fmt: skip
    yield mean_above("inference", "body against a plain average, logarithm", 0.0, larger(plain.var(axis=1), body))
    yield mean_above("inference", "body against an average that is read so", 0.0, larger(read, body))


measure = measuring("body-reservoir", COUNTS, _rows, of="sizes", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
