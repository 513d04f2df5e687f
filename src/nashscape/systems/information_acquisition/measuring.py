"""The study of the card: deviations tried one by one, what correlated recommendations gain, and how regret grows."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from nashscape.core import wilson
from nashscape.core.exact_numbers import Objects
from nashscape.systems.agreement import Row, Spread
from nashscape.systems.information_acquisition.plans import (
    REST,
    WORK,
    Plan,
    by_hand,
    inspectors,
    kept,
    largest_gain,
)
from nashscape.systems.measured import measuring
from nashscape.systems.statements import above, below, exactly, holds, mean_above, near
from nashscape.theory import (
    AcquisitionProblem,
    acquisition_mechanism,
    acquisition_problem,
    deviation_gains,
    independent_signals,
    learned_acquisition,
)
from nashscape.theory.mechanisms.acquisition import HIRING

PROBLEMS = {"quick": 6, "full": 20, "thorough": 80}
"""Random problems of each kind, and runs of every length that is learned in."""
FIGURES = 25
ROUNDS = (10_000, 31_623, 100_000, 316_228, 1_000_000)
LEAST_RUNS = 20
SLACK = 0.1
"""Above 2/3: `√ln T` adds `1/(2 ln T)`, .054 at 10⁴ rounds, and half of it or less at 10⁶."""

KINDS = {"2 agents, 2 efforts, 3 signals": (2, 2, 3, 2), "2 agents, 3 efforts, 2 signals": (2, 3, 2, 3),
         "3 agents, 2 efforts, 2 signals": (3, 2, 2, 2)}  # fmt: skip


def _rows(problems: int, seed: int) -> Iterator[Row]:
    yield from _optimal(problems, seed)
    yield from _gap()
    yield from _others_signals(problems, seed)
    yield from _selection()
    yield from _alone()
    yield from _learned(problems, seed)


def drawn(n: int, efforts: int, signals: int, states: int, random: np.random.Generator) -> AcquisitionProblem:
    """A random problem in which signals depend on each other as well: whole weights, of which no two rows are alike."""
    table = random.integers(1, 9, size=(efforts,) * n + (states,) + (signals,) * n)
    table = table**2
    total = table.sum(axis=tuple(range(n + 1, 2 * n + 1)), keepdims=True)
    chances = np.vectorize(Fraction, otypes=[object])(table) / total
    costs = [[Fraction(k, int(random.integers(20, 40))) for k in range(efforts)] for _ in range(n)]
    return acquisition_problem(chances, costs, random.integers(0, 9, size=(states + 1, states)),
                               prior=[Fraction(1, states)] * states, most_paid=2)  # fmt: skip


def alone(accuracies: list[list[Fraction]], costs: list[Fraction], stake: int) -> tuple[Objects, list[list[Fraction]]]:
    """Signals of agents whose work is right with chances by state, who see nothing at rest; and their costs."""
    zero, one = Fraction(0), Fraction(1)
    each = [[[[one, zero], [one, zero]], [[right, 1 - right], [1 - other, other]]] for right, other in accuracies]
    return independent_signals(each), [[zero, own] for own in costs]


def _optimal(problems: int, seed: int) -> Iterator[Row]:
    for k, (said, sizes) in enumerate(KINDS.items()):
        random, gains, apart, paid = np.random.default_rng((seed, k)), [], [], []
        for _ in range(problems):
            problem = drawn(*sizes, random)
            found = acquisition_mechanism(problem)
            gains.append(float(largest_gain(problem, found.chances, found.payments)))
            apart.append(found.bound - found.value)
            paid.append(float(found.paid.sum()))
        yield below("optimal", f"{said}: the most that any deviation gains", 1e-7, exactly(max(gains)))
        yield holds("optimal", f"{said}: somebody is paid in some of them", max(paid) > 0, "so that it can be wrong")
        yield below("optimal", f"{said}: what another mechanism gets more, at most", 1e-6, exactly(max(apart)))


def _gap() -> Iterator[Row]:
    problem, (chances, payments) = inspectors(), by_hand()
    values, information = problem.values, problem.exact
    value = (chances * values).sum() - sum((chances[..., None, None, None] * information * own).sum()
                                           for own in payments)  # fmt: skip
    best, apart = acquisition_mechanism(problem), acquisition_mechanism(problem, recommendations="independent")
    gains = max(own.max() for own in deviation_gains(problem, chances, payments))
    yield holds("correlate", "nobody gains by leaving the mechanism found by hand, in fractions",
                [gains == 0, largest_gain(problem, chances, payments) == 0], "by both reckonings")  # fmt: skip
    yield near("correlate", "it gets 28/3, the most that there is", float(value), best.bound, 1e-9)
    yield near("correlate", "independent recommendations get 37/4", 37 / 4, apart.value, 1e-7)
    more = float(value - Fraction(apart.bound))
    yield above("correlate", "28/3 less what bounds them, in fractions", 0.08, exactly(more))


def _others_signals(problems: int, seed: int) -> Iterator[Row]:
    """Where signals are independent in each state, what others report tells nothing of an agent's effort."""
    random, more = np.random.default_rng((seed, 7)), []
    for _ in range(problems):
        right = [[Fraction(int(one), 16) for one in random.integers(9, 16, size=2)] for _ in range(2)]
        costs = [Fraction(int(one), 16) for one in random.integers(1, 4, size=2)]
        signals, spent = alone(right, costs, 8)
        problem = acquisition_problem(signals, spent, [[8, 0], [0, 8]], prior=["1/2", "1/2"], most_paid=2)
        both = [acquisition_mechanism(problem, recommendations=own) for own in ("correlated", "independent")]
        more.append(both[0].value - both[1].value)
    yield below("independent-signals", "what correlated recommendations get more", 1e-6, exactly(max(more)))


def _selection() -> Iterator[Row]:
    """Both rest, and report the same."""
    problem, (chances, payments) = inspectors(), by_hand()
    idle, works = Plan([REST, REST], [[0, 0]] * 2), Plan([REST, WORK], [[0, 1]] * 2)
    obeying = kept(problem, chances, payments[0], [works, works], 0)
    resting = kept(problem, chances, payments[0], [idle, idle], 0)
    working = kept(problem, chances, payments[0], [works, idle], 0)
    yield holds("externalities", "who obeys is left 1/6 if the other does, and nothing if it rests",
                [obeying == Fraction(1, 6), working == 0], "in fractions")  # fmt: skip
    yield holds("selection", "who obeys is left 1/6, and who rests as the other does 1/3",
                [obeying == Fraction(1, 6), resting == Fraction(1, 3)], "in fractions")  # fmt: skip
    yield holds("selection", "to work alone pays less than to rest as well", bool(working < resting), "in fractions")


def _alone() -> Iterator[Row]:
    """Work right with a and b is paid `c (a + b)/(a + b − 1)`, for costs up to `M min(p, 1 − p)(a + b − 1)`."""
    a, b, p, cost = Fraction(4, 5), Fraction(7, 10), Fraction(2, 5), Fraction(1, 10)
    signals, costs = alone([[a, b]], [cost], 50)
    problem = acquisition_problem(signals, costs, [[50, 0], [0, 50]], prior=[1 - p, p], most_paid=1)
    found = acquisition_mechanism(problem)
    yield near("one-agent", "what work is paid", float(cost * (a + b) / (a + b - 1)), float(found.paid[0]), 1e-9)
    most = float(min(p, 1 - p) * (a + b - 1))
    for share, works in ((0.999, 1.0), (1.001, 0.0)):
        problem = acquisition_problem(
            signals, [[0, share * most]], [[5000, 0], [0, 5000]], prior=[1 - p, p], most_paid=1
        )
        told = float(acquisition_mechanism(problem).chances[1])
        yield near(
            "one-agent", f"chance of work at {share} of the largest cost that payments can cover", works, told, 1e-9
        )


def _learned(runs: int, seed: int) -> Iterator[Row]:
    runs = max(runs, LEAST_RUNS)
    signals, costs = alone([[Fraction(4, 5), Fraction(7, 10)]], [Fraction(1, 10)], 4)
    coin = acquisition_problem(signals, costs, [[4, 0], [0, 4]], prior=["3/5", "2/5"], most_paid=1)
    for said, problem in (("two inspectors", inspectors(most_paid=2)), ("one agent", coin)):
        found = learned_acquisition(problem, rounds=ROUNDS, runs=runs, seed=seed)
        left = wilson(int((~found.obeyed).sum()), found.obeyed.size)
        yield below("regret", f"{said}: runs in which somebody leaves what was committed to", 0.1, left)
        slow = wilson(int((found.slopes < 2 / 3 + SLACK).sum()), runs)
        yield above("regret", f"{said}: runs whose regret has a slope below 2/3 + {SLACK}", 0.5, slow)
    bold = learned_acquisition(inspectors(most_paid=2), rounds=ROUNDS, runs=runs, caution=0.0, seed=seed)
    yield mean_above("caution", "two inspectors, without a margin: the slope", 0.95, _spread(bold.slopes))


def _spread(values: np.ndarray) -> Spread:
    return Spread(float(values.mean()), float(values.std(ddof=1)), len(values))


measure = measuring("information-acquisition", PROBLEMS, _rows, of="problems", figures=FIGURES, sources=[HIRING])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
