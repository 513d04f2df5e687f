"""Deviations and program equilibria of players with several parameters: by enumeration and dense search."""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError, Status
from nashscape.semantics import imperfect, parametric
from nashscape.theory.programs.box_deviations import box_deviation
from nashscape.theory.programs.several_parameters import pure_corners


@jax.jit
def values(learners, profiles):
    return jax.vmap(learners.utilities)(profiles)


def utilities(learners, profiles):
    with jax.enable_x64(True):
        return np.asarray(values(learners, jnp.asarray(profiles)), np.float64)


def gains(learners, player, theta, bound, count=6000, seed=0):
    """What random parameters, and all that have each entry at an end or in the middle, gain."""
    part, random = learners.semantics.slices[player], np.random.default_rng(seed)
    size = part.stop - part.start
    own = np.concatenate(
        [random.uniform(-bound, bound, (count, size)), list(product((-bound, 0.0, bound), repeat=size))]
    )
    profiles = np.tile(theta, (len(own) + 1, 1))
    profiles[1:, part] = own
    found = utilities(learners, profiles)[:, player]
    return found[1:] - found[0]


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


@pytest.mark.long
@pytest.mark.parametrize("coupling", [0.5, -0.4])
def test_bounds_hold_against_dense_search_and_what_is_found_gains_what_is_said(coupling):
    verdicts, wide = set(), []
    for seed in range(2):
        random = np.random.default_rng([1, seed])
        learners = ns.open_source(games.dense(random.normal(size=(2, 3, 3))), coupling)
        bound = 2.0
        corners = [bound * np.array(signs, float) for signs in list(pure_corners(learners))[:3]]
        for theta in [*corners, random.uniform(-bound, bound, 6)]:
            for player in (0, 1):
                found = box_deviation(learners, player, theta, bound, 1e-9, starts=4)
                most = gains(learners, player, theta, bound).max()
                assert most <= found.gain_high
                assert found.gain_low <= found.gain_high
                assert found.gain_low >= most - 1e-9
                moved = theta.copy()
                moved[learners.semantics.slices[player]] = found.at
                reached = utilities(learners, np.stack([moved, theta]))[:, player]
                assert reached[0] - reached[1] == pytest.approx(found.gain_low, abs=1e-12)
                assert np.abs(found.at).max() <= bound
                wide.append(found.gain_high - found.gain_low)
                verdicts.add("no" if found.gain_low > 0 else "yes" if found.gain_high <= 0 else "open")
    assert {"yes", "no"} <= verdicts
    assert np.median(wide) < 1e-3


@pytest.mark.long
def test_bounds_hold_also_where_the_search_finds_nothing(monkeypatch):
    def blind(game, player, theta, *_):
        return theta[game.semantics.slices[player]], 0.0, None

    monkeypatch.setattr("nashscape.theory.programs.box_deviations.searched", blind)
    random, bound = np.random.default_rng(4), 2.0
    learners = ns.open_source(games.dense(random.normal(size=(2, 3, 3))), 0.5)
    better = 0
    for theta in [*(bound * np.array(signs, float) for signs in pure_corners(learners)), random.normal(size=6)]:
        found = box_deviation(learners, 0, theta, bound, 1e-9)
        most = gains(learners, 0, theta, bound).max()
        assert most <= found.gain_high
        assert found.gain_low > 0 or most <= 1e-9  # what is better is come across among the boxes
        better += found.gain_low > 0
    assert better > 0


@pytest.mark.long
def test_slopes_at_the_point_enclose_the_derivatives():
    learners = ns.open_source(games.dense(np.random.default_rng(2).normal(size=(2, 3, 3))), 0.5)
    theta = np.random.default_rng(3).normal(size=6)
    found = box_deviation(learners, 1, theta, 3.0, 1e-3, starts=2)
    steps = 1e-5 * np.eye(6)[3:]
    moved = utilities(learners, np.concatenate([theta + steps, theta - steps]))[:, 1]
    np.testing.assert_allclose(found.slopes.mean(axis=1), (moved[:3] - moved[3:]) / 2e-5, atol=1e-8)
    assert (found.slopes[:, 0] < found.slopes[:, 1]).all()
    assert np.ptp(found.slopes, axis=1).max() < 1e-12


@pytest.mark.parametrize("seeds", [[0], pytest.param([1, 2, 3], marks=pytest.mark.long)], ids=["one", "three"])
def test_without_reading_they_are_those_of_all_ends_of_the_box(seeds):
    """`Σ_a u_a e^{t_a}/Σ_a e^{t_a}` only rises or only falls in each `t_a`: the best is at one of 2³ ends, or 2."""
    bound, kinds = 2.0, set()
    for seed in seeds:
        payoffs = np.random.default_rng([5, seed]).normal(size=(2, 2, 3))
        learners = parametric(games.dense(payoffs))  # a sigmoid and a softmax
        found = ns.program_equilibria(learners, bound=bound, starts=4)

        def mixed(theta):
            return softmax(np.array([theta[0], 0.0])), softmax(theta[1:])

        def worth(theta, payoffs=payoffs, mixed=mixed):
            return np.einsum("iab,a,b->i", payoffs, *mixed(theta))

        def most(theta, player, worth=worth):
            ends = product((-bound, bound), repeat=(1, 3)[player])
            whole = [np.concatenate([end, theta[1:]] if player == 0 else [theta[:1], end]) for end in ends]
            return max(worth(one)[player] for one in whole) - worth(theta)[player]

        wanted = set()
        for corner in product((-bound, bound), repeat=4):
            theta = np.array(corner)
            if all(most(theta, player) <= 1e-12 for player in (0, 1)):
                wanted.add(tuple(np.concatenate(mixed(theta)).round(6)))
        for one in (*found.equilibria, *found.rejected):
            kinds.add(one.verdict)
            gain = max(most(one.theta, player) for player in (0, 1))
            assert one.gain[0] - 1e-9 <= gain <= one.gain[1] + 1e-12
            assert one.verdict != "yes" or gain <= 1e-12
            assert one.verdict != "no" or gain > 0
        corners = [one for one in found.equilibria if one.kind == "corner"]
        assert {tuple(np.concatenate(one.strategies).round(6)) for one in corners} == wanted
        assert found.looked.startswith("all 16 corners")
        # the six pure joint actions are told about whatever they are
        assert {one.name for one in (*found.equilibria, *found.rejected)} >= {"AA", "AB", "AC", "BA", "BB", "BC"}
        named = next(one for one in (*found.equilibria, *found.rejected) if one.name == "BC")
        assert (named.theta == bound * np.array([-1, -1, -1, 1])).all()
        assert found.status is (
            Status.UNDECIDED if any(one.verdict == "undecided" for one in found.rejected) else Status.COMPLETE
        )
    assert {"yes", "no"} <= kinds


@pytest.mark.long
def test_three_actions_that_are_read_have_equilibria_that_nobody_leaves():
    game = games.dense([[[4, 1, 0], [3, 2, 0], [0, 1, 1.0]], [[4, 3, 0], [1, 2, 1], [0, 0, 1.0]]])
    found = ns.program_equilibria(ns.open_source(game, 0.3), bound=3.0, starts=8)
    assert {(one.name, one.verdict, one.attracting) for one in found.equilibria} == {
        (name, "yes", True) for name in ("AA", "BB", "CC")
    }
    assert found.status is Status.COMPLETE
    for one in (*found.equilibria, *found.rejected):
        most = max(gains(ns.open_source(game, 0.3), player, one.theta, 3.0).max() for player in (0, 1))
        assert one.gain[0] - 1e-9 <= max(most, 0.0) <= one.gain[1] + 1e-12
    assert [line.get_xdata().size for line in found.plot().axes[0].lines] == [6] * (
        len(found.equilibria) + len(found.rejected)
    )
    assert found.plot().axes[0].get_xlabel() == "parameter, player after player"


@pytest.mark.long
def test_of_policies_what_is_searched_is_said_to_be_searched():
    learners = ns.open_source(games.iterated_prisoners_dilemma(), 0.9)
    found = ns.program_equilibria(learners, bound=2.0, starts=4)
    assert found.status is Status.UNDECIDED
    assert "of 59,049" in found.looked
    by_name = {one.name: one for one in (*found.equilibria, *found.rejected) if one.name}
    assert {"CC", "CD", "DC", "DD"} == set(by_name)
    assert (by_name["CC"].verdict, by_name["CC"].gain[1], by_name["CC"].attracting) == ("undecided", np.inf, True)
    for name in ("CD", "DC", "DD"):
        assert by_name[name].verdict == "no"
        assert max(gains(learners, player, by_name[name].theta, 2.0).max() for player in (0, 1)) > 0.1


@pytest.mark.long
def test_whom_nobody_reads_gains_no_more_than_the_regret():
    """Of policies over twelve rounds no bounds of the formula are known; what any policy gains is."""
    ipd = games.iterated_prisoners_dilemma()
    alone = parametric(ipd)
    test = ns.theory.boundary_test(alone, "DD", bound=4.0, starts=4)
    with jax.enable_x64(True):
        regrets = np.asarray(ipd.regrets(alone.strategies(jnp.asarray(test.theta))))
    for player, own in enumerate(test.players):
        assert own.method == "multi-start search"
        assert own.gain[1] == pytest.approx(regrets[player], abs=1e-9)
        assert gains(alone, player, test.theta, 4.0, count=2000).max() <= own.gain[1]
    # whoever is read, or pays for reading, may gain more: nothing is known of it
    read = ns.theory.boundary_test(ns.open_source(ipd, 0.5), "DD", bound=4.0, starts=2)
    assert {own.gain[1] for own in read.players} == {np.inf}


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="such as logits"):
        ns.program_equilibria(parametric(games.stag_hunt(), ns.semantics.simplex((2, 2))))
    with pytest.raises(InputError, match="bound"):
        ns.program_equilibria(parametric(games.rock_paper_scissors()), bound=-1.0)
    assert (
        pure_corners(parametric(games.stag_hunt(), imperfect(ns.semantics.coupled((2, 2), 0.3), reads="chosen"))) == {}
    )
