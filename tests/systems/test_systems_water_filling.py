"""Water-filling: against levels found by bisection, rates by hand, and bounds that wrong sensitivities would break."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems.water_filling import measuring, study


def _filled(gains, noise, powers, user):
    """The level of the vessel, by bisection."""
    n = len(gains)
    floor = (noise + sum(gains[r, user] * powers[r] for r in range(n) if r != user)) / gains[user, user]
    low, high = floor.min(), floor.max() + 1.0
    for _ in range(100):
        level = (low + high) / 2
        low, high = (level, high) if np.maximum(level - floor, 0).sum() < 1 else (low, level)
    return np.maximum(low - floor, 0)


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, 1])
def test_replies_fill_the_vessel_and_rates_are_those_of_the_formula(seed):
    gains = study.channel(seed)
    game = ns.games.power_control(gains, study.NOISE)
    powers = np.random.default_rng(seed).dirichlet(np.ones(study.CARRIERS), size=study.USERS)
    best = game.best_responses(tuple(powers), game.coefficients)
    for user in range(study.USERS):
        np.testing.assert_allclose(best[user], _filled(gains, study.NOISE, powers, user), atol=1e-6)
        heard = sum(gains[r, user] * powers[r] for r in range(study.USERS) if r != user)
        rate = np.log1p(gains[user, user] * powers[user] / (study.NOISE + heard)).sum()
        assert float(game.expected_payoffs(powers)[user]) == pytest.approx(rate, rel=1e-5)
    assert (np.asarray(game.regrets(powers)) >= 0).all()


@pytest.mark.long
def test_the_recursion_holds_for_the_sensitivity_and_not_for_a_smaller_one():
    proved = measuring.contracting(3, 0)
    assert all(row.agrees for row in measuring._noise(proved))
    wrong = [(gains, ns.theory.contraction(proof.sensitivity / 20)) for gains, proof in proved]
    assert not all(row.agrees for row in measuring._noise(wrong))


def test_the_frozen_channels_do_what_the_card_says():
    assert all(row.agrees for row in measuring._frozen())


def test_interference_is_the_largest_share_over_carriers_whichever_way_it_is_read():
    gains = study.channel(5)
    found = ns.games.interference(gains)
    for sender in range(3):
        for receiver in range(3):
            wanted = 0.0 if sender == receiver else max(gains[sender, receiver] / gains[receiver, receiver])
            assert found[receiver, sender] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: ns.games.power_control(np.ones((2, 3, 4))), "gains have shape"),
        (lambda: ns.games.power_control(np.ones((2, 2, 4)), noise=0.0), "must be above 0"),
        (lambda: ns.games.power_control(np.zeros((2, 2, 4))), "those of own links above 0"),
        (
            lambda: ns.theory.reply_path(ns.games.power_control(study.channel(0)), study.first(), order="at once"),
            "order",
        ),
    ],
)
def test_wrong_input_is_refused_with_the_reason(ask, reason):
    with pytest.raises(ns.InputError, match=reason):
        ask()


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("water-filling").stands
