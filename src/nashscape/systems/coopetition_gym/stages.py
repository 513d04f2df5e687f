"""One round as a game with trust held: its equilibria, and what best responders come to as trust moves."""

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.environments import CoopetitionGym
from nashscape.environments.coopetitions.gym_environment import trust_rates
from nashscape.environments.coopetitions.trust import observed, trust_weights
from nashscape.systems.coopetition_gym.playing import played

Floats = npt.NDArray[np.float64]

HALVINGS = 60
ROUNDS = 200
SETTLED = 1e-12
"""Where trust moves no more than this in a round, it stays."""
ALIKE = 1e-9
"""Investments that are no further apart are the same."""


def pulls(env: CoopetitionGym, weights: Floats) -> Floats:
    """`Γ_i = γ (α_i + Σ_j w_ij α_j)`: how much each cares for what is created together, `[n]`."""
    share, synergy = np.asarray(env.numbers["share"]), float(env.numbers["synergy"][0])
    made: Floats = synergy * (share + weights @ share)
    return made


def best_responses(env: CoopetitionGym, weights: Floats, invested: Floats) -> Floats:
    """What each does best against the others, `[n]`: the root of `θ/(1 + a) + Γ g/(n a) − 1`, which falls in a."""
    n, worth, pull = len(invested), float(env.numbers["worth"]), pulls(env, weights)
    others = np.array([np.prod(np.delete(invested, i) ** (1 / n)) for i in range(n)])
    low, high = np.zeros(n), np.asarray(env.numbers["endowment"], float).copy()
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        up = worth / (1 + middle) + pull / n * others * middle ** (1 / n - 1) > 1
        low, high = np.where(up, middle, low), np.where(up, high, middle)
    return (low + high) / 2


def stage_equilibria(env: CoopetitionGym, weights: Floats) -> tuple[Floats, Floats]:
    """The least and the largest equilibrium of a round without rules, `[n]` each; where they meet it is the only one.

    What is created together makes each best response rise with what others do. Responses that begin at the least and at
    the largest actions are therefore monotone, and every equilibrium lies between what they come to (Topkis).

    Args:
        env: an environment.
        weights: how much each counts what others get, `[n, n]`.
    """
    made = []
    for start in (np.zeros(len(weights)), np.asarray(env.numbers["endowment"], float)):
        now, change = start, np.inf
        while change > 1e-12 * now.max():
            then = best_responses(env, weights, now)
            now, change = then, float(np.abs(then - now).max())
        made.append(now)
    return made[0], made[1]


def optimum(env: CoopetitionGym) -> float:
    """What each invests where all private payoffs together are largest, of players who are alike."""
    gain = float(env.numbers["synergy"][0]) / len(env.players)
    return float(env.numbers["worth"]) / (1 - gain) - 1


def trust_at_baseline(env: CoopetitionGym) -> float:
    """The trust at which players who are alike invest their baselines in equilibrium, above which it grows.

    Of `b = θ/(1 − Γ/n) − 1` with `Γ = γ (1 + (n − 1) D T) / n`.
    """
    n, needs = len(env.players), float(np.asarray(env.numbers["dependence"])[0, 1])
    worth, baseline = float(env.numbers["worth"]), float(np.asarray(env.numbers["baseline"])[0])
    pull = n * (1 - worth / (1 + baseline))
    return (pull * n / float(env.numbers["synergy"][0]) - 1) / ((n - 1) * needs)


def trust_of_responders(env: CoopetitionGym, trust: float) -> Floats:
    """Mean trust after every round of best responders to the trust that there is, `[T]`; rules are left out.

    Args:
        env: an environment.
        trust: at the start.
    """
    n, apart = len(env.players), ~np.eye(len(env.players), dtype=bool)
    needs, baseline = (np.asarray(env.numbers[name], float) for name in ("dependence", "baseline"))
    now, damage, made = np.where(apart, trust, 1.0), np.zeros((n, n)), np.zeros(ROUNDS)
    invested = baseline
    with jax.enable_x64(True):
        for t in range(ROUNDS):
            weights = needs * np.asarray(trust_weights(jnp.asarray(now), jnp.asarray(damage)))
            change = np.inf
            while change > 1e-10:
                then = best_responses(env, weights, invested)
                invested, change = then, float(np.abs(then - invested).max())
            now, damage = map(np.asarray, _observed(now, damage, invested, baseline, needs, trust_rates(env.numbers)))
            made[t:] = now[apart].mean()
            if t > 0 and abs(made[t] - made[t - 1]) < SETTLED:
                break
    return made


_observed = jax.jit(observed)


def alike_in_first_round(env: CoopetitionGym, mode: str, levels: int = 201) -> Floats:
    """Shares at which nobody gains by doing something else in the first round, rules and all; all players alike.

    Of a grid of shares; one from which the best response is no more than a step away.
    """
    grid = np.linspace(0, 1, levels)
    own, others = np.meshgrid(grid, grid, indexing="ij")
    shares = np.repeat(others.reshape(-1, 1, 1), len(env.players), axis=2)
    shares[:, 0, 0] = own.ravel()
    paid = played(env, shares).told[mode][:, 0, 0].reshape(levels, levels)
    best = grid[paid.argmax(axis=0)]
    made: Floats = grid[np.abs(best - grid) <= 1.01 / (levels - 1)]
    return made
