"""Players whose policies are networks, by name, as studies and the command line have them."""

from collections.abc import Sequence
from typing import Any

from nashscape.neural import echo_states, ready_policies
from nashscape.neural.coupled_policies import coupled
from nashscape.neural.ready_policies import LAST
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
