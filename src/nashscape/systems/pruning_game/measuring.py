"""The study of the card: the game by complementarity, learners in it, and networks on digits by a frozen protocol."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from nashscape.core import Source, choice, wilson
from nashscape.core.extras import needs_package
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.protocols import protocol_of
from nashscape.systems.pruning_game import study
from nashscape.systems.pruning_game.networks import WITHOUT, network_rows
from nashscape.systems.pruning_game.participation import Floats, Participation, drawn
from nashscape.systems.statements import above, holds, near
from nashscape.theory import equilibria, quadratic_program, reply_path

SOURCE = Source(
    "pruning_game",
    "Shah, Khan: Pruning as a Game: Equilibrium-Driven Sparsification of Neural Networks. 2025.",
    "https://arxiv.org/abs/2512.22106",
)
GAMES = {"quick": 60, "full": 300, "thorough": 3000}
RUNS = {"quick": 40, "full": 100, "thorough": 1000}
FIGURES = {"quick": 44, "full": 60, "thorough": 60}
WIDTHS = (784, 512, 256, 10)
"""Of the published network."""


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card.

    A card is checked as a whole, so that nothing begins without the extra that half of its claims take.

    Raises:
        InputError: for an unknown effort, and where scikit-learn is not installed.
    """
    effort = choice(effort, "effort", GAMES)
    needs_package("sklearn", "the study of pruning-game", WITHOUT)
    protocol = dict(protocol_of("nashscape.systems.pruning_game"))
    asked = {"system": "pruning-game", "effort": effort, "protocol": protocol}
    return measured(_rows(effort, seed, protocol), FIGURES[effort], asked, [SOURCE], seed=seed, progress=progress)


def _rows(effort: str, seed: int, protocol: dict[str, object]) -> Iterator[Row]:
    random = np.random.default_rng(seed)
    games = [drawn(random, 5) for _ in range(GAMES[effort])]
    yield from _of_games(games, random)
    yield from _learners(RUNS[effort], seed)
    yield from _of_the_text()
    yield from network_rows(effort, seed, protocol)


def _of_games(games: list[Participation], random: np.random.Generator) -> Iterator[Row]:
    """Formulas of random games of five neurons, each against another way to the same."""
    ends = [one.equilibrium() for one in games]
    missed = [float(np.abs(one.replies(end) - end).max()) for one, end in zip(games, ends, strict=True)]
    yield near("equilibrium", "largest miss of a best reply at the solution", 0.0, max(missed), 1e-8)
    found = [equilibria(one.game()) for one in games[:3]]
    there = [
        min(np.abs(np.concatenate(own.point) - end).max() for own in every) < 1e-6
        for every, end in zip(found, ends, strict=False)
    ]
    yield holds("equilibrium", "it is among the equilibria of the game over points", there, "all")
    yield near(
        "best-reply", "largest distance of the formula from a quadratic program", 0.0, _apart(games, random), 1e-9
    )
    out = [end[one.dominated()] for one, end in zip(games, ends, strict=True)]
    yield holds(
        "dominated", "dominated neurons take no part", (np.concatenate(out) == 0).tolist(), "exactly 0, in every game"
    )
    alone = [Participation(o.benefits, o.products, o.beta, o.gamma, 0.0) for o in games]
    yield holds("dominated", "without competition nobody else is left out", [
        bool(((one.equilibrium() == 0) == one.dominated()).all()) for one in alone
    ], "in every game")  # fmt: skip
    same = [_by_score(one) for one in alone]
    yield holds(
        "scores",
        "without competition participation is more than a score of one neuron",
        [not one for one in same],
        "all",
    )
    yield from _contracting([(one, end) for one, end in zip(games, ends, strict=True) if one.contraction()])
    inside = np.concatenate([(end > 0.05) & (end < 0.95) for end in ends])
    yield holds("bimodal", "no neuron takes part in part", (~inside).tolist(), "in every equilibrium")


def _apart(games: list[Participation], random: np.random.Generator) -> float:
    from nashscape.games import box_set

    worst = 0.0
    for one in games:
        gates = random.uniform(size=len(one.benefits))
        slopes = one.slopes(gates) + one.curvature * gates
        best = [
            quadratic_program([[-bend]], [slope], box_set(0, 1)).point[0]  # type: ignore[index]
            for bend, slope in zip(one.curvature, slopes, strict=True)
        ]
        worst = max(worst, float(np.abs(one.replies(gates) - best).max()))
    return worst


def _by_score(alone: Participation) -> bool:
    """Whether the equilibrium is a function of each neuron's own benefit and size, cut off at 0 and 1."""
    score = (alone.benefits - alone.gamma) / alone.curvature
    return bool(np.allclose(np.clip(score, 0.0, 1.0), alone.equilibrium(), atol=1e-9))


def _contracting(proved: list[tuple[Participation, Floats]]) -> Iterator[Row]:
    share = [np.abs(_followed(one) - end).max() < 1e-6 for one, end in proved[:40]]
    yield holds("contraction", "replies contract to the solution where it is proved", share, "games with a proof")
    yield holds("contraction", "which is then the only equilibrium", [
        len(equilibria(one.game())) == 1 for one, _ in proved[:2]
    ], "of those looked at")  # fmt: skip


def _followed(one: Participation) -> Floats:
    """Where replies at once lead from full participation."""
    gates = np.ones(len(one.benefits))
    for _ in range(400):
        gates = one.replies(gates)
    return gates


def _learners(runs: int, seed: int) -> Iterator[Row]:
    found = study.LEARNERS.but({"n": runs}, seed=seed).run()
    rows = found.values(quantity="standing", of="equilibrium")
    for number, (rule, share) in enumerate(zip(rows["rule"], rows["value"], strict=True)):
        reached = wilson(round(float(share) * runs), runs)
        yield above("learners", f"game {number // 3 + 1}, {rule}: runs that reach the equilibrium", 0.8, reached)
    path = reply_path(study.WEAK[0].game(), [[1.0]] * study.NEURONS, rounds=30).points[-1]
    yield near("learners", "best replies in rounds", 0.0, float(np.abs(path - study.WEAK[0].equilibrium()).max()), 1e-9)


def _of_the_text() -> Iterator[Row]:
    """What the text says of its own numbers and costs."""
    weights = sum(a * b + b for a, b in pairwise(WIDTHS))
    yield near("parameters", "weights and biases of 784-512-256-10", 536_586, weights, 0.5)
    yield near("parameters-with-gates", "with its 768 gates", 536_586, weights + sum(WIDTHS[1:-1]), 0.5)
    useful = Participation(np.array([0.05, 0.4]), np.eye(2), beta=0.5, gamma=0.0, eta=0.0)
    dear = Participation(np.array([0.05, 0.4]), np.eye(2), beta=0.001, gamma=0.1, eta=0.0)
    zeros = (useful.equilibrium() == 0).any(), (dear.equilibrium() == 0).any()
    yield holds("costs", "a quadratic cost alone takes a neuron of some benefit out", bool(zeros[0]), "said")
    yield holds("costs", "a linear cost alone takes none out", not zeros[1], "said")
