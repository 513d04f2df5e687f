"""Games made of results of this library, whose numbers are payoffs."""

from typing import Any

from nashscape.games.forms.construct import bimatrix
from nashscape.games.forms.dense_game import DenseGame


def of_tournament(value: Any) -> DenseGame:
    """The game in which each of two players names one of the strategies of a `Tournament`, and gets its score.

    >>> from nashscape.tournaments import tournament
    >>> of_tournament(tournament(["TFT", "ALLD"], turns=10)).payoffs_at((0, 1)).tolist()
    [0.9, 1.4]
    """
    return bimatrix(value.scores, actions=value.names, name="tournament")
