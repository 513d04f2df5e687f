"""Games of Pgx: the kit, whose turn it is, and what they pay against enumeration."""

import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import environments, learning, neural
from nashscape.core import InputError
from nashscape.dynamics import observing
from nashscape.testing import check_environment

GAMES = ("kuhn_poker", "leduc_holdem", "tic_tac_toe", "connect_four", "2048", "backgammon")


@pytest.mark.parametrize("name", [GAMES[0], *(pytest.param(own, marks=pytest.mark.long) for own in GAMES[1:])])
def test_they_pass_the_kit(name):
    check_environment(environments.pgx(name, limit=6 if name == "2048" else None))


def test_who_waits_has_one_action_and_it_counts_for_nothing():
    env = environments.pgx("tic_tac_toe")
    state, seen = env.reset(jax.random.key(2))
    turn = int(state.state.current_player)
    legal = env.legal(state)
    assert legal[turn].tolist() == [True] * 9
    assert legal[1 - turn].tolist() == [True] + [False] * 8
    assert [own.shape for own in seen] == [(3, 3, 2)] * 2
    boards = []
    for idle in (0, 7):
        actions = tuple(jnp.int32(4 if i == turn else idle) for i in range(2))
        after = env.step(jax.random.key(0), state, actions)
        boards.append(after.observations)
    for one, other in zip(*boards, strict=True):
        np.testing.assert_array_equal(one, other)
    # each sees its own stones first
    assert boards[0][turn][1, 1].tolist() == [1, 0]
    assert boards[0][1 - turn][1, 1].tolist() == [0, 1]
    assert after.state.state.current_player == 1 - turn


def kuhn(own, other, history="", mine=True):
    """What the first mover expects at cards `own`, `other` where both act by a coin, and the number of moves left."""
    if history in {"cc", "bc", "cbc"}:
        return (1 if history == "cc" else 2) * (1 if own > other else -1), 0.0
    if history in {"bf", "cbf"}:
        return (1 if history == "bf" else -1), 0.0
    answers = ("f", "c") if history.endswith("b") else ("c", "b")
    both = [kuhn(own, other, history + one, not mine) for one in answers]
    return sum(paid for paid, _ in both) / 2, 1 + sum(left for _, left in both) / 2


def test_poker_pays_what_enumeration_says():
    deals = [kuhn(a, b) for a in range(3) for b in range(3) if a != b]
    expected, moves = np.mean([paid for paid, _ in deals]), np.mean([left for _, left in deals])
    assert expected == pytest.approx(0.125)  # so that the two sides can be told apart
    env = environments.pgx("kuhn_poker")

    @jax.jit
    @jax.vmap
    def episode(key):
        def one(carry, own):
            state, paid, count, going = carry
            choice, stepping = jax.random.split(own)
            legal = env.legal(state)
            keys = jax.random.split(choice, 2)
            actions = tuple(
                jax.random.categorical(k, jnp.where(may, 0.0, -jnp.inf)) for k, may in zip(keys, legal, strict=True)
            )
            after = env.step(stepping, state, actions)
            paid, count = paid + going * after.rewards, count + going
            return (after.state, paid, count, going & ~after.terminated), None

        begin, playing = jax.random.split(key)
        state, _ = env.reset(begin)
        first = state.state.current_player
        start = (state, jnp.zeros(2), jnp.int32(0), jnp.asarray(True))
        (_, paid, count, going), _ = jax.lax.scan(one, start, jax.random.split(playing, 4))
        return paid[first], paid.sum(), count, going

    paid, total, count, going = map(np.asarray, episode(jax.random.split(jax.random.key(1), 20_000)))
    assert not going.any()
    assert (total == 0).all()
    for seen, exact in ((paid, expected), (count, moves)):
        assert abs(seen.mean() - exact) <= 4 * seen.std() / np.sqrt(len(seen))


def test_moves_that_are_up_truncate():
    env = environments.pgx("connect_four", limit=2)
    state, _ = env.reset(jax.random.key(0))
    flags = []
    for column in (3, 4):
        after = env.step(jax.random.key(0), state, (jnp.int32(column),) * 2)
        state = after.state
        flags.append((bool(after.terminated), bool(after.truncated)))
    assert flags == [(False, False), (False, True)]


@pytest.mark.long
def test_policies_are_trained_and_what_one_gets_the_other_pays():
    env = environments.pgx("kuhn_poker", limit=4)
    found = ns.entry_probability(
        ns.parametric(env, neural.perceptrons(env, hidden=(16,))), neural.ppo(learning_rate=1e-2, critic_hidden=(16,)),
        n=4, steps=60, seed=1, estimator=learning.played(128, rounds=8, fresh=False),
        settling=observing(64, moments=2, greedy=0),
    )  # fmt: skip
    returns = found.reduced["return"]
    np.testing.assert_allclose(returns.sum(axis=2), 0.0, atol=1e-5)
    assert np.isfinite(returns).all()
    assert (np.abs(returns) > 0).any()


def test_bad_names_and_missing_packages_are_told(monkeypatch):
    with pytest.raises(InputError, match="unknown game of Pgx 'kuhn_pokr'; did you mean 'kuhn_poker'"):
        environments.pgx("kuhn_pokr")
    with pytest.raises(InputError, match="limit"):
        environments.pgx("kuhn_poker", limit=0)
    monkeypatch.setitem(sys.modules, "pgx", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install pgx; it is in the extra nashscape\[turns\]"):
        environments.pgx("kuhn_poker")
