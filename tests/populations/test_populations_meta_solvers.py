"""Meta-solvers, one by one, on pools of unequal sizes; and the game that learners learn in."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.populations.beginnings import beginnings
from nashscape.populations.lessons import Lesson, by_rule, responded
from nashscape.populations.meta_solvers import META_SOLVERS, MetaGame, solved
from nashscape.populations.sides import sides_of
from nashscape.theory import regret, zero_sum_value


def meta(*tables):
    payoffs = np.array(tables, float)
    return MetaGame(payoffs.shape[1:], lambda: payoffs)


PENNIES = ([[1, -2, 0], [-1, 1, 0.5]], [[-1, 2, 0], [1, -1, -0.5]])


def test_nash_is_an_equilibrium_of_games_of_every_kind():
    value = float(zero_sum_value(games.bimatrix(*PENNIES)).value)
    one, other = solved(meta(*PENNIES), "nash")
    assert one @ np.array(PENNIES[0]) @ other == pytest.approx(value, abs=1e-9)
    assert regret(games.bimatrix(*PENNIES), [one, other]).max() < 1e-9
    cycle = np.array([[0, 2, -1], [-2, 0, 3], [1, -3, 0]])
    both = solved(meta(cycle, -cycle), "nash")
    np.testing.assert_allclose(both, [[1 / 2, 1 / 6, 1 / 3]] * 2, atol=1e-9)
    general = games.bimatrix([[3, 0, 1], [2, 1, 0]], [[2, 1, 0], [0, 1, 3]])
    assert regret(general, solved(meta(*general.payoffs), "nash")).max() < 1e-12


def test_replicator_regret_matching_and_logit_come_near_equilibria_and_logit_to_its_own():
    game = games.bimatrix(*PENNIES)
    for text, most in (("replicator:steps=20000,rate=0.05", 0.02), ("regret_matching:steps=20000", 0.02)):
        average = solved(meta(*PENNIES), text)
        assert regret(game, average).max() < most, text
    one, other = solved(meta(*PENNIES), "logit:noise=0.2")
    table, scale = np.array(PENNIES[0]), 4.0  # the payoffs of both go from -2 to 2
    for own, values in ((one, table @ other), (other, -table.T @ one)):
        wanted = np.exp(values / (scale * 0.2))
        np.testing.assert_allclose(own, wanted / wanted.sum(), atol=1e-9)


def test_no_strategy_falls_below_the_floor_of_replicator_dynamics():
    one, other = solved(meta([[1, 1], [0, 0], [0, 0]], [[1, 0], [1, 0], [1, 0]]), "replicator:least=0.3,steps=4000")
    np.testing.assert_allclose(one, [0.8, 0.1, 0.1], atol=0.02)
    np.testing.assert_allclose(other, [0.85, 0.15], atol=0.02)
    assert min(one) >= 0.1
    assert min(other) >= 0.15


def test_alpha_rank_and_maximal_lotteries_are_those_of_rankings():
    game = games.bimatrix([[3, 0, 1], [2, 1, 0]], [[2, 1, 0], [0, 1, 3]])
    masses = ns.ranking.alpha_rank(game).masses.reshape(2, 3)
    one, other = solved(meta(*game.payoffs), "alpha-rank")
    np.testing.assert_allclose(one, masses.sum(axis=1), atol=1e-12)
    np.testing.assert_allclose(other, masses.sum(axis=0), atol=1e-12)
    cycle = np.array([[0, 9, -1], [-9, 0, 3], [1, -3, 0]])
    np.testing.assert_allclose(solved(meta(cycle, -cycle), "maximal-lottery")[0], [1 / 3] * 3, atol=1e-9)
    with pytest.raises(ns.InputError, match="share one pool"):
        solved(meta(*PENNIES), "maximal_lottery")


def test_who_beats_whom_by_rounding_alone_does_not():
    noise = np.array([[0, 0.1 + 0.2 - 0.3], [0.3 - 0.1 - 0.2, 0]])
    assert 0 < abs(noise).max() < 1e-16
    for table in (noise, 7.0 * noise):
        np.testing.assert_allclose(solved(meta(table, -table), "maximal_lottery")[0], [0.5, 0.5])
    large = 1e6 * np.array([[0, 1e-12, 1], [-1e-12, 0, 1], [-1, -1, 0]])
    np.testing.assert_allclose(solved(meta(large, -large), "maximal_lottery")[0], [0.5, 0.5, 0], atol=1e-9)
    # what is small, and more than rounding, is beating
    small = np.array([[0, 1e-6], [-1e-6, 0]])
    np.testing.assert_allclose(solved(meta(small, -small), "maximal_lottery")[0], [1, 0], atol=1e-9)


def test_the_hardest_for_the_newest_weigh_most():
    # the newest of the second side gets 2, 0 and 1 against the three of the first, of all from 0 to 4
    one, other = solved(meta([[0, 0]] * 3, [[4, 2], [0, 0], [3, 1]]), "pfsp:power=2")
    hard = (1 - np.array([2, 0, 1]) / 4) ** 2
    np.testing.assert_allclose(one, hard / hard.sum(), atol=1e-12)
    np.testing.assert_allclose(other, [0.5, 0.5], atol=1e-12)


def test_every_meta_solver_gives_mixtures_of_pools_of_one_and_of_unequal_pools():
    for name in META_SOLVERS.names():
        if name in ("maximal_lottery", "rectified"):
            continue
        for tables in (PENNIES, ([[1]], [[2]]), ([[1, 2]], [[0, 3]])):
            found, sizes = solved(meta(*tables), name), np.shape(tables)[1:]
            for own, shape in zip(found, [sizes] if len(found) == 1 else [(m,) for m in sizes], strict=True):
                assert own.shape == shape
                assert own.sum() == pytest.approx(1.0)
                assert own.min() >= 0
    three = np.random.default_rng(0).normal(size=(3, 2, 3, 4))
    with pytest.raises(ns.InputError, match="for two sides; there are 3"):
        solved(MetaGame((2, 3, 4), lambda: three), "nash")
    for name in ("uniform", "last", "replicator", "regret_matching", "logit", "alpha_rank", "hedge", "pfsp"):
        assert [len(own) for own in solved(MetaGame((2, 3, 4), lambda: three), name)] == [2, 3, 4]


def test_a_meta_solver_that_gives_no_mixtures_is_refused(tmp_path):
    (tmp_path / "mine.py").write_text("def all_of_it(meta):\n    return [[1.0] * m for m in meta.sizes]\n")
    with pytest.raises(ns.InputError, match="must give a mixture for each side"):
        solved(meta(*PENNIES), f"{tmp_path}/mine.py:all_of_it")


def test_the_game_of_a_lesson_pays_what_opponents_of_the_pools_and_oneself_pay(uneven):
    sides = sides_of(uneven, [[0, 1], [2]])
    random = np.random.default_rng(3)
    fixed = tuple(random.normal(size=size) for size in sides.sizes)
    made = Lesson(sides, fixed, 0.25).game
    for a, b, c in np.ndindex(2, 3, 4):
        np.testing.assert_allclose(made.payoffs[:2, a, b, c], 0.25 * uneven.payoffs[0, a, b, c] + fixed[0][3 * a + b])
        np.testing.assert_allclose(made.payoffs[2, a, b, c], 0.25 * uneven.payoffs[2, a, b, c] + fixed[1][c])
    # and teams whose members are not one after the other
    mixed = games.dense(uneven.payoffs.transpose(0, 1, 3, 2)[[0, 2, 1]])
    other = Lesson(sides_of(mixed, [[0, 2], [1]]), fixed, 0.25).game
    np.testing.assert_allclose(other.payoffs, made.payoffs.transpose(0, 1, 3, 2)[[0, 2, 1]])


def test_learners_by_a_rule_climb_to_the_best_response(uneven):
    sides = sides_of(uneven, [[0, 1], [2]])
    fixed = (np.array([0.0, 0, 0, 0, 4, 0]), np.array([0.0, 0, 3, 0]))
    begin = beginnings(sides, "uniform", [0])(0, 0)
    one, other = by_rule(Lesson(sides, fixed, 0.0), begin, updates=400)
    assert one[1] > 0.95
    assert one[2 + 1] > 0.95
    assert other[2] > 0.95


def test_beginnings_are_drawn_by_seed_generation_and_role(uneven):
    sides = sides_of(uneven, [[0, 1], [2]])
    assert [own.tolist() for own in beginnings(sides, "first", [0])(3, 1)] == [[1, 0, 1, 0, 0], [1, 0, 0, 0]]
    drawn = [np.concatenate(beginnings(sides, "logits:std=2", [seed])(*place))
             for seed, *place in ((0, 0, 0), (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))]  # fmt: skip
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert len({own.tobytes() for own in drawn}) == 4
    assert beginnings(sides, "logits:std=0", [0])(0, 0)[1].tolist() == [0.25] * 4


def hedge_by_hand(table, rate, rounds):
    """Multiplicative weights of both sides of a matrix game, from all alike."""
    x, y, seen = np.full(len(table), 1 / len(table)), np.full(table.shape[1], 1 / table.shape[1]), []
    for _ in range(rounds):
        seen.append((x, y))
        up, down = np.exp(rate * table @ y), np.exp(-rate * x @ table)
        x, y = x * up / (x @ up), y * down / (y @ down)
    return [np.mean([pair[i] for pair in seen], axis=0) for i in range(2)]


def test_the_weights_of_online_double_oracle_are_multiplicative():
    table = np.array(PENNIES[0], float)
    one, other = solved(meta(*PENNIES), "hedge:rate=2,steps=7")
    x, y = hedge_by_hand(table, 2 / 4, 7)
    np.testing.assert_allclose(one, x, atol=1e-12)
    np.testing.assert_allclose(other, y, atol=1e-12)
    steps = 400  # and nobody regrets more than is promised
    x, y = solved(meta(*PENNIES), f"hedge:steps={steps}")
    assert (table @ y).max() - (x @ table).min() <= 4 * (
        np.sqrt(np.log(2) / (2 * steps)) + np.sqrt(np.log(3) / (2 * steps))
    )


def test_members_who_learn_by_themselves_do_what_their_rules_say(uneven):
    """Three rounds of each rule, by a loop over the three players on their own payoffs."""
    sides = sides_of(uneven, [[0, 1], [2]])
    nothing = tuple(np.zeros(size) for size in sides.sizes)
    lesson = Lesson(sides, nothing, 1.0)
    begin = beginnings(sides, "drawn", [3])(0, 0)
    scale = max(np.ptp(uneven.payoffs[0]), np.ptp(uneven.payoffs[2]))

    def worths(own):
        team, other = uneven.payoffs[0], uneven.payoffs[2]
        a, b, c = own
        return (np.einsum("abc,b,c->a", team, b, c), np.einsum("abc,a,c->b", team, a, c),
                np.einsum("abc,a,b->c", other, a, b))  # fmt: skip

    first = [begin[0][:2], begin[0][2:], begin[1]]

    def by_hand(step, average=False):
        own, memory, seen = first, [0.0] * 3, []
        for k in range(3):
            seen.append(own)
            found = [step(k, x, v, m, x0) for x, v, m, x0 in zip(own, worths(own), memory, first, strict=True)]
            own, memory = [one[0] for one in found], [one[1] for one in found]
        return [np.mean([one[i] for one in seen], axis=0) for i in range(3)] if average else own

    def replicator(_, x, v, m, __):
        r = v - x @ v
        y = x * (1 + 0.1 * r / np.abs(r).max()) + 1e-4
        return y / y.sum(), m

    def hedge(_, x, v, m, __):
        y = x * np.exp(0.5 * v / scale)
        y = y / y.sum() + 1e-4
        return y / y.sum(), m

    def ftrl(k, x, v, m, x0):
        total = m + v / np.sqrt(k + 1)
        y = x0 * np.exp(2 * total / scale)
        return y / y.sum(), total

    def matching(_, x, v, m, __):
        total = m + v - x @ v
        up = np.maximum(total, 0)
        return (up / up.sum() if up.sum() > 0 else np.full(len(x), 1 / len(x))), total

    for text, step, average in (
        ("replicator:rounds=3", replicator, False), ("hedge:rounds=3,rate=0.5", hedge, False),
        ("ftrl:rounds=3,rate=2", ftrl, False), ("regret_matching:rounds=3", matching, True),
    ):  # fmt: skip
        made = responded(lesson, list(begin), text)
        np.testing.assert_allclose(
            np.concatenate(made), np.concatenate(by_hand(step, average)), atol=1e-12, err_msg=text
        )


def test_alpha_rank_of_a_pool_does_not_hang_on_the_unit_of_payoffs():
    tables = np.array(([[3, 0, 1], [2, 1, 0]], [[2, 1, 0], [0, 1, 3]]), float)
    usual = solved(meta(*tables), "alpha_rank")
    for unit in (1e-12, 1e9):
        for own, same in zip(solved(meta(*(unit * tables)), "alpha_rank"), usual, strict=True):
            np.testing.assert_allclose(own, same, atol=1e-12)
