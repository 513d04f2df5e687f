"""Bayesian games from payoffs and a prior, checked."""

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.core.calls import public
from nashscape.core.exact_numbers import exact_array, fractions_of
from nashscape.games.forms.bayesian_game import BayesianGame
from nashscape.games.forms.bayesian_priors import read_prior
from nashscape.games.forms.construct import default_names

MOST_ENTRIES = 20_000_000
"""Payoffs of the largest games, of all players together."""

Payoffs = Callable[[tuple[Any, ...], tuple[str, ...]], Sequence[Any]]


@public()
def bayesian_game(
    payoffs: Any,
    prior: Any = None,
    *,
    types: Sequence[Any] | None = None,
    actions: Sequence[str] | Sequence[Sequence[str]] | None = None,
    players: Sequence[str] | None = None,
    name: str = "bayesian_game",
) -> BayesianGame:
    """A Bayesian game from payoffs `u_i(t, a)` of joint types t and joint actions a, and a common prior of types.

    Args:
        payoffs: an array `[n, T_1, …, T_n, a_1, …, a_n]`; or a list of an array `[T_1, …, T_n, a_1, …, a_n]` for every
            player, in which an axis of types may have length 1 where the type does not matter to the player; or a
            function of (types, actions), two tuples with an entry for each player, to a payoff for each, for which
            `types` and `actions` are needed. Entries may be fractions or texts such as "1/3", which are kept exactly.
        prior: joint probabilities `[T_1, …, T_n]`, or a list of a distribution `[T_i]` for every player, whose types
            are then independent; by default all joint types are as likely. A type may have probability zero: its row
            of a strategy does not move under learning, what it would earn is not known, and equilibria say nothing of
            it.
        types: of every player the names of its types; a function is given what stands here. "1", "2", … by default.
        actions: names, one list for all players or one for each; A, B, C, … by default.
        players: names, "player 1", … by default.
        name: of the game.

    Raises:
        InputError: for shapes that do not fit, payoffs that are not finite, probabilities that are negative or do not
            sum to one, names that do not fit, and games of more than 20,000,000 payoffs.

    Example:
        >>> def pay(types, actions):
        ...     together = actions[0] == actions[1]
        ...     friendly = types[1] == "meet"
        ...     return (2 if actions[0] == "F" else 1) * together, (1 + (actions[1] == "O")) * (together == friendly)
        >>> bayesian_game(pay, types=[["her"], ["meet", "avoid"]], actions="FO", name="sexes")
        <BayesianGame sexes: 2 players, types×actions 1×2 · 2×2, joint prior>

    Source: Harsanyi (1967).
    """
    if callable(payoffs):
        payoffs = _called(payoffs, types, actions, players, name)
    elif hasattr(payoffs, "shape") or not _each_array(payoffs):
        payoffs = _split(payoffs, name)
    given = [exact_array(own, f"the payoffs of player {i + 1} in {name}") for i, own in enumerate(payoffs)]
    n = len(given)
    counts, shape = _sizes([own.shape for own, _ in given], prior, types)
    size = n * math.prod(counts) * math.prod(shape)
    if sum(own.size for own, _ in given) > MOST_ENTRIES:
        raise InputError(
            f"{name} has {size:,} payoffs; at most {MOST_ENTRIES:,} are taken: take fewer types or actions"
        )
    chances, exact_chances = read_prior(prior, counts, name)
    names, people = default_names(shape, actions, players)
    kinds = tuple(tuple(str(k + 1) for k in range(count)) for count in counts)
    kinds = kinds if types is None else tuple(tuple(str(one) for one in own) for own in types)
    check_names(people, names, kinds, counts, shape)
    exact = None
    if any(own is not None for _, own in given):
        exact = tuple(fractions_of(own) if kept is None else kept for own, kept in given)
    for own in (*(own for own, _ in given), *chances):
        own.flags.writeable = False
    return BayesianGame(tuple(own for own, _ in given), chances, name, people, names, kinds, exact, exact_chances)


def _each_array(payoffs: Any) -> bool:
    """Whether a list holds an array for every player, which may have other shapes."""
    return all(hasattr(own, "shape") for own in payoffs) if hasattr(payoffs, "__iter__") else False


def _split(payoffs: Any, name: str) -> list[npt.NDArray[Any]]:
    rounded, exact = exact_array(payoffs, f"the payoffs of {name}")
    array: npt.NDArray[Any] = rounded if exact is None else exact
    n = array.shape[0] if array.ndim else 0
    if n < 2 or array.ndim != 1 + 2 * n:
        raise InputError(
            f"payoffs must have shape [n, T_1, …, T_n, a_1, …, a_n] for n ≥ 2 players; got {list(array.shape)}"
        )
    return list(array)


def _called(pay: Payoffs, types: Any, actions: Any, players: Any, name: str) -> list[Any]:
    """Payoffs by player, from a function of types and actions."""
    if types is None or actions is None:
        raise InputError("payoffs are a function: give types and actions, whose names, or values, it is called with")
    if any(not hasattr(own, "__iter__") for own in types):
        raise InputError(f"types are a list of names, or values, for every player; got {types!r}")
    kinds = [list(own) for own in types]
    n = len(kinds)
    acts = [list(own) for own in ([actions] * n if all(isinstance(one, str) for one in actions) else actions)]
    if n < 2 or len(acts) != n:
        raise InputError(f"give types and actions for every one of at least two players; got {n} and {len(acts)}")
    shape = (*map(len, kinds), *map(len, acts))
    if n * math.prod(shape) > MOST_ENTRIES:
        raise InputError(
            f"{name} has {n * math.prod(shape):,} payoffs; at most {MOST_ENTRIES:,} are taken: take fewer types or "
            "actions"
        )
    made = np.empty((n, *shape), dtype=object)
    for place in product(*map(range, shape)):
        joint = tuple(own[k] for own, k in zip(kinds, place[:n], strict=True))
        played = tuple(own[k] for own, k in zip(acts, place[n:], strict=True))
        found = pay(joint, played)
        paid = list(found) if hasattr(found, "__len__") and not isinstance(found, str) else [found]
        if len(paid) != n:
            raise InputError(f"payoffs of {joint}, {played} must be {n} numbers; got {paid}")
        index: tuple[Any, ...] = (slice(None), *place)
        made[index] = [_number(own) for own in paid]
    return list(made)


def _number(value: Any) -> Any:
    """A payoff of a function: truth values count as 0 and 1, and NumPy's numbers are those of Python."""
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if isinstance(plain, bool) else plain


def _sizes(shapes: list[tuple[int, ...]], prior: Any, types: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers of types and of actions."""
    n = len(shapes)
    acts = shapes[0][n:] if n else ()
    if n < 2 or any(len(own) != 2 * n or own[n:] != acts for own in shapes) or min(acts, default=0) < 1:
        raise InputError(
            f"each of n ≥ 2 players needs payoffs of shape [T_1, …, T_n, a_1, …, a_n] with the same actions; got "
            f"{[list(own) for own in shapes]}"
        )
    counts = tuple(max(own[j] for own in shapes) for j in range(n))
    if types is not None and [len(own) for own in types] != list(counts):
        sizes = tuple(len(own) for own in types)
        if len(sizes) != n or any(own[j] not in (1, sizes[j]) for own in shapes for j in range(n)):
            raise InputError(f"there are {list(counts)} types in the payoffs, and names of {list(sizes)}")
        counts = sizes
    if any(own[j] not in (1, counts[j]) for own in shapes for j in range(n)) or min(counts) < 1:
        raise InputError(
            f"axes of types must have lengths {list(counts)} or 1; got {[list(own[:n]) for own in shapes]}"
        )
    return counts, acts


def check_names(
    players: tuple[str, ...],
    actions: tuple[tuple[str, ...], ...],
    types: tuple[tuple[str, ...], ...],
    counts: tuple[int, ...],
    shape: tuple[int, ...],
) -> None:
    """Raise `InputError` unless players, actions and types have different names, by which profiles can be read."""
    if len(players) != len(counts) or len(set(players)) != len(counts):
        raise InputError(f"the game needs {len(counts)} different player names; got {players}")
    for what, names, sizes in (("action", actions, shape), ("type", types, counts)):
        if tuple(map(len, names)) != sizes or any(len(set(own)) != len(own) for own in names):
            raise InputError(f"the players need {list(sizes)} different {what} names; got {names}")
    for name in (one for own in actions for one in own):
        if not isinstance(name, str) or not name or set(name) & set(",/ "):
            raise InputError(f"an action name must be a text without commas, slashes and blanks; got {name!r}")
