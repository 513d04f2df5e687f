"""Particles of JaxMARL and basins: what is read off runs, and what is asked for where JaxMARL is not there."""

import importlib.util
from types import SimpleNamespace

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.learning.from_texts import rule_from_text
from nashscape.systems.basin_entry_jaxmarl import measuring, study

THERE = importlib.util.find_spec("jaxmarl") is not None
with_jaxmarl = pytest.mark.skipif(not THERE, reason="needs JaxMARL")


def seen():
    """Two runs of three agents, looked at twice, of which the second ends at −18 and is counted as passing."""
    returns = np.array([[[-30.0, -30, -30], [-25, -25, -22]], [[-40, -40, -40], [-18, -20, -16]]])
    outcomes = {"passing spread out": 1, "out of budget": 1}
    return SimpleNamespace(reduced={"return": returns}, labels=np.zeros(2), outcomes=lambda: outcomes)


def test_runs_are_counted_by_what_agents_are_paid_on_average():
    assert measuring.returns(seen()).tolist() == [[-30.0, -24.0], [-40.0, -18.0]]
    assert [measuring.at_least(seen(), bound).value for bound in (-25, -24, -20, -17)] == [1.0, 1.0, 0.5, 0.0]
    assert measuring.share(seen(), "spread out", passed=True).value == 0.5
    assert [own.split(":")[0] for own in study.PROTOCOL["spread"]["targets"]] == ["spread out"]


def test_a_spread_is_mean_and_deviation():
    found = measuring.spread_of([1.0, 2.0, 6.0])
    assert (found.mean, found.count) == (3.0, 3)
    assert found.deviation == pytest.approx(np.sqrt(7.0))


def test_arms_share_one_program():
    learners = study.PROTOCOL["learners"]
    rules = [
        rule_from_text(f"{learners['rule']},inner_lr={learners['inner_lr']},{own}")
        for own in study.PROTOCOL["arms"].values()
    ]
    assert len({own.needs for own in rules}) == 1
    asked = study.PROTOCOL["spread"]
    assert asked["steps"] * 64 * asked["limit"] * 3 == 748_800  # steps of agents, as the protocol says


@pytest.mark.skipif(THERE, reason="JaxMARL is there")
def test_without_jaxmarl_nothing_begins():
    with pytest.raises(InputError, match=r"nashscape\[marl\].*basin-entry-neural asks the same"):
        ns.systems.reproduce("basin-entry-jaxmarl", effort="quick")


@with_jaxmarl
@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("basin-entry-jaxmarl", effort="quick").stands
