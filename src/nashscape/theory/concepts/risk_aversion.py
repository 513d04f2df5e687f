"""Equilibria of players who mind how much their payoffs vary, as a solution concept of the game itself."""

from typing import Any

from nashscape.core.calls import public
from nashscape.games import GameLike, risk_averse
from nashscape.theory.continuous.results import PointEquilibria
from nashscape.theory.nash.finding import equilibria


@public()
def risk_averse_equilibria(
    game: "GameLike", *, aversion: Any = 1.0, tremble: float = 0.05, variance: str = "opponents"
) -> PointEquilibria:
    """Equilibria in mixed strategies of players who value the mean of their payoff less γ times its variance.

    It is `equilibria(games.risk_averse(game, aversion))`.

    Args:
        game: one with payoffs for all profiles.
        aversion: γ, in units of one over payoff; by default 1.
        tremble: the least chance of every action of the others; by default 0.05.
        variance: by default "opponents", of what the own mixture pays against them; "all", with the own chance too.

    Raises:
        InputError: as `games.risk_averse`.

    Example:
        >>> from nashscape import games
        >>> [one.name for one in risk_averse_equilibria(games.stag_hunt(), aversion=0.8)]
        ['0 1 | 0 1']

    Source: after Slumbers et al., arXiv 2205.15434.
    """
    return equilibria(risk_averse(game, aversion, tremble=tremble, variance=variance))
