"""Players of open source over states and over any semantics: each state is read as its player sees it."""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.semantics import coupled, imperfect, independent, open_source, parametric
from nashscape.semantics.perspectives import perspectives

RANDOM = np.random.default_rng(3)
IPD = games.iterated_prisoners_dilemma()


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def histories(game, players):
    """The rounds behind every state, each a tuple of actions, from the names of the states."""
    letters = game.actions[0]
    rounds = [() if name == "start" else name.split("-") for name in game.states]
    return [tuple(tuple(letters.index(letter) for letter in one) for one in past) for past in rounds]


def seen_by(player, past):
    """A history with a player in the first place."""
    return tuple(tuple(one[player:] + one[:player]) for one in past)


@pytest.mark.parametrize(("players", "memory"), [(2, 1), (2, 2), (3, 1)])
def test_logits_are_read_history_by_history_as_players_see_them(players, memory):
    stage = games.dense(RANDOM.normal(size=(players, *(2,) * players)))
    game = games.repeated(stage, memory=memory, horizon=3)
    weights = RANDOM.normal(size=(players, players)) * (1 - np.eye(players))
    learners = open_source(game, weights, own=[1.0, 0.5, 2.0][:players], bias=RANDOM.normal(size=players))
    theta = RANDOM.normal(size=(players, game.n_states))
    found = learners.semantics.logits(jnp.asarray(theta.ravel())).reshape(players, -1)
    pasts = histories(game, players)
    for i, (s, past) in product(range(players), enumerate(pasts)):
        wanted = [1.0, 0.5, 2.0][i] * theta[i, s] + learners.semantics.bias.reshape(players, -1)[i, s]
        for j in range(players):
            # the state in which j sees what i sees in s
            same = [t for t, other in enumerate(pasts) if seen_by(j, other) == seen_by(i, past)]
            assert len(same) == 1
            wanted += weights[i, j] * theta[j, same[0]] if j != i else 0.0
        assert found[i, s] == pytest.approx(wanted)


def test_two_copies_of_a_program_are_alike_whoever_is_first():
    # the payoffs of the first with programs (f, g) are those of the second with (g, f)
    game = games.iterated_prisoners_dilemma()
    learners, order = open_source(game, 0.7), perspectives(game)
    f, g = RANDOM.normal(size=(2, 5))

    def profile(first, second):
        # a program has an entry for every state as its player sees it
        return jnp.concatenate([jnp.asarray(own)[jnp.array(order[i])] for i, own in enumerate((first, second))])

    np.testing.assert_allclose(learners.utilities(profile(f, g)), learners.utilities(profile(g, f))[::-1], rtol=1e-12)
    # two copies agree with each other in every state; by the names of the states they would read another one
    np.testing.assert_allclose(learners.semantics.logits(profile(f, f)), profile(1.7 * f, 1.7 * f))
    same = open_source(game, 0.7, rows="same").semantics.logits(profile(f, f))
    np.testing.assert_allclose(same[2:4], f[2:4] + 0.7 * f[[3, 2]])


@pytest.mark.long
def test_without_states_it_is_the_one_shot_game():
    stage = games.random_game((3, 3), seed=5)
    single = open_source(games.repeated(stage, memory=0, horizon=1), 0.4, alignment=[[0, 1, 2], [2, 0, 1]])
    plain = open_source(stage, 0.4, alignment=[[0, 1, 2], [2, 0, 1]])
    theta = jnp.asarray(RANDOM.normal(size=6))
    np.testing.assert_allclose(jax.jacobian(single.utilities)(theta), jax.jacobian(plain.utilities)(theta), rtol=1e-10)
    found, known = (ns.coupling_threshold(one) for one in (games.repeated(stage, memory=0, horizon=1), stage))
    assert [one.middle for one in found.brackets] == pytest.approx([one.middle for one in known.brackets])


@pytest.mark.long
def test_the_index_is_the_rate_at_which_all_begin_with_the_target():
    learners, theta = open_source(games.iterated_prisoners_dilemma(), 0.4), RANDOM.normal(size=10)
    found = ns.theory.cooperation_index(learners, theta, "CD")
    own = [slice(0, 5), slice(5, 10)]
    pull = np.concatenate([np.asarray(jax.grad(lambda t, i=i: learners.utilities(t)[i])(jnp.asarray(theta)))[own[i]]
                           for i in range(2)])  # fmt: skip

    def logs(time):
        first, second = learners.strategies(jnp.asarray(theta + time * pull))
        return np.log([first[0, 0], second[0, 1]])

    np.testing.assert_allclose(found.per_player, (logs(1e-6) - logs(-1e-6)) / 2e-6, rtol=1e-6)


def test_at_even_policies_the_dilemma_turns_where_the_one_shot_game_does():
    # what is played after the first round does not depend on it there
    [bracket] = ns.coupling_threshold(games.iterated_prisoners_dilemma()).brackets
    assert bracket.low <= 3 / 7 <= bracket.high
    # after tit for tat it pays to begin with cooperation whatever is read
    tit_for_tat = [[0.5, 0.9, 0.1, 0.9, 0.1], [0.5, 0.9, 0.9, 0.1, 0.1]]
    found = ns.coupling_threshold(games.iterated_prisoners_dilemma(), at=tit_for_tat)
    assert not found.brackets
    assert (found.index > 0).all()


def test_any_semantics_of_logits_can_be_read():
    game = games.stag_hunt()
    over, plain = (
        open_source(parametric(game, independent((2, 2), "softmax")), 0.3),
        coupled((2, 2), 0.3, form="softmax"),
    )
    theta = jnp.asarray(RANDOM.normal(size=4))
    np.testing.assert_allclose(over.semantics.logits(theta), plain.logits(theta))
    np.testing.assert_allclose(over.strategies(theta)[1], plain.strategies(theta)[1])


@pytest.mark.long
def test_open_players_in_the_iterated_dilemma_cooperate_from_a_coupling_of_one():
    game = games.iterated_prisoners_dilemma()
    how = {"n": 60, "steps": 400, "audit": False}
    alone, read = (ns.entry_probability(open_source(game, k), ns.pg(), **how) for k in (0.0, 1.0))
    assert alone.at_step("DD").low > 0.8
    assert read.probability("CC").low > 0.85
    found = ns.steer(game, "coupling", "CC", 0.5, n=60, steps=200, scan=3, tolerance=0.5)
    assert found.parameter == "coupling"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: open_source(open_source(games.stag_hunt(), 0.3), 0.3), "read each other already"),
        (
            lambda: open_source(parametric(games.stag_hunt(), imperfect(coupled((2, 2), 0.3), noise=0.5)), 0.3),
            "read each other already",
        ),
        (lambda: open_source(games.repeated(games.random_game((2, 3), seed=1), horizon=2), 0.3), "share a set of"),
        (lambda: open_source(games.tandem(), 0.3), "logits"),
        (lambda: open_source(games.stag_hunt(), 0.3, rows="same"), "one-shot game: leave them out"),
        (lambda: open_source(IPD, 0.3, rows=[[0, 1, 2, 3, 3]] * 2), "permutation of 0 … 4"),
        (lambda: open_source(IPD, 0.3, rows="others"), "rows"),
        (lambda: open_source(IPD, 0.3, couplings=1), "unknown option"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_states_that_nobody_can_turn_round_are_the_same_for_all():
    # moves by chance: state s of one is state s of all
    moves = RANDOM.dirichlet(np.ones(3), size=(3, 2, 2))
    game = games.markov(RANDOM.normal(size=(2, 3, 2, 2)), moves, discount=0.9)
    assert perspectives(game) is None
    semantics = open_source(game, 0.5).semantics
    np.testing.assert_allclose(semantics.matrix, np.kron([[1, 0.5], [0.5, 1]], np.eye(3)))
