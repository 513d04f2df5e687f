"""The study of the card: what the map names exists, and two of its notions in numbers."""

from collections.abc import Callable, Iterator

from nashscape.core import Source, choice
from nashscape.games import (
    altruism,
    payoff_mixing,
    prisoners_dilemma,
    pure_coordination,
    rock_paper_scissors,
)
from nashscape.systems.agreement import Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.open_problems.agenda import themes
from nashscape.systems.statements import holds, near
from nashscape.theory import decomposition, equilibria

SOURCE = Source(
    "open_problems",
    "Dafoe, Hughes, Bachrach, Collins, McKee, Leibo, Larson, Graepel: Open Problems in Cooperative AI. 2020.",
    "https://arxiv.org/abs/2012.08630",
)
EFFORTS = ("quick", "full", "thorough")
INTERESTS = ((pure_coordination(), 1.0), (rock_paper_scissors(), 0.0), (prisoners_dilemma(), 1.0))
"""Games, and the share of the potential among what moves anybody."""


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card; nothing of it is random. Raises `InputError` for an unknown effort."""
    asked = {"system": "open-problems", "effort": choice(effort, "effort", EFFORTS)}
    figures = len(themes()) + len(INTERESTS) + 2
    return measured(_rows(), figures, asked, [SOURCE], seed=seed, progress=progress)


def _rows() -> Iterator[Row]:
    for one in themes():
        there = [own.exists() for own in one.here]
        yield holds("named-features", f"{one.name}: features that are there", [*there, bool(one.absent)], "all")
    for game, share in INTERESTS:
        potential, harmonic, _ = decomposition(game).squares
        ours = float(potential / (potential + harmonic))
        yield near("interest", f"{game.name}: share of the potential", share, ours, 1e-12)
    dilemma = prisoners_dilemma()
    alone = [one.name for one in equilibria(dilemma)] == ["DD"]
    yield holds("institution", "alone both defect in the only equilibrium", alone, "of the dilemma")
    mixed = [one.name for one in equilibria(payoff_mixing(dilemma, altruism(2, 0.8)))] == ["CC"]
    yield holds(
        "institution", "counting the other's payoff by .8 both cooperate in the only one", mixed, "of the dilemma"
    )
