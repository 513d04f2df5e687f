"""Reciprocity of two players: against a loop in plain Python, a search, and what must hold of every path."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nashscape.systems.coopetition_4 import behaviour, reciprocity
from nashscape.systems.coopetition_4.reciprocity import Configurations, needed_trust, next_actions, paths, published

RNG = np.random.default_rng(4)
CASES = published()
CHOSEN = RNG.choice(len(CASES.trust), 20, replace=False)
SOME = Configurations(*(getattr(CASES, own)[CHOSEN] for own in Configurations.__dataclass_fields__))


def _alone(case, steps, defects):
    """One configuration in one loop: actions and trust, as lists of pairs."""
    rho, kappa, lam, eta, start = case
    needs, a, trust, damage = (0.8, 0.4), [0.5, 0.5], [start, start], [0.0, 0.0]
    made = [(*a, *trust)]
    for step in range(steps):
        moved, trusted, damaged = [], [], []
        for i in (0, 1):
            away = a[1 - i] - 0.3
            answer = rho * needs[i] ** eta * math.tanh(kappa * away)
            gain = 0.15 * trust[i] * lam * (1 + 0.6 * needs[i]) * answer
            moved.append(min(1.0, max(0.0, a[i] + gain - 0.01 * (a[i] - 0.3))))
            most = min(0.9, 1 - 0.6 * damage[i])
            if away > 0:
                changed = trust[i] + 0.1 * away * max(0.0, most - trust[i])
            else:
                changed = trust[i] + 0.3 * away * trust[i] * (1 + 0.5 * needs[i])
            trusted.append(min(most, max(0.0, changed)))
            damaged.append(damage[i] - 0.6 * away * (1 - damage[i]) if away < 0 else 0.97 * damage[i])
        a, trust, damage = moved, trusted, damaged
        if step + 1 == defects:
            a[1] = 0.1
        made.append((*a, *trust))
    return np.array(made)


@pytest.mark.parametrize("defects", [None, 10])
def test_all_at_once_is_one_after_the_other(defects):
    found = paths(SOME, 100, defects=defects)
    for k in range(len(CHOSEN)):
        case = [float(getattr(SOME, own)[k]) for own in Configurations.__dataclass_fields__]
        ours = np.concatenate([found.actions[:, :, k], found.trust[:, :, k]], axis=1)
        np.testing.assert_allclose(ours, _alone(case, 100, defects), atol=1e-12)


def test_the_published_counts_single_out_one_reading():
    """97.5, 100, 87.9, 100, 100 and 100 per cent, to the configuration."""
    counts = {"emergence": 15235, "punishment": 15625, "forgiveness": 13728, "asymmetry": 15625, "trust": 15625,
              "bounded": 15625}  # fmt: skip
    every = [(signal, order) for signal in reciprocity.SIGNALS for order in reciprocity.ORDERS]
    exact = [one for one in every if behaviour.counts(signal=one[0], order=one[1]) == counts]
    assert exact == [("plain", "together")]


def test_with_the_memory_of_the_equations_cooperation_never_emerges():
    for memory in (1, 20):
        assert behaviour.counts(memory=memory)["emergence"] == 0


def test_reciprocity_is_bounded_and_the_bound_is_nearly_reached():
    found = paths(CASES, 100, defects=10).actions
    answers = np.abs(CASES.bounds() * np.tanh(CASES.sharpness * (found[:, ::-1] - 0.3)))
    quotient = answers.max(axis=(0, 1)) / (CASES.strength * 0.8**CASES.elasticity)
    assert 0.8 < quotient.max() <= 1


def test_bad_news_weigh_three_times_as_much_and_one_defection_is_remembered():
    half = replace(SOME, trust=np.full(20, 0.45))  # half of the ceiling of .9: as much to gain as to lose
    none = np.zeros((2, 20))
    up, _ = reciprocity.next_trust(none + 0.45, none, none + 0.4, half, "plain")
    down, _ = reciprocity.next_trust(none + 0.45, none, none + 0.2, half, "plain")
    quotient = (0.45 - down) / (up - 0.45)
    np.testing.assert_allclose(quotient, 3 * (1 + 0.5 * reciprocity.DEPENDENCE) * np.ones(20))
    kept, broken = (paths(SOME, 60, defects=own) for own in (None, 10))
    assert (broken.trust[11, 0] < kept.trust[11, 0]).all()
    assert (broken.trust[60, 0] < kept.trust[60, 0]).all()  # fifty steps later trust has not come back


def test_cooperation_grows_from_the_trust_that_the_formula_says():
    """By bisection in simulations near the baseline, with trust held as it is."""
    low, high = np.zeros(20), np.full(20, 3.0)
    for _ in range(30):
        middle = (low + high) / 2
        actions = np.full((2, 20), 0.3 + 1e-6)
        level = []
        for _ in range(1200):
            actions = next_actions(actions, np.full((2, 20), 0.3), np.stack([middle, middle]), SOME)
            level.append(np.log(np.prod(actions - 0.3, axis=0).clip(1e-300)))
        # those that grow fast are no longer near the baseline by then
        grows = (level[-1] > level[600]) | (level[-1] > np.log(1e-10))
        low, high = np.where(grows, low, middle), np.where(grows, middle, high)
    np.testing.assert_allclose(low, needed_trust(SOME), rtol=1e-3)


def test_a_damaged_reputation_takes_trust_away_at_once():
    trust, _ = reciprocity.next_trust(
        np.full((2, 20), 0.9), np.full((2, 20), 0.5), np.full((2, 20), 0.3), SOME, "plain"
    )
    np.testing.assert_allclose(trust, 0.7)
