"""How often a program that imitates may act without looking, so that nobody gains by any other program."""

from fractions import Fraction
from typing import Any

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array, fractions_of


@public()
def largest_grounding(game: Any) -> tuple[Fraction | None, Fraction | None]:
    """The largest ε of each player's grounded imitator that leaves the *other* nothing to gain by any program at all.

    The imitator plays its first action with probability ε and else what the other does against it. Whatever the other
    is, it plays its first action with some p, and gets `f(p)`, where the imitator plays it with `q = ε + (1 − ε) p`.
    `f(1) − f(p) = (1 − p) g(p)` with g linear, so nothing is gained where `g(0) ≥ 0` and `g(1) ≥ 0`; with the other's
    payoffs R, S, T, P at (1,1), (1,2), (2,1), (2,2), own action first,

        R − P ≥ ε (T − P)          R − T + (1 − ε) (R − S) ≥ 0

    Args:
        game: of two players with two actions each, or its payoffs `[2, 2, 2]`.

    Returns:
        For each player the largest ε of its program, above 0 and at most 1; None where there is none. With ε = 0 two
        programs would look at each other for ever. Where R ≥ P and 2R ≥ T + S all smaller ε do as well. Two programs of
        such ε are an equilibrium among all programs, not in a table alone.

    Raises:
        InputError: for games of other shapes.

    Example:
        >>> from nashscape import games
        >>> largest_grounding(games.prisoners_dilemma())
        (Fraction(1, 3), Fraction(1, 3))
    """
    table = exact_payoffs(game)
    if table.shape != (2, 2, 2):
        raise InputError(f"this is known of two players with two actions each; got payoffs of shape {table.shape}")
    held = [_largest(*table[1].T.ravel()), _largest(*table[0].ravel())]
    return held[0], held[1]


def _largest(reward: Fraction, sucker: Fraction, temptation: Fraction, punishment: Fraction) -> Fraction | None:
    """The largest ε of both conditions, each `slope ε ≤ room`."""
    low, high = Fraction(0), Fraction(1)
    for slope, room in (
        (temptation - punishment, reward - punishment),
        (reward - sucker, 2 * reward - temptation - sucker),
    ):
        if slope > 0:
            high = min(high, room / slope)
        elif slope < 0:
            low = max(low, room / slope)
        elif room < 0:
            return None
    return high if low <= high and high > 0 else None


def exact_payoffs(game: Any) -> Any:
    """Payoffs of a game, or given as an array, as fractions."""
    exact = getattr(game, "exact_payoffs", None)
    if exact is not None:
        return fractions_of(exact)
    if isinstance(game, str) or not (hasattr(game, "payoffs") or hasattr(game, "__len__")):
        raise InputError(
            f"programs play a game with a table of payoffs, or such a table [2, actions, actions]; got {game!r}"
        )
    rounded, exact = exact_array(getattr(game, "payoffs", game), "payoffs")
    return fractions_of(rounded) if exact is None else exact
