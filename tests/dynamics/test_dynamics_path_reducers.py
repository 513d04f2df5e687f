"""Reducers of places, spread and alignment: what they give is what the stored trajectory gives, by other formulas."""

from dataclasses import dataclass, replace
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.dynamics import PointTarget, Reducer, make_setup, reducers, run_starts, starts
from nashscape.dynamics.program import compiled

STEPS, STARTS = 37, 4
MARKET = ns.games.cournot(3, intercept=10.0, slope=0.3, costs=[1.0, 2.0, 1.5])
POINT = PointTarget("corner", ((1.0,), (2.5,), (0.5,)))

CASES = {
    "two by three": (ns.games.random_game((2, 3), seed=1), (1, 2)),
    "three players": (ns.games.dense(np.random.default_rng(5).uniform(0.5, 4.0, (3, 2, 3, 2))), (1, 0, 0)),
    "rows": (ns.games.iterated_prisoners_dilemma(), "CD"),
    "points": (MARKET, POINT),
}


def wanted_of(name):
    target = CASES[name][1]
    if name == "rows":
        return [*(reducers.cumulative_alignment(target, of) for of in reducers.OF), reducers.late_spread(9)]
    made = [
        reducers.last_profile(),
        reducers.last_profile("parameters"),
        reducers.path_at([5, 0, STEPS]),
        reducers.path_at([2], "parameters"),
        reducers.largest_parameter(),
        reducers.late_spread(9),
        reducers.late_spread(share=0.5).renamed("second_half"),
        reducers.cumulative_alignment(target, "strategies"),
        reducers.cumulative_alignment(target, "strategies", until=6).renamed("early"),
    ]
    if name != "points":
        made.append(reducers.cumulative_alignment(target))
    return made


SOURCE = starts.uniform(0.2, 3.0)


def reduced(game, wanted, *, precision="float64", **options):
    setup = make_setup(game, ns.pg(), reducers=wanted, **options)
    how = {"steps": STEPS, "seed": 4, "precision": precision}
    return run_starts(setup, SOURCE, np.arange(STARTS), **how)[0].reduced


@cache
def reduced_case(name):
    return reduced(CASES[name][0], wanted_of(name))


def path_from(game, k, **options):
    theta = SOURCE.parameters(ns.parametric(game), np.array([k]), 4)
    run = ns.simulate(game, ns.pg(), starts.parameters(theta), steps=STEPS, **options)
    return run.theta, [np.asarray(own) for own in run.strategies]


def logit_direction(strategies, name):
    """The gradient of the log-likelihood of the target's actions, by hand: e − σ of logits, 1 − p or −p of one."""
    if name == "rows":
        # CD is played in the first state, where nothing was played yet; every state has one logit
        p, q = strategies[0][0, 0], strategies[1][0, 0]
        states = len(strategies[0])
        return np.concatenate([[1 - p], np.zeros(states - 1), [-q], np.zeros(states - 1)])
    parts = []
    for own, action in zip(strategies, CASES[name][1], strict=True):
        if len(own) == 2:
            parts.append([1 - own[0] if action == 0 else -own[0]])
        else:
            parts.append(np.eye(3)[action] - own)
    return np.concatenate(parts)


def straight_direction(strategies, name):
    """From where a run is to the target, entry by entry."""
    if name == "points":
        return np.array([1.0, 2.5, 0.5]) - np.concatenate(strategies)
    if name == "rows":
        made = [np.zeros_like(own) for own in strategies]
        made[0][0] = np.array([1.0, 0.0]) - strategies[0][0]
        made[1][0] = np.array([0.0, 1.0]) - strategies[1][0]
        return np.concatenate([own.ravel() for own in made])
    return np.concatenate([np.eye(len(s))[a] - s for s, a in zip(strategies, CASES[name][1], strict=True)])


def aligned(points, directions, until=None):
    steps = np.diff(points, axis=0)[:until]
    return sum(step @ d / np.linalg.norm(d) for step, d in zip(steps, directions[:-1][:until], strict=True))


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_reducers_agree_with_stored_trajectories(name):
    game, found = CASES[name][0], reduced_case(name)
    for k in range(STARTS):
        theta, strategies = path_from(game, k)
        x = np.concatenate([own.reshape(STEPS + 1, -1) for own in strategies], axis=1)
        at = [[own[t] for own in strategies] for t in range(STEPS + 1)]
        straight = [straight_direction(own, name) for own in at]
        wanted = {
            "last_profile": x[-1],
            "last_profile_of_parameters": theta[-1],
            "path_at": x[[5, 0, STEPS]],
            "path_at_of_parameters": theta[[2]],
            "largest_parameter": np.abs(theta).max(),
            "late_spread": np.ptp(x[-10:], axis=0),
            # nineteen updates are the larger half of 37
            "second_half": np.ptp(x[-20:], axis=0),
            "cumulative_alignment_of_strategies": aligned(x, straight),
            "early": aligned(x, straight, 6),
        }
        if name != "points":
            wanted["cumulative_alignment"] = aligned(theta, [logit_direction(own, name) for own in at])
        assert found.keys() == (wanted.keys() if name != "rows" else {one.name for one in wanted_of("rows")})
        for key, value in found.items():
            np.testing.assert_allclose(value[k], wanted[key], rtol=1e-9, atol=1e-12, err_msg=key)


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Sorted(Reducer):
    """Sorts, which cannot be written out entry by entry: beside it everything runs as arrays."""

    name = "sorted"

    def init(self, seen):
        return jnp.sort(seen.theta)

    def add(self, carried, seen):
        return jnp.sort(seen.theta)

    def finish(self, carried):
        return carried


@pytest.mark.long
def test_entry_by_entry_and_as_arrays_they_are_the_same():
    alone = reduced_case("two by three")
    beside = reduced(CASES["two by three"][0], [*wanted_of("two by three"), Sorted()])
    assert (np.abs(alone["early"] - alone["cumulative_alignment_of_strategies"]) > 1e-6).all()
    for key, value in alone.items():
        np.testing.assert_allclose(beside[key], value, rtol=1e-12, atol=1e-14, err_msg=key)


@pytest.mark.long
def test_updates_are_those_that_were_made_within_the_box():
    game, box = ns.games.stag_hunt(), ns.box(0.7)
    found = reduced(game, [reducers.cumulative_alignment("CC"), reducers.largest_parameter()], projection=box)
    for k in range(STARTS):
        theta, strategies = path_from(game, k, projection=box)
        at = [np.array([1 - own[t][0] for own in strategies]) for t in range(STEPS + 1)]
        np.testing.assert_allclose(found["cumulative_alignment"][k], aligned(theta, at), rtol=1e-9)
        assert found["largest_parameter"][k] == np.abs(theta).max()
        assert np.abs(theta[1:]).max() <= 0.7


def test_a_run_at_its_target_has_no_way_left():
    # probabilities may be exactly 0 and 1: of the target itself there is no direction, and nothing counts
    simplex = ns.parametric(ns.games.stag_hunt(), ns.semantics.simplex((2, 2)))
    wanted = [reducers.cumulative_alignment("CC", "strategies"), reducers.late_spread(3)]
    setup = make_setup(simplex, ns.pg(), reducers=wanted)
    [found] = [run_starts(setup, starts.strategies([[1.0, 1.0]]), np.arange(1), steps=5)[0].reduced]
    assert found["cumulative_alignment_of_strategies"][0] == 0.0
    np.testing.assert_array_equal(found["late_spread"], np.zeros((1, 4)))


def test_a_run_that_diverges_has_no_largest_parameter():
    setup = make_setup(
        ns.games.bilinear(), ns.pg(), reducers=reducers.largest_parameter(), step_size=1e30, projection=ns.unbounded()
    )
    found, _ = run_starts(setup, SOURCE, np.arange(2), steps=20)
    assert np.isnan(found.reduced["largest_parameter"]).all()


def test_other_steps_are_the_same_program():
    game = CASES["two by three"][0]
    first = [reducers.path_at([1, 2, 3]), reducers.late_spread(4), reducers.cumulative_alignment((0, 1), until=3)]
    reduced(game, first, precision="float32")
    misses = compiled.cache_info().misses
    others = [replace(first[0], steps=(7, 8, 9)), first[1], reducers.cumulative_alignment((0, 1), until=5)]
    reduced(game, others, precision="float32")
    assert compiled.cache_info().misses == misses


def test_the_question_names_the_target_and_not_the_length_of_the_run():
    entry = ns.entry_probability(
        ns.games.stag_hunt(),
        ns.pg(),
        n=3,
        steps=20,
        reducers=[reducers.cumulative_alignment("CC"), reducers.late_spread(share=0.25)],
    )
    asked = entry.question["reducers"]
    assert asked[0]["target"]["profile"] == [0, 0]
    assert asked[1]["share"] == 0.25
    assert asked[1]["since"] is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: reducers.path_at([]), "at least one step"),
        (lambda: reducers.path_at([-1]), "step"),
        (reducers.late_spread, "either last"),
        (lambda: reducers.late_spread(3, share=0.5), "either last"),
        (lambda: reducers.late_spread(share=1.5), "share"),
        (lambda: reducers.last_profile("payoffs"), "of"),
        (lambda: reducers.cumulative_alignment("CC", until=0), "until"),
        (lambda: make_setup(ns.games.stag_hunt(), ns.pg(), reducers=reducers.cumulative_alignment("CX")), "CX"),
        (
            lambda: make_setup(ns.games.matching_pennies(), ns.pg(), reducers=reducers.cumulative_alignment()),
            "name a profile as target",
        ),
        (lambda: make_setup(MARKET, ns.pg(), reducers=reducers.cumulative_alignment(POINT)), "of='strategies'"),
    ],
)
def test_what_cannot_be_reduced_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


@pytest.mark.parametrize(
    "late",
    [reducers.path_at([0, 38]), reducers.late_spread(38), reducers.cumulative_alignment((0, 1), until=38)],
)
def test_steps_after_the_end_are_refused_before_anything_is_compiled(late):
    misses = compiled.cache_info().misses
    with pytest.raises(InputError, match="38"):
        reduced(CASES["two by three"][0], [late])
    assert compiled.cache_info().misses == misses
