"""Battles of teams: both bring a team unseen, and every turn both attack or switch at once."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

from nashscape.core import InputError, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.games.families.battle_creatures import Creature, checked_roster
from nashscape.games.families.battle_teams import TeamBattles
from nashscape.games.families.battle_turns import damages, side_states

MOST_STATES = 40_000
"""Pairs of states of the largest battles."""


@public()
def team_battles(roster: Sequence[Creature], *, types: int = 5, members: int = 2, critical: Any = 0.125) -> TeamBattles:
    """Battles between all teams of a roster of creatures, with their exact values.

    Both bring a team unseen, in an order, the lead first; then everything is seen. Every turn both choose at once: a
    move of who is in play, or to switch to another member. Switches come first, and who comes in is struck. The
    faster of two attackers strikes first, equals toss a coin; who falls strikes no more, and the next in the team's
    circle who stands comes in. A turn in which both switch costs both who come in a point. Who is left wins, 1 against
    −1, and 0 where the last of both fall together.

    Every turn takes points, so that battles end, and their values are found from the end backwards: in each state a
    matrix game of what both choices lead to.

    Args:
        roster: `games.Creature`s.
        types: in the circle, three or more: a type's moves take twice as much from the next, half from the one before.
        members: of a team, from 1.
        critical: how likely a strike takes one point more, from 0 to below 1.

    Raises:
        InputError: for fewer creatures than members, creatures outside their limits, and battles of too many states.

    Example:
        >>> from nashscape import games
        >>> found = team_battles(games.random_roster(6))
        >>> found
        <TeamBattles: 30 teams of 6 creatures>
        >>> found.names[:3], round(found.value(0, 9), 6), found.solved
        (('c1+c2', 'c1+c3', 'c1+c4'), -0.53125, 1)

    What to bring is found by double oracle, which looks at few battles where there are many teams:

        >>> from nashscape.populations import grow
        >>> grown = grow(found, generations=30)
        >>> float(grown.gains[-1].max()) < 1e-9, len(grown.members[0]) < 12
        (True, True)

    Source: the rules are those of battles of the series Pokémon, made small; Angliss, Cui, Hu, Rahman, Stone (2025) for
    the choice of teams as what makes strategies hard to carry over.
    """
    types, members = positive_integer(types, "types", at_least=3), positive_integer(members, "members")
    critical = finite_number(critical, "critical", low=0.0, high=1.0, high_open=True)
    found = checked_roster(roster, types)
    if len(found) < members:
        raise InputError(f"a team has {members} members, and the roster {len(found)}: give more creatures")
    taken = damages(found, types)
    health = max(one.health for one in found)
    states = 1 + members * health * (health + 1) ** (members - 1)
    if states**2 > MOST_STATES:
        raise InputError(f"a battle has at most {MOST_STATES:,} pairs of states; teams of {members} with a health of "
                         f"{health} have {states**2:,}: take fewer members or points")  # fmt: skip
    side = side_states(members, health, int(taken.max()) + 1)
    return TeamBattles(found, types, critical, tuple(permutations(range(len(found)), members)), side, taken)
