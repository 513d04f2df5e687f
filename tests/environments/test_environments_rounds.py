"""Games as rounds against what the games themselves say of profiles, enumerated, and what is refused."""

import dataclasses
import itertools
import sys

import numpy as np
import pytest

import nashscape as ns
from nashscape import environments, games
from nashscape.core import InputError

RANDOM = np.random.default_rng(5)
THREE = games.dense(RANDOM.normal(size=(3, 2, 3, 2)), actions=[("l", "r"), ("x", "y", "z"), ("o", "p")])
PAY = RANDOM.normal(size=(2, 3, 2, 3))
MOVES = RANDOM.dirichlet([1, 1, 1], size=(3, 2, 3))
CERTAIN = np.eye(3)[RANDOM.integers(0, 3, size=(3, 2, 3))]


def markov(moves=MOVES, **options):
    return games.markov(PAY, moves, initial=[0.2, 0.5, 0.3], **{"discount": 0.9, **options})


def policies(game, seed=2):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(shape[-1]), size=shape[:-1]) for shape in game.strategy_shapes]


@pytest.mark.parametrize("game", [THREE, games.public_goods(), games.graph_donation({(0, 1), (1, 2)}, 3, 1)], ids=repr)
def test_one_shot_games_pay_what_their_tables_say_and_are_over_after_a_round(game):
    played = environments.rounds(game)
    for profile in itertools.product(*(range(len(own)) for own in game.actions)):
        np.testing.assert_array_equal(played.pay(0, profile), game.to_dense().payoffs_at(profile))
    assert (played.states, played.discount, played.over(0), played.over(1)) == (
        ("start",), 1.0, (False, False), (True, False),
    )  # fmt: skip


def test_what_has_no_table_is_paid_in_double_precision(monkeypatch):
    table = environments.rounds(THREE)
    monkeypatch.setattr("nashscape.environments.game_rounds.MOST_ENTRIES", 1)
    computed = environments.rounds(THREE)
    for profile in itertools.product(range(2), range(3), range(2)):
        np.testing.assert_allclose(computed.pay(0, profile), table.pay(0, profile), rtol=1e-15, atol=1e-15)
    tandem = environments.rounds(games.tandem())
    assert tandem.actions is None
    np.testing.assert_allclose(tandem.pay(0, (np.array([0.1]), np.array([0.2]))), [0.2 - 0.09, 0.4 - 0.09], rtol=1e-15)


@pytest.mark.long
def test_points_outside_a_set_are_brought_to_the_nearest_of_it():
    game = games.power_control([[[1.0, 2.0], [0.3, 0.2]], [[0.1, 0.2], [1.0, 1.0]]])
    played = environments.rounds(game)
    # (1, 1) is within the bounds of the simplex, and spends twice its total; nearest to it is (½, ½)
    spent = played.pay(0, (np.ones(2), np.array([1.0, 0.5])))
    inside = game.expected_payoffs([[0.5, 0.5], [0.75, 0.25]])
    np.testing.assert_allclose(spent, inside, rtol=1e-6)


def expectation(game, strategies):
    """The mean of Σ γ^t pay over all that may be played and all states that may come, enumerated round by round."""
    played, total = environments.rounds(game), np.zeros(len(game.players))
    state_chances = np.asarray(played.initial)
    for t in range(game.horizon):
        onward = np.zeros(len(played.states))
        for state, *actions in itertools.product(range(len(played.states)), *map(range, game.shape)):
            weight = state_chances[state] * np.prod([own[state, a] for own, a in zip(strategies, actions, strict=True)])
            total += game.discount**t * weight * played.pay(state, tuple(actions))
            if game.successors is None:
                onward += weight * MOVES[(state, *actions)]
            else:
                onward[played.onward(state, tuple(actions), np.random.default_rng(0))] += weight
        state_chances = onward
    return total


@pytest.mark.parametrize(
    "game",
    [
        markov(horizon=4),
        games.iterated_prisoners_dilemma(horizon=5),
        games.repeated(games.dense(RANDOM.normal(size=(2, 2, 3))), memory=1, horizon=3, discount=0.7),
    ],
    ids=repr,
)
def test_rounds_weighed_by_all_their_chances_pay_what_the_game_says(game):
    strategies = policies(game)
    np.testing.assert_allclose(expectation(game, strategies), game.expected_payoffs(strategies), rtol=2e-6)


def test_states_are_drawn_with_the_chances_of_the_game():
    played, random = environments.rounds(markov(), limit=3), np.random.default_rng(11)
    firsts = np.bincount([played.first(random) for _ in range(4000)], minlength=3) / 4000
    nexts = np.bincount([played.onward(1, (0, 2), random) for _ in range(4000)], minlength=3) / 4000
    for found, chances in ((firsts, np.array([0.2, 0.5, 0.3])), (nexts, MOVES[1, 0, 2])):
        assert (np.abs(found - chances) < 4.5 * np.sqrt(chances * (1 - chances) / 4000)).all()
        assert (np.abs(found - chances[[1, 2, 0]]) > 0.05).any()


def test_known_moves_are_those_of_the_rows():
    game = games.repeated(games.dense(np.zeros((2, 2, 3))), memory=1, discount=0.5)
    played = environments.rounds(game, limit=1)
    for k, actions in enumerate(itertools.product(range(2), range(3))):
        assert played.onward(4, actions, np.random.default_rng(0)) == 1 + k
        assert played.told(3, 1 + k, actions) == {
            "round": 3, "state": game.states[1 + k], "discount": 0.5, "played": game.profile_name(actions),
        }  # fmt: skip


@pytest.mark.parametrize(
    ("horizon", "limit", "after", "told"),
    [
        (None, 3, 2, (False, False)),
        (None, 3, 3, (False, True)),
        (3, None, 3, (True, False)),
        (3, 2, 2, (False, True)),
        (3, 3, 3, (True, False)),  # over, and not only cut off
        (3, 5, 3, (True, False)),
    ],
)
def test_a_game_that_is_over_and_a_play_that_is_cut_off_are_told_apart(horizon, limit, after, told):
    assert environments.rounds(markov(horizon=horizon), limit=limit).over(after) == told


def test_a_semantics_beside_the_game_changes_nothing_of_what_is_played():
    played = environments.rounds(ns.parametric(games.stag_hunt()))
    assert played.game.name == "stag_hunt"
    assert played.pay(0, (1, 0)).tolist() == [3.0, 0.0]


def test_what_is_not_played_in_rounds_is_refused():
    with pytest.raises(
        InputError, match=r"markov_game never ends; say .* limit=200: .* weighs discount\^limit, 7.1e-10"
    ):
        environments.rounds(markov())
    with pytest.raises(InputError, match="limit must be at least 1"):
        environments.rounds(markov(), limit=0)
    with pytest.raises(InputError, match="expected a game, got int"):
        environments.rounds(7)

    @dataclasses.dataclass(frozen=True)
    class Types:
        offers = frozenset({"pays", "rows"})
        name, players, actions, rows = "types", ("a", "b"), (("A", "B"),) * 2, (("low", "high"),) * 2
        strategy_shapes, payoff_range = ((2, 2), (2, 2)), 1.0

        def expected_payoffs(self, strategies): ...
        def regrets(self, strategies): ...

    with pytest.raises(InputError, match=r"to play round by round takes a game over states with known moves .*types"):
        environments.rounds(Types())


@pytest.mark.parametrize(
    ("package", "make"),
    [
        ("pettingzoo", lambda: environments.parallel_env(games.stag_hunt())),
        ("pettingzoo", lambda: environments.aec_env(games.stag_hunt())),
        ("gymnasium", lambda: environments.gymnasium_env(games.stag_hunt(), 0, [0.5])),
    ],
)
def test_without_the_library_one_error_says_what_to_install(package, make, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=f"takes {package}, which is not installed: pip install {package}; it is in the"
                       r" extra nashscape\[env\]"):  # fmt: skip
        make()
