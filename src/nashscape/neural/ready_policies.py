"""Ready policies: perceptrons, and recurrent networks that remember."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nashscape.core import InputError, choice, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.environments.spaces import Space
from nashscape.games.offers import needs
from nashscape.neural.drawing import WAYS, Drawing
from nashscape.neural.held_policies import Policies, policies
from nashscape.neural.layers import ACTIVATIONS, Sight, Spread, gated, layers
from nashscape.semantics.heads import head_of

LAST = 0.01
"""So small a gain of the last layer lets all runs start near uniform play."""


@public()
def perceptrons(
    environment: Any,
    hidden: Sequence[Any] = (16, 16),
    activation: str = "tanh",
    *,
    drawn: str = "orthogonal",
    last: float = LAST,
    spread: float = 0.0,
) -> Policies:
    """Players who act on what a perceptron makes of what they see: `W_k a(… a(W_1 x + b_1) …) + b_k`.

    Args:
        environment: what is played. Of an observation that is a whole number there is one input for every value, of an
            array one for every entry.
        hidden: units of the hidden layers, as in (16, 16), or of every player, as in [(16, 16), (8,)].
        activation: a: "tanh", "relu", "silu" or "gelu".
        drawn: how weights are drawn where runs start: "orthogonal" with gain √2, and `last` in the last layer, or
            "lecun", all from `N(0, 1/m)` with m inputs. Biases are zero.
        last: gain of the last layer. With the usual .01 all runs start near uniform play, so that what differs between
            them is chance; with 1 they start at policies of many kinds.
        spread: logarithm of the standard deviations of points, at first. They are parameters of their own.

    Raises:
        InputError: for what is not played round by round, and sizes and names that are none.

    Example:
        >>> from nashscape import environments, games, parametric
        >>> environment = environments.of_game(games.iterated_prisoners_dilemma(), limit=16)
        >>> learners = parametric(environment, perceptrons(environment, hidden=(4,)))
        >>> learners.sizes                          # 3·4 + 4 + 4·2 + 2
        (26, 26)
    """
    needs(environment, "plays", to="be played by policies")
    activation = choice(activation, "activation", tuple(ACTIVATIONS))
    sizes = _hidden(hidden, len(environment.action_spaces))
    drawing = drawing_of(drawn, last)
    return policies_of(
        environment,
        lambda i, sight, outputs: layers(sight, sizes[i], outputs, activation, drawing),
        finite_number(spread, "spread"),
    )


@public()
def recurrent(
    environment: Any,
    units: int | Sequence[int] = 16,
    *,
    drawn: str = "orthogonal",
    last: float = LAST,
    spread: float = 0.0,
) -> Policies:
    """Players who remember: a gated recurrent unit (GRU) reads what they see, and a layer makes numbers of its memory.

        h_t = GRU(x_t, h_{t−1}),  numbers = W h_t + b,  h = 0 before an episode

    Args:
        environment: what is played, as in `perceptrons`.
        units: how many numbers are remembered, of all players or of each.
        drawn: as in `perceptrons`; of gates the gain is 1.
        last: gain of the last layer.
        spread: logarithm of the standard deviations of points, at first.

    Raises:
        InputError: for what is not played round by round, and sizes and names that are none.

    Example:
        >>> from nashscape import environments, games
        >>> environment = environments.of_game(games.iterated_prisoners_dilemma(), limit=16)
        >>> [own.shape for own in recurrent(environment, units=4).memory()]
        [(4,), (4,)]

    Source: Cho et al. 2014, as `equinox.nn.GRUCell`.
    """
    needs(environment, "plays", to="be played by policies")
    counts = units_of(environment, units)
    drawing = drawing_of(drawn, last)
    return policies_of(
        environment,
        lambda i, sight, outputs: gated(sight, counts[i], outputs, drawing),
        finite_number(spread, "spread"),
    )


def units_of(environment: Any, units: int | Sequence[int]) -> tuple[int, ...]:
    """How many numbers each player remembers, of one count for all or one for each."""
    n = len(environment.action_spaces)
    given = tuple(units) if isinstance(units, Sequence) else (units,) * n
    if len(given) != n:
        raise InputError(f"{environment.name} has {n} players; got units {units!r}: give one number, or one each")
    return tuple(positive_integer(own, "units") for own in given)


def policies_of(environment: Any, module: Callable[[int, Sight, int], Any], spread: float) -> Policies:
    """Policies of a module for every player, given what it sees and how many numbers it gives."""
    modules = []
    for i, (seen, done) in enumerate(zip(environment.observation_spaces, environment.action_spaces, strict=True)):
        head = head_of(done)
        means = len(getattr(head, "low", ()))
        own = module(i, sight_of(seen), means or head.size)
        modules.append(Spread(own, np.full(means, spread, np.float32)) if means else own)
    return policies(environment, modules)


def sight_of(space: Space) -> Sight:
    """How what a player sees becomes a vector."""
    count = getattr(space, "n", None)
    return Sight(int(np.prod(space.shape)), False) if count is None else Sight(count, True)


def _hidden(hidden: Sequence[Any], n: int) -> tuple[tuple[int, ...], ...]:
    """Units of the hidden layers of every player."""
    if not isinstance(hidden, Sequence):
        raise InputError(
            f"hidden must be units of hidden layers, such as (16, 16), or a tuple for each player; got {hidden!r}"
        )
    given = tuple(hidden)
    each = given if given and all(isinstance(own, Sequence) for own in given) else (given,) * n
    if len(each) != n:
        raise InputError(f"there are {n} players; hidden gives layers of {len(each)}: give one tuple, or one each")
    return tuple(tuple(positive_integer(own, "an entry of hidden") for own in player) for player in each)


def drawing_of(drawn: str, last: float) -> Drawing:
    """How weights are drawn, checked."""
    return Drawing(choice(drawn, "drawn", WAYS), finite_number(last, "last", low=0.0, low_open=True))
