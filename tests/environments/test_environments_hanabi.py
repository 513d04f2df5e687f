"""Hanabi for two, against its rules in plain Python, move by move; cards neither come nor go."""

from collections import Counter
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles.plain_hanabi import PlainHanabi

from nashscape import InputError, environments
from nashscape.testing import check_environment


@partial(jax.jit, static_argnums=0)
def begun(env, key):
    return env.reset(key)


@partial(jax.jit, static_argnums=0)
def stepped(env, state, actions):
    return env.legal(state), env.step(jax.random.key(0), state, actions)


def cards_of(env, kinds):
    return [divmod(int(kind), env.ranks) for kind in np.ravel(kinds) if kind >= 0]


def play_both(env, seed, way):
    """One game by random legal moves, in the environment and by hand; how it ended."""
    random = np.random.default_rng(seed)
    state, seen = begun(env, jax.random.key(seed))
    plain = PlainHanabi(env.colours, env.ranks, env.hand, env.hints, env.lives, cards_of(env, state.deck))
    last, ended, rounds, total = None, False, 0, 0.0
    while not ended:
        for player in range(2):
            np.testing.assert_allclose(seen[player], list(plain.seen(player, last)), atol=1e-6)
        known = plain.actions()
        choices = sorted(known)
        if way > 0:
            # cards are played only where they fit, so that games go on, and in a third of them then always
            fits = [own.card[1] == plain.piles[own.card[0]] for own in plain.hands[plain.mover]]
            choices = [a for a in choices if known[a][0] != "play" or fits[known[a][1]]] or choices
        if way == 2:
            choices = [a for a in choices if known[a][0] == "play"] or choices
        action = int(random.choice(choices))
        actions = [0, 0]
        actions[plain.mover] = action
        waiting = 1 - plain.mover
        masks, after = stepped(env, state, tuple(map(jnp.int32, actions)))
        assert sorted(np.flatnonzero(masks[plain.mover])) == sorted(known)
        assert np.flatnonzero(masks[waiting]).tolist() == [0]
        paid = plain.move(*known[action])
        assert after.rewards.tolist() == [paid, paid]
        assert int(after.measures["score"]) == plain.score()
        assert bool(after.terminated) == plain.over()
        assert not bool(after.truncated)
        state, seen, last, ended = after.state, after.observations, action, plain.over()
        rounds, total = rounds + 1, total + paid
        # every card is in a hand, on a pile, gone, or in the deck, once
        on_piles = [(c, r) for c, height in enumerate(np.asarray(state.piles)) for r in range(int(height))]
        gone = [divmod(kind, env.ranks) for kind, count in enumerate(np.asarray(state.gone)) for _ in range(int(count))]
        everywhere = cards_of(env, state.hands) + on_piles + gone + cards_of(env, state.deck[int(state.drawn) :])
        assert Counter(everywhere) == Counter(cards_of(env, state.deck))
    assert total == plain.score()
    assert rounds <= env.horizon
    return rounds, plain


GAMES = [
    pytest.param(environments.mini_hanabi(lives=3), id="three lives", marks=pytest.mark.long),
    pytest.param(environments.mini_hanabi(3, 2, hand=3, hints=2, lives=2), id="three colours"),
    pytest.param(environments.mini_hanabi(1, 2, hand=1, hints=1), id="one card in hand"),
]


@pytest.mark.parametrize("env", GAMES)
def test_random_games_go_as_the_rules_say(env):
    ends = Counter()
    for seed in range(18):
        _, plain = play_both(env, seed, seed % 3)
        ends["no life"] += plain.lives == 0
        ends["complete"] += sum(plain.piles) == env.kinds
        ends["last moves"] += plain.left == 0 and plain.lives > 0
    # all ways to end were seen, where they can be
    assert ends["no life"]
    assert ends["last moves"]
    assert ends["complete"] or env.colours != 1


def test_the_deck_is_the_published_one_and_is_shuffled():
    env = environments.mini_hanabi()
    assert env.copies == (3, 2, 2, 2, 1) * 2
    keys = jax.random.split(jax.random.key(1), 1_500)
    decks = np.asarray(jax.jit(jax.vmap(lambda key: env.reset(key)[0].deck))(keys))
    assert (np.sort(decks, axis=1) == np.sort(decks[0])).all()
    # of each place how often each kind is there, against 1,500 times its share
    counts = np.stack([(decks == kind).sum(axis=0) for kind in range(env.kinds)])
    shares = np.array(env.copies)[:, None] / env.cards
    assert (np.abs(counts - 1_500 * shares) < 4.5 * np.sqrt(1_500 * shares * (1 - shares))).all()


@pytest.mark.long
def test_it_keeps_the_rules_of_environments():
    check_environment(environments.mini_hanabi(ranks=2, hand=1), episodes=16)


@pytest.mark.parametrize(("options", "says"), [
    ({"colours": 6}, "up to 5 colours; got 6"), ({"ranks": 1}, "ranks"), ({"hand": 0}, "hand"), ({"lives": 0}, "lives"),
    ({"hints": 0}, "hints"), ({"colours": 1, "ranks": 2, "hand": 2}, "leave nothing of 4 cards"),
])  # fmt: skip
def test_numbers_that_make_no_game_are_refused(options, says):
    with pytest.raises(InputError, match=says):
        environments.mini_hanabi(**options)
