"""What the documents of the release say of its environments, computed beside what its code does."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.environments import CoopetitionGym
from nashscape.games import team_effort
from nashscape.systems.coopetition_gym.parity import environment, sequences
from nashscape.systems.coopetition_gym.playing import played

Floats = npt.NDArray[np.float64]

PRODUCTIVITY, ELASTICITY, COST = 25.0, 0.7, 1.0
"""ω, β and c of what a team produces, as documented."""
MULTIPLIER = 2.0
"""By what contributions to a public good are multiplied, as documented."""


def team_payoffs(invested: Floats) -> Floats:
    """What each member of a team gets as documented, `ω (Σ a)^β / n − c a_i`, `[n]`.

    >>> team_payoffs(np.array([1.0, 0.0])).tolist()
    [11.5, 12.5]
    """
    made: Floats = PRODUCTIVITY * invested.sum() ** ELASTICITY / len(invested) - COST * invested
    return made


def public_good_payoffs(endowment: float, invested: Floats) -> Floats:
    """What each gets of a public good as documented, `e − a_i + m Σ a / n`, `[n]`.

    >>> public_good_payoffs(10.0, np.array([4.0, 1.0])).tolist()
    [11.0, 14.0]
    """
    made: Floats = endowment - invested + MULTIPLIER * invested.sum() / len(invested)
    return made


def team_efforts(members: int) -> tuple[float, float]:
    """The effort of each in the equilibrium of the documented team, and where all together get most."""
    optimum = (PRODUCTIVITY * ELASTICITY / COST) ** (1 / (1 - ELASTICITY)) / members
    return team_effort(members, productivity=PRODUCTIVITY, elasticity=ELASTICITY, cost=COST), optimum


def alternating(name: str) -> Floats:
    """What players invest in the first round of the alternating sequence, `[n]`."""
    endowment = np.asarray(environment(name).numbers["endowment"], float)
    made: Floats = endowment * sequences(1, len(endowment))[1, 0]
    return made


def largest_answer(rule: Any, numbers: Mapping[str, Floats]) -> Floats:
    """How far reciprocity can take each player's factor from 1, `[n]`; whole trust, and others who change everything.

    Of the rule `Reciprocity`: `λ Σ_j (1 + ω D_ij) ρ D_ij^η / mean e`, since trust and the hyperbolic tangent are at
    most 1.
    """
    needs = np.asarray(numbers["dependence"], float)
    terms = np.where(needs > 0, (1 + rule.amplified * needs) * rule.weight * needs**rule.power, 0.0)
    made: Floats = rule.strength * terms.sum(axis=1) / np.mean(numbers["endowment"])
    return made


def fastest_end(env: CoopetitionGym) -> int:
    """The round in which an environment ends where all always invest all they have; 0 where it does not.

    The signal is then the largest in every round. Trust after a round rises with the signal and with trust before it,
    and damage falls alike for all signals that are not negative: no actions bring trust up in fewer rounds.
    """
    over = played(env, np.ones((1, env.limit, len(env.players)))).terminated[0]
    return int(over.argmax()) + 1 if over.any() else 0


def rounds_to_heal(env: CoopetitionGym, ceiling: float) -> int:
    """Rounds without any breach after which the ceiling of trust, `1 − R`, is as high: `R (1 − δ)^t ≤ 1 − ceiling`."""
    damage, recovery = (float(env.numbers[name]) for name in ("damage", "recovery"))
    return int(np.ceil(np.log((1 - ceiling) / damage) / np.log(1 - recovery)))
