"""Combinations of the values of several numbers in the order of what they cost."""

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_array, finite_number
from nashscape.learning.dial import Dial
from nashscape.learning.dial_table import DIALS
from nashscape.learning.dials import dial_of

Floats = npt.NDArray[np.float64]
MOST = 10_000


def priced(parameters: Any, prices: Any) -> tuple[tuple[Dial, ...], Floats, Floats]:
    """The dials in the order in which they are turned, all combinations of their values `[K, P]`, and what each costs.

    Raises:
        InputError: for numbers without values or prices, prices that are negative, and two numbers of one name.
    """
    _check_prices(parameters, prices)
    dials = tuple(sorted(map(dial_of, parameters), key=_place))
    return dials, *_priced(tuple(one.name for one in dials), _named(parameters), _named(prices))


def _named(given: Mapping[Any, Any]) -> dict[str, Any]:
    """What was given for every number, by its name.

    Raises:
        InputError: for two numbers of one name.
    """
    named = {dial_of(key).name: own for key, own in given.items()}
    if len(named) < len(given):
        names = ", ".join(dial_of(key).name for key in given)
        raise InputError(f"numbers need different names, such as Dials have; got {names}")
    return named


def _check_prices(parameters: Any, prices: Any) -> None:
    for what, given, such in (("parameters", parameters, "[0, 1, 2]"), ("prices", prices, "1.0")):
        if not isinstance(given, Mapping) or not given:
            raise InputError(
                f"{what} needs an entry for at least one number, such as {{'peer': {such}}}; got {given!r}"
            )
    for name, price in prices.items():
        if not callable(price) and finite_number(price, f"the price of {dial_of(name).name}") < 0:
            raise InputError(
                f"the price of {dial_of(name).name} must be at least 0; got {price:g}, with which more would cost less"
            )


def _place(dial: Dial) -> tuple[int, int]:
    return dial.place, list(DIALS).index(dial.name) if dial.name in DIALS else len(DIALS)


def _priced(names: tuple[str, ...], parameters: Any, prices: Any) -> tuple[Floats, Floats]:
    """All combinations and their costs, cheapest first."""
    if set(names) != set(prices):
        raise InputError(f"every number needs its values and its price; got {sorted(parameters)} and {sorted(prices)}")
    values = [finite_array(parameters[name], f"values of {name}", ndim=1).tolist() for name in names]
    if not 0 < np.prod([len(own) for own in values]) <= MOST:
        raise InputError(f"there must be from 1 to {MOST} combinations; got {[len(own) for own in values]} values")
    each = [{value: _cost(name, prices[name], value) for value in own} for name, own in zip(names, values, strict=True)]
    combinations = np.array(list(itertools.product(*values)))
    costs = np.array([sum(own[x] for own, x in zip(each, row, strict=True)) for row in combinations.tolist()])
    order = np.argsort(costs, kind="stable")
    return combinations[order], costs[order]


def _cost(name: str, price: Any, value: float) -> float:
    cost = finite_number(price(value) if callable(price) else price * value, f"the cost of {name} = {value:g}")
    if cost < 0:
        raise InputError(
            f"the cost of {name} = {value:g} must be at least 0; got {cost:g}; give a function from a value to its cost"
        )
    return cost
