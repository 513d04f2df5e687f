"""The box at which a corner becomes, or ceases to be, a program equilibrium."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Bracket, InputError, finite_number, positive_integer
from nashscape.core.brackets import Answer
from nashscape.core.calls import verb
from nashscape.core.searching import Halves, search
from nashscape.semantics import Playable, parametric
from nashscape.theory.programs.boundary import TOLERANCE, corner_of, together, verdict_of
from nashscape.theory.programs.deviations import best_deviations, problems

Floats = npt.NDArray[np.float64]
ANSWERS: Mapping[str, bool] = MappingProxyType({"yes": True, "no": False})
"""What verdicts answer; the undecided are no answer."""


@verb()
def critical_box(
    game: "Playable",
    corner: Any,
    *,
    low: float = 0.1,
    high: float = 16.0,
    samples: int = 65,
    tolerance: float = 1e-6,
) -> tuple[Bracket, ...]:
    """The boxes `[−M, M]` between which the verdict of `boundary_test` on a corner changes, in order.

    Verdicts at the ends of a bracket are proved: where it rises, no at the smaller box and yes at the larger. Undecided
    ones lie within it, and it is narrowed from both sides of them. Between neighbouring samples that agree two changes
    can be missed.

    Args:
        game: a game whose players have one parameter each.
        corner: the name of a corner, as in `boundary_test`.
        low: the smallest M; by default 0.1.
        high: the largest; by default 16.
        samples: boxes tested first, spaced evenly in the logarithm of M; by default 65.
        tolerance: the widest bracket; by default 1e-6.

    Raises:
        InputError: as `boundary_test` does, and for profiles that are no corners.

    Example:
        >>> from nashscape import games, open_source
        >>> [flip] = critical_box(open_source(games.prisoners_dilemma(), 0.7), "CC")
        >>> flip.rises, round(flip.low, 3)
        (False, 1.481)
    """
    learners = parametric(game)
    low, high = finite_number(low, "low", low=0.0, low_open=True), finite_number(high, "high")
    if not low < high:
        raise InputError(f"boxes need low < high; got {low:g} and {high:g}")
    positive_integer(samples, "samples", at_least=2)
    name, signs = corner_of(learners, corner, 1.0)
    if not name:
        raise InputError(f"a corner is given by its name, such as 'CC'; got {corner!r}")

    def verdicts(bounds: Floats) -> list[Answer]:
        margin = TOLERANCE * learners.game.payoff_range
        profiles = bounds[:, None] * signs
        each = [best_deviations(problems([learners], i, profiles), -bounds, bounds, margin) for i in range(len(signs))]
        own = [[verdict_of(*both) for both in zip(one.gain_low, one.gain_high, strict=True)] for one in each]
        return [ANSWERS.get(together(given)) for given in zip(*own, strict=True)]

    bounds = np.geomspace(low, high, samples)
    # the scan is tested all at once, and looked up when the search asks
    scanned = dict(zip(bounds.tolist(), verdicts(bounds), strict=True))

    def ask(size: float) -> Answer:
        return scanned[size] if size in scanned else verdicts(np.array([size]))[0]

    return search(ask, Halves(tuple(scanned), tolerance)).brackets
