"""The boundary test in many games at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, finite_number
from nashscape.core.calls import verb
from nashscape.semantics import ParametricGame
from nashscape.semantics.parametric_game import is_parametric
from nashscape.theory.programs.boundary import TOLERANCE, corner_of, together, verdicts_of
from nashscape.theory.programs.deviations import best_deviations, problems

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BoundaryTests:
    """The same test in K games. Made by `boundary_tests`.

    Attributes:
        verdicts: "yes", "no" or "undecided", `[K]`.
        deviations: parameter of every player's best deviation, `[K, n]`.
        gain_low: what it gains at least, `[K, n]`, in payoff units.
        gain_high: what no deviation exceeds, `[K, n]`.
    """

    verdicts: npt.NDArray[np.str_]
    deviations: Floats
    gain_low: Floats
    gain_high: Floats


@verb()
def boundary_tests(
    games: Sequence[ParametricGame],
    corner: str | Sequence[Any] | Floats,
    *,
    bound: float = 8.0,
    tolerance: float = TOLERANCE,
) -> BoundaryTests:
    """`boundary_test` of the same corner in many games that differ in numbers only, thousands a second.

    Args:
        games: K games with one parameter per player.
        corner: see `boundary_test`.
        bound: see `boundary_test`; by default 8.
        tolerance: see `boundary_test`; by default 1e-9.

    Raises:
        InputError: as `boundary_test`, and for games of different structure or with more parameters per player.

    Example:
        >>> from nashscape import games, open_source
        >>> donation = games.donation(benefit=3, cost=1)
        >>> boundary_tests([open_source(donation, k) for k in (0.2, 0.4, 0.7)], "CC", bound=1).verdicts.tolist()
        ['no', 'yes', 'yes']
    """
    if is_parametric(games):
        raise InputError("boundary_tests takes a list of games; for one game use boundary_test")
    if not isinstance(games, Sequence) or not games or not all(is_parametric(game) for game in games):
        raise InputError(f"boundary_tests takes a list of games whose players have a semantics; got {games!r}")
    bound = finite_number(bound, "bound", low=0.0, low_open=True)
    _, theta = corner_of(games[0], corner, bound)
    profiles = np.tile(theta, (len(games), 1))
    margins = tolerance * np.array([game.game.payoff_range for game in games])
    each = [best_deviations(problems(games, i, profiles), -bound, bound, margins) for i in range(len(games[0].sizes))]
    verdicts = [together(own) for own in zip(*(verdicts_of(one) for one in each), strict=True)]
    return BoundaryTests(
        np.array(verdicts),
        np.stack([one.at for one in each], axis=1),
        np.stack([one.gain_low for one in each], axis=1),
        np.stack([one.gain_high for one in each], axis=1),
    )
