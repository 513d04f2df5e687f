"""What every type of every player would gain by every action, in fractions or in double precision."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status
from nashscape.core.calls import public
from nashscape.core.exact_numbers import Objects, exact_array, fractions_of
from nashscape.core.provenance import record
from nashscape.games import BayesianGame, mixed_profile
from nashscape.games import game as as_game
from nashscape.games.naming import row_profile
from nashscape.games.offers import needs
from nashscape.semantics.parametric_game import bare
from nashscape.theory.bayesian.results import Behaviour, InterimGains, TypeProfile

Floats = npt.NDArray[np.float64]

MOST_EXACT = 200_000
"""Payoffs of the largest games of which pure profiles are looked at in fractions."""


@public()
def interim_gains(game: BayesianGame, strategies: Any) -> InterimGains:
    """What every type of every player would gain by every action, had it learned its type: all deviations there are.

    `g_i(t_i, a) = E[u_i(a, σ_-i) | t_i] − E[u_i(σ) | t_i]`. A profile is a Bayes–Nash equilibrium if and only if no
    gain is positive, and then no player gains before types are drawn either: `regret_i = Σ_t p_i(t) max_a g_i(t, a)`.

    Args:
        game: a Bayesian game.
        strategies: for every player a mixed action for every type, `[T_i, a_i]`, or a pure profile by names, "F/F O".
            Pure profiles, and mixtures given by fractions or texts such as "1/3" alone, are looked at in fractions.

    Raises:
        InputError: for another game, and strategies that are none of it.

    Example:
        >>> from nashscape import games
        >>> game = games.auction("second price", values=[1, 2, 3], bids=[1, 2, 3])
        >>> interim_gains(game, "1 2 3/1 2 3")
        <InterimGains of second-price auction: 1 2 3/1 2 3, at most 0>
        >>> interim_gains(game, "1 1 1/1 2 3").profile.gains[0].round(3).tolist()     # who bids 1 always loses to 2
        [[0.0, -0.167, -0.667], [0.0, 0.167, 0.0], [0.0, 0.5, 0.667]]

    Source: Harsanyi (1967).
    """
    given: Any = bare(as_game(game))
    needs(given, "types", to="say what types gain")
    profile = _read(given, strategies)
    return InterimGains(
        game=given.name,
        players=given.players,
        types=given.types,
        actions=given.actions,
        profile=profile,
        closed_form=getattr(given, "closed_form", None),
        status=Status.COMPLETE,
        provenance=record("interim gains", {"game": given, "strategies": [own.tolist() for own in profile.strategies]}),
    )


def _read(game: BayesianGame, strategies: Any) -> TypeProfile:
    small = sum(int(np.size(own)) for own in game.payoffs) <= MOST_EXACT
    if isinstance(strategies, str) or np.ndim(strategies[0]) <= 1:
        rows = row_profile(game, strategies)
        return exact_profile(game, pure_behaviour(game, rows)) if small else doubles_profile(game, pure(game, rows))
    kinds = [np.asarray(own).dtype.kind for own in strategies]
    if small and all(kind in "OUSiub" for kind in kinds):
        return exact_profile(game, _checked(game, strategies))
    return doubles_profile(game, mixed_profile(game, strategies))


def _checked(game: BayesianGame, strategies: Sequence[Any]) -> tuple[Behaviour, ...]:
    """Mixtures in fractions, with sum one."""
    made = []
    if len(strategies) != len(game.players):
        raise InputError(f"{game.name} needs {len(game.players)} strategies, one per player; got {len(strategies)}")
    for own, shape, player in zip(strategies, game.strategy_shapes, game.players, strict=True):
        rounded, exact = exact_array(own, f"the strategy of {player}")
        entries: Objects = fractions_of(rounded) if exact is None else exact
        if entries.shape != shape or (entries < 0).any() or any(sum(row) != 1 for row in entries):
            raise InputError(
                f"the strategy of {player} must be probabilities of shape {list(shape)} that sum to one for every "
                f"type; got {own!r}"
            )
        made.append(tuple(tuple(row) for row in entries.tolist()))
    return tuple(made)


def pure(game: BayesianGame, rows: Sequence[Any]) -> tuple[Floats, ...]:
    """A pure profile, an action for each type, as strategies."""
    return tuple(np.eye(k)[list(own)] for own, k in zip(rows, game.shape, strict=True))


def pure_behaviour(game: BayesianGame, rows: Sequence[Sequence[int]]) -> tuple[Behaviour, ...]:
    """The same in fractions."""
    return tuple(
        tuple(tuple(Fraction(int(a == played)) for a in range(k)) for played in own)
        for own, k in zip(rows, game.shape, strict=True)
    )


def profile_name(game: BayesianGame, strategies: Sequence[Floats]) -> str:
    """What every type does: its actions joined by "+", types by blanks, players by "/"."""
    parts = []
    for own, names in zip(strategies, game.actions, strict=True):
        rows = ["+".join(names[a] for a in np.flatnonzero(row > 0)) for row in np.asarray(own)]
        parts.append(rows[0] if len(set(rows)) == 1 else " ".join(rows))
    return "/".join(parts)


def exact_profile(game: BayesianGame, behaviour: Sequence[Behaviour]) -> TypeProfile:
    """A profile in fractions with all gains, computed in fractions and then rounded, which keeps every sign."""
    values = game.exact_action_values(behaviour)
    _, prior = game.fractions()
    n = len(game.players)
    interim, gains, payoffs, regret = [], [], [], []
    for i, own in enumerate(values):
        chances = prior.sum(axis=tuple(j for j in range(n) if j != i))
        played = np.array(behaviour[i], dtype=object).reshape(own.shape)
        paid = (played * own).sum(axis=1)
        gain = own - paid[:, None]
        payoffs.append(float(paid.sum()))
        regret.append(float(gain.max(axis=1).sum()))
        interim.append(np.array([float(v / p) if p else np.nan for v, p in zip(paid, chances, strict=True)]))
        gains.append(
            np.array([[float(g / p) if p else np.nan for g in row] for row, p in zip(gain, chances, strict=True)])
        )
    rounded = tuple(np.array(own, dtype=np.float64) for own in behaviour)
    return TypeProfile(
        profile_name(game, rounded), rounded, tuple(behaviour), np.array(payoffs), tuple(interim), tuple(gains),
        np.array(regret),
    )  # fmt: skip


def doubles_profile(game: BayesianGame, strategies: Sequence[Floats]) -> TypeProfile:
    """A profile in double precision with all gains."""
    played = tuple(np.asarray(own, dtype=np.float64) for own in strategies)
    values = game.interim_payoffs(played)
    paid = tuple((own * v).sum(axis=1) for own, v in zip(played, values, strict=True))
    with jax.enable_x64(True):
        payoffs, regret = np.asarray(game.expected_payoffs(played)), np.asarray(game.regrets(played))
    gains = tuple(v - own[:, None] for v, own in zip(values, paid, strict=True))
    return TypeProfile(profile_name(game, played), played, None, payoffs, paid, gains, regret)
