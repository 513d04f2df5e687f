"""Anonymous games from their payoffs by count, and the dilemmas of n players that have names."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.sizes import check_size
from nashscape.games.forms.anonymous_game import AnonymousGame
from nashscape.games.forms.construct import default_names


@public()
def anonymous(
    payoffs: npt.ArrayLike,
    *,
    actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
    players: Sequence[str] | None = None,
    name: str = "anonymous",
) -> AnonymousGame:
    """A game in which payoffs depend on the own action and on how many of the others choose what.

    Args:
        payoffs: for two actions of shape [n, 2, n]: player, own action, and how many of the n − 1 others play the
            first action; without the first axis, [2, n], the same for all players. For k actions of shape
            [n, k, n, …, n] or [k, n, …, n] with k − 1 counts, of those who play the first, …, (k − 1)-th action;
            entries whose counts sum to more than n − 1 mean nothing.
        actions: k names for all players, or one list per player; A, B, C, … by default.
        players: names; "player 1", "player 2", … by default.
        name: of the game.

    Raises:
        InputError: for payoffs that are not finite or not of such a shape, and names that do not fit them.

    Example:
        >>> game = anonymous([[1, 0, 2], [3, 0, 0]])   # three players
        >>> game.payoffs_at((0, 0, 1))   # one other plays A for the first two, two others for the third
        array([0., 0., 0.])
    """
    array = finite_array(payoffs, f"the payoffs of {name}")
    k = array.shape[0] if array.ndim else 0
    if array.ndim == k and k >= 2 and array.shape[1:] == (array.shape[-1],) * (k - 1):
        array = np.broadcast_to(array, (array.shape[-1], *array.shape))
    shape = (array.shape[1],) * array.shape[0] if array.ndim > 2 else ()
    names, people = default_names(shape, actions, players)
    return AnonymousGame(array, name, people, names)


def _counts(players: int) -> tuple[int, npt.NDArray[np.float64]]:
    n = positive_integer(players, "the number of players", at_least=2)
    check_size("payoffs by count", 2 * n**2, 32.0, lambda most: f"{math.isqrt(most // 2):,} players fit")
    return n, np.arange(n, dtype=float)


@public()
def public_goods(players: int = 4, multiplier: float = 1.6, endowment: float = 1.0) -> AnonymousGame:
    """Linear public goods: what is contributed is multiplied and shared by all, contributors or not.

    Each of n players contributes the endowment e (C) or keeps it (D): u_i = e [i keeps] + multiplier · e · m / n when m
    contribute. With 1 < multiplier < n keeping is dominant, and all would be better off if all contributed. The only
    equilibrium is that all keep. Isaac and Walker (1988); by default the 4 players and the multiplier of Fehr and
    Gächter (2000).

    >>> print(public_goods(players=3, multiplier=1.5, endowment=2).table())
    every player:
    others playing C  C  D
                   0  1  2
                   1  2  3
                   2  3  4

    Raises `InputError` unless players ≥ 2, 1 < multiplier < players and endowment > 0.
    """
    n, others = _counts(players)
    multiplier = finite_number(multiplier, "multiplier", low=1.0, high=n, low_open=True, high_open=True)
    endowment = finite_number(endowment, "endowment", low=0.0, low_open=True)
    share = multiplier * endowment / n
    return anonymous([share * (others + 1), endowment + share * others], actions="CD", name="public_goods")


@public()
def volunteers_dilemma(players: int = 3, benefit: float = 2.0, cost: float = 1.0) -> AnonymousGame:
    """Volunteer's Dilemma: one volunteer is enough for all, and each would rather it were another.

    If anyone volunteers (C) everyone gets the benefit b; volunteers pay the cost c; else all get 0. With b > c > 0 the
    pure equilibria are those with exactly one volunteer, and in the symmetric mixed one each volunteers with
    probability 1 − (c/b)^{1/(n−1)}. Diekmann (1985).

    >>> print(volunteers_dilemma().table())
    every player:
    others playing C  C  D
                   0  1  0
                   1  1  2
                   2  1  2

    Raises `InputError` unless players ≥ 2 and benefit > cost > 0.
    """
    _, others = _counts(players)
    cost = finite_number(cost, "cost", low=0.0, low_open=True)
    benefit = finite_number(benefit, "benefit", low=cost, low_open=True)
    payoffs = [np.full_like(others, benefit - cost), benefit * (others > 0)]
    return anonymous(payoffs, actions="CD", name="volunteers_dilemma")


@public()
def threshold_stag_hunt(
    players: int = 4, threshold: int = 3, multiplier: float = 5.0, cost: float = 1.0
) -> AnonymousGame:
    """Stag Hunt of n players: contributions are worth something only if enough players contribute.

    Contributing (C) costs c. When m players contribute, everyone gets multiplier · c · m / n if m ≥ threshold and
    nothing if fewer do. With threshold ≥ 2 that all defect is an equilibrium, and with multiplier > n / threshold it
    pays to be among those who just reach the threshold. The other pure equilibria are that all contribute if
    multiplier > n, and that exactly `threshold` players do if multiplier < n. Pacheco, Santos, Souza and Skyrms (2009),
    Evolutionary dynamics of collective action in N-person stag hunt dilemmas.

    >>> print(threshold_stag_hunt().table())
    every player:
    others playing C     C     D
                   0    -1     0
                   1    -1     0
                   2  2.75     0
                   3     4  3.75

    Raises `InputError` unless 2 ≤ threshold ≤ players, multiplier > players / threshold and cost > 0.
    """
    n, others = _counts(players)
    threshold = positive_integer(threshold, "threshold", at_least=2)
    if threshold > n:
        raise InputError(f"threshold must be at most the number of players, {n}; got {threshold}")
    multiplier = finite_number(multiplier, "multiplier", low=n / threshold, low_open=True)
    cost = finite_number(cost, "cost", low=0.0, low_open=True)

    def shared(contributors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.where(contributors >= threshold, multiplier * cost * contributors / n, 0.0)

    return anonymous([shared(others + 1) - cost, shared(others)], actions="CD", name="threshold_stag_hunt")
