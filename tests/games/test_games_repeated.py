"""Repeated games against lists of all histories and the closed forms of well-known strategies."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics import as_target, choose_targets
from nashscape.semantics import parametric

R, S, T, P = 3.0, 0.0, 5.0, 1.0
PD = games.prisoners_dilemma()
# the probability of cooperating after start, CC, CD, DC, DD, where the first letter is player 1's
CLASSIC = {
    "always C": ([1, 1, 1, 1, 1], [1, 1, 1, 1, 1]),
    "always D": ([0, 0, 0, 0, 0], [0, 0, 0, 0, 0]),
    "tit for tat": ([1, 1, 0, 1, 0], [1, 1, 1, 0, 0]),
    "grim": ([1, 1, 0, 0, 0], [1, 1, 0, 0, 0]),
    "win stay, lose shift": ([1, 1, 0, 0, 1], [1, 1, 0, 0, 1]),
    "suspicious tit for tat": ([0, 1, 0, 1, 0], [0, 1, 1, 0, 0]),
}


compiled_payoffs = jax.jit(lambda game, policies: game.expected_payoffs(policies))
compiled_regrets = jax.jit(lambda game, policies: game.regrets(policies))


def payoffs_of(game, policies):
    with jax.enable_x64(True):
        return np.asarray(compiled_payoffs(game, [jnp.asarray(own, float) for own in policies]))


def regrets_of(game, policies):
    with jax.enable_x64(True):
        return np.asarray(compiled_regrets(game, [jnp.asarray(own, float) for own in policies]))


def meeting(first, second):
    """Policies `[5, 2]` of two classic strategies."""
    chances = np.array([CLASSIC[first][0], CLASSIC[second][1]], float)
    return np.stack([chances, 1 - chances], axis=2)


def length(discount, rounds):
    """`Σ γ^t`"""
    return sum(discount**t for t in range(rounds))


def by_histories(stage, memory, horizon, discount, policies):
    """Expected payoffs over every sequence of joint actions; the policies map remembered rounds to a distribution."""
    profiles = list(itertools.product(*map(range, stage.shape)))
    total = np.zeros(len(stage.shape))
    for plays in itertools.product(profiles, repeat=horizon):
        chance, paid = 1.0, 0.0
        for t, actions in enumerate(plays):
            past = plays[max(0, t - memory) : t]
            for policy, action in zip(policies, actions, strict=True):
                chance *= policy[past][action]
            paid = paid + discount**t * stage.payoffs[(slice(None), *actions)]
        total += chance * paid
    return total


def random_policies(stage, memory, seed):
    """One mapping per player from what is remembered to a distribution, and the same as arrays in documented order."""
    random = np.random.default_rng(seed)
    profiles = list(itertools.product(*map(range, stage.shape)))
    pasts = [past for k in range(memory + 1) for past in itertools.product(profiles, repeat=k)]
    tables = [{past: random.dirichlet(np.ones(actions)) for past in pasts} for actions in stage.shape]
    return tables, [np.stack([own[past] for past in pasts]) for own in tables]


@pytest.mark.parametrize(
    ("shape", "memory", "horizon"),
    [((2, 2), 0, 3), ((2, 2), 1, 4), ((2, 2), 2, 4), ((2, 3), 1, 3), ((3, 2), 2, 3), ((2, 3, 2), 1, 3), ((2, 2), 3, 2)],
)
def test_payoffs_are_sums_over_all_histories(shape, memory, horizon):
    stage = games.random_game(shape, seed=sum(shape) + memory)
    game = games.repeated(stage, memory=memory, horizon=horizon, discount=0.9)
    tables, arrays = random_policies(stage, memory, 1)
    wanted = by_histories(stage, memory, horizon, 0.9, tables)
    np.testing.assert_allclose(payoffs_of(game, arrays), wanted, atol=1e-12)
    assert game.n_states == len(arrays[0])


def test_states_are_called_by_what_was_played():
    assert games.repeated(PD, memory=0, discount=0.5).states == ("start",)
    assert games.repeated(PD, discount=0.5).states == ("start", "CC", "CD", "DC", "DD")
    two = games.repeated(PD, memory=2, discount=0.5)
    assert two.n_states == 21
    assert two.states[:7] == ("start", "CC", "CD", "DC", "DD", "CC-CC", "CC-CD")
    # after CD and then DC comes CD-DC, after that and CC comes DC-CC
    after = two.successors[two.states.index("CD")][2]
    assert two.states[after] == "CD-DC"
    assert two.states[two.successors[after][0]] == "DC-CC"


@pytest.mark.parametrize("horizon", [5, None])
def test_who_ignores_the_older_round_plays_as_with_memory_one(horizon):
    stage = games.random_game((2, 3), seed=4)
    one = games.repeated(stage, memory=1, horizon=horizon, discount=0.8)
    two = games.repeated(stage, memory=2, horizon=horizon, discount=0.8)
    _, short = random_policies(stage, 1, 2)
    longer = [own[[0, *range(1, 7), *(1 + k % 6 for k in range(36))]] for own in short]
    np.testing.assert_allclose(payoffs_of(two, longer), payoffs_of(one, short), atol=1e-12)
    np.testing.assert_allclose(regrets_of(two, longer), regrets_of(one, short), atol=1e-11)


def test_a_repeated_game_is_the_markov_game_of_its_transitions():
    stage = games.random_game((2, 3), seed=6)
    game = games.repeated(stage, horizon=6, discount=0.9)
    moves = np.zeros((7, 2, 3, 7))
    for a, b in itertools.product(range(2), range(3)):
        moves[:, a, b, 1 + 3 * a + b] = 1.0
    spelt_out = games.markov(np.repeat(stage.payoffs[:, None], 7, axis=1), moves, discount=0.9, horizon=6)
    _, policies = random_policies(stage, 1, 3)
    np.testing.assert_allclose(payoffs_of(game, policies), payoffs_of(spelt_out, policies), atol=1e-12)
    np.testing.assert_allclose(regrets_of(game, policies), regrets_of(spelt_out, policies), atol=1e-12)


# --- well-known strategies ----------------------------------------------------------------------------------


def course(first, second, rounds):
    """The payoffs of every round when two deterministic strategies meet."""
    paid, state = [], 0
    for _ in range(rounds):
        a, b = 1 - CLASSIC[first][0][state], 1 - CLASSIC[second][1][state]
        paid.append(([[R, S], [T, P]][a][b], [[R, S], [T, P]][b][a]))
        state = 1 + 2 * a + b
    return np.array(paid)


@pytest.mark.parametrize("horizon", [12, None])
def test_well_known_strategies_meet(horizon):
    game = games.repeated(PD, horizon=horizon, discount=0.96)
    rounds = horizon or 1000
    weights = 0.96 ** np.arange(rounds)
    for first, second in itertools.product(CLASSIC, repeat=2):
        wanted = weights @ course(first, second, rounds)
        np.testing.assert_allclose(payoffs_of(game, meeting(first, second)), wanted, atol=1e-9, err_msg=first + second)


def test_the_published_game():
    game = games.iterated_prisoners_dilemma()
    rounds = (1 - 0.96**12) / 0.04
    assert game.rounds == pytest.approx(rounds)
    for pair, wanted in {
        ("tit for tat", "tit for tat"): (R * rounds, R * rounds),
        ("always D", "always D"): (P * rounds, P * rounds),
        ("always D", "tit for tat"): (T + P * (rounds - 1), S + P * (rounds - 1)),
        ("tit for tat", "always D"): (S + P * (rounds - 1), T + P * (rounds - 1)),
        ("suspicious tit for tat", "tit for tat"): (
            T * length(0.96**2, 6) + S * 0.96 * length(0.96**2, 6),
            S * length(0.96**2, 6) + T * 0.96 * length(0.96**2, 6),
        ),
    }.items():
        np.testing.assert_allclose(payoffs_of(game, meeting(*pair)), wanted, atol=1e-10)


@pytest.mark.parametrize("horizon", [1, 12, None])
def test_always_defect_answers_itself_best(horizon):
    game = games.repeated(PD, horizon=horizon, discount=0.96)
    np.testing.assert_allclose(regrets_of(game, meeting("always D", "always D")), 0.0, atol=1e-9)


@pytest.mark.parametrize("discount", [0.1, 0.3, 0.45, 0.55, 0.6, 0.65, 0.67, 0.8, 0.96])
def test_how_patient_tit_for_tat_and_grim_have_to_be(discount):
    game = games.repeated(PD, discount=discount)
    cooperate = R / (1 - discount)
    defect = T + discount * P / (1 - discount)
    alternate = (T + discount * S) / (1 - discount**2)
    # whoever is met by tit for tat does best by cooperating, alternating or defecting for ever
    regret = max(cooperate, defect, alternate) - cooperate
    np.testing.assert_allclose(regrets_of(game, meeting("tit for tat", "tit for tat")), regret, atol=1e-9)
    assert (regret == 0) == (discount >= max((T - R) / (T - P), (T - R) / (R - S)))
    grim = max(cooperate, defect) - cooperate
    np.testing.assert_allclose(regrets_of(game, meeting("grim", "grim")), grim, atol=1e-9)
    assert (grim == 0) == (discount >= (T - R) / (T - P))


def test_the_last_round_tempts_when_the_end_is_known():
    # against tit for tat and grim the best is to cooperate until the last round and to defect there
    game = games.iterated_prisoners_dilemma()
    gain = (T - R) * 0.96**11
    np.testing.assert_allclose(regrets_of(game, meeting("tit for tat", "tit for tat")), gain, atol=1e-9)
    np.testing.assert_allclose(regrets_of(game, meeting("grim", "grim")), gain, atol=1e-9)
    # and against whoever always cooperates it is to defect throughout
    np.testing.assert_allclose(
        regrets_of(game, meeting("always C", "always C")), (T - R) * (1 - 0.96**12) / 0.04, atol=1e-9
    )


def test_regret_of_random_policies_by_all_deterministic_answers():
    # without end some answer that is stationary and deterministic is best: one of 2⁵
    stage = games.random_game((2, 2), seed=8)
    game = games.repeated(stage, discount=0.9)
    _, policies = random_policies(stage, 1, 5)
    found = regrets_of(game, policies)
    own = payoffs_of(game, policies)
    answers = np.eye(2)[list(itertools.product(range(2), repeat=5))]
    for player in range(2):
        values = [
            payoffs_of(game, [answer, policies[1]] if player == 0 else [policies[0], answer])[player]
            for answer in answers
        ]
        assert found[player] == pytest.approx(max(values) - own[player], abs=1e-10)


def test_learners_start_from_a_logit_per_state():
    learners = parametric(games.iterated_prisoners_dilemma())
    assert learners.sizes == (5, 5)
    theta = np.log([9.0, 4.0, 1.0, 1 / 4, 1 / 9, 1.0, 1.0, 1.0, 1.0, 1.0])
    first, second = learners.strategies(jnp.asarray(theta))
    np.testing.assert_allclose(first[:, 0], [0.9, 0.8, 0.5, 0.2, 0.1], rtol=1e-6)
    np.testing.assert_allclose(second, 0.5, rtol=1e-6)


# --- targets over states ------------------------------------------------------------------------------------


def test_targets_are_about_the_first_state():
    game = games.iterated_prisoners_dilemma()
    target = as_target(game, "CD")
    assert (target.profile, target.state, target.threshold) == ((0, 1), 0, 0.82)
    inside = target.region(game.strategy_shapes)
    policies = [np.full((5, 2), 0.5), np.full((5, 2), 0.5)]
    policies[0][0], policies[1][0] = [0.83, 0.17], [0.17, 0.83]
    assert bool(inside.contains([jnp.asarray(own) for own in policies]))
    assert inside.contains_each([np.stack([own, own[::-1]]) for own in policies]).tolist() == [True, False]
    policies[1][0] = [0.19, 0.81]
    assert not inside.contains([jnp.asarray(own) for own in policies])
    policies[1] = np.tile([0.0, 1.0], (5, 1))
    policies[1][0] = [0.5, 0.5]  # what is played later says nothing
    assert not inside.contains([jnp.asarray(own) for own in policies])


def test_the_first_state_is_the_likeliest_one():
    moves = np.full((3, 2, 2, 3), 1 / 3)
    payoffs = np.zeros((2, 3, 2, 2))
    payoffs[:, 1] = [[[0.0, 5.0], [1.0, 2.0]], [[0.0, 3.0], [9.0, 3.0]]]
    payoffs[:, 0, 0, 0] = 100.0  # the first state but not the likeliest
    game = games.markov(payoffs, moves, discount=0.9, initial=[0.3, 0.6, 0.1])
    assert as_target(game, (0, 0)).state == 1
    # totals 0, 8, 10, 5
    assert [target.name for target in choose_targets(game, None)] == ["BA", "AB", "BB", "AA"]
    assert {target.state for target in choose_targets(game, None)} == {1}


def test_all_first_moves_are_targets_by_default():
    assert [target.name for target in choose_targets(games.iterated_prisoners_dilemma(), None)] == [
        "CC",
        "CD",
        "DC",
        "DD",
    ]
    stage = games.random_game((2, 3, 2), seed=1)
    chosen = choose_targets(games.repeated(stage, discount=0.5), None, 0.7)
    totals = [stage.payoffs_at(target.profile).sum() for target in chosen]
    assert len(chosen) == 12
    assert totals == sorted(totals, reverse=True)
    assert {target.threshold for target in chosen} == {0.7}


@pytest.mark.parametrize("wrong", ["CX", "C", (0, 2), ("C", "D", "C")])
def test_a_target_that_is_no_profile_is_refused(wrong):
    with pytest.raises(InputError, match="not a profile of iterated_prisoners_dilemma"):
        choose_targets(games.iterated_prisoners_dilemma(), [wrong])


# --- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "arguments", "says"),
    [
        (PD, {}, "below 1"),
        (PD, {"discount": 1.0}, "below 1"),
        (PD, {"memory": 6, "horizon": 3}, "5461 states; at most 4096"),
        (games.random_game((3, 3), seed=0), {"memory": 4, "horizon": 3}, "7381 states"),
        (PD, {"memory": 10_000, "horizon": 3}, "states; at most 4096"),
        (PD, {"memory": 10**9, "horizon": 3}, "states; at most 4096"),
        (PD, {"memory": -1, "horizon": 3}, "memory must be at least 0"),
        (PD, {"memory": 1.0, "horizon": 3}, "whole number"),
        (PD, {"horizon": 0}, "horizon must be at least 1"),
        (PD, {"horizon": 3, "discount": 1.5}, "discount must be"),
        (games.iterated_prisoners_dilemma(), {"horizon": 3}, "to repeat takes a game whose payoffs can be written out"),
    ],
)
def test_what_cannot_be_repeated_is_refused(stage, arguments, says):
    with pytest.raises(InputError, match=says) as caught:
        games.repeated(stage, **arguments)
    assert len(str(caught.value)) < 200


def test_the_largest_memory_is_accepted():
    assert games.repeated(PD, memory=5, horizon=3).n_states == 1365
