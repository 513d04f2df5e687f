"""Reciprocity of two players: against a loop in plain Python, a search, and what must hold of every path."""

import math
from dataclasses import replace

import numpy as np
import pytest

from nashscape.systems import card, check
from nashscape.systems.coopetition_4 import behaviour, measuring, reciprocity, study
from nashscape.systems.coopetition_4.reciprocity import Configurations, needed_trust, paths, published

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
    """By bisection in simulations near the baseline, with trust held as it is; and by eigenvalues of one step."""
    np.testing.assert_allclose(study.found_trust(SOME), needed_trust(SOME), rtol=1e-3)
    for k, needed in enumerate(needed_trust(SOME)):
        up, down = needed * SOME.gains()[:, k] * SOME.sharpness[k]
        assert max(abs(np.linalg.eigvals([[0.99, up], [down, 0.99]]))) == pytest.approx(1, abs=1e-12)


def test_in_the_end_there_is_cooperation_where_the_ceiling_of_trust_is_above_what_it_needs():
    grown = behaviour.emerges(study.actions_after(CASES, 3000))
    np.testing.assert_array_equal(grown, needed_trust(CASES) < 0.9)
    assert 0 < (~grown).sum() == 10
    assert set(behaviour.by_trust(grown).values()) == {0.9968}
    early = behaviour.by_trust(behaviour.emerges(paths(CASES, 30).actions[30]))
    assert early == {0.3: 0.944, 0.45: 0.968, 0.6: 0.9824, 0.75: 0.9872, 0.9: 0.9936}


def test_many_steps_without_what_lies_between_are_the_same_steps():
    np.testing.assert_array_equal(study.actions_after(SOME, 100), paths(SOME, 100).actions[100])


def test_correlations_tell_all_readings_apart():
    """Those of the released results are of one reading only; the effect size is a number of five exponents."""
    published = list(measuring.CORRELATIONS.values())
    assert list(study.sensitivities()) == ["strength", "sharpness", "weight", "elasticity", "trust"]
    found = [study.sensitivities()[name] for name in measuring.CORRELATIONS]
    np.testing.assert_allclose(found, published, rtol=0, atol=1e-12)
    for signal in reciprocity.SIGNALS:
        for order in set(reciprocity.ORDERS) - ({"together"} if signal == "plain" else set()):
            ends = paths(CASES, 30, signal=signal, order=order).actions[30].mean(axis=0)
            other = [np.corrcoef(getattr(CASES, name), ends)[0, 1] for name in measuring.CORRELATIONS]
            assert np.abs(np.subtract(other, published)).max() > 4e-4
    ratios = 3125 * [2**own for own in reciprocity.ELASTICITIES]
    assert study.effect_size() == pytest.approx((np.mean(ratios) - 1.5) / np.std(ratios, ddof=1), abs=1e-12)


def test_variations_reach_the_targets_as_one_after_the_other():
    """Each of fifty draws alone, with its own memory."""
    noise = np.random.RandomState(42).uniform(-0.15, 0.15, (50, 6))
    reached = 0
    for rho, eta, kappa, memory, lam, trust in [1, 1, 1, 5, 1, 0.6] * (1 + noise):
        case = Configurations(*(np.array([own]) for own in (rho, kappa, lam, eta, trust)))
        reached += all(own.all() for own in behaviour.reached(case, [int(memory)]).values())
    assert study.robust(50, 42) == reached < 50


def test_readings_and_the_page_of_the_suite_disagree_and_all_else_stands():
    found = measuring.measure(effort="quick")
    assert len(found.rows) == measuring.FIGURES
    assert {row.claim for row in found.rows if not row.agrees} == {"readme", "memory", "environments", "documentation"}
    assert check(card("coopetition-4"), found).stands


def test_a_damaged_reputation_takes_trust_away_at_once():
    trust, _ = reciprocity.next_trust(
        np.full((2, 20), 0.9), np.full((2, 20), 0.5), np.full((2, 20), 0.3), SOME, "plain"
    )
    np.testing.assert_allclose(trust, 0.7)
