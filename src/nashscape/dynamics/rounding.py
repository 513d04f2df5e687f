"""A setup in the precision in which it is run; see `games.rounding` for what that may do to payoffs."""

from dataclasses import dataclass, replace

from nashscape.dynamics.setup import Setup, in_precision
from nashscape.games.forms.payoff_tables import Floats
from nashscape.games.rounding import rounded_game


@dataclass(frozen=True)
class Ready:
    """A setup whose numbers have the precision in which it is run.

    Attributes:
        setup: what is run.
        precision: "float32" or "float64", as asked or higher.
        removed: what was subtracted from every player's payoffs, `[n]`; zero where nothing was.
        notes: what was done otherwise than asked, in sentences.
    """

    setup: Setup
    precision: str
    removed: Floats
    notes: tuple[str, ...] = ()


def rounded_setup(setup: Setup, precision: str) -> Ready:
    """The setup in this precision, or in the least in which its payoffs survive.

    Sampled updates and reducers see a constant in payoffs: for them none is removed.

    Raises:
        InputError: for payoffs that do not survive in double precision either.
    """
    made = rounded_game(setup.game.game, precision, constants=setup.estimator.exact and not setup.reducers)
    if made.game is not setup.game.game:
        setup = replace(setup, game=replace(setup.game, game=made.game))
    return Ready(in_precision(setup, made.precision), made.precision, made.removed, made.notes)
