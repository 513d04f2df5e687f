"""Players who can stand for each other: how the parameters of one become those of another who does the same."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.games import is_chain
from nashscape.semantics import ParametricGame
from nashscape.semantics.perspectives import perspectives
from nashscape.semantics.reading_weights import frames_of
from nashscape.semantics.semantics import has_rows_within, is_linear

Floats = npt.NDArray[np.float64]


def likeness(learners: ParametricGame) -> Floats:
    """For every player the matrix from the first player's parameters to its own under which both do alike, `[n, m, m]`.

    Where actions or states have other numbers for others, as the semantics says, or in games over states as each player
    sees them, it is a permutation (for a sigmoid of the other action also a change of sign), else the identity. For
    players with the same number of parameters.

    >>> from nashscape import games, open_source
    >>> ipd = open_source(games.iterated_prisoners_dilemma(), 0.5)
    >>> likeness(ipd)[1] @ np.arange(5.0)      # what follows CD for one follows DC for the other
    array([0., 1., 3., 2., 4.])
    """
    semantics: Any = learners.semantics
    if hasattr(semantics, "reading") and not semantics.chosen:  # players who read imperfectly have the same parameters
        return likeness(ParametricGame(learners.game, semantics.inner))
    n, m = len(learners.sizes), learners.sizes[0]
    if is_linear(semantics):
        frames = frames_of(semantics.inner, semantics.alignment, semantics.rows)
    elif has_rows_within(semantics) and is_chain(learners.game):
        frames = frames_of(semantics, None, perspectives(learners.game))
    else:
        return np.broadcast_to(np.eye(m), (n, m, m))
    return np.stack([own.T @ frames[0] for own in frames])
