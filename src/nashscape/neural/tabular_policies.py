"""Tables: players who have a row of numbers for everything that they may see."""

from collections.abc import Sequence
from typing import Any

import equinox as eqx
import jax
import numpy as np

from nashscape.core import InputError, finite_number
from nashscape.core.calls import public
from nashscape.core.checks import one_or_each
from nashscape.games.offers import needs
from nashscape.neural.held_policies import Policies
from nashscape.neural.ready_policies import policies_of
from nashscape.neural.row_choices import WAYS, RowChoice, rows_of


class RowTable(eqx.Module):
    """A row of numbers for each of finitely many things that may be seen.

    Attributes:
        numbers: `[rows, outputs]`; these are what is learnt.
        rows: from what is seen to the number of its row.
        deviation: standard deviation of what is added to them where runs start.
    """

    numbers: Any
    rows: Any
    deviation: float = eqx.field(static=True)

    tabular = True

    def __call__(self, observation: jax.Array) -> jax.Array:
        """The row, `[outputs]`."""
        row: jax.Array = self.numbers[self.rows(observation)]
        return row

    def drawn(self, key: jax.Array) -> "RowTable":
        """The same with `N(0, deviation²)` added to every number, independently, in single precision."""
        noise = np.float32(self.deviation) * jax.random.normal(key, self.numbers.shape, "float32")
        return eqx.tree_at(lambda own: own.numbers, self, self.numbers + noise)


Rows = RowChoice | Sequence[RowChoice | None] | None


@public()
def tables(
    environment: Any, rows: Rows = None, *, start: Any = 0.0, deviation: float = 0.0, spread: float = 0.0
) -> Policies:
    """Players without networks: each has a table with a row of numbers for everything it may see, `[rows, actions]`.

    The numbers are logits; with `soft_values` or `greedy_values` they are values of actions. Where players choose
    points they are means, and the logarithms of standard deviations are the same in all rows. All rules for networks
    learn tables too, and `q_learning` learns values in them one round after the other.

    Args:
        environment: what is played.
        rows: how an observation becomes a row, for all players, or a tuple with one for each: `bins`, `flags` or
            `rows_by`. None where players see whole numbers, or where the states of the environment are known, as in
            games that are played: then every different view is a row, in the order of the states, and players who may
            see the same things have their rows in the same order.
        start: what all numbers are at first, one for all players or one each: a high one makes players who learn
            values try all actions.
        deviation: standard deviation of what is added to every number, independently, where runs start.
        spread: logarithm of the standard deviations of points, at first.

    Raises:
        InputError: for what is not played round by round, and where nobody knows what the rows are.

    Example:
        >>> from nashscape import environments, games, parametric
        >>> environment = environments.of_game(games.iterated_prisoners_dilemma(), limit=16)
        >>> parametric(environment, tables(environment)).sizes      # a first round, and CC, CD, DC, DD: 5 · 2
        (10, 10)
    """
    needs(environment, "plays", to="be played by policies")
    n = len(environment.action_spaces)
    made, starts = rows_of(environment, _each(rows, n)), one_or_each(start, "start", n)
    apart = finite_number(deviation, "deviation", low=0.0)
    return policies_of(
        environment,
        lambda i, _, outputs: _table(made[i], outputs, float(starts[i]), apart),
        finite_number(spread, "spread"),
    )


@public()
def value_tables(environment: Any, rows: Rows = None, *, start: float = 0.0) -> tuple[RowTable, ...]:
    """Critics without networks: for every player a table with one number for everything it may see.

    Args:
        environment: what is played.
        rows: how an observation becomes a row, as in `tables`.
        start: what all numbers are at first, in the unit of the rewards that critics see.

    Raises:
        InputError: as `tables`.

    Example:
        >>> from nashscape import environments, games, neural
        >>> environment = environments.of_game(games.iterated_prisoners_dilemma(), limit=16)
        >>> rule = neural.a2c(critics=value_tables(environment))    # the same as critics="tables"
    """
    needs(environment, "plays", to="be valued")
    made = rows_of(environment, _each(rows, len(environment.action_spaces)))
    return tuple(_table(own, 1, finite_number(start, "start"), 0.0) for own in made)


def _table(rows: Any, outputs: int, start: float, deviation: float) -> RowTable:
    return RowTable(np.full((rows.count, outputs), start, np.float32), rows, deviation)


def _each(rows: Rows, n: int) -> tuple[RowChoice | None, ...]:
    """The choice of every player."""
    given = tuple(rows) if isinstance(rows, Sequence) else (rows,) * n
    if len(given) != n:
        raise InputError(f"there are {n} players; got {len(given)} ways to find rows: give one, or one each")
    for own in given:
        if own is not None and not hasattr(own, "rows"):
            raise InputError(f"rows must be {WAYS}; got {own!r}")
    return given
