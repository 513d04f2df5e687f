"""Behaviour strategies that meet in trees: best responses to mixtures against all plans, and what is left to gain."""

from itertools import product

import jax
import numpy as np
import pytest

from nashscape import InputError, games, testing, theory
from nashscape.populations import Opponents, grow, tree_arena


def pure_ones(legal):
    """All pure behaviour strategies of a player."""
    choices = [np.flatnonzero(row) for row in legal]
    for chosen in product(*choices):
        made = np.zeros(legal.shape)
        made[np.arange(len(chosen)), list(chosen)] = 1.0
        yield made


@pytest.mark.parametrize("seed", range(3))
def test_a_response_to_a_mixture_is_the_best_of_all_plans(seed):
    """In Kuhn's poker of two, and in uneven trees of three, against every pure strategy."""
    game = games.kuhn_poker() if seed == 0 else uneven(seed)
    arena, random = tree_arena(game), np.random.default_rng(seed)
    for side in range(len(game.players)):
        profiles = [
            tuple(None if k == side else arena.start(k, random) for k in range(len(game.players))) for _ in range(3)
        ]
        weights = random.dirichlet([1, 1, 1])

        def worth(own, side=side, profiles=profiles, weights=weights):
            met = [[own if k == side else one for k, one in enumerate(members)] for members in profiles]
            return sum(w * arena.payoffs(one)[side] for w, one in zip(weights, met, strict=True))

        found = arena.respond(side, Opponents(tuple(profiles), weights), None, random)
        assert worth(found) == pytest.approx(max(map(worth, pure_ones(game.legal[side]))), abs=1e-12)
        alone = [arena.start(k, random) for k in range(len(game.players))]
        with jax.enable_x64(True):
            assert arena.best(side, alone) == pytest.approx(float(game.best_values(alone)[side]), abs=1e-12)
            np.testing.assert_allclose(arena.payoffs(alone), game.expected_payoffs(alone), atol=1e-12)


def uneven(seed):
    """Three players who do not see each other's moves, with two or three actions."""
    random = np.random.default_rng(seed)

    def paid():
        return games.ending(*random.integers(-5, 6, size=3).tolist())

    def third(first):
        return games.decision(2, {a: paid() for a in "xyz"[: 2 + (first == "l")]}, knows=first)

    def second(first):
        return games.decision(1, {a: third(first) for a in "uvw"}, knows="second")

    top = {a: second(a) for a in "lr"} | {"out": games.decision(1, {"s": paid(), "t": paid()}, knows="other")}
    return games.extensive_game(games.decision(0, top), players=3)


def test_double_oracle_solves_kuhn_poker_while_it_looks_at_few_strategies():
    game = games.kuhn_poker()
    found = grow(tree_arena(game), "double-oracle", generations=15, seed=3)
    assert found.gains[-1].sum() < 1e-9
    assert found.generations < 12
    mixtures = found.answer
    members = [list(pool) for pool in found.members]
    behaviour = [averaged(game, side, members[side], mixtures[side]) for side in range(2)]
    assert theory.regret(game, behaviour) == pytest.approx([0.0, 0.0], abs=1e-9)
    with jax.enable_x64(True):
        assert float(game.expected_payoffs(behaviour)[0]) == pytest.approx(-1 / 18, abs=1e-9)


def averaged(game, side, members, weights):
    """The behaviour strategy that leads to every play as often as the mixture."""
    total = np.zeros(game.legal[side].shape)
    for member, weight in zip(members, weights, strict=True):
        with jax.enable_x64(True):
            plan = np.asarray(game.realisations([member if k == side else game.uniform()[k] for k in range(2)])[side])
        total += weight * plan[1:].reshape(total.shape)
    sums = total.sum(axis=1, keepdims=True)
    return np.where(sums > 0, total / np.where(sums > 0, sums, 1), game.legal[side] / 2)


def test_what_is_no_tree_has_no_such_arena():
    with pytest.raises(InputError, match="to let its strategies meet takes a game in extensive form"):
        tree_arena(games.stag_hunt())
    testing.check_game(uneven(1))
