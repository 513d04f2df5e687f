"""Ways whose mixtures are drawn for all sides together, and ways in which several learn at once."""

from itertools import product

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.populations import GrowingPlan, Role, grow
from nashscape.populations.meta_solvers import MetaGame, solved
from nashscape.populations.playing import Play
from nashscape.populations.sides import sides_of


def expected(found, game):
    """The distribution over joint actions of players who are sides by themselves, of the weights of profiles."""
    made = np.zeros(game.shape)
    pools = [found.strategies[seat] for seat in found.seats]
    for profile in product(*map(range, found.weights.shape)):
        each = np.ones(())
        for pool, number in zip(pools, profile, strict=True):
            each = np.multiply.outer(each, pool[number])
        made += found.weights[profile] * each
    return made


@pytest.mark.parametrize("concept", ["cce", "ce"])
@pytest.mark.parametrize("objective", ["entropy", "welfare"])
def test_joint_psro_comes_to_correlated_equilibria_of_the_whole_game(concept, objective):
    random = np.random.default_rng(3)
    for _ in range(3):
        game = games.dense(random.normal(size=(3, 2, 3, 4)))
        found = grow(game, f"jpsro:concept={concept},objective={objective}", start="first")
        joint = expected(found, game)
        assert joint.sum() == pytest.approx(1)
        for player, paid in enumerate(game.payoffs):
            told = np.moveaxis(joint, player, 0).reshape(game.shape[player], -1)
            worth = np.moveaxis(paid, player, 0).reshape(game.shape[player], -1)
            # rows: what is told; columns: what is played
            table = told @ worth.T
            stays = np.trace(table)
            gain = (table.max(axis=1).sum() if concept == "ce" else table.sum(axis=0).max()) - stays
            assert found.gains[-1][player] == pytest.approx(gain, abs=1e-9)
            assert gain < 1e-6


def test_gains_of_what_is_told_are_those_of_enumeration_also_of_teams(uneven):
    sides = sides_of(uneven, [[0, 1], [2]])
    random = np.random.default_rng(9)
    team = [np.concatenate([random.dirichlet(np.ones(2)), random.dirichlet(np.ones(3))]) for _ in range(3)]
    joints = (np.array([sides.joint(0, own) for own in team]), random.dirichlet(np.ones(4), size=2))
    weights = random.dirichlet(np.ones(6)).reshape(3, 2)
    play = Play(sides, joints, weights)
    table = uneven.payoffs[0].reshape(6, 4)
    each = [[(weights[s] @ joints[1]) @ row for row in table] for s in range(3)]
    had = sum(float(joints[0][s] @ each[s]) for s in range(3))
    beforehand, told = play.gains(each=False), play.gains(each=True)
    assert beforehand[0][0] == pytest.approx(max(np.sum(each, axis=0)) - had)
    assert told[0][0] == pytest.approx(sum(max(own) for own in each) - had)
    # the first member alone, whose other draws as the team is told
    first = [[sum(np.array(each[s]).reshape(2, 3)[a, b] * team[s][2 + b] for b in range(3)) for a in range(2)]
             for s in range(3)]  # fmt: skip
    second = [[sum(np.array(each[s]).reshape(2, 3)[a, b] * team[s][a] for a in range(2)) for b in range(3)]
              for s in range(3)]  # fmt: skip
    for gains, best in ((beforehand, lambda own: max(np.sum(own, axis=0))), (told, lambda own: sum(map(max, own)))):
        assert gains[1][0] == pytest.approx(max(best(first), best(second)) - had)
    np.testing.assert_allclose(play.mixed[0], weights.sum(axis=1) @ joints[0])
    apart = Play.apart(sides, play.mixed)
    np.testing.assert_allclose(apart.gains(each=False), apart.gains(each=True), atol=1e-12)


STALLS = [[0, -3, -3, 4], [3, 0, 0, -1], [3, 0, 0, 0], [-4, 1, 0, 0]]


def test_rectified_psro_may_stop_short_of_an_equilibrium_where_psro_does_not():
    """As McAleer et al. (2020) say: who never learns against those it loses to finds nothing new, with .375 to gain."""
    game = games.bimatrix(STALLS, -np.array(STALLS))
    options = {"symmetric": True, "start": "first", "generations": 12}
    found = grow(game, "rectified-psro", **options)
    assert found.exploitability == pytest.approx(0.375)
    assert found.strategies[0].argmax(axis=1).tolist() == [0, 1, 3]
    assert grow(game, "psro", **options).exploitability < 1e-9
    stalled = 0
    for seed in range(60, 100):
        table = np.random.default_rng(seed).integers(-5, 6, size=(4, 4))
        one = grow(games.bimatrix(table - table.T, table.T - table), "rectified-psro", **options)
        stalled += one.exploitability > 1e-6
    assert stalled == 3


def test_what_is_rounding_alone_is_neither_a_game_of_other_payoffs_nor_a_victory():
    """From even mixtures the first pool pays 0 but for rounding, whose opposite it need not be."""
    for seed in range(8):
        table = np.random.default_rng(seed).integers(-5, 6, size=(5, 5)).astype(float)
        game = games.bimatrix(table - table.T, table.T - table)
        found = grow(game, "rectified-psro", symmetric=True, until=None, generations=3)
        assert len(found.strategies[0]) > 1
    noise = 1e-13 * np.array([[0, 1, 1], [-1, 0, -1], [-1, 1, 0]])
    small = MetaGame((3, 3), lambda: np.stack([noise, -noise]), shared=True, largest=4.0)
    np.testing.assert_allclose(solved(small, "maximal_lottery")[0], [1 / 3] * 3, atol=1e-9)
    np.testing.assert_allclose(solved(small, "rectified")[0] > 0, np.ones((3, 3)))
    with pytest.raises(ns.InputError, match="opposite of each other"):
        grow(games.stag_hunt(), "rectified-psro", symmetric=True)


def test_rectified_weights_are_of_those_one_does_not_lose_to():
    table = np.array([[0, -1, 2], [1, 0, -4], [-2, 4, 0]], float)
    [weights] = solved(MetaGame((3, 3), lambda: np.stack([table, -table]), shared=True), "rectified")
    nash = np.array([4, 2, 1]) / 7
    assert np.allclose(nash @ table, 0)
    wanted = np.outer(nash, nash) * np.array([[1, 0, 1], [1, 1, 0], [0, 1, 1]])
    np.testing.assert_allclose(weights, wanted / wanted.sum(), atol=1e-9)


def test_each_strategy_of_the_equilibrium_learns_from_those_it_does_not_lose_to():
    game = games.bimatrix(STALLS, -np.array(STALLS))
    first = grow(game, "rectified-psro", symmetric=True, start="first", generations=1, until=None)
    # alone against itself the first action meets the best response to it
    table = np.array(STALLS)
    assert first.strategies[0][1].argmax() == (table[:, 0]).argmax()
    # then the Nash mixture of 0 and 1 is 1 alone, which meets itself, and its best response is 3
    second = grow(game, "rectified-psro", symmetric=True, start="first", generations=2, until=None)
    assert second.strategies[0][2].argmax() == table[:, 1].argmax() == 3


def test_levels_of_the_pipeline_meet_finished_ones_and_those_below_and_pass_on_what_they_learnt():
    found = grow(
        games.shapley(), "pipeline-psro:levels=3,response=steps:most=5", generations=5, start="drawn", until=None
    )
    for roles in found.roles:
        assert roles.count("level 1") == 6
        assert roles.count("level 2") == roles.count("level 3") == 1
    # with exact responses the first level alone is PSRO
    random = np.random.default_rng(0)
    for _ in range(4):
        game = games.bimatrix(*random.integers(-9, 10, size=(2, 3, 5)))
        one, other = (grow(game, way, start="first", generations=4, until=None)
                      for way in ("pipeline-psro:levels=1,response=exact", "psro"))  # fmt: skip
        np.testing.assert_allclose(one.gains, other.gains, atol=1e-9)
    copied = GrowingPlan(
        (
            Role("low", ("low",), ("low",), "uniform", anew=False, begins="high", at_first=True),
            Role("high", ("low",), ("high",), "uniform", at_first=True, keeps=1),
        ),
        ("low",),
        "last",
        "steps:most=1",
    )
    slow, before = (grow(games.shapley(), copied, generations=n, start="drawn", until=None) for n in (2, 1))
    assert slow.roles[0] == ("low", "low", "low", "high")
    # one step goes a fifth of the way to an action, from where the high one was
    made = slow.strategies[0][2] - 0.8 * before.strategies[0][-1]
    np.testing.assert_allclose(np.sort(made), [0, 0, 0.2], atol=1e-12)


def test_what_is_not_for_such_games_is_refused():
    with pytest.raises(ns.InputError, match="share one pool, symmetric=True"):
        grow(games.rock_paper_scissors(), "rectified-psro", start="first")
    with pytest.raises(ns.InputError, match="get the opposite of each other"):
        grow(games.stag_hunt(), "rectified-psro", symmetric=True)
    with pytest.raises(ns.InputError, match="draws profiles for all sides together"):
        grow(ns.populations.sampled_game(games.shapley()), "jpsro")
    with pytest.raises(ns.InputError, match="concept"):
        grow(games.shapley(), "jpsro:concept=nash")
    with pytest.raises(ns.InputError, match="different names"):
        grow(games.shapley(), GrowingPlan((Role("a", begins="b"),), ("a",), "last", "exact"))
