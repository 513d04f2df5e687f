import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError

SHAPES = [(2, 2), (2, 3), (4, 2), (3, 2, 4), (2, 3, 2, 2)]


def mixtures(shape, seed=0):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(size)) for size in shape]


def brute_force(game, strategies):
    """Payoffs by walking through every profile, one entry at a time."""
    total = np.zeros(game.n_players)
    own = [np.zeros(size) for size in game.shape]
    for profile in itertools.product(*map(range, game.shape)):
        payoffs = game.payoffs[(slice(None), *profile)]
        total += math.prod(s[a] for s, a in zip(strategies, profile, strict=True)) * payoffs
        for i, a in enumerate(profile):
            others = math.prod(s[b] for j, (s, b) in enumerate(zip(strategies, profile, strict=True)) if j != i)
            own[i][a] += others * payoffs[i]
    return total, own


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.mark.parametrize("shape", SHAPES)
def test_payoffs_agree_with_enumeration_and_einsum(shape):
    game, strategies = games.random_game(shape, seed=7), mixtures(shape)
    total, own = brute_force(game, strategies)
    letters = "abcd"[: len(shape)]
    einsum = np.einsum(f"i{letters},{','.join(letters)}->i", game.payoffs, *strategies)
    np.testing.assert_allclose(game.expected_payoffs(strategies), total, rtol=1e-12)
    np.testing.assert_allclose(game.expected_payoffs(strategies), einsum, rtol=1e-12)
    for ours, reference in zip(game.action_values(strategies), own, strict=True):
        np.testing.assert_allclose(ours, reference, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_action_values_are_the_gradient(shape):
    game, strategies = games.random_game(shape, seed=8), mixtures(shape, seed=1)
    own = game.action_values(strategies)
    jacobian = jax.jacrev(game.expected_payoffs)([jnp.asarray(s) for s in strategies])
    for i in range(len(shape)):
        np.testing.assert_allclose(own[i], jacobian[i][i], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_regret_is_the_best_gain(shape):
    game, strategies = games.random_game(shape, seed=9), mixtures(shape, seed=2)
    total, own = brute_force(game, strategies)
    expected = [deviations.max() - payoff for deviations, payoff in zip(own, total, strict=True)]
    np.testing.assert_allclose(game.regrets(strategies), expected, rtol=1e-10)


def test_games_of_one_shape_share_one_program():
    traces = []

    @jax.jit
    def payoffs(game, strategies):
        traces.append(game.shape)
        return game.expected_payoffs(strategies), game.regrets(strategies)

    strategies = mixtures((2, 2))
    for game in (games.stag_hunt(), games.matching_pennies(), games.stag_hunt(T=2)):
        np.testing.assert_allclose(payoffs(game, strategies)[0], game.expected_payoffs(strategies))
    assert traces == [(2, 2)]


def test_a_game_is_a_pytree_of_its_payoffs():
    leaves, structure = jax.tree_util.tree_flatten(games.stag_hunt())
    assert len(leaves) == 1
    rebuilt = jax.tree_util.tree_unflatten(structure, leaves)
    assert rebuilt.shape == (2, 2)
    assert rebuilt.n_players == 2
    assert structure == jax.tree_util.tree_structure(games.matching_pennies())
    gradient = jax.grad(lambda game: game.expected_payoffs([jnp.array([0.25, 0.75])] * 2)[0])(games.stag_hunt())
    np.testing.assert_allclose(gradient.payoffs[0], np.outer([0.25, 0.75], [0.25, 0.75]))


def test_only_contractions_are_traced():
    game = games.random_game((3, 2, 4), seed=1)
    program = jax.make_jaxpr(lambda s: (game.expected_payoffs(s), game.action_values(s)))(mixtures((3, 2, 4)))

    def names(jaxpr):
        for equation in jaxpr.eqns:
            inner = equation.params.get("jaxpr")
            if inner is None:
                yield equation.primitive.name
            else:
                yield from names(inner.jaxpr)

    allowed = {
        "dot_general",
        "transpose",
        "slice",
        "squeeze",
        "reshape",
        "mul",
        "reduce_sum",
        "broadcast_in_dim",
    }
    assert set(names(program.jaxpr)) <= allowed


def test_single_precision_stays_single():
    with jax.enable_x64(False):
        assert games.stag_hunt().expected_payoffs(mixtures((2, 2))).dtype == jnp.float32


def test_relabelling_actions_moves_the_payoffs_and_nothing_else():
    game, (p, q, r) = games.random_game((3, 2, 4), seed=3), mixtures((3, 2, 4))
    order = [2, 0, 1]
    relabelled = game.relabel("player 1", order)
    assert relabelled.actions[0] == ("C", "A", "B")
    assert relabelled.actions[1:] == game.actions[1:]
    moved = [p[order], q, r]
    np.testing.assert_allclose(relabelled.expected_payoffs(moved), game.expected_payoffs([p, q, r]))
    np.testing.assert_allclose(relabelled.action_values(moved)[0], game.action_values([p, q, r])[0][np.array(order)])
    back = relabelled.relabel(0, ["A", "B", "C"])
    np.testing.assert_array_equal(back.payoffs, game.payoffs)


def test_permuting_players_permutes_the_payoffs():
    game, strategies = games.random_game((3, 2, 4), seed=4), mixtures((3, 2, 4))
    order = [2, 0, 1]
    permuted = game.permute_players(order)
    assert permuted.shape == (4, 3, 2)
    assert permuted.players == ("player 3", "player 1", "player 2")
    moved = [strategies[k] for k in order]
    np.testing.assert_allclose(
        permuted.expected_payoffs(moved), np.asarray(game.expected_payoffs(strategies))[order], rtol=1e-12
    )


def test_affine_changes_scale_and_shift_the_payoffs():
    game, strategies = games.random_game((2, 3), seed=5), mixtures((2, 3))
    changed = game.affine(scale=[2.0, 0.5], shift=[1.0, -3.0])
    before = np.asarray(game.expected_payoffs(strategies))
    np.testing.assert_allclose(changed.expected_payoffs(strategies), before * [2.0, 0.5] + [1.0, -3.0])
    np.testing.assert_allclose(changed.regrets(strategies), np.asarray(game.regrets(strategies)) * [2.0, 0.5])
    np.testing.assert_allclose(game.affine(shift=1.0).payoffs, game.payoffs + 1)


def test_payoffs_are_a_read_only_copy():
    given = np.zeros((2, 2, 2))
    game = games.dense(given)
    given[0, 0, 0] = 1
    assert game.payoffs[0, 0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0, 0, 0] = 1


def test_bimatrix_without_column_payoffs_is_symmetric():
    game = games.bimatrix([[4, 0], [3, 2]])
    np.testing.assert_array_equal(game.payoffs[1], game.payoffs[0].T)
    np.testing.assert_array_equal(game.permute_players([1, 0]).payoffs, game.payoffs)


def test_names_are_filled_in():
    assert games.dense(np.zeros((2, 2, 3))).actions == (("A", "B"), ("A", "B", "C"))
    assert games.dense(np.zeros((2, 2, 2)), actions="CD").actions == (("C", "D"), ("C", "D"))
    mixed = games.dense(np.zeros((2, 2, 3)), actions=[["Up", "Down"], ["L", "M", "R"]], players=["row", "column"])
    assert mixed.actions[0] == ("Up", "Down")
    wide = games.dense(np.zeros((2, 30, 2)))
    assert len(set(wide.actions[0])) == 30


def test_text_forms():
    game = games.dense(np.arange(16.0).reshape(2, 2, 4), name="ladder", actions=[["up", "down"], list("abcd")])
    assert repr(game) == "<DenseGame ladder: 2 players, 2×4 actions (up down; a b c d)>"
    lines = game.table().split("\n")
    assert len(lines) == 3
    assert len({len(line) for line in lines}) == 1
    assert lines[2].split("  ")[0] == "down"
    assert games.dense(np.zeros((3, 2, 2, 2))).table().split("\n")[1] == "AAB: 0, 0, 0"
    rebuilt = games.DenseGame(**game.to_dict())
    np.testing.assert_array_equal(rebuilt.payoffs, game.payoffs)
    assert rebuilt.actions == game.actions
    assert games.check_offers(game) == {"pays", "normal", "table"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: games.dense([[1, 2], [3, 4]]), "shape"),
        (lambda: games.dense(np.zeros((3, 2, 2))), "shape"),
        (lambda: games.dense(np.zeros((1, 2))), "n ≥ 2"),
        (lambda: games.dense(np.zeros((2, 2, 0))), "every player needs an action"),
        (lambda: games.dense(np.full((2, 2, 2), np.nan)), "finite"),
        (lambda: games.dense(np.zeros((2, 2, 2)), actions=["C", "C"]), "different names"),
        (lambda: games.dense(np.zeros((2, 2, 2)), actions=["C"]), "action names"),
        (lambda: games.dense(np.zeros((2, 2, 2)), actions=["C", "a,b"]), "commas"),
        (lambda: games.dense(np.zeros((2, 2, 2)), actions=[["C", "D"], ["C", 3]]), "text"),
        (lambda: games.dense(np.zeros((2, 2, 2)), actions=[["C", "D"]]), "action names"),
        (lambda: games.dense(np.zeros((2, 2, 2)), players=["a"]), "player names"),
        (lambda: games.dense(np.zeros((2, 2, 2)), players=["a", "a"]), "player names"),
        (lambda: games.bimatrix(np.zeros((2, 3))), "square"),
        (lambda: games.bimatrix(np.zeros((2, 3)), np.zeros((3, 2))), "column payoffs must have shape"),
        (lambda: games.stag_hunt().affine(scale=0), "positive"),
        (lambda: games.stag_hunt().affine(scale=[1, 1, 1]), "number or 2 numbers"),
        (lambda: games.stag_hunt().relabel(0, [0, 0]), "once"),
        (lambda: games.stag_hunt().relabel(2, [0, 1]), "no player number 2"),
        (lambda: games.stag_hunt().relabel("row", [0, 1]), "unknown player 'row'"),
        (lambda: games.stag_hunt().permute_players([0]), "once"),
        (lambda: games.stag_hunt().replace(payoffs=np.zeros((2, 2, 3))), "action names"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
