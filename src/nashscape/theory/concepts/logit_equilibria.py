"""Quantal response equilibria with logit errors, along the branch that begins where payoffs do not matter."""

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, choice, citations, finite_number
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.games import DenseGame, GameLike
from nashscape.theory.concepts.logit_crossings import passed, with_turns
from nashscape.theory.concepts.logit_results import LogitEquilibria
from nashscape.theory.nash.logit_paths import END, SCALES, contracted, in_units, strategies_at, walk
from nashscape.theory.written_out import MOST_EXACT, written_out

Floats = npt.NDArray[np.float64]

CLOSE = 1e-9
"""The largest residual of what counts as an equilibrium, in probability."""


@public()
def logit_equilibrium(game: "GameLike", *, precision: float = 1.0, scale: str = "raw") -> LogitEquilibria:
    """Quantal response equilibria `σ_i[a] ∝ exp(λ u_i(a, σ_-i))` at a precision λ, on the path from λ = 0.

    At λ = 0 everybody plays all actions alike, and as λ grows the path leads to a Nash equilibrium. It may fold back,
    and then passes one λ several times; all of these are told, with the whole path, but for two folds within one of
    its steps. Where a symmetry makes other branches cross it, it is followed straight on, and `branches` has the λ at
    which they do.

    Args:
        game: one with payoffs for all profiles.
        precision: λ, in one over payoff: payoffs times c have at λ the equilibria that they had at cλ; by default 1.
        scale: by default "raw", one λ for all players and payoffs as they are; "rescaled", λ in one over each player's
            range of payoffs, which positive affine changes leave alone.

    Raises:
        InputError: for a game that cannot be written out or has more than 100,000 payoffs, and a precision that is
            negative, or above 10,000 over the range of payoffs.

    Example:
        >>> from nashscape import games
        >>> found = logit_equilibrium(games.stag_hunt(), precision=1.0)
        >>> found
        <LogitEquilibria of stag_hunt at λ = 1: 1, payoffs 1.919, 1.919>
        >>> bool(found.residual.max() < 1e-12)
        True

    Source: McKelvey, Palfrey (1995); the path as in Turocy (2005).
    """
    form = written_out(game, "find logit equilibria", most=MOST_EXACT)
    choice(scale, "scale", SCALES)
    wanted = finite_number(precision, "precision", low=0.0)
    unit = form.largest_range if scale == "raw" and form.largest_range else 1.0
    if wanted > END / unit:
        raise InputError(f"the path is followed to a precision of {END / unit:g} in {form.name}; got {wanted:g}")
    units = in_units(form.payoffs, scale)
    steps = list(walk(units))
    arrived = steps[-1].at[-1] >= END
    points = with_turns(units, [one for one in steps if one.event in ("", "branches")])
    found = passed(units, [one.at for one in points], min(wanted * unit, END))
    each = [strategies_at(at, form.shape) for at in found]
    residual = np.array([_residual(units, own, wanted * unit) for own in each])
    whole = [strategies_at(one.at, form.shape) for one in points]
    held = arrived and len(found) > 0 and bool((residual <= CLOSE).all())
    return LogitEquilibria(
        game=form.name,
        players=form.players,
        actions=form.actions,
        precision=wanted,
        scale=scale,
        strategies=_stacked(each, form),
        payoffs=np.array([_payoffs(form, own) for own in each]).reshape(len(each), form.n_players),
        residual=residual,
        path=np.array([one.at[-1] for one in points]) / unit,
        path_strategies=_stacked(whole, form),
        branches=np.array([one.at[-1] for one in points if one.event]) / unit,
        arrived=bool(arrived),
        status=Status.COMPLETE if held else Status.UNDECIDED,
        provenance=record(
            "logit equilibria",
            {"game": form, "precision": wanted, "scale": scale},
            sources=[citations.QUANTAL_RESPONSE],
        ),
    )


def _residual(units: Floats, strategies: tuple[Floats, ...], precision: float) -> float:
    """How far the responses to strategies are from these, each player's payoffs averaged anew."""
    worst = 0.0
    for i, own in enumerate(strategies):
        values = precision * contracted(units[i], strategies, [i])
        weights = np.exp(values - values.max())
        worst = max(worst, float(np.abs(own - weights / weights.sum()).max()))
    return worst


def _payoffs(form: DenseGame, strategies: tuple[Floats, ...]) -> list[float]:
    return [float(contracted(own, strategies, [i]) @ strategies[i]) for i, own in enumerate(form.payoffs)]


def _stacked(each: list[tuple[Floats, ...]], form: DenseGame) -> tuple[Floats, ...]:
    return tuple(
        np.array([own[i] for own in each], dtype=np.float64).reshape(len(each), k) for i, k in enumerate(form.shape)
    )
