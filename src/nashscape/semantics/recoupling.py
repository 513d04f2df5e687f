"""The same players at another coupling, whatever they read of each other now."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError
from nashscape.semantics.coupling import weights_of, with_weights
from nashscape.semantics.open_players import open_source
from nashscape.semantics.parametric_game import ParametricGame
from nashscape.semantics.semantics import has_forms, is_linear

Floats = npt.NDArray[np.float64]
COUPLING = "coupling"


def recoupled(learners: ParametricGame, value: float) -> ParametricGame:
    """The players of a game at a coupling.

    Players who read nobody now read all others, `z_i = θ_i + κ Σ_{j≠i} θ_j`, of logits or of the weights of networks.
    Of players who read each other already, weights that are all alike on some graph are set to the value together, and
    other weights are multiplied by it.

    Raises:
        InputError: for a semantics in which players cannot be coupled.

    Example:
        >>> from nashscape import games, parametric
        >>> recoupled(parametric(games.stag_hunt()), 0.5).semantics.matrix.tolist()
        [[1.0, 0.5], [0.5, 1.0]]
        >>> line = open_source(games.volunteers_dilemma(3), 0.2, graph="ring:3")
        >>> recoupled(line, 0.5).semantics.matrix[0].tolist()
        [1.0, 0.5, 0.5]
    """
    semantics = learners.semantics
    if _has_weights(semantics):
        own, pattern, _ = _pattern(semantics)
        return ParametricGame(learners.game, _with_weights(semantics, own + value * pattern))
    if hasattr(semantics, "reading"):
        # wrapped once more, what is read would be read anew, and its noise would be in nothing
        raise InputError(
            "the coupling of players who read imperfectly is under what they read: set the coupling first, and noise, "
            "rounding and the like after it, as imperfect(coupled((2, 2), 0.6), noise=1.0)"
        )
    try:
        return open_source(learners.game if has_forms(semantics) else learners, value)
    except InputError as error:
        raise InputError(f"coupling is of players whose parameters are logits that they alone read: {error}") from error


def coupling_name(learners: ParametricGame) -> str:
    """What `recoupled` varies, in words: the coupling, or a multiple of couplings that are not all alike."""
    semantics = learners.semantics
    alike = not _has_weights(semantics) or _pattern(semantics)[2]
    return COUPLING if alike else "multiple of the given coupling"


def coupling_of(learners: ParametricGame) -> float | None:
    """The value at which `recoupled` changes nothing; None where there is none."""
    semantics = learners.semantics
    if not _has_weights(semantics):
        return 0.0
    weights = _weights(semantics)
    _, pattern, alike = _pattern(semantics)
    return float(weights[pattern != 0][0]) if alike else 1.0


def _has_weights(semantics: Any) -> bool:
    """Whether there are weights with which players read each other, if only zeros: of logits, or of networks."""
    return is_linear(semantics) or hasattr(semantics, "weights_read")


def _weights(semantics: Any) -> Floats:
    return weights_of(semantics) if is_linear(semantics) else semantics.weights_read


def _with_weights(semantics: Any, weights: Floats) -> Any:
    return with_weights(semantics, weights) if is_linear(semantics) else semantics.reading_with(weights)


def _pattern(semantics: Any) -> tuple[Floats, Floats, bool]:
    """Weights on one's own parameters, what is multiplied by the value, and whether weights on others are all alike."""
    weights = _weights(semantics)
    own = np.diag(np.diagonal(weights))
    others = weights - own
    sizes = np.unique(others[others != 0].round(12))
    if not sizes.size:
        return own, np.ones_like(own) - np.eye(len(own)), True
    return own, (others != 0).astype(float) if sizes.size == 1 else others, sizes.size == 1
