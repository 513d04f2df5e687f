"""The sides of a game: players who have one payoff and act for it together, or each by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.games import DenseGame, GameLike, player_index
from nashscape.theory.nash.logit_paths import contracted
from nashscape.theory.written_out import written_out

Floats = npt.NDArray[np.float64]

ROUNDED = 1e-12
"""Of the largest payoff: how far payoffs may differ that are the same but for rounding."""
MOST_PAYOFFS = 1 << 24
"""Payoffs of the largest games: 128 MiB."""


@dataclass(frozen=True, eq=False)
class Sides:
    """A game as its sides see it; made by `sides_of`.

    A strategy of a side is a mixture of each of its members, who draw by themselves: `[width]`, one after the other.

    Attributes:
        game: it, written out.
        teams: the players of every side.
        table: what each side gets at every profile of joint actions, `[k, J_1, …, J_k]`.
        shapes: how many actions each member has, by side.
        seats: of every side the pool from which it takes its strategies; all of a symmetric game take them from one.
    """

    game: DenseGame
    teams: tuple[tuple[int, ...], ...]
    table: Floats
    shapes: tuple[tuple[int, ...], ...]
    seats: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of every side: its player, or the number of its team."""
        return tuple(
            self.game.players[team[0]] if len(team) == 1 else f"team {k + 1}" for k, team in enumerate(self.teams)
        )

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many joint actions each side has."""
        return tuple(self.table.shape[1:])

    @property
    def first(self) -> tuple[int, ...]:
        """Of every pool a side that takes its strategies there."""
        return tuple(self.seats.index(seat) for seat in range(max(self.seats) + 1))

    @property
    def scale(self) -> float:
        """The largest difference of payoffs of one side."""
        return float(max(np.ptp(own) for own in self.table))

    def mixtures(self, side: int, strategy: Floats) -> list[Floats]:
        """What each member of a side plays, `[a]` each."""
        return np.split(strategy, np.cumsum(self.shapes[side])[:-1])

    def joint(self, side: int, strategy: Floats) -> Floats:
        """How likely each joint action of a side is, `[J]`."""
        made: Floats = reduce(np.multiply.outer, self.mixtures(side, strategy)).ravel()
        return made

    def values(self, side: int, others: Sequence[Floats]) -> Floats:
        """What each joint action of a side gets, `[J]`, where every side plays its distribution, `[J]` each."""
        return contracted(self.table[side], others, [side])

    def payoffs(self, joints: Sequence[Floats]) -> Floats:
        """What each side gets where every side plays each of its distributions, `[m_i, J_i]`: `[k, m_1, …, m_k]`."""
        made = self.table
        for own in joints:
            made = np.moveaxis(np.tensordot(made, own, axes=(1, 1)), -1, made.ndim - 1)
        return made

    def member_values(self, side: int, values: Floats, strategy: Floats) -> list[Floats]:
        """What each action of each member gets, `[a]` each; joint actions get `values`, `[J]`, and others play on."""
        own, shaped = self.mixtures(side, strategy), values.reshape(self.shapes[side])
        return [contracted(shaped, own, [k]) for k in range(len(own))]


def sides_of(game: "GameLike", teams: Any = None, *, symmetric: bool = False) -> Sides:
    """A game as its sides see it.

    Args:
        game: one with payoffs for all profiles.
        teams: lists of players, by name or number, each player in one of them; by default each is a side by itself.
        symmetric: whether all sides take their strategies from one pool.

    Raises:
        InputError: for lists that leave a player out or have one twice, members of a side whose payoffs differ, and
            sides that cannot share a pool.

    Example:
        >>> from nashscape import games
        >>> sides_of(games.rock_paper_scissors(), symmetric=True).seats
        (0, 0)
    """
    form = written_out(game, "grow a population of its strategies")
    if form.payoffs.size > MOST_PAYOFFS:
        raise InputError(f"a population is grown in games of up to {MOST_PAYOFFS:,} payoffs; {form.name} has "
                         f"{form.payoffs.size:,}: take fewer players or actions")  # fmt: skip
    found = tuple((i,) for i in range(form.n_players)) if teams is None else _partition(form, teams)
    order = [i for team in found for i in team]
    payoffs = np.transpose(form.payoffs, [0, *(1 + i for i in order)])
    shapes = tuple(tuple(form.shape[i] for i in team) for team in found)
    _check_common(form, found)
    table = np.stack([payoffs[team[0]] for team in found])
    made = table.reshape(len(found), *(int(np.prod(shape)) for shape in shapes))
    if symmetric:
        _check_symmetric(form.name, made, shapes)
    return Sides(form, found, made, shapes, (0,) * len(found) if symmetric else tuple(range(len(found))))


def _partition(form: DenseGame, teams: Any) -> tuple[tuple[int, ...], ...]:
    told = f"teams are lists of players, each of {', '.join(form.players)} in one of them"
    if isinstance(teams, str) or not hasattr(teams, "__iter__"):
        raise InputError(f"{told}; got {teams!r}")
    lists = [[team] if isinstance(team, (str, int)) else list(team) for team in teams]
    found = tuple(tuple(player_index(form, one) for one in team) for team in lists)
    counted = [i for team in found for i in team]
    for what, wrong in (
        ("in two of them", [i for i in counted if counted.count(i) > 1]),
        ("in none", [i for i in range(form.n_players) if i not in counted]),
    ):
        if wrong:
            raise InputError(f"{told}; {form.players[wrong[0]]} is {what}")
    if len(found) < 2 or not all(found):
        raise InputError(f"{told}, and there are two teams or more, each of one player or more; got {lists!r}")
    return found


def _check_common(form: DenseGame, teams: Sequence[Sequence[int]]) -> None:
    for team in teams:
        for one, other in _pairs(team):
            far = np.abs(form.payoffs[one] - form.payoffs[other])
            apart = np.argwhere(far > ROUNDED * np.abs(form.payoffs).max())
            if len(apart):
                place = form.profile_name([int(a) for a in apart[0]])
                raise InputError(f"the players of a team have one payoff; those of {form.players[one]} and "
                                 f"{form.players[other]} differ at {place}: give them their mean, or put them on "
                                 "sides of their own")  # fmt: skip


def _pairs(team: Sequence[int]) -> Iterator[tuple[int, int]]:
    return ((team[0], other) for other in team[1:])


def _check_symmetric(name: str, table: Floats, shapes: Sequence[tuple[int, ...]]) -> None:
    """Whether nothing changes but names where two sides change places, for any two."""
    if len(set(shapes)) > 1:
        raise InputError(f"sides that share one pool have the same actions; those of {name} have "
                         f"{' and '.join(' × '.join(map(str, own)) for own in shapes)}")  # fmt: skip
    for one, other in combinations(range(len(shapes)), 2):
        order = list(range(len(shapes)))
        order[one], order[other] = other, one
        if np.abs(table - table[order].transpose([0, *(1 + k for k in order)])).max() > ROUNDED * np.abs(table).max():
            raise InputError(
                f"sides {one + 1} and {other + 1} of {name} do not see the same game, as they must to share one pool: "
                "what the one gets where they change places is not what the other got; leave out symmetric=True"
            )
