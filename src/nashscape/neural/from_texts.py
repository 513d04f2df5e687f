"""Players whose policies are networks or tables, by name, as studies and the command line have them."""

from collections.abc import Sequence
from typing import Any

from nashscape.core import InputError
from nashscape.neural import echo_states, ready_policies, tabular_policies
from nashscape.neural.coupled_policies import coupled
from nashscape.neural.greedy_values import greedy_values
from nashscape.neural.ready_policies import LAST
from nashscape.neural.row_choices import bins as boxes
from nashscape.neural.row_choices import flags as flagged
from nashscape.neural.shared_policies import shared
from nashscape.neural.soft_values import soft_values


def perceptrons(
    game: Any, hidden: int | Sequence[Any] = (16, 16), activation: str = "tanh", drawn: str = "orthogonal",
    last: float = LAST, spread: float = 0.0, coupling: float | None = None, temperature: float | None = None,
) -> Any:  # fmt: skip
    """`neural.perceptrons` of an environment, written "perceptrons:hidden=16" or "perceptrons:hidden=(16,16)".

    Args:
        game: an environment.
        hidden: units of one hidden layer, or of several.
        activation: as of `neural.perceptrons`, as all that follows.
        drawn: how weights are drawn where runs start.
        last: gain of the last layer.
        spread: logarithm of the standard deviations of points, at first.
        coupling: κ, of players who read each other's weights, see `neural.coupled`; by default nobody reads.
        temperature: of players who play by values, see `neural.soft_values`, as `vdn` has them; by default none does.

    Raises:
        InputError: as these do.

    Example:
        >>> from nashscape.environments import coin_game
        >>> perceptrons(coin_game(), hidden=8).sizes        # 36·8 + 8 + 8·4 + 4
        (332, 332)
    """
    layers = (hidden,) if isinstance(hidden, int) else hidden
    made: Any = ready_policies.perceptrons(game, layers, activation, drawn=drawn, last=last, spread=spread)
    made = made if coupling is None else coupled(made, coupling)
    return made if temperature is None else soft_values(made, temperature)


def recurrent(
    game: Any, units: int | Sequence[int] = 16, drawn: str = "orthogonal", last: float = LAST, spread: float = 0.0,
    coupling: float | None = None,
) -> Any:  # fmt: skip
    """`neural.recurrent` of an environment, written "recurrent:units=16".

    Args:
        game: an environment.
        units: how many numbers are remembered, of all players or of each.
        drawn: as of `neural.recurrent`, as all that follows.
        last: gain of the last layer.
        spread: logarithm of the standard deviations of points, at first.
        coupling: κ, as of `perceptrons`.

    Raises:
        InputError: as `neural.recurrent`, and `neural.coupled`.

    Example:
        >>> from nashscape.environments import coin_game
        >>> [own.shape for own in recurrent(coin_game(), units=4).memory()]
        [(4,), (4,)]
    """
    made = ready_policies.recurrent(game, units, drawn=drawn, last=last, spread=spread)
    return made if coupling is None else coupled(made, coupling)


def tables(
    game: Any, bins: int | Sequence[Any] | None = None, flags: bool = False, start: float = 0.0,
    deviation: float = 0.0, spread: float = 0.0, groups: str | Sequence[Any] | None = None,
    temperature: float | None = None, epsilon: float | None = None, scheduled: bool = False,
) -> Any:  # fmt: skip
    """`neural.tables` of an environment, written "tables", "tables:bins=8" or "tables:groups=all,temperature=0.5".

    Args:
        game: an environment.
        bins: rows by bins of what is seen, see `neural.bins`; by default those of states that are known.
        flags: rows by which flag is up, see `neural.flags`.
        start: what all numbers are at first.
        deviation: standard deviation of what is added to them where runs start.
        spread: logarithm of the standard deviations of points, at first.
        groups: who shares a table, see `neural.shared`: "all", or the group of every player, (0,0,1).
        temperature: of players who play by values, see `neural.soft_values`.
        epsilon: of players who play by values, see `neural.greedy_values`.
        scheduled: whether the rule changes the temperature, or ε.

    Raises:
        InputError: as these do, and for both of two that exclude each other.

    Example:
        >>> from nashscape.environments import coin_game
        >>> tables(coin_game(egocentric=True), temperature=0.1).sizes   # 128 states, 4 moves
        (512, 512)
    """
    for one, other in (
        ((bins, "bins"), (flags or None, "flags")),
        ((temperature, "temperature"), (epsilon, "epsilon")),
    ):
        if one[0] is not None and other[0] is not None:
            raise InputError(f"{one[1]} and {other[1]} exclude each other; leave one out")
    if scheduled and temperature is None and epsilon is None:
        raise InputError("what is scheduled is exploration; give a temperature or an epsilon")
    rows = flagged() if flags else None if bins is None else boxes(bins)
    made: Any = tabular_policies.tables(game, rows, start=start, deviation=deviation, spread=spread)
    made = made if groups is None else shared(made, groups)
    if temperature is not None:
        return soft_values(made, temperature, scheduled=scheduled)
    return made if epsilon is None else greedy_values(made, epsilon, scheduled=scheduled)


def reservoirs(
    game: Any, units: int | Sequence[int] = 32, radius: float = 0.9, leak: float = 1.0, inputs: float = 0.5,
    bias: float = 0.3, seed: int = 0, drawn: str = "orthogonal", last: float = LAST, spread: float = 0.0,
) -> Any:  # fmt: skip
    """`neural.reservoirs` of an environment, written "reservoirs:units=32,radius=0.9".

    Args:
        game: an environment.
        units: how many numbers are remembered, of all players or of each.
        radius: as of `neural.reservoirs`, as all that follows.
        leak: how much of what is remembered is new in every round.
        inputs: standard deviation of the weights of what is seen.
        bias: standard deviation of the bias.
        seed: of what never changes.
        drawn: how readouts are drawn where runs start.
        last: gain of the readout.
        spread: logarithm of the standard deviations of points, at first.

    Raises:
        InputError: as `neural.reservoirs`.

    Example:
        >>> from nashscape.environments import coin_game
        >>> reservoirs(coin_game(), units=8).sizes          # 8·4 + 4
        (36, 36)
    """
    return echo_states.reservoirs(game, units, radius=radius, leak=leak, inputs=inputs, bias=bias, seed=seed,
                                  drawn=drawn, last=last, spread=spread)  # fmt: skip
