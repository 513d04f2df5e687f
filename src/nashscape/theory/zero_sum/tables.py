"""Values and security levels as columns and as tables."""

from itertools import product

import numpy as np

from nashscape.core.columns import Columns
from nashscape.core.exact_numbers import fraction_text
from nashscape.core.tables import Table, one_by_one, shortened, standing
from nashscape.theory.nash.response_vertices import Strategy
from nashscape.theory.zero_sum.results import SecurityLevels, ZeroSumValue


def value_columns(found: ZeroSumValue) -> Columns:
    """A row for every action of every player: its probability, and its range over the optimal strategies known."""
    rows = [
        (player, name, own[k], *found.ranges(i)[k])
        for i, (player, names, own) in enumerate(zip(found.players, found.actions, found.maximin, strict=True))
        for k, name in enumerate(names)
    ]
    players, actions, *numbers = zip(*rows, strict=True)
    made: Columns = {"player": np.array(players), "action": np.array(actions)}
    names = ("probability", "probability_least", "probability_most")
    made |= {name: np.array(own, dtype=float) for name, own in zip(names, numbers, strict=True)}
    return made | {"payoff": np.array([float(found.values[found.players.index(player)]) for player in players])}


@one_by_one
def value_table(found: ZeroSumValue) -> Table:
    """The value, and every extreme optimal strategy of both players."""
    rows = [
        (player, strategy_text(found.actions[i], one))
        for i, player in enumerate(found.players)
        for one in found.optimal[i]
    ]
    more = [
        f"{player} may have other extreme optimal strategies."
        for player, whole in zip(found.players, found.complete, strict=True)
        if not whole
    ]
    first, second = map(fraction_text, found.values)
    return Table(
        f"The value of {found.game}: {first}",
        ("player", "extreme optimal strategies"),
        shortened(rows),
        left=("extreme optimal strategies",),
        notes=(f"{found.players[0]} gets {first}, {found.players[1]} {second}.", *more, *standing([found])),
    )


def strategy_text(names: tuple[str, ...], strategy: Strategy) -> str:
    """The actions that a strategy plays, with their probabilities.

    >>> from fractions import Fraction
    >>> strategy_text(("H", "T"), (Fraction(1, 3), Fraction(2, 3)))
    '1/3 H, 2/3 T'
    """
    return ", ".join(f"{fraction_text(p)} {name}" for name, p in zip(names, strategy, strict=True) if p)


def security_columns(found: SecurityLevels) -> Columns:
    """A row for every player."""
    return {"player": np.array(found.players), "level": found.values, "pure": np.array(found.pure, dtype=float)}


@one_by_one
def security_table(found: SecurityLevels) -> Table:
    """Every player's level, how it makes sure of it, and how the others can hold it to that."""
    rows = []
    for i, player in enumerate(found.players):
        others = [names for j, names in enumerate(found.actions) if j != i]
        joint = tuple("/".join(one) for one in product(*others))
        own = strategy_text(found.actions[i], found.strategies[i])
        rows.append(
            (
                player,
                fraction_text(found.levels[i]),
                fraction_text(found.pure[i]),
                own,
                strategy_text(joint, found.threats[i]),
            )
        )
    together = ["The others may act together."] if len(found.players) > 2 else []
    return Table(
        f"What players can make sure of in {found.game}",
        ("player", "level", "by one action", "by", "held to it by"),
        tuple(rows),
        left=("by", "held to it by"),
        notes=(*together, *standing([found])),
    )
