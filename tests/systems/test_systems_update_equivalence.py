"""Last strategies and searches of the card: against plain loops, trying everything, and closed forms."""

from itertools import product

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape import games, learning
from nashscape.systems.update_equivalence import learners, measuring


def test_the_loop_by_hand_is_the_rule():
    start = [np.array([0.2, 0.3, 0.5]), np.array([0.6, 0.3, 0.1])]
    game = games.dense(learners.rescaled())
    found = learners.ends(game, learning.magnetic_mirror_descent(0.1, 0.2), [start, start[::-1]], 7)
    np.testing.assert_allclose([own[0] for own in found], learners.magnetic_path(0.2, 0.1, 7)[-1], atol=1e-12)
    assert not np.allclose(found[0][0], found[0][1])


@pytest.mark.parametrize("warm", [0.5, 0.1])
def test_published_equilibria_answer_themselves(warm):
    first = learners.rescaled()[0]
    own = np.array(measuring.PUBLISHED[warm])
    powers = np.exp(first @ own / warm)
    np.testing.assert_allclose(powers / powers.sum(), own, atol=1e-7)


@pytest.mark.parametrize("letter", "AE")
def test_optima_are_those_of_all_pairs_of_plans(letter):
    game = games.tiny_hanabi(letter)
    rows = [(i, r, np.flatnonzero(own)) for i, mask in enumerate(game.legal) for r, own in enumerate(mask)]
    chances, paid = np.asarray(game.chances), np.asarray(game.payoffs)[0]
    best = -np.inf
    sides = game.sequences.sides
    if letter == "A":
        for actions in product(*(own[2] for own in rows)):
            chosen = {(i, r): a for (i, r, _), a in zip(rows, actions, strict=True)}
            through = np.ones(len(chances), bool)
            for i, side in enumerate(sides):
                at, width = side.ends.copy(), side.legal.shape[1]
                for k in range(len(at)):
                    while at[k]:
                        row, action = divmod(int(at[k]) - 1, width)
                        through[k] &= chosen[i, row] == action
                        at[k] = side.before[row]
            best = max(best, float(chances[through] @ paid[through]))
    else:
        best = 10.0
    assert learners.optimum(game) == pytest.approx(best, abs=1e-12)


def test_gains_of_searches_are_those_of_the_search():
    """One game and one blueprint: the search of the library, and what it adds."""
    game = games.tiny_hanabi("A")
    with jax.enable_x64(True):
        blueprint = learners.random_strategies(game, 3)
        after = [own.copy() for own in blueprint]
        after[0][0] = ns.theory.update_search(game, blueprint, 0, 0, rate=10.0).after
        gain = float((game.expected_payoffs(after) - game.expected_payoffs(blueprint))[0])
    assert gain > 0
    alone, both = learners.search_gains(game, [[(0, 0)], [(0, 0), (1, 0)]], 2_000, 10.0, 5)
    assert alone.min() >= -1e-12
    assert 0 < (both < -1e-9).sum() < 100


def test_blueprints_by_name():
    game = games.leduc_poker(suits=False)
    for which, wanted in (("even", None), ("first", 0.9), ("last", 0.9)):
        for own, mask in zip(learners.tilted(game, which), game.legal, strict=True):
            np.testing.assert_allclose(own.sum(axis=1), 1.0)
            assert (own[~mask] == 0).all()
            if wanted:
                assert own.max() == pytest.approx(wanted)


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("update-equivalence", effort="quick").stands
