"""What each equilibrium is called, what checks it, and how it compares with the others."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nashscape.games import DenseGame
from nashscape.theory.nash.dominance import payoff_dominant, risk_dominates, risk_factors
from nashscape.theory.nash.logit_paths import contracted, logit_path
from nashscape.theory.nash.results import Equilibrium

Floats = npt.NDArray[np.float64]

NEAR = 0.05
"""Probability by which the end of the logit path may differ from the equilibrium that it leads to."""


def described(game: DenseGame, strategies: Sequence[Floats], ties: Floats) -> Equilibrium:
    """A profile with its payoffs, regret and support, compared with nothing yet.

    Args:
        game: the game.
        strategies: `[a_i]` each; probabilities of zero are exactly that.
        ties: payoff differences below these are none, in payoff units, `[n]`.
    """
    own = [contracted(game.payoffs[i], strategies, [i]) for i in range(game.n_players)]
    # losses against the best are averaged, not payoffs: then large payoffs round no regret away from zero
    regret = np.array([float(s @ (u.max() - u)) for s, u in zip(strategies, own, strict=True)])
    support = tuple(tuple(int(a) for a in np.flatnonzero(s)) for s in strategies)
    losses = [np.delete(float(u[list(played)].min()) - u, played) for u, played in zip(own, support, strict=True)]
    margins = np.array([float(loss.min()) if loss.size else np.inf for loss in losses])
    pure = all(len(played) == 1 for played in support)
    names = ["+".join(game.actions[i][a] for a in played) for i, played in enumerate(support)]
    return Equilibrium(
        name=game.profile_name([played[0] for played in support]) if pure else "/".join(names),
        strategies=tuple(strategies),
        payoffs=np.array([float(s @ u) for s, u in zip(strategies, own, strict=True)]),
        regret=regret,
        support=support,
        strict=pure and bool((margins > ties).all()),
        margin=float(margins.min()),
        isolated=None,
    )


def rank(one: Equilibrium) -> tuple[object, ...]:
    """The order of a list: smallest supports first, then by action, then the larger probabilities first."""
    sizes = sum(len(own) for own in one.support)
    return sizes, one.support, tuple(-round(float(p), 9) for own in one.strategies for p in own)


def compared(game: DenseGame, found: Sequence[Equilibrium], complete: bool) -> list[Equilibrium]:
    """The same equilibria with payoff dominance, if all are known, and with risk factors and risk dominance."""
    strict = [one for one in found if one.strict]
    several = game.n_players == 2 and len(strict) > 1
    best = payoff_dominant(np.array([one.payoffs for one in found])) if complete and len(found) > 1 else None
    made = []
    for k, one in enumerate(found):
        beaten = tuple(other.name for other in strict if several and other is not one and _beats(game, one, other))
        made.append(
            replace(
                one,
                payoff_dominant=k == best if complete and len(found) > 1 else None,
                risk_factor=risk_factors(game.payoffs, one.profile) if one.strict and one.profile else None,
                risk_dominates=beaten,
                risk_dominant=len(beaten) == len(strict) - 1 if several and one.strict else None,
            )
        )
    return made


def _beats(game: DenseGame, one: Equilibrium, other: Equilibrium) -> bool:
    if not one.strict or one.profile is None or other.profile is None:
        return False
    return risk_dominates(game.payoffs, one.profile, other.profile)


def selected(game: DenseGame, found: list[Equilibrium], complete: bool) -> tuple[list[Equilibrium], str]:
    """The same equilibria, the one to which the logit path leads marked, and how that went.

    Args:
        game: the game.
        found: its equilibria.
        complete: whether those are all.
    """
    if complete and len(found) == 1:
        return [replace(found[0], selected_by="logit")], "the only one"
    path = logit_path(game.payoffs)
    if path.status != "arrived" or not found:
        return found, path.status
    away = [
        max(float(np.abs(a - b).max()) for a, b in zip(path.strategies, one.strategies, strict=True)) for one in found
    ]
    nearest = int(np.argmin(away))
    if away[nearest] > NEAR or sum(value < 2 * away[nearest] for value in away) > 1:
        return found, "unclear"
    return [replace(one, selected_by="logit" if k == nearest else "") for k, one in enumerate(found)], path.status
