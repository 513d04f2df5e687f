"""What each equilibrium is called, what checks it, and how it compares with the others."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from nashscape.core.exact_numbers import Objects
from nashscape.games import DenseGame
from nashscape.theory.nash.budgets import Budget
from nashscape.theory.nash.dominance import payoff_dominant, risk_dominates, risk_factors
from nashscape.theory.nash.found import Candidate
from nashscape.theory.nash.logit_paths import contracted, logit_path
from nashscape.theory.nash.results import Equilibrium

NEAR = 0.05
"""Probability by which the end of the logit path may differ from the equilibrium that it leads to."""


def described(game: DenseGame, payoffs: Objects, candidate: Candidate) -> Equilibrium:
    """A profile with its payoffs, regret and support, compared with nothing yet.

    Args:
        game: the game.
        payoffs: its payoffs as fractions, with which exact profiles are checked.
        candidate: the profile; probabilities of zero are exactly that.
    """
    given: Sequence[Any] = candidate.exact or candidate.strategies
    support = tuple(tuple(a for a, p in enumerate(own) if p) for own in given)
    own, losses, regret, exactly = [], [], [], []
    for i in range(game.n_players):
        # against the best of one's own, so that large payoffs round no difference away
        base = min(payoffs[i].flat) if candidate.exact is None else 0
        table = payoffs[i] if candidate.exact else (payoffs[i] - base).astype(np.float64)
        weights = [np.array(one, dtype=table.dtype) for one in given]
        value = contracted(table, weights, [i])
        lost = max(value) - value
        own.append(float(base) + float(weights[i] @ value))
        losses.append(np.array([float(x) for x in lost]))
        exactly.append(list(lost))
        regret.append(float(weights[i] @ lost))
    unplayed = [x for lost, played in zip(losses, support, strict=True) for a, x in enumerate(lost) if a not in played]
    pure = all(len(played) == 1 for played in support)
    margin = min(unplayed, default=np.inf)
    # a loss may be too small for a double and yet a loss
    holds = all(
        x > 0 for lost, played in zip(exactly, support, strict=True) for a, x in enumerate(lost) if a not in played
    )
    return Equilibrium(
        name=support_name(game, support),
        strategies=candidate.strategies,
        exact=candidate.exact,
        payoffs=np.array(own),
        regret=np.array(regret),
        support=support,
        losses=tuple(losses),
        strict=pure and holds,
        margin=margin,
        isolated=None,
    )


def support_name(game: DenseGame, support: Sequence[Sequence[int]]) -> str:
    """The name of a profile by the actions that it plays: "CC" if nobody mixes, else "C+D/C+D".

    >>> from nashscape import games
    >>> support_name(games.stag_hunt(), [[0], [0, 1]])
    'C/C+D'
    """
    if all(len(played) == 1 for played in support):
        return game.profile_name([played[0] for played in support])
    return "/".join("+".join(game.actions[i][a] for a in played) for i, played in enumerate(support))


def rank(one: Equilibrium) -> tuple[object, ...]:
    """The order of a list: smallest supports first, then by action, then the larger probabilities first."""
    sizes = sum(len(own) for own in one.support)
    return sizes, one.support, tuple(-p for own in one.exact or one.strategies for p in own)


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


def selected(
    game: DenseGame, found: list[Equilibrium], complete: bool, scale: str, budget: Budget
) -> tuple[list[Equilibrium], str]:
    """The same equilibria, the one to which the logit path leads marked, and how that went.

    Args:
        game: the game.
        found: its equilibria.
        complete: whether those are all.
        scale: of payoffs on the path.
        budget: when to leave the path.
    """
    if complete and len(found) == 1:
        return [replace(found[0], selected_by="logit")], "the only one"
    path = logit_path(game.payoffs, scale, budget)
    if path.status != "arrived" or not found:
        return found, path.status
    away = [
        max(float(np.abs(a - b).max()) for a, b in zip(path.strategies, one.strategies, strict=True)) for one in found
    ]
    nearest = int(np.argmin(away))
    if away[nearest] > NEAR or sum(value < 2 * away[nearest] for value in away) > 1:
        return found, "unclear"
    return [replace(one, selected_by="logit" if k == nearest else "") for k, one in enumerate(found)], path.status
