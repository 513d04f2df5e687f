"""Groups of players of rules who take from a logistic pool: punishment, imitation, voting, monitoring, on and off.

All constants are choices of ours; those of the publication were not to be had.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nashscape.environments import norm_entropy, norm_similarity

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MECHANISMS = ("punishment", "imitation", "conformism", "voting", "monitoring")
PLAYERS, ROUNDS = 10, 60
CAPACITY, GROWTH, COLLAPSE = 100.0, 0.4, 2.0
"""The largest yield that lasts is r K / 4 = 10 a round, one for each, of a stock of K/2."""
BEGUN = {"rich": 100.0, "scarce": 40.0}
"""Stock at first."""
STEP, LEVELS = 0.25, 13
"""Demands are 0, .25, … 3."""
LOW, HIGH = (2, 4), (8, 12)
"""Levels from and to which altruists and selfish players draw their first demands: .5 to 1, and 2 to 3."""
SHARE = {"altruistic": 0.8, "selfish": 0.2}
"""The chance that a player is an altruist."""
RATE, STRENGTH, ERROR = 0.5, 2.0, 0.02
"""Chance to look at others; of payoffs when imitating; chance that a demand moves by a level."""
TOLERANCE, ANGER, COST, HARM = 0.5, 0.5, 0.1, 0.5
"""Of punishment: how much more than oneself another may take; chance to punish; what it costs, and whom."""
LIMIT, LOOKS, FINE, FACTOR, MOST = 1.0, 0.5, 0.25, 2.0, 2.0
"""Of monitoring: what may be taken; chance to be looked at; first fine, by how much it grows, the largest."""
EVERY, OBEYS, OWN = 5, 0.9, {True: 0.1, False: 0.5}
"""Of voting: rounds between votes; chance to keep to the cap; weight of the own demand for altruists, for others."""


class GroupCourse(NamedTuple):
    """What became of groups, `[B]` each: rounds, units taken, and how alike demands were at first and at the end."""

    survived: Ints
    total: Floats
    first_entropy: Floats
    entropy: Floats
    similarity: Floats


def grown(stock: npt.ArrayLike) -> Floats:
    """The stock after a round: `R + r R (1 − R/K)`."""
    left = np.asarray(stock, float)
    made: Floats = left + GROWTH * left * (1 - left / CAPACITY)
    return made


def borne(stock: npt.ArrayLike) -> Floats:
    """The share of each that the pool bears: a part of what a stock, of K/2 at most, grows by.

    >>> borne([100, 50, 20]).round(4).tolist()
    [1.0, 1.0, 0.64]
    """
    some = np.minimum(np.asarray(stock, float), CAPACITY / 2)
    made: Floats = (grown(some) - some) / PLAYERS
    return made


def course(on: Collection[str], *, pool: str, start: str, groups: int, seed: int, obeys: float = OBEYS) -> GroupCourse:
    """Groups from first demands to the end of their pool, or of 60 rounds.

    In a round all take what they demand, of less than that the same part of each, at most the cap if there is one. What
    is left grows, or is lost below 2. Fines and punishment lower payoffs; who lost something gives way by a level
    with the chance of as much as was lost, at most 1. Then players imitate, and demands err.

    Args:
        on: names of mechanisms, of `MECHANISMS`.
        pool: "rich" or "scarce".
        start: "altruistic" or "selfish".
        groups: B.
        seed: of everything random; the first demands are the same whatever is on.
        obeys: the chance that a player keeps to a cap in a round.
    """
    first, random = np.random.default_rng((seed, 0)), np.random.default_rng((seed, 1))
    shape = (groups, PLAYERS)
    altruist = first.random(shape) < SHARE[start]
    level = np.where(altruist, first.integers(LOW[0], LOW[1] + 1, shape), first.integers(HIGH[0], HIGH[1] + 1, shape))
    weight = np.where(altruist, OWN[True], OWN[False])
    began, stock = level, np.full(groups, BEGUN[pool])
    alive, survived, total = np.ones(groups, bool), np.zeros(groups, np.int64), np.zeros(groups)
    cap, offences = np.full(groups, np.inf), np.zeros(shape)
    for t in range(ROUNDS):
        if "voting" in on and t % EVERY == 0:
            cap = np.median(votes(STEP * level, weight, stock), axis=1)
        taken = takings(random, STEP * level, cap, np.where(alive, stock, 0.0), obeys)
        survived, total = survived + alive, total + taken.sum(axis=1)
        left = np.maximum(stock - taken.sum(axis=1), 0.0)
        lost = np.zeros(shape)
        if "monitoring" in on:
            fines = fined(random, taken, offences)
            offences, lost = offences + (fines > 0), lost + fines
        paid = taken - lost
        if "punishment" in on:
            harm, cost = punished(random, taken)
            lost, paid = lost + harm, paid - harm - cost
        moved = np.maximum(level - (random.random(shape) < lost), 0)
        moved = learnt(random, moved, paid, on)
        level = np.where(alive[:, None], moved, level)
        alive, stock = alive & (left >= COLLAPSE), grown(left)
    return GroupCourse(survived, total, norm_entropy(began), norm_entropy(level), norm_similarity(level))


def votes(wants: Floats, weight: Floats, stock: Floats) -> Floats:
    """The cap that each votes for, `[B, n]`: between what it wants and what the pool bears; the median is taken."""
    made: Floats = weight * wants + (1 - weight) * borne(stock)[:, None]
    return made


def takings(random: np.random.Generator, wants: Floats, cap: Floats, stock: Floats, obeys: float = OBEYS) -> Floats:
    """What each gets, `[B, n]`: at most the cap if it keeps to it, of too little the same part of each."""
    keeps = random.random(wants.shape) < obeys
    asked = np.where(keeps, np.minimum(wants, cap[:, None]), wants)
    all_ = asked.sum(axis=1, keepdims=True)
    made: Floats = asked * np.minimum(1.0, stock[:, None] / np.maximum(all_, 1e-12))
    return made


def fined(random: np.random.Generator, taken: Floats, offences: Floats) -> Floats:
    """Fines, `[B, n]`: of who is looked at and took too much, more with every offence."""
    guilty = (random.random(taken.shape) < LOOKS) & (taken > LIMIT + 1e-9)
    made: Floats = np.where(guilty, np.minimum(FINE * FACTOR**offences, MOST), 0.0)
    return made


def punished(random: np.random.Generator, taken: Floats) -> tuple[Floats, Floats]:
    """Harm to each and cost of each, `[B, n]`: everyone looks at one other, and may punish who took much more."""
    groups, seen = np.arange(len(taken))[:, None], others(random, taken.shape)
    acts = (taken[groups, seen] > taken + TOLERANCE) & (random.random(taken.shape) < ANGER)
    harm: Floats = np.zeros(taken.shape)
    np.add.at(harm, (np.broadcast_to(groups, taken.shape), seen), HARM * acts)
    cost: Floats = np.where(acts, COST, 0.0)
    return harm, cost


def learnt(random: np.random.Generator, level: Ints, paid: Floats, on: Collection[str]) -> Ints:
    """Demands after imitation and errors, `[B, n]`."""
    groups, shape = np.arange(len(level))[:, None], level.shape
    made = level
    if "imitation" in on:
        seen = others(random, shape)
        chance = RATE / (1 + np.exp(-STRENGTH * (paid[groups, seen] - paid)))
        made = np.where(random.random(shape) < chance, made[groups, seen], made)
    if "conformism" in on:
        one, two, three = (made[groups, others(random, shape)] for _ in range(3))
        # what most of three do; of three who differ the first
        made = np.where(random.random(shape) < RATE, np.where(two == three, two, one), made)
    errs = (random.random(shape) < ERROR) * random.choice((-1, 1), shape)
    return np.clip(made + errs, 0, LEVELS - 1).astype(np.int64)


def others(random: np.random.Generator, shape: tuple[int, ...]) -> Ints:
    """For every player another one, drawn evenly, `[B, n]`."""
    made: Ints = (np.arange(shape[1]) + random.integers(1, shape[1], shape)) % shape[1]
    return made
