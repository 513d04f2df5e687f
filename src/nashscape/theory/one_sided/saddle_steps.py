"""The saddle point of a linear-quadratic game in steps, for any beliefs: what is known changes goals, not gains.

The value of a node of beliefs is `xᵀPx + 2 xᵀLp + const`, where P and L depend on time alone, since what is paid at the
end is linear in the belief p apart from what both states share. Signals then enter as `−Σ_n E p_nᵀ N_n p_n`.
"""

from typing import NamedTuple

import numpy as np

from nashscape.core import InputError
from nashscape.theory.one_sided.linear_quadratic import DifferentialGame, Floats


class SaddleSteps(NamedTuple):
    """What both play, and what it is worth to be told, by step.

    Attributes:
        move: `[d, d]`, what a step makes of x without controls.
        push: `[d, a + b]`, and of controls of both.
        by_state: of every step the controls per unit of x, `[steps, a + b, d]`.
        by_belief: of every step the controls per unit of belief, `[steps, a + b, states]`.
        information: N_n, `[steps, states, states]`: what the first saves where p_n is believed in step n.
        base: what the first pays besides that.
    """

    move: Floats
    push: Floats
    by_state: Floats
    by_belief: Floats
    information: Floats
    base: float


def saddle_steps(game: DifferentialGame, steps: int) -> SaddleSteps:
    """The steps of equal length in which both hold their controls, the second knowing the first's signal of the step.

    >>> from nashscape.theory.one_sided.linear_quadratic import hexner_game
    >>> saddle_steps(hexner_game(), 4).information.shape
    (4, 2, 2)

    Raises `InputError` where the second could gain without bound, so that there is no saddle point.
    """
    move, push = held(game, steps)
    a, length = game.first.shape[1], game.horizon / steps
    cost = np.zeros((push.shape[1], push.shape[1]))
    cost[:a, :a], cost[a:, a:] = game.first_cost * length, -game.second_cost * length
    square, pull = game.terminal, game.pulls.T
    found = []
    for n in reversed(range(steps)):
        bent = cost + push.T @ square @ push
        if np.linalg.eigvalsh(bent[:a, :a]).min() <= 0 or np.linalg.eigvalsh(bent[a:, a:]).max() >= 0:
            raise InputError(
                f"there is no saddle point in step {n + 1} of {steps}: a player gains without bound by large controls; "
                "take a shorter horizon, larger costs or more steps"
            )
        by_state = -np.linalg.solve(bent, push.T @ square @ move)
        by_belief = -np.linalg.solve(bent, push.T @ pull)
        found.append((by_state, by_belief, -pull.T @ push @ by_belief))
        square, pull = move.T @ square @ (move + push @ by_state), (move + push @ by_state).T @ pull
        square = (square + square.T) / 2
    by_states, by_beliefs, information = (np.stack(own[::-1]) for own in zip(*found, strict=True))
    base = game.start @ square @ game.start + 2 * game.start @ pull @ game.prior + game.constants @ game.prior
    return SaddleSteps(move, push, by_states, by_beliefs, information, float(base))


def held(game: DifferentialGame, steps: int) -> tuple[Floats, Floats]:
    """What a step of held controls does to x, exactly."""
    from scipy.linalg import expm

    d, push = len(game.drift), np.hstack([game.first, game.second])
    whole = np.zeros((d + push.shape[1],) * 2)
    whole[:d, :d], whole[:d, d:] = game.drift, push
    made = expm(whole * game.horizon / steps)
    return made[:d, :d], made[:d, d:]


def least_cost(found: SaddleSteps, prior: Floats) -> float:
    """What the first pays at least, whatever it reveals and when.

    What beliefs spread by in step n, a positive matrix Δ_n, counts with the sum T_n of what is saved from there on, and
    all of them together spread by `diag(p) − ppᵀ` at most. With any `Z ≥ T_n` for all n, `Z ≥ 0`, no more is saved than
    `tr Z (diag(p) − ppᵀ)`. It is exact where all T_n are multiples of one matrix of rank one, as with two states.
    """
    # changes of belief sum to zero, so that matrices count on such vectors alone
    centred = np.eye(len(prior)) - 1.0 / len(prior)
    later = centred @ np.cumsum(found.information[::-1], axis=0)[::-1] @ centred
    above = np.zeros_like(later[0])
    for own in later:
        above = above + _positive_part(own - above)
    spread = np.diag(prior) - np.outer(prior, prior)
    concealed = float(np.einsum("i,nij,j->", prior, found.information, prior))
    return found.base - concealed - float(np.trace(above @ spread))


def _positive_part(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    made: Floats = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return made
