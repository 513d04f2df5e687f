"""Search at information sets: one step of a learner, by rollouts too, and what it does to payoffs."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles.random_trees import Drawn

from nashscape import InputError, games, learning, theory
from nashscape.games import decision, ending, extensive_game


def drawn_strategies(game, seed):
    random = np.random.default_rng(seed)
    return [(own := (random.exponential(size=mask.shape) + 0.05) * mask) / own.sum(axis=1, keepdims=True)
            for mask in game.legal]  # fmt: skip


@pytest.mark.parametrize("make", [games.kuhn_poker, lambda: games.parse_tree(Drawn(7).text), games.dark_hex])
def test_search_everywhere_is_one_update_of_the_learner(make):
    """The values of a search come from its beliefs over plays, those of the rule from sums along sequences."""
    game = make()
    blueprint = drawn_strategies(game, 4)
    rule = learning.magnetic_mirror_descent(0.6, 0.3)
    after = theory.tree_play(game, rule, steps=1, start=blueprint).last
    seen = 0
    with jax.enable_x64(True):
        reach = game.others_reach(blueprint)
    for player, mask in enumerate(game.legal):
        for row, legal in enumerate(mask):
            if float(reach[player][row]) == 0.0:
                with pytest.raises(InputError, match="never lead"):
                    theory.update_search(game, blueprint, player, row)
                continue
            found = theory.update_search(game, blueprint, player, row, rate=0.6, temperature=0.3)
            np.testing.assert_allclose(found.after, after[player][row][legal], atol=1e-12)
            seen += legal.sum() > 1
    assert seen >= 5


def test_rollouts_have_intervals_that_cover():
    game = games.kuhn_poker()
    blueprint = drawn_strategies(game, 1)
    exact = theory.update_search(game, blueprint, 0, "Q").values
    assert exact[0] != exact[1]
    covered, means = 0, []
    for seed in range(60):
        found = theory.update_search(game, blueprint, 0, "Q", rollouts=100, level=0.9, seed=seed)
        covered += int(((found.low <= exact) & (exact <= found.high)).sum())
        means.append(found.values)
    assert covered >= 100  # of 120, at 90 %
    spread = np.std(means, axis=0) / np.sqrt(60)
    assert (np.abs(np.mean(means, axis=0) - exact) < 4 * spread).all()


def searched(game, strategies, rows, rate):
    """Mirror descent at some rows, given as (player, row), from the strategies as they were."""
    values, reach = game.counterfactual_values(strategies), game.others_reach(strategies)
    made = list(strategies)
    for player, row in rows:
        worth = values[player][row] / reach[player][row]
        logs = jnp.log(strategies[player][row]) + rate * worth
        legal = jnp.asarray(game.legal[player][row])
        made[player] = made[player].at[row].set(jax.nn.softmax(logs, where=legal))
    return made


def test_mirror_descent_at_one_set_never_lowers_a_common_payoff_and_at_two_it_may():
    game = games.tiny_hanabi("A")

    def gains(rows):
        def one(key):
            keys = jax.random.split(key, 3)
            own = jax.random.normal(keys[0], (game.n_plays,))
            drawn = replace(game, payoffs=jnp.stack([own, own]))
            played = [
                jax.nn.softmax(1.5 * jax.random.normal(k, mask.shape), axis=1, where=jnp.asarray(mask))
                for k, mask in zip(keys[1:], game.legal, strict=True)
            ]
            after = searched(drawn, played, rows, 10.0)
            return drawn.expected_payoffs(after)[0] - drawn.expected_payoffs(played)[0]

        return np.asarray(jax.jit(jax.vmap(one))(jax.random.split(jax.random.key(3), 10_000)))

    with jax.enable_x64(True):
        alone, both = gains([(0, 0)]), gains([(0, 0), (1, 0)])
        assert alone.min() >= -1e-12
        assert np.median(alone) > 1e-3
        assert 0 < (both < -1e-9).sum() < 2_000


@pytest.mark.parametrize(("player", "row", "says"), [
    (0, "A", "has no information set 'A'; there are J, Q, K"), (0, 6, "has no information set 6"),
    ("nobody", 0, "nobody"),
])  # fmt: skip
def test_what_is_not_there_is_refused(player, row, says):
    game = games.kuhn_poker()
    with pytest.raises(InputError, match=says):
        theory.update_search(game, game.uniform(), player, row)


def test_bad_numbers_are_refused():
    game = games.kuhn_poker()
    bad = [({"rate": -1.0}, "rate"), ({"temperature": np.nan}, "temperature"), ({"rollouts": -1}, "rollouts"),
           ({"magnet": [1.0]}, "each of the 2 actions"), ({"magnet": [1.0, 0.0]}, "positive")]  # fmt: skip
    for options, says in bad:
        with pytest.raises(InputError, match=says):
            theory.update_search(game, game.uniform(), 0, 0, **options)
    with pytest.raises(InputError, match="in extensive form"):
        theory.update_search(games.stag_hunt(), [0.5, 0.5], 0, 0)
    after = decision(1, {"x": ending(1, 1), "y": ending(2, 2)})
    path = extensive_game(decision(0, {"l": ending(0, 0), "r": after}))
    with pytest.raises(InputError, match="never lead to"):
        theory.update_search(path, [[[1, 0]], [[0.5, 0.5]]], 1, 0)
