"""Actions and mixtures as people give them, as exact probabilities."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from nashscape.core import InputError
from nashscape.core.checks import positive_integer
from nashscape.core.exact_numbers import exact_values
from nashscape.programs.rules import Shares


def action(given: Any) -> Callable[[int], Shares]:
    """The shares of an action or a mixture among so many actions."""
    if not hasattr(given, "__len__") or isinstance(given, str):
        number = positive_integer(given, "an action", at_least=0)
        return lambda count: _pure(number, count)
    shares = tuple(exact_values(given, "probabilities of actions"))
    if any(share < 0 for share in shares) or abs(sum(shares, Fraction(0)) - 1) > Fraction(1, 10**9):
        raise InputError(f"probabilities of actions are at least 0 and sum to one; got {told(given)}")
    exact = tuple(share / sum(shares, Fraction(0)) for share in shares)
    return lambda count: _mixed(exact, count)


def _pure(number: int, count: int) -> Shares:
    if number >= count:
        raise InputError(f"a program plays action {number}; there are {count}, numbered from 0")
    return tuple(Fraction(int(k == number)) for k in range(count))


def _mixed(shares: Shares, count: int) -> Shares:
    if len(shares) != count:
        raise InputError(f"a program mixes {len(shares)} actions; its player has {count}")
    return shares


def told(given: Any) -> str:
    """An action or a mixture as text."""
    if not hasattr(given, "__len__") or isinstance(given, str):
        return str(given)
    return f"[{', '.join(map(str, exact_values(given, 'probabilities of actions')))}]"
