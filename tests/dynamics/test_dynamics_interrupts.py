"""Runs of which some are done where somebody asks to stop."""

import math

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import Status

HUNT = ns.games.stag_hunt()
HOW = {"n": 600, "estimator": ns.sampled(8), "steps": 40, "chunk": 128}


class Stop:
    """Asks to stop after so many calls."""

    def __init__(self, after):
        self.left = after

    def __call__(self, done, total):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def whole():
    return ns.entry_probability(HUNT, ns.pg(), **HOW)


@pytest.mark.long
def test_the_first_runs_are_those_of_the_whole(whole):
    part = ns.entry_probability(HUNT, ns.pg(), progress=Stop(1), **HOW)
    done = len(part.labels)
    assert 0 < done < 600
    assert part.status is Status.INTERRUPTED
    for name in ("labels", "held", "first_hit"):
        np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[:done])
    assert (part.question["runs"], part.question["of_runs"]) == (done, 600)
    assert any(f"the first {done} of 600 runs are done" in note for note in part.notes)
    assert part.provenance.trajectory_steps < whole.provenance.trajectory_steps


@pytest.mark.long
def test_its_question_is_nobody_elses(whole):
    part = ns.entry_probability(HUNT, ns.pg(), progress=Stop(1), **HOW)
    less = ns.entry_probability(HUNT, ns.pg(), **{**HOW, "n": len(part.labels)})
    assert len({one.question.key for one in (whole, part, less)}) == 3
    assert less.status is not Status.INTERRUPTED
    np.testing.assert_array_equal(less.labels, part.labels)


@pytest.mark.long
def test_of_several_rules_those_before_it_are_whole(whole):
    calls = math.ceil(600 / (128 * len(jax.devices())))
    part = ns.entry_probability(HUNT, [ns.pg(), ns.lola(), ns.meta_mapg()], progress=Stop(calls + 1), **HOW)
    assert list(part) == ["pg", "lola"]
    np.testing.assert_array_equal(part["pg"].labels, whole.labels)
    assert part["lola"].status is Status.INTERRUPTED
    assert part["pg"].status is whole.status


def test_of_a_map_there_is_nothing_in_part():
    with pytest.raises(KeyboardInterrupt):
        ns.basin_map(HUNT, ns.pg(), grid=20, estimator=ns.sampled(8), steps=40, chunk=128, progress=Stop(1))


class Still:
    def act(self):
        return 0

    def observe(self, actions, payoffs):
        pass


def test_of_hosted_players_the_runs_that_were_played():
    still = ns.dynamics.hosted(lambda run, random: [Still(), Still()], "still")
    part = ns.entry_probability(HUNT, still, n=8, steps=200, progress=Stop(3))
    assert part.status is Status.INTERRUPTED
    assert (len(part.labels), part.question["of_runs"]) == (3, 8)


class Tired(Still):
    def observe(self, actions, payoffs):
        raise KeyboardInterrupt


def test_of_hosted_players_no_part_where_the_whole_is_wanted():
    def make(run, random):
        return [Tired() if run == 2 else Still(), Still()]

    tired = ns.dynamics.hosted(make, "tired")
    assert len(ns.entry_probability(HUNT, tired, n=8, steps=200).labels) == 2
    with pytest.raises(KeyboardInterrupt):
        ns.sweep(HUNT, lambda value: tired, [0.0], n=8, steps=200)
