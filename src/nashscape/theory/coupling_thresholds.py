"""The coupling at which selfish learners switch: closed forms for symmetric 2×2 games, brackets for all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nashscape.core import InputError
from nashscape.games import Game
from nashscape.semantics import ParametricGame, open_source
from nashscape.semantics.coupling import weights_of, with_weights
from nashscape.semantics.parametric_game import is_parametric
from nashscape.semantics.semantics import is_linear
from nashscape.theory.symmetric import SymmetricThresholds, symmetric_thresholds
from nashscape.theory.thresholds import Family, Threshold, threshold


def coupling_threshold(
    game: Game | ParametricGame,
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
    family, parameter = coupling_family(game)
    found = threshold(
        family, low, high, at=at, target=target, parameter=parameter, samples=9, tolerance=tolerance, degree=2
    )
    asked = found.provenance.asking("threshold", family=None, degree=2)
    return replace(found, closed=_closed(game), provenance=asked)


def coupling_family(game: Game | ParametricGame) -> tuple[Family, str]:
    """The game under every coupling, and what the number is called."""
    bare: Any = game
    if not is_parametric(game):
        return lambda value: open_source(bare, value), "coupling"
    semantics = game.semantics
    if not is_linear(semantics):
        raise InputError("a coupling threshold needs a bare game or coupled semantics; use threshold along a family")
    weights = weights_of(semantics)
    own = np.diag(np.diagonal(weights))
    others = weights - own
    sizes = np.unique(others[others != 0].round(12))
    if not sizes.size:
        pattern: Any = np.ones_like(own) - np.eye(len(own))
    elif sizes.size == 1:
        pattern = (others != 0).astype(float)
    else:
        pattern = others

    def member(value: float) -> ParametricGame:
        return ParametricGame(game.game, with_weights(semantics, own + value * pattern))

    return member, "coupling" if sizes.size <= 1 else "multiple of the given coupling"


def _closed(game: Game | ParametricGame) -> SymmetricThresholds | None:
    """The closed forms, where they are about this family: `z_i = θ_i + κ θ_j` in a symmetric game."""
    if is_parametric(game):
        semantics = game.semantics
        assert is_linear(semantics), "the family has been made"
        weights, bias = weights_of(semantics), np.asarray(semantics.bias)
        plain = semantics.sigmoids and len(weights) == 2 and weights[0, 1] == weights[1, 0]
        aligned = semantics.alignment is None or len(set(semantics.alignment)) == 1
        if not (plain and aligned and (np.diagonal(weights) == 1).all() and not bias.any()):
            return None
    try:
        return symmetric_thresholds(game)
    except InputError:
        return None
