"""Reducers: what they give is what the stored trajectory gives, and asking for none costs nothing."""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.dynamics import Reducer, make_setup, reducers, run_starts, starts
from nashscape.dynamics.program import compiled

THREE = ns.games.dense(np.random.default_rng(5).uniform(0.5, 4.0, (3, 2, 3, 2)))
TWO = ns.games.random_game((2, 3), seed=1)
ALL = [
    *[kind(over) for kind in (reducers.payoffs, reducers.welfare, reducers.least_payoff) for over in reducers.OVER],
    *[reducers.inequality(kind, over) for kind in ("range", "gini") for over in reducers.OVER],
    reducers.path_length(),
    reducers.path_length("strategies"),
]


def run(game, rule, wanted, *, n=6, steps=37, precision="float64", chunk=None, indices=None, seed=4, **options):
    setup = make_setup(game, rule, reducers=wanted, **options)
    how = {"steps": steps, "seed": seed}
    indices = np.arange(n) if indices is None else indices
    return run_starts(setup, starts.normal(std=1.35), indices, precision=precision, chunk=chunk, **how)[0]


def trajectory(game, rule, index, *, steps=37, seed=4):
    theta = starts.normal(std=1.35).parameters(ns.parametric(game), np.array([index]), seed)
    return ns.simulate(game, rule, starts.parameters(theta), steps=steps)


def gini(x):
    # half the relative mean absolute difference, over all ordered pairs
    return np.abs(x[..., :, None] - x[..., None, :]).sum(axis=(-2, -1)) / (2 * x.shape[-1] * x.sum(axis=-1))


EXPECTED = {
    "payoffs": lambda u: u,
    "welfare": lambda u: u.sum(axis=-1),
    "least_payoff": lambda u: u.min(axis=-1),
    "range": lambda u: np.ptp(u, axis=-1),
    "gini": gini,
}


@pytest.mark.long
def test_the_gini_coefficient_is_the_mean_absolute_difference():
    game = ns.games.dense(np.random.default_rng(0).uniform(0.1, 2.0, (4, 2, 2, 2, 2)))
    found = run(game, ns.pg(), [reducers.payoffs("end"), reducers.inequality("gini", "end")], steps=3).reduced
    np.testing.assert_allclose(found["end_gini"], gini(found["end_payoffs"]), rtol=1e-12)


@pytest.mark.long
def test_reducers_agree_with_stored_trajectories():
    endings = run(THREE, ns.pg(), ALL)
    found = endings.reduced
    np.testing.assert_allclose(endings.theta, run(THREE, ns.pg(), ()).theta, rtol=1e-13)
    assert found["payoffs"].shape == (6, 3)
    for k in range(6):
        path = trajectory(THREE, ns.pg(), k)
        for name, of in EXPECTED.items():
            wanted = {
                name: of(path.payoffs).mean(axis=0),
                f"lifetime_{name}": of(path.payoffs.mean(axis=0)),
                f"end_{name}": of(path.payoffs[-1]),
            }
            for key, value in wanted.items():
                np.testing.assert_allclose(found[key][k], value, rtol=1e-12, err_msg=key)
        length = np.linalg.norm(np.diff(path.theta, axis=0), axis=1).sum()
        moved = np.linalg.norm(np.diff(np.concatenate(path.strategies, axis=1), axis=0), axis=1).sum()
        np.testing.assert_allclose(found["path_length"][k], length, rtol=1e-12)
        np.testing.assert_allclose(found["path_length_of_strategies"][k], moved, rtol=1e-12)


@pytest.mark.long
def test_times_agree_with_stored_trajectories():
    payoffs = np.array([trajectory(TWO, ns.pg(), k, steps=60).payoffs for k in range(6)])
    values = {"welfare": payoffs.sum(axis=2), "least": payoffs.min(axis=2), "range": np.ptp(payoffs, axis=2)}
    levels = {statistic: float(np.median(value)) for statistic, value in values.items()}
    cases = [(statistic, side) for statistic in values for side in ("above", "below")]
    times = (reducers.first_time, reducers.last_time)
    wanted = [time(statistic, **{side: levels[statistic]}) for statistic, side in cases for time in times]
    found = run(TWO, ns.pg(), wanted, steps=60).reduced
    for statistic, side in cases:
        level = levels[statistic]
        beyond = values[statistic] > level if side == "above" else values[statistic] < level
        never = ~beyond.any(axis=1)
        first = np.where(never, -1, beyond.argmax(axis=1))
        last = np.where(never, -1, 60 - beyond[:, ::-1].argmax(axis=1))
        np.testing.assert_array_equal(found[f"first_{statistic}_{side}_{level:g}"], first)
        np.testing.assert_array_equal(found[f"last_{statistic}_{side}_{level:g}"], last)
        assert found[f"first_{statistic}_{side}_{level:g}"].dtype == np.int32
    assert len({tuple(times) for times in found.values()}) > 6
    # levels are arguments of the program
    misses = compiled.cache_info().misses
    others = run(TWO, ns.pg(), [replace(one, level=100.0) for one in wanted], steps=60).reduced
    assert compiled.cache_info().misses == misses
    assert (others[wanted[0].name] == -1).all()


@pytest.mark.long
def test_the_same_bits_however_the_starts_are_split():
    # the running mean of payoffs is what first went wrong where the last profile was taken in outside the loop
    wanted = [reducers.payoffs(), reducers.inequality("gini", over="lifetime"), reducers.path_length("strategies")]
    options = {"rule": ns.pg(), "wanted": wanted, "n": 700, "steps": 20, "precision": "float32"}
    whole = run(TWO, **options).reduced
    order = np.random.default_rng(0).permutation(700)[:128]
    some, small = run(TWO, **{**options, "indices": order}).reduced, run(TWO, **options, chunk=128).reduced
    for name, values in whole.items():
        np.testing.assert_array_equal(values, small[name], err_msg=name)
        np.testing.assert_array_equal(values[order], some[name], err_msg=name)


@pytest.mark.long
def test_sampled_runs_can_be_reduced():
    game = ns.games.stag_hunt()
    found = run(game, ns.pg(), [reducers.welfare("end")], estimator=ns.sampled(16), steps=9, precision="float32")
    payoffs = game.expected_payoffs([own[0] for own in found.strategies])
    np.testing.assert_allclose(found.reduced["end_welfare"][0], np.sum(payoffs), rtol=1e-5)


def test_asking_for_none_is_the_program_of_before():
    run(THREE, ns.pg(), ())
    misses = compiled.cache_info().misses
    assert run(THREE, ns.pg(), []).reduced == {}
    assert compiled.cache_info().misses == misses


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Median(Reducer):
    """The median payoff of the mean: sorts at the end, which cannot be written out entry by entry."""

    name = "median"

    def init(self, seen):
        return {"sum": jnp.zeros_like(seen.payoffs), "count": 0}

    def add(self, carried, seen):
        return {"sum": carried["sum"] + seen.payoffs, "count": carried["count"] + 1}

    def finish(self, carried):
        return jnp.sort(carried["sum"] / carried["count"])[1]


@pytest.mark.long
def test_a_reducer_of_ones_own():
    found = run(THREE, ns.pg(), Median(), n=3).reduced["median"]
    for k in range(3):
        assert found[k] == pytest.approx(np.median(trajectory(THREE, ns.pg(), k).payoffs.mean(axis=0)), rel=1e-12)


def test_gini_is_zero_for_equals_and_nan_below_zero():
    equal, negative = ns.games.stag_hunt(), ns.games.dense(np.array([[[-1.0, 2], [3, 1]], [[1, 2], [0, 4]]]))
    on_diagonal = starts.strategies([[0.5, 0.5]])
    for game, wanted in ((equal, 0.0), (negative, np.nan)):
        setup = make_setup(game, ns.pg(), reducers=reducers.inequality("gini"), step_size=1e-6)
        found, _ = run_starts(setup, on_diagonal, np.arange(1), steps=3)
        # payoffs (1.25, 1.75) are positive in the second game: only the pure first profile is not
        near = starts.strategies([[0.999, 0.999]])
        if np.isnan(wanted):
            found, _ = run_starts(setup, near, np.arange(1), steps=3)
        np.testing.assert_allclose(found.reduced["gini"][0], wanted, atol=1e-7)


@pytest.mark.long
def test_maps_and_entries_hold_them_in_the_shape_of_their_labels():
    wanted = [reducers.welfare("end"), reducers.payoffs()]
    game = ns.games.stag_hunt()
    one = ns.basin_map(game, ns.pg(), grid=5, reducers=wanted, precision="float64")
    assert one.reduced["end_welfare"].shape == one.labels.shape == (1, 5, 5)
    assert one.reduced["payoffs"].shape == (1, 5, 5, 2)
    path = ns.simulate(game, ns.pg(), [one.axis[4], one.axis[2]])
    np.testing.assert_allclose(one.reduced["payoffs"][0, 4, 2], path.payoffs.mean(axis=0), rtol=1e-12)
    entry = ns.entry_probability(game, ns.pg(), n=40, reducers=wanted)
    np.testing.assert_array_equal(entry.reduced["end_welfare"] > 7, entry.reached("CC"))
    assert set(entry.to_dict()["reduced"]) == {"end_welfare", "payoffs"}
    bare = ns.entry_probability(game, ns.pg(), n=40)
    assert bare.reduced == {}
    assert "reducers" not in bare.question.parts


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Changing(Median):
    name = "changing"

    def add(self, carried, seen):
        return carried["sum"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ([reducers.welfare], "call it"),
        (["welfare"], "make one"),
        ([reducers.welfare(), reducers.payoffs().renamed("welfare")], "called the same"),
        ([Changing()], "make them alike"),
    ],
)
def test_what_is_no_reducer_is_refused(wanted, message):
    with pytest.raises(InputError, match=message):
        make_setup(TWO, ns.pg(), reducers=wanted)


def test_unknown_names_and_levels_are_refused():
    with pytest.raises(InputError, match="either above"):
        reducers.first_time("welfare")
    with pytest.raises(InputError, match="statistic"):
        reducers.first_time("welfair", above=1)
    with pytest.raises(InputError, match="over"):
        reducers.welfare("never")
