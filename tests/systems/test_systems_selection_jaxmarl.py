"""What is known early of networks in environments of JaxMARL: what is read off runs, and what was fixed before them."""

import importlib.util
from types import SimpleNamespace

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.systems.selection_jaxmarl import measuring, study
from nashscape.systems.selection_prediction.study import Sample

THERE = importlib.util.find_spec("jaxmarl") is not None
NAMES = ("spread", "hanabi", "smax", "ring")


def test_what_is_seen_is_the_mean_of_players_at_a_moment_the_score_first():
    reduced = {
        "return": np.array([[[1.0, 3.0], [5.0, 7.0]]]),
        "rounds": np.array([[9.0, 8.0]]),
        "share of action 1": np.array([[[0.0, 1.0], [0.2, 0.4]]]),
        "share of action 0": np.array([[[1.0, 0.0], [0.8, 0.6]]]),
        "error of return": np.array([[[9.0, 9.0], [9.0, 9.0]]]),
    }
    np.testing.assert_allclose(study.seen(reduced, "return", -1), [[6.0, 8.0, 0.7, 0.3]])
    np.testing.assert_allclose(study.seen(reduced, "return", 0), [[2.0, 9.0, 0.5, 0.5]])


def test_what_was_fixed_before_is_whole():
    told = study.PROTOCOL
    for effort, runs in told["runs"].items():
        assert set(runs) <= set(NAMES), effort
        rows = sum(1 if name in told["asked"]["one_outcome"] else 2 for name in runs)
        assert rows == measuring.FIGURES[effort]
    for name in NAMES:
        assert told[name]["early"] * 20 == told[name]["updates"]


def test_held_out_runs_are_predicted_by_the_score_early_alone(monkeypatch):
    cut = study.PROTOCOL["hanabi"]["cut"]
    early = np.array([[cut + 0.1, 3.0], [cut - 0.1, 3.0], [cut + 0.2, 9.0], [cut - 0.3, 1.0]])
    asked = []

    def samples(name, count, seed):
        asked.append((name, count, seed))
        return Sample(early, early, np.array([True, False, True, True]))

    monkeypatch.setattr(measuring, "samples", samples)
    monkeypatch.setitem(study.PROTOCOL["runs"], "quick", {"hanabi": 4, "smax": 4})
    accuracy, more, won = measuring._rows("quick", 3)
    assert asked == [("hanabi", 4, 3_000_007), ("hanabi", 4, 3_000_006), ("smax", 4, 3_000_007)]
    assert (won.claim, won.ours, won.published) == ("one-outcome", 0.75, 0.5)
    assert (accuracy.claim, accuracy.ours) == ("hanabi-early", 0.75)
    assert "majority 0.750" in accuracy.label
    assert (more.claim, more.ours) == ("more-than-majority", 0.5)


@pytest.mark.skipif(THERE, reason="JaxMARL is there")
def test_without_jaxmarl_nothing_begins():
    with pytest.raises(InputError, match=r"nashscape\[marl\].*selection-prediction asks the same"):
        ns.systems.reproduce("selection-jaxmarl", effort="quick")


@pytest.mark.skipif(not THERE, reason="needs JaxMARL")
@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("selection-jaxmarl", effort="quick").stands


def test_runs_end_in_the_outcome_where_they_stand_in_it(monkeypatch):
    reduced = {"return": np.ones((2, 2, 2)), "rounds": np.ones((2, 2)), "share of action 0": np.ones((2, 2, 2))}
    part = study.PROTOCOL["hanabi"]
    asked = {
        (part["early"], "ppo"): SimpleNamespace(reduced=reduced),
        (part["updates"], "ppo"): SimpleNamespace(stands=lambda name: np.array([name == "reached", False])),
    }
    monkeypatch.setattr(study, "entries", lambda _: asked)
    monkeypatch.setattr(study, "learning", lambda *_: None)
    sample = study.samples("hanabi", 2, 0)
    assert sample.reached.tolist() == [True, False]
    assert sample.early.shape == (2, 3)
