"""The value of a constant-sum game, and security levels of any game, by exact linear programs."""

import numpy as np

from nashscape.core import InputError, Status, citations
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import DenseGame, GameLike
from nashscape.theory.domination.actions import own_table
from nashscape.theory.nash.matrix_games import matrix_game, optimal_columns
from nashscape.theory.written_out import MOST_EXACT, written_out
from nashscape.theory.zero_sum.results import SecurityLevels, ZeroSumValue


@public()
def zero_sum_value(game: "GameLike") -> ZeroSumValue:
    """The value of a game of two players whose payoffs sum to a constant, and all optimal strategies of both.

    `value = max_x min_y xᵀAy = min_y max_x xᵀAy` for the first player's payoffs A, as one linear program in whole
    numbers. Its solution and its prices are the two strategies, and what they make sure of is compared: that is the
    proof. The other optimal strategies are found by walking from one optimal basis to the next.

    Args:
        game: one of two players with payoffs for all profiles, which sum to the same number everywhere, exactly.

    Raises:
        InputError: for more players, for payoffs that do not sum to a constant, with where they fail to, and for games
            of more than 100,000 payoffs.

    Example:
        >>> from nashscape import games
        >>> zero_sum_value(games.rock_paper_scissors())
        <ZeroSumValue of rock_paper_scissors: 0 (zero-sum; extreme optimal strategies: 1 and 1)>
        >>> found = zero_sum_value(games.bimatrix([[2, -1], [-1, 1]], [[-2, 1], [1, -1]]))
        >>> str(found.value), [[str(p) for p in own] for own in found.maximin]
        ('1/5', [['2/5', '3/5'], ['2/5', '3/5']])

    Source: von Neumann (1928); Dantzig (1951).
    """
    form = written_out(game, "find the value", most=MOST_EXACT)
    if form.n_players != 2:
        raise InputError(
            f"a value is one of two players; {form.name} has {form.n_players}: what each can make sure of is told by "
            "security_levels"
        )
    payoffs = form.fractions
    _check_constant(form)
    found = matrix_game(payoffs[0])
    total = payoffs[0].flat[0] + payoffs[1].flat[0]
    columns, first = optimal_columns(payoffs[0])
    rows, second = optimal_columns(-payoffs[0].T)
    return ZeroSumValue(
        game=form.name,
        players=form.players,
        actions=form.actions,
        value=found.value,
        total=total,
        maximin=(found.row, found.column),
        optimal=(rows, columns),
        complete=(second, first),
        status=Status.COMPLETE if first and second else Status.INTERRUPTED,
        provenance=record("zero-sum value", {"game": form}, sources=[citations.MINIMAX]),
    )


def _check_constant(form: DenseGame) -> None:
    """Refuse payoffs that do not sum to the same everywhere, with the two profiles that differ most."""
    sums = form.fractions.sum(axis=0)
    low, high = (np.unravel_index(int(place), sums.shape) for place in (sums.argmin(), sums.argmax()))
    least, most = sums[low], sums[high]
    if least == most:
        return
    profiles = [form.profile_name([int(a) for a in one]) for one in (low, high)]
    scale = max(abs(float(value)) for value in (*form.payoffs.flat, least, most))
    rounded = (
        '; that is rounding: give payoffs as texts such as "0.1", or those of one player and their negatives'
        if float(most - least) < 1e-9 * scale
        else "; what each player can make sure of in any game is told by security_levels"
    )
    raise InputError(
        f"the payoffs of {form.name} do not sum to a constant: they sum to {float(least):.17g} at {profiles[0]} and to "
        f"{float(most):.17g} at {profiles[1]}{rounded}"
    )


@public()
def security_levels(game: "GameLike") -> SecurityLevels:
    """What each player can make sure of in a game, and how, and how the others could hold it to that.

    `level_i = max_{σ_i} min_s u_i(σ_i, s)`, the value of the matrix game of the player against all others together. The
    others may correlate; where they have to mix independently, they may be unable to push a player down as far. With
    two players it is the minimax value. Every equilibrium, correlated ones too, gives each player its level at least.

    Args:
        game: one with payoffs for all profiles, of any number of players.

    Raises:
        InputError: for a game that cannot be written out, or has more than 100,000 payoffs.

    Example:
        >>> from nashscape import games
        >>> security_levels(games.battle_of_the_sexes())
        <SecurityLevels of battle_of_the_sexes: player 1 2/3, player 2 2/3>

    Source: von Neumann (1928); Fudenberg, Tirole (1991), section 5.1.2, for minimax payoffs of more players.
    """
    form = written_out(game, "find security levels", most=MOST_EXACT)
    payoffs = form.fractions
    tables = [own_table(payoffs, i) for i in range(form.n_players)]
    found = [matrix_game(own) for own in tables]
    return SecurityLevels(
        game=form.name,
        players=form.players,
        actions=form.actions,
        levels=tuple(one.value for one in found),
        pure=tuple(max(own.min(axis=1).tolist()) for own in tables),
        strategies=tuple(one.row for one in found),
        threats=tuple(one.column for one in found),
        status=Status.COMPLETE,
        provenance=record("security levels", {"game": form}, sources=[citations.MINIMAX]),
    )
