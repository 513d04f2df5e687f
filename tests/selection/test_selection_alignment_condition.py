"""The alignment condition is computed, game by game: against automatic differentiation, and its sign is no constant."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.theory.peer_directions import peer_direction

LAMBDA, ETA = 1.5, 0.55
RULE = ns.peer_only(peer=LAMBDA, inner_lr=ETA)


def utilities(payoffs, theta):
    value = payoffs
    for p in reversed(1 / (1 + jnp.exp(-theta))):
        value = value[..., 0] * p + value[..., 1] * (1 - p)
    return value


def likelihood(profile, theta):
    return sum(jnp.log(1 / (1 + jnp.exp(-x if action == 0 else x))) for action, x in zip(profile, theta, strict=True))


@jax.jit
def derivatives(payoffs, theta):
    return jax.vmap(lambda at: (jax.jacfwd(utilities, 1)(payoffs, at), jax.hessian(utilities, 1)(payoffs, at)))(theta)


def inner_products(payoffs, profile, theta):
    """`⟨λ peer_i, ∂_i Σ_j log σ_j(a*_j)⟩` by player, from derivatives of the utilities themselves, `[K, n]`."""
    n = len(payoffs)
    with jax.enable_x64(True):
        slopes, bends = map(np.asarray, derivatives(jnp.asarray(payoffs), jnp.asarray(theta)))
        towards = np.asarray(jax.vmap(jax.grad(lambda at: likelihood(profile, at)))(jnp.asarray(theta)))
    peer = np.zeros_like(theta)
    for i in range(n):
        for j in range(n):
            if j != i:
                peer[:, i] += LAMBDA * ETA * bends[:, j, j, i] * slopes[:, i, j]
    return peer * towards


@pytest.mark.long
@pytest.mark.parametrize("players", [2, 3])
def test_it_is_the_inner_product_of_the_peer_term_with_the_direction_to_the_target(players):
    random = np.random.default_rng(players)
    signs = set()
    for seed in range(3):
        payoffs = np.random.default_rng(seed).normal(size=(players, *(2,) * players))
        game = ns.games.dense(payoffs)
        theta = random.normal(scale=1.5, size=(40, players))
        for profile in ((0,) * players, (1, *(0,) * (players - 1))):
            found = ns.alignment(game, RULE, profile, at=ns.starts.parameters(theta))
            made = inner_products(payoffs, profile, theta)
            np.testing.assert_allclose(found.projections["peer"] * found.length, made.sum(axis=1), atol=1e-12)
            clear = np.abs(made) > 1e-12
            assert (np.sign(found.by_player["peer"]) == np.sign(made))[clear].all()
            signs |= set(np.sign(found.projections["peer"]))
    assert signs == {-1.0, 1.0}


def test_its_sign_is_that_of_c_where_the_others_cooperation_helps():
    for game, way in ((ns.games.stag_hunt(), 1.0), (ns.games.prisoners_dilemma(), -1.0), (ns.games.chicken(), -1.0)):
        # random profiles, and close to the corners as well
        for std in (0.5, 1.5, 5.0):
            found = ns.alignment(game, RULE, (0, 0), at=ns.starts.normal(std=std), n=300, seed=3)
            assert (np.sign(found.projections["peer"]) == way).all()
            assert (np.sign(found.by_player["peer"]) == way).all()
        # which is what is proved of all profiles
        assert set(peer_direction(game).verdicts) == {"raises" if way > 0 else "lowers"}
        # towards the other corner it is turned round, and without peer-learning's coefficient as well
        assert (ns.alignment(game, RULE, (1, 1), grid=5).projections["peer"] * way < 0).all()
        against = ns.alignment(game, ns.peer_only(peer=-LAMBDA, inner_lr=ETA), (0, 0), grid=5)
        assert (against.projections["peer"] * way < 0).all()


def test_in_an_asymmetric_game_one_player_may_be_pushed_up_and_the_other_down():
    # c_1 = −1 and c_2 = 3 with B_1, B_2 > 0: player 1 is moved by c_2, player 2 by c_1
    game = ns.games.dense([[[3.0, 0.0], [5.0, 1.0]], [[4.0, 3.0], [0.0, 2.0]]])
    assert peer_direction(game).verdicts == ("raises", "lowers")
    found = ns.alignment(game, RULE, (0, 0), grid=15)
    assert (found.by_player["peer"][..., 0] > 0).all()
    assert (found.by_player["peer"][..., 1] < 0).all()
    # so that the condition holds in one part of the square and fails in another
    counts = found.signs("peer")
    assert counts["positive"] > 20
    assert counts["negative"] > 0


def test_three_players():
    # a group that gains from every further pair, and one in which a single volunteer is enough
    total = 3 - np.indices((2, 2, 2)).sum(axis=0)
    pairs = ns.games.dense(np.stack([total + total * (total - 1.0)] * 3))
    volunteers = ns.games.volunteers_dilemma()
    for game, verdict, way in ((pairs, "raises", 1), (volunteers, "lowers", -1)):
        assert peer_direction(game).verdicts == (verdict,) * 3
        found = ns.alignment(game, RULE, (0, 0, 0), at=ns.starts.normal(std=2.0), n=200, seed=1)
        assert (np.sign(found.by_player["peer"]) == way).all()
        assert found.signs("peer")["positive" if way > 0 else "negative"] == 200
