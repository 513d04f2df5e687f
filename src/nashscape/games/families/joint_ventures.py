"""Joint ventures over time: partners learn from each other, and may leave with what they have learnt."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from nashscape.core import InputError, positive_integer
from nashscape.core.calls import public
from nashscape.core.sizes import check_size
from nashscape.games.families.ventures import each_of, shares_of
from nashscape.games.forms.markov_construction import check_length
from nashscape.games.forms.markov_game import MarkovGame

ACTIONS = ("give", "keep", "leave")
GIVE, _, LEAVE = range(3)
MOST_ENTRIES = 2**22
"""Payoffs that are written out."""


@public()
def joint_venture(
    players: int = 2,
    *,
    worth: Any = 6,
    shares: Sequence[Any] | None = None,
    costs: Any = 1,
    knowledge: int = 2,
    outside: Any = 1,
    rivalry: Any = 0,
    discount: float = 0.9,
    horizon: int | None = None,
) -> MarkovGame:
    """A joint venture over time: partners give to it, learn from what others give, and may leave with that.

    As long as it lasts each gives what it knows, at a cost, or keeps it to itself. If m of n give, the venture makes
    `w (m/n)²`, which is shared; whoever has others that give learns a step more, up to K. If somebody leaves, it is
    over for good, in that round already, and what everybody has learnt is worth something outside, where others who
    have learnt are rivals:

        together:  u_i = s_i w (m/n)² − c_i [i gives],   k_i ← min(K, k_i + [another gives])
        apart:     u_i = b_i k_i − r mean_{j≠i} k_j

    So common benefits hold it together and private ones end it. That all give for ever is an equilibrium only if it
    pays nobody to leave with all that can be learnt, `b_i K − r_i K ≤ s_i w − c_i`.

    Args:
        players: n, at least two.
        worth: w, of a round in which all give, not below 0.
        shares: `s_i`, which sum to one; equal by default.
        costs: `c_i` of giving, a number or one per player, not below 0.
        knowledge: K, steps that can be learnt.
        outside: `b_i` of a step, in every round, a number or one per player, not below 0.
        rivalry: `r` of a step of others, a number or one per player, not below 0.
        discount: γ, below 1 without a horizon.
        horizon: the number of rounds; None for ever.

    Raises:
        InputError: for numbers outside these limits, and too many payoffs.

    Example:
        >>> game = joint_venture(knowledge=1)
        >>> game
        <MarkovGame joint_venture: 2 players, 3×3 actions, 8 states, for ever, discount 0.9>
        >>> game.states[:4], game.payoffs[:, 0, 0, 1].tolist()                  # one gives, the other keeps
        (('together 00', 'together 01', 'together 10', 'together 11'), [-0.25, 0.75])

    Source: Khanna, Gulati, Nohria (1998), The dynamics of learning alliances, for common and private benefits; the
    numbers of steps and the square are ours.
    """
    n, steps = positive_integer(players, "players", at_least=2), positive_integer(knowledge, "knowledge")
    whole = each_of(worth, "worth", 1)[0]
    parts, spent = shares_of(shares, n), each_of(costs, "costs", n)
    gains, harms = each_of(outside, "outside", n), each_of(rivalry, "rivalry", n)
    discount, horizon = check_length(discount, horizon)
    entries = 2.0 * n * (steps + 1.0) ** min(n, 60) * 3.0 ** min(n, 60)
    check_size("payoffs", entries, 64.0, lambda most: "take fewer players or steps", most=MOST_ENTRIES)
    known = list(product(range(steps + 1), repeat=n))
    states = [(apart, k) for apart in (False, True) for k in known]
    place = {state: number for number, state in enumerate(states)}
    joint = list(product(range(3), repeat=n))
    payoffs, successors = np.zeros((n, len(states), len(joint))), []
    for s, (apart, k) in enumerate(states):
        ahead = []
        for a, actions in enumerate(joint):
            ends, giving = apart or LEAVE in actions, [own == GIVE for own in actions]
            made = whole * Fraction(sum(giving), n) ** 2
            for i in range(n):
                away = gains[i] * k[i] - harms[i] * Fraction(sum(k) - k[i], n - 1)
                payoffs[i, s, a] = float(away if ends else parts[i] * made - spent[i] * giving[i])
            more = tuple(min(steps, k[i] + (sum(giving) > giving[i])) for i in range(n))
            ahead.append(place[(True, k) if ends else (False, more)])
        successors.append(tuple(ahead))
    if not np.isfinite(payoffs).all():
        raise InputError("payoffs must be finite; an entry is beyond the largest double")
    return MarkovGame(
        payoffs.reshape(n, len(states), *(3,) * n), None, tuple(successors), np.eye(len(states))[0], discount, horizon,
        "joint_venture", tuple(f"partner {i + 1}" for i in range(n)), (ACTIONS,) * n,
        tuple(f"{'apart' if apart else 'together'} {_told(k)}" for apart, k in states),
    )  # fmt: skip


def _told(known: tuple[int, ...]) -> str:
    """Steps as digits where they are: "01", "10-3"."""
    return ("" if max(known) < 10 else "-").join(map(str, known))
