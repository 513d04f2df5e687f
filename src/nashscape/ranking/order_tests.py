"""Whether two players of orders are equally strong, and whether strengths explain orders at all."""

import numpy as np
import numpy.typing as npt

from nashscape.ranking.choices import Choices, chosen_likelihood, fitted_choices, likelihood_as_one, nearer
from nashscape.ranking.fits import fitted
from nashscape.ranking.player_orders import Orders
from nashscape.ranking.strength_tests import BLOCK, SIMULATED, two_tails, unexplained

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_LOOKED_AT = 1 << 15
"""Pairs in the orders of which it is seen whether strengths explain them; of more orders some are drawn."""


def choice_tests(own: Choices, strengths: Floats) -> Floats:
    """Of every pair how likely choices so far apart are if both are equal: `2(sup ℓ − sup ℓ where they are)`, χ² of 1.

    Half a win is taken from the stronger and given to the weaker, as of matches; see `ratio_tests`.
    """
    pairs = np.stack(np.triu_indices(len(strengths), 1), axis=1)
    size, found = max(1, BLOCK // (len(own.members) * len(strengths))), []
    for start in range(0, len(pairs), size):
        block = pairs[start : start + size]
        one, other = block.T
        signs = np.where(strengths[one] >= strengths[other], 1.0, -1.0)
        moved = nearer(own, block, signs)
        free = fitted_choices(moved, strengths)
        missing = chosen_likelihood(moved, free) - likelihood_as_one(own, block, strengths)
        rows = np.arange(len(block))
        apart = signs * (free[rows, one] - free[rows, other])
        found.append(two_tails(np.sqrt(np.maximum(np.where(apart > 0, 2.0 * missing, 0.0), 0.0))))
    return np.concatenate(found)


def order_fit_test(found: Orders, strengths: Floats, seed: int) -> float:
    """The share of seasons of orders, drawn with the strengths, whose pairs strengths explain as badly.

    By the model each two players of an order are in the order of Bradley and Terry, so that is what is looked at: the
    deviance of the table of who was above whom from strengths that are fitted to it. Circles are seen by it.
    """
    generator, n = np.random.default_rng(seed), len(strengths)
    largest = found.field.shape[1]
    kept = np.arange(len(found))
    if len(kept) * largest**2 > MOST_LOOKED_AT:
        kept = generator.choice(kept, max(1, MOST_LOOKED_AT // largest**2), replace=False)
    field, placed = found.field[kept], found.placed[kept]
    points = pair_points(field[None], placed, n)
    least, worse, left = float(unexplained(points, fitted(points))[0]), 0, SIMULATED
    size = max(1, BLOCK // max(n**2, field.size * largest))
    while left:
        seasons = pair_points(drawn(field, strengths, min(left, size), generator), placed, n)
        worse += int((unexplained(seasons, fitted(seasons)) >= least - 1e-9).sum())
        left -= len(seasons)
    return (1 + worse) / (1 + SIMULATED)


def drawn(field: Ints, strengths: Floats, seasons: int, generator: np.random.Generator) -> Ints:
    """Orders of the same players drawn by the model, `[seasons, orders, largest]`.

    As the order of strengths to which Gumbel's noise is added, by which of any set each is the first with a chance in
    proportion to its worth.
    """
    keys = np.where(field >= 0, strengths[field], -np.inf) + generator.gumbel(size=(seasons, *field.shape))
    order = np.argsort(-keys, axis=-1, kind="stable")
    made: Ints = np.take_along_axis(np.broadcast_to(field, keys.shape), order, axis=-1)
    return made


def pair_points(orders: Ints, placed: Ints, players: int) -> Floats:
    """How often each player was above each other in seasons of orders, `[seasons, players, players]`."""
    above, below = np.triu_indices(orders.shape[-1], 1)
    known = (orders[..., below] >= 0) & (above < placed[:, None])
    season = np.broadcast_to(np.arange(len(orders))[:, None, None], known.shape)[known]
    cell = (season * players + orders[..., above][known]) * players + orders[..., below][known]
    counts = np.bincount(cell, minlength=len(orders) * players**2)
    return counts.reshape(len(orders), players, players).astype(np.float64)
