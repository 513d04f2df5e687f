"""Games made from what they have in common: teams, teams with unequal shares, and potential games."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, exact_array, exact_values, fractions_of
from nashscape.games.families.shapes import action_counts
from nashscape.games.forms.construct import dense
from nashscape.games.forms.dense_game import DenseGame


@public()
def potential_game(
    potential: npt.ArrayLike,
    *,
    shares: npt.ArrayLike | None = None,
    apart: Sequence[npt.ArrayLike] | None = None,
    actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
    players: Sequence[str] | None = None,
    name: str = "potential_game",
) -> DenseGame:
    """The game `u_i(a) = w_i P(a) + Q_i(a_-i)`: of a team, of one with unequal shares, or with a potential.

    With the potential P alone it is a team whose members all get the same. With shares w each gets its share of what
    the team makes; P is then a weighted potential. With Q, which the own action does not change, it is a potential game
    of any kind: with `w_i = 1` all exact potential games are of this form.

    Args:
        potential: `P`, shape [a_1, …, a_n]; numbers, fractions or texts such as "1/3", which are kept.
        shares: `w_i`, above 0, one for each player; 1 by default.
        apart: `Q_i`, for each player of the shape of P without its own axis; nothing by default.
        actions: names, as in `dense`.
        players: names.
        name: of the game.

    Raises:
        InputError: for arrays and shares that do not fit.

    Example:
        >>> print(potential_game([[3, 0], [0, 1]], shares=[1, 2]).table())
              A     B
        A  3, 6  0, 0
        B  0, 0  1, 2

    Source: Monderer, Shapley (1996); Marschak, Radner (1972) for teams.
    """
    table = _exact(potential, "potential")
    shape = action_counts(table.shape)
    n = len(shape)
    weights = exact_values([1] * n if shares is None else shares, "shares")
    if len(weights) != n or min(weights) <= 0:
        raise InputError(f"shares are above 0, one for each of {n} players; got {shares!r}")
    if apart is not None and len(apart) != n:
        raise InputError(f"what players get apart is one array for each of {n} players; got {len(apart)}")
    own = [_apart(one, i, shape) for i, one in enumerate(apart or [])]
    payoffs = [w * table + (own[i] if own else 0) for i, w in enumerate(weights)]
    return dense(np.stack(payoffs), actions=actions, players=players, name=name)


def _apart(values: npt.ArrayLike, player: int, shape: tuple[int, ...]) -> Objects:
    made, wanted = _exact(values, f"what player {player + 1} gets apart"), shape[:player] + shape[player + 1 :]
    if made.shape != wanted:
        raise InputError(
            f"what player {player + 1} gets apart depends on the others' actions alone, shape {list(wanted)}; got "
            f"{list(made.shape)}"
        )
    return np.expand_dims(made, player)


def _exact(values: npt.ArrayLike, name: str) -> Objects:
    rounded, exact = exact_array(values, name)
    return fractions_of(rounded) if exact is None else exact
