"""The value of finitely many rounds with one-sided information, by one linear program over plans."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from nashscape.core import InputError, Status, positive_integer
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.theory.one_sided.finite_results import FiniteOneSidedValue
from nashscape.theory.one_sided.state_games import AUMANN_MASCHLER, Floats, StateGames, state_games

MOST_PLANS = 20_000
"""States times histories of the last round."""
UNLIKELY = 1e-9
"""Histories with less probability are not listed."""


@public()
def finite_one_sided_value(payoffs: Any, prior: Any, rounds: int) -> FiniteOneSidedValue:
    """What an informed player gets on average of N rounds of a zero-sum game, with optimal strategies.

    States and tables are those of `one_sided_value`. Both see all actions, but what the other did changes nothing that
    is still to come, so the informed player's plan may depend on the state and its own actions alone (Aumann and
    Maschler). After such a history h the other minimises the payoff of the round, so that the value is the linear
    program `max (1/N) Σ_h min_j Σ_k Σ_i s_k(h, i) A_k[i, j]` over realisation plans s. Its dual is what the other
    plays. It is at least cav u, and at most `C Σ_k √(p_k (1 − p_k)) / √N` above it, where 2C is the most that the
    choice of a row changes.

    Args:
        payoffs: what the informed player gets, `[states, rows, columns]`.
        prior: of the states, `[states]`.
        rounds: N, at least 1.

    Raises:
        InputError: for tables of different shapes, a prior that does not sum to one, no rounds, and more than 20,000
            states times histories.

    Example:
        >>> game = [[[1, 0], [0, 0]], [[0, 0], [0, 1]]]
        >>> [finite_one_sided_value(game, [0.5, 0.5], n) for n in (1, 2)]
        [<FiniteOneSidedValue of 2 states, 1 rounds: 0.5 (100 % revealed in the end)>,
         <FiniteOneSidedValue of 2 states, 2 rounds: 0.375 (100 % revealed in the end)>]

    Source: Aumann, Maschler (1995), chapter I; Koller, Megiddo, von Stengel (1996) for realisation plans.
    """
    games = state_games(payoffs, prior)
    rounds = positive_integer(rounds, "rounds")
    states, rows, _ = games.payoffs.shape
    if states * rows**rounds > MOST_PLANS:
        raise InputError(
            f"{states} states times {rows}^{rounds} histories of own actions are more than {MOST_PLANS:,}: take fewer "
            "rounds; one_sided_value tells what they come to"
        )
    plans, replies = _solved(games.in_units, rounds)
    steps, reach, beliefs, revealed = _told(games, plans)
    spread = 0.5 * float(np.ptp(games.payoffs, axis=1).max())
    apart = float(np.sqrt(games.chances * (1 - games.chances)).sum())
    return FiniteOneSidedValue(
        prior=games.prior,
        rounds=rounds,
        low=_made_sure_of(games, plans) / rounds,
        high=_held_to(games, replies) / rounds,
        excess=spread * apart / float(np.sqrt(rounds)),
        first=_shares(plans[0][:, 0]),
        other=replies[0][0],
        revealed=revealed,
        steps=steps,
        reach=reach,
        beliefs=beliefs,
        status=Status.COMPLETE,
        provenance=record(
            "finite one-sided value",
            {"payoffs": games.exact.tolist(), "prior": list(games.prior), "rounds": rounds},
            sources=[AUMANN_MASCHLER],
        ),
    )


@dataclass(frozen=True)
class _Numbers:
    """Where the variables of the program stand: plans by round, `[states, rows^n, rows]`, then values of histories."""

    plans: list[Any]
    values: list[Any]
    size: int

    @classmethod
    def of(cls, states: int, rows: int, rounds: int) -> "_Numbers":
        sizes = [states * rows ** (n + 1) for n in range(rounds)]
        starts = np.cumsum([0, *sizes])
        plans = [starts[n] + np.arange(sizes[n]).reshape(states, rows**n, rows) for n in range(rounds)]
        begun = starts[-1] + np.cumsum([0, *(rows**n for n in range(rounds))])
        return cls(plans, [begun[n] + np.arange(rows**n) for n in range(rounds)], int(begun[-1]))


def _solved(games: StateGames, rounds: int) -> tuple[list[Floats], list[Floats]]:
    """The plan by round, `[states, rows^n, rows]`, and the other's mixture after every history, `[rows^n, columns]`."""
    from scipy import sparse
    from scipy.optimize import linprog

    states, rows, columns = games.payoffs.shape
    at = _Numbers.of(states, rows, rounds)
    histories = sum(len(own) for own in at.values)
    first = at.size - histories
    under = [_paid(games, at, n) for n in range(rounds)]
    sums = [_led_to(at, n) for n in range(rounds)]
    right = [np.zeros(states * rows**n) if n else games.chances for n in range(rounds)]
    found = linprog(
        [0.0] * first + [-1.0] * histories, sparse.vstack(under).tocsr(), np.zeros(histories * columns),
        sparse.vstack(sums).tocsr(), np.concatenate(right), [(0, None)] * first + [(None, None)] * histories,
        method="highs",
    )  # fmt: skip
    plans = [np.maximum(found.x[own], 0.0) for own in at.plans]
    prices = np.split(-found.ineqlin.marginals.reshape(histories, columns), np.cumsum([len(own) for own in at.values]))
    return _consistent(games, plans), [_shares(own) for own in prices[:-1]]


def _paid(games: StateGames, at: _Numbers, n: int) -> Any:
    """`value(h) − Σ_k Σ_i s_k(h, i) A_k[i, j]` for every history h of a round and column j."""
    from scipy import sparse

    columns, own = games.payoffs.shape[2], at.plans[n]
    row = np.arange(own.shape[1])[:, None] * columns + np.arange(columns)
    paid = np.broadcast_to(-games.payoffs[:, None], (*own.shape, columns))
    places = (np.broadcast_to(row[:, None], paid.shape), np.broadcast_to(own[..., None], paid.shape))
    numbers = np.concatenate([places[1].ravel(), np.repeat(at.values[n], columns)])
    rows = np.concatenate([places[0].ravel(), row.ravel()])
    return sparse.coo_matrix((np.concatenate([paid.ravel(), np.ones(row.size)]), (rows, numbers)), (row.size, at.size))


def _led_to(at: _Numbers, n: int) -> Any:
    """`Σ_i s_k(h, i)`, less what led to h, for every state and history of a round."""
    from scipy import sparse

    own = at.plans[n]
    row = np.arange(own[..., 0].size)
    made = [(np.ones(own.size), np.repeat(row, own.shape[2]), own.ravel())]
    if n:
        made.append((-np.ones(row.size), row, at.plans[n - 1].ravel()))
    values, rows, numbers = (np.concatenate(each) for each in zip(*made, strict=True))
    return sparse.coo_matrix((values, (rows, numbers)), (row.size, at.size))


def _shares(weights: Floats) -> Floats:
    """Weights over their sum along the last axis; even ones where there are none."""
    kept = np.maximum(weights, 0.0)
    total = kept.sum(axis=-1, keepdims=True)
    made: Floats = np.where(total > 0, kept, 1.0) / np.where(total > 0, total, weights.shape[-1])
    return made


def _consistent(games: StateGames, plans: list[Floats]) -> list[Floats]:
    """The plans of the same behaviour, free of what the program leaves undone by rounding."""
    before, made = games.chances[:, None], []
    for own in plans:
        made.append(before[:, :, None] * _shares(own))
        before = made[-1].reshape(len(before), -1)
    return made


def _made_sure_of(games: StateGames, plans: list[Floats]) -> float:
    """What a plan gets at least in all rounds together."""
    return float(sum(np.einsum("khi,kij->hj", own, games.payoffs).min(axis=1).sum() for own in plans))


def _held_to(games: StateGames, replies: list[Floats]) -> float:
    """What the best plan gets against given mixtures in all rounds together, by states, from the last round on."""
    later = np.zeros((len(games.prior), len(replies[-1]) * games.payoffs.shape[1]))
    for own in reversed(replies):
        paid = np.einsum("kij,hj->khi", games.payoffs, own)
        later = (paid + later.reshape(paid.shape)).max(axis=2)
    return float(games.chances @ later[:, 0])


def _told(games: StateGames, plans: list[Floats]) -> tuple[Any, Floats, Floats, Floats]:
    """Histories with their rounds, probabilities and beliefs; and the share of variance revealed, by round."""
    weights = [games.chances[:, None], *(own.reshape(len(games.prior), -1) for own in plans)]
    chance = float(games.chances @ (1 - games.chances))
    steps, reach, beliefs, revealed = [], [], [], []
    for n, own in enumerate(weights):
        total = own.sum(axis=0)
        kept = total > UNLIKELY
        belief = (own[:, kept] / total[kept]).T
        steps.append(np.full(int(kept.sum()), n))
        reach.append(total[kept])
        beliefs.append(belief)
        known = float(total[kept] @ (belief - games.chances) ** 2 @ np.ones(len(games.prior)))
        revealed.append(known / chance if chance else 0.0)
    return np.concatenate(steps), np.concatenate(reach), np.concatenate(beliefs), np.array(revealed)
