"""The coupling at which selfish learners switch: closed forms for symmetric 2×2 games, brackets for all."""

from collections.abc import Sequence
from typing import Any

from nashscape.core.calls import verb
from nashscape.semantics import Playable
from nashscape.theory.thresholds import Threshold, threshold


@verb()
def coupling_threshold(
    game: "Playable",
    *,
    low: float = 0.0,
    high: float = 2.0,
    at: Sequence[Any] | None = None,
    target: Any = None,
    tolerance: float = 1e-9,
) -> Threshold:
    """The coupling at which selfish learners switch towards a joint action: closed forms and a bracket.

    For symmetric 2×2 games of plain players, `z_i = θ_i + κ θ_j`, `closed` has the thresholds of the whole
    diagonal, the regime, the transverse rate and the global threshold; for all games `brackets` are where the first
    step from the strategies `at` changes direction. At given strategies the index is a polynomial of degree two in
    the coupling, so that all crossings are found.

    Args:
        game: one whose players share a set of actions, also over states; or one with coupled semantics, of which
            weights that are all alike on some graph are varied together, and other weights are multiplied by the
            number.
        low: lower end of the couplings; by default 0.
        high: upper end; by default 2.
        at: see `threshold`.
        target: see `threshold`.
        tolerance: the widest bracket; by default 1e-9.

    Raises:
        InputError: for other games, other semantics, and input that does not fit.

    Example:
        >>> from nashscape import games
        >>> found = coupling_threshold(games.prisoners_dilemma())
        >>> found
        <Threshold of CC in prisoners_dilemma over coupling in [0, 2]: up at 0.42857143 ± 5e-10>
        >>> found.closed.kind, round(found.closed.cooperation, 4), round(found.closed.global_threshold, 4)
        ('stable mixture', 0.6667, 0.8165)

    Source: arXiv 2606.27068 for the closed forms and the condition.
    """
    found: Threshold = threshold(game, low, high, dial="coupling", at=at, target=target, tolerance=tolerance)
    return found
