"""Cultural copying: members compare what they get, take over what others do, or something new."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from nashscape.core import Source, finite_number, positive_integer, probability
from nashscape.evolution.replacements import imitation
from nashscape.populations.plans import Copying, GrowingPlan, Role
from nashscape.theory.nash.logit_paths import contracted

COMPARING = Source(
    "pairwise_comparison", "Traulsen, Nowak, Pacheco: Stochastic Dynamics of Invasion and Fixation. Physical Review "
    "E 74, 011909, 2006.", "https://doi.org/10.1103/PhysRevE.74.011909",
)  # fmt: skip
Floats = npt.NDArray[np.float64]
Who = list[list[int]]
"""Of every pool the number of the strategy that each of its members has."""


def copying(*, size: int = 20, strength: float = 1.0, mutation: float = 0.05) -> GrowingPlan:
    """Members copy others who get more, or take a new strategy: cultural copying with mutation, by comparing in pairs.

    In every generation each pool has as many comparisons, one after the other, as members. One drawn evenly compares
    itself with another of its pool and takes over its strategy with probability `1/(1 + e^(−w (π_other − π_own)))`, π
    their mean payoffs against all others; or with the chance of a mutation it starts anew. Nobody responds: what is new
    comes from random starts. The answer is a member drawn evenly.

    Args:
        size: members of every pool.
        strength: w.
        mutation: from 0 to 1.
    """
    size = positive_integer(size, "size", at_least=2)
    strength = finite_number(strength, "strength", low=0.0)
    one = Role("member", copies=Copying(size, strength, probability(mutation, "mutation")))
    return GrowingPlan((one,), ("member",), "uniform", "exact", (COMPARING,))


def copied(
    who: Sequence[Sequence[int]],
    seats: Sequence[int],
    copying: Copying,
    table: Callable[[], Floats],
    fresh: Callable[[int, int], int],
    random: np.random.Generator,
) -> Who:
    """Members after one generation: in every pool as many comparisons, one after the other, as it has members.

    One member of the pool is drawn evenly. With the chance of a mutation it takes a new strategy; otherwise it compares
    itself with another of its pool, drawn evenly, and takes over its strategy with probability
    `1/(1 + e^(−w (π_other − π_own)))`, w the strength.

    Args:
        who: has which strategy.
        seats: of every side its pool.
        copying: strength and mutation.
        table: what each side gets where every side plays each strategy of its pool, `[k, m_1, …, m_k]`, at present.
        fresh: puts a new strategy into a pool, by the number of a comparison, and gives its number.
        random: numbers.
    """
    made, paid = [list(own) for own in who], table()
    for step in range(copying.size):
        for seat, own in enumerate(made):
            one = int(random.integers(len(own)))
            if random.random() < copying.mutation:
                own[one] = fresh(seat, step)
                paid = table()
                continue
            other = int(random.integers(len(own) - 1))
            other += other >= one
            if own[one] == own[other]:
                continue
            gain = member_payoff(paid, seats, made, seat, other) - member_payoff(paid, seats, made, seat, one)
            if random.random() < imitation(copying.strength * np.asarray(gain)):
                own[one] = own[other]
    return made


def member_payoff(table: Floats, seats: Sequence[int], who: Sequence[Sequence[int]], seat: int, member: int) -> float:
    """What a member of a pool gets on average, each other side drawing evenly from its pool, itself excluded.

    Args:
        table: see `copied`.
        seats: of every side its pool.
        who: has which strategy.
        seat: the pool of the member.
        member: its number there.
    """
    side, others = list(seats).index(seat), []
    for j, there in enumerate(seats):
        counts = np.bincount(who[there], minlength=table.shape[1 + j]).astype(float)
        if there == seat:
            counts[who[seat][member]] -= 1
        others.append(counts / counts.sum())
    return float(contracted(table[side], others, [side])[who[seat][member]])
