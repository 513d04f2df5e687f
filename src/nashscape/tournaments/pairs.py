"""Matches of any two strategies: the chain of their joint states, and what each gets."""

from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.tournaments.laws import Numbers, check_chances, share_of_time
from nashscape.tournaments.named import strategy
from nashscape.tournaments.paths import exact_shares
from nashscape.tournaments.stages import AXELROD, Length, length_of, stage_of
from nashscape.tournaments.strategies import Strategy

MOST_EXACT_STATES = 64
"""Joint states of a match whose chain is solved in fractions."""
MOST_EXACT_TURNS = 1000
MOST_DIGITS = 10_000
"""Binary digits of δ^T up to which a path is computed in fractions."""


@public()
def expected_payoffs(
    first: Strategy | str,
    second: Strategy | str,
    stage: Any = AXELROD,
    *,
    turns: int | None = None,
    discount: Any = 1,
    noise: Any = 0,
    exact: bool = False,
) -> tuple[Any, Any]:
    """What two strategies get per round when they meet, on average.

    `Σ_t δ^t E u_t / Σ_t δ^t` over the turns t = 0, 1, …; without a number of turns over all, and with δ = 1 the mean
    over ever more rounds from the first moves on, whether or not it depends on these.

    Args:
        first: the first player's strategy, or its name.
        second: the second player's.
        stage: payoffs of a round, as for `tournament`.
        turns: how many rounds; None for ever.
        discount: δ, which is the probability that another round follows as well.
        noise: how likely each action is another than was meant, which both see.
        exact: whether to compute in fractions. Numbers are what is written: 0.1 is the double, "0.1" is 1/10.

    Raises:
        InputError: for numbers out of their range, and matches that are too long for fractions.

    Example:
        >>> expected_payoffs("TFT", "ALLD", turns=10)
        (0.9, 1.4)
        >>> expected_payoffs("ZD-Extort-2", "ALLC", exact=True)
        (Fraction(7, 2), Fraction(9, 4))
    """
    one, other = strategy(first, stage), strategy(second, stage)
    payoffs, length = stage_of(stage), length_of(turns, discount, noise)
    shares = shares_of_pair(one, other, length, exact=exact)
    both = tuple(sum(s * u for s, u in zip(shares, own, strict=True)) for own in (payoffs.first, payoffs.second))
    return (both[0], both[1]) if exact else (float(both[0]), float(both[1]))


def can_be_path(first: Strategy, second: Strategy, length: Length) -> bool:
    """Whether nothing is left to chance in a match, and the powers of δ are fractions that can be written down."""
    digits = (length.turns or 0) * length.discount.denominator.bit_length() if length.discount != 1 else 0
    return first.deterministic and second.deterministic and not length.slip and digits <= MOST_DIGITS


def shares_of_pair(first: Strategy, second: Strategy, length: Length, *, exact: bool) -> Any:
    """The shares of CC, CD, DC and DD: fractions where asked for, or where nothing is left to chance; else doubles."""
    if can_be_path(first, second, length):
        return exact_shares(first, second, length)
    start, moves, actions = joint_chain(first, second, length, exact=exact)
    if exact and (len(start) > MOST_EXACT_STATES or (length.turns or 0) > MOST_EXACT_TURNS):
        raise InputError(
            f"a match of {len(start)} joint states is computed in fractions up to {MOST_EXACT_STATES} states and "
            f"{MOST_EXACT_TURNS:,} turns; leave exact=True out"
        )
    shares = share_of_time(start, moves, length) @ actions
    return tuple(shares.tolist())


def joint_chain(first: Strategy, second: Strategy, length: Length, *, exact: bool) -> tuple[Numbers, Numbers, Numbers]:
    """Of the joint states that are reached: where play begins, how likely each follows, and what is played there."""
    kind: Any = Fraction if exact else float
    one, other = ([[kind(p) for p in both] for both in own.plays(length.slip)] for own in (first, second))
    if not exact:
        check_chances(np.array([*one, *other]), length)
    after_one, after_other = first.moves.tolist(), second.moves.tolist()
    number, steps, actions = {(0, 0): 0}, [], []
    for i, j in (states := [(0, 0)]):
        actions.append([p * q for p in one[i] for q in other[j]])
        for k, chance in enumerate(actions[-1]):
            if chance:
                a, b = divmod(k, 2)
                after = after_one[i][a][b], after_other[j][b][a]
                if after not in number:
                    number[after] = len(states)
                    states.append(after)
                steps.append((number[i, j], number[after], chance))
    n = len(states)
    moves = np.full((n, n), kind(0), dtype=object if exact else float)
    for here, there, chance in steps:
        moves[here, there] += chance
    start = np.array([kind(k == 0) for k in range(n)], dtype=moves.dtype)
    return start, moves, np.array(actions, dtype=moves.dtype)
