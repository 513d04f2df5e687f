"""Single runs: the numbers behind one trajectory."""

import numpy as np
import pytest

import nashscape as ns


@pytest.mark.long
def test_run_holds_what_it_says():
    game = ns.games.random_game((2, 3), seed=3)
    run = ns.simulate(game, ns.lola(), start=[0.3, [0.2, 0.5, 0.3]], steps=25)
    assert run.theta.shape == (26, 4)
    assert [own.shape for own in run.strategies] == [(26, 2), (26, 3)]
    np.testing.assert_allclose(run.strategies[1][0], [0.2, 0.5, 0.3])
    for t in (0, 10, 25):
        mixed = [own[t] for own in run.strategies]
        expected = [np.einsum("ab,a,b->", u, *mixed) for u in game.payoffs]
        np.testing.assert_allclose(run.payoffs[t], expected, atol=1e-12)
    assert set(run.terms) == {"base", "peer", "lookahead"}
    assert all(size.shape == (25,) for size in run.terms.values())


def test_terms_add_up_to_the_step_for_policy_gradient():
    run = ns.simulate(ns.games.stag_hunt(), ns.pg(), [0.4, 0.7], steps=10, step_size=0.2)
    moved = np.linalg.norm(np.diff(run.theta, axis=0), axis=1) / 0.2
    np.testing.assert_allclose(moved, run.terms["base"], rtol=1e-10)


@pytest.mark.long
@pytest.mark.parametrize("estimator", [None, ns.sampled(32)], ids=["exact", "sampled"])
def test_single_runs_and_batches_agree(estimator):
    options = {"steps": 60, "estimator": estimator, "precision": "float64", "seed": 5}
    run = ns.simulate(ns.games.stag_hunt(), ns.meta_mapg(), [0.5, 0.6], targets=["CC", "DD"], **options)
    entry = ns.entry_probability(
        ns.games.stag_hunt(), ns.meta_mapg(), starts=ns.starts.strategies([[0.5, 0.6]]), targets=["CC", "DD"], **options
    )
    assert list(entry.outcomes()) == [run.outcome]
    assert entry.first_hit[0] == (-1 if run.first_hit is None else run.first_hit)


@pytest.mark.long
def test_players_may_learn_by_different_rules_and_schedules():
    run = ns.simulate(
        ns.games.stag_hunt(),
        ns.learning.per_player([ns.pg(), ns.meta_mapg(peer=ns.schedules.two_phase(3.0, warm_up=5))]),
        [0.45, 0.65],
        steps=20,
    )
    assert (run.terms["peer"] > 0).all()
    alone = ns.simulate(ns.games.stag_hunt(), ns.pg(), [0.45, 0.65], steps=20)
    np.testing.assert_allclose(run.theta[1, 0], alone.theta[1, 0])
    assert run.theta[1, 1] != alone.theta[1, 1]


def test_three_players_and_outcomes():
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0] = 4.0
    payoffs[:, 1, 1, 1] = 2.0
    run = ns.simulate(ns.games.dense(payoffs), ns.pg(), [0.8, 0.7, 0.9], targets=["AAA"], steps=200)
    assert run.outcome == "AAA"
    assert run.status is ns.Status.COMPLETE
    assert "AAA" in repr(run)
