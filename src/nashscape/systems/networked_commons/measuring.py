"""The study of the card: depletion, restraint, and its dilemmas by what is seen and cared for.

Of dilemmas there are no bounds: they were computed first, and written down as they came out. The bound of what
restraint yields is derived: the stock of restrainers stays between .4 and .6.
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from nashscape import games
from nashscape.core import Source
from nashscape.systems.agreement import Row
from nashscape.systems.measured import measuring
from nashscape.systems.networked_commons.environment_plays import mixed_totals, played
from nashscape.systems.networked_commons.mixing_weights import agree, least_weight, searched_weight
from nashscape.systems.networked_commons.restraint_games import (
    PLAYERS,
    RATES,
    ROUNDS,
    SEEN,
    UNIT,
    episode,
    mixed_diagram,
    restraint_game,
)
from nashscape.systems.statements import holds, near
from nashscape.theory import schelling_diagram

SOURCE = Source(
    "networked_commons", "Pretorius, Cameron, van Biljon, Makkink, Mawjee, du Plessis, Shock, Laterre, Beguir: A "
    "game-theoretic analysis of networked system control for common-pool resource management using multi-agent "
    "reinforcement learning. 2020.", "https://arxiv.org/abs/2010.07777",
)  # fmt: skip

PLACES = {"quick": 2, "full": 4, "thorough": 8}
"""Decimal places of weights that are searched; all else is the same whatever the effort."""
FIGURES = 74

LASTS = {
    "take first": {30: 7, 42: 8, 53: 10, 65: 13, 77: 19, 88: 35},
    "regenerate first": {30: 8, 53: 11, 77: 22},
    "test last": {30: 6, 53: 9, 77: 18},
}
"""Rounds until the stock is exhausted where all take, by the order of a round."""

PD, CHICKEN, STAG, HARMONY, MIXED, DEADLOCK = (
    "prisoner's dilemma", "chicken", "stag hunt", "harmony", "mixed", "deadlock"
)  # fmt: skip
NEAR = (STAG, STAG, STAG, MIXED, CHICKEN, CHICKEN, DEADLOCK)
FOUND = {
    "stock": (PD, PD, PD, PD, PD, CHICKEN, DEADLOCK),
    "own total": (STAG, STAG, STAG, STAG, HARMONY, HARMONY, DEADLOCK),
    "ring": NEAR,
    "complete": NEAR,
}
"""Dilemmas of restraint, by what is seen, for the seven rates."""

ROUNDING = 1e-9

CARED = {
    ("ring", "1/10"): (PD, PD, PD, PD, CHICKEN, CHICKEN, DEADLOCK),
    ("ring", "1"): (CHICKEN,) * 6 + (DEADLOCK,),
    ("complete", "1/10"): (PD, PD, MIXED, MIXED, CHICKEN, CHICKEN, DEADLOCK),
    ("complete", "1"): (CHICKEN, CHICKEN, MIXED, MIXED, MIXED, MIXED, DEADLOCK),
}
"""The same where only the stock is seen, and neighbours' payoffs count with a weight."""


def _rows(places: int, seed: int) -> Iterator[Row]:
    yield from _depletion()
    yield from _restraint()
    yield from _same()
    yield from _dilemmas()
    yield from _cared()
    yield from _thresholds(places)


def _depletion() -> Iterator[Row]:
    for order, lasts in LASTS.items():
        for rate, rounds in lasts.items():
            run = played(rate, [True] * PLAYERS, order)
            lasted = float(run.survived[0]) if run.collapsed[0] else np.nan
            yield near("depletion", f"{order}, Δ = {rate / UNIT:g}: rounds until depletion", rounds, lasted, 0)
    never = [not played(100, [True] * PLAYERS, order).collapsed[0] for order in LASTS]
    yield holds("depletion", f"Δ = .1: not within {ROUNDS} rounds", never, "in no order")


def _restraint() -> Iterator[Row]:
    for rate in RATES:
        total = sum(episode(rate, (False,) * PLAYERS).totals)
        yield near("restraint", f"Δ = {rate / UNIT:g}: all restrain, taken in a round", rate / UNIT,
                   float(total / ROUNDS), 0.1 / ROUNDS + ROUNDING)  # fmt: skip


def _same() -> Iterator[Row]:
    """Exact episodes against those of the environment."""
    for rate in RATES:
        apart = 0.0
        for takers in range(PLAYERS + 1):
            who = [i < takers for i in range(PLAYERS)]
            exact = np.array(episode(rate, tuple(who)).totals, float)
            apart = max(apart, float(np.abs(exact - played(rate, who).payoffs[0]).max()))
        yield near(
            "environment", f"Δ = {rate / UNIT:g}: largest difference of payoffs", 0.0, apart, 1 / UNIT + ROUNDING
        )
    complete = games.altruism(PLAYERS, 0.1)
    run = played(53, [True, True, False, False])
    mixed = games.payoff_mixing(restraint_game(53, "stock"), complete).payoffs_at((1, 1, 0, 0))
    apart = float(np.abs(mixed_totals(run, 53, complete) - mixed).max())
    yield near("environment", "Δ = 0.053, weight .1: payoffs under `mixing` against the mixed game", 0.0, apart, 1e-4)


def _dilemmas() -> Iterator[Row]:
    for seen in SEEN:
        found = [schelling_diagram(restraint_game(rate, seen)).dilemma for rate in RATES]
        for rate, own, wanted in zip(RATES, found, FOUND[seen], strict=True):
            yield holds(_claim(seen), f"sees {seen}, Δ = {rate / UNIT:g}: {wanted}", [own == wanted], own)
    most = [episode(rate, who, "own total").most for rate in RATES for who in product((False, True), repeat=PLAYERS)]
    yield holds("own-total", "nothing is lost to the capacity", [own < 1 for own in most], "in any of these episodes")
    alike = [schelling_diagram(restraint_game(rate, "ring")).gains == schelling_diagram(
        restraint_game(rate, "complete")).gains for rate in RATES]  # fmt: skip
    yield holds("graphs", "the same action pays more, whatever number restrains", alike, "at all rates")


def _claim(seen: str) -> str:
    return {"stock": "stock-alone", "own total": "own-total"}.get(seen, "neighbours")


def _cared() -> Iterator[Row]:
    for (graph, weight), every in CARED.items():
        found = [mixed_diagram(rate, "stock", graph, weight).dilemma for rate in RATES]
        rule = ", ".join(found)
        yield holds("mixing", f"{graph}, weight {weight}: dilemmas of the seven rates",
                    [own == wanted for own, wanted in zip(found, every, strict=True)], rule)  # fmt: skip


def _thresholds(places: int) -> Iterator[Row]:
    for graph, rate in product(("ring", "complete"), (*RATES[:5], RATES[-1])):
        exact = least_weight(rate, graph)
        told = "comes to no weight" if exact is None else f"comes to α* = {exact}"
        yield holds("weights", f"{graph}, Δ = {rate / UNIT:g}: bisection {told}",
                    [agree(searched_weight(rate, graph, 10.0**-places), exact)], "around the closed form")  # fmt: skip


measure = measuring("networked-commons", PLACES, _rows, of="places", figures=FIGURES, sources=[SOURCE])
"""Every figure of the card, by effort, seed and progress; see `systems.measured.measuring`."""
