"""Switches of networks that read each other: predictions by hand, shares by enumeration, verdicts that must fail."""

import json
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import environments, neural
from nashscape.systems import card, check
from nashscape.systems.measured import measured
from nashscape.systems.open_source_neural import measuring, study
from nashscape.systems.open_source_neural.measuring import Measured, crossing, verdict
from nashscape.systems.open_source_neural.study import Asked

PROTOCOL = measuring.read_protocol()
WEIGHT = PROTOCOL["counts"]["weight"]


def _predicted(game, discount=0.5, **more):
    return measuring.predictions(Asked(game, discount, "table", "exact", **more), PROTOCOL)


def _turns(utility, players):
    """Where the slope of a player's utility along its own parameter changes its sign, all at even strategies."""

    def slope(coupling, h=1e-5):
        ends = [utility([1 / (1 + np.exp(-(own if i == 0 else coupling * own))) for i in range(players)])
                for own in (h, -h)]  # fmt: skip
        return ends[0] - ends[1]

    low, high = 0.0, 2.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if slope(middle) > 0 else (middle, high)
    return low


def test_predictions_are_those_of_formulas_by_hand():
    third = pytest.approx(1 / 3, abs=1e-8)
    assert _predicted("donation") == {"diagonal": third, "global": pytest.approx(3**-0.5), "index": third}
    # what is played later does not depend on the first round at even policies, so that the index is that of one round
    assert _predicted("donation", 0.9)["index"] == third
    found = _predicted("dilemma")
    assert found == {"diagonal": pytest.approx(2 / 3), "global": pytest.approx((2 / 3) ** 0.5),
                     "index": pytest.approx(3 / 7, abs=1e-8)}  # fmt: skip
    assert _predicted("unequal costs") == {"index": pytest.approx((1 + 2) / (2 * 3), abs=1e-8)}
    # who is read half as much gains half as much: (1 + κ/2)(3κ/2 − 1) + (1 + κ)(3κ − 1) = 0
    assert _predicted("donation", unequal=True) == {"index": pytest.approx((-3 + 39**0.5) / 7.5, abs=1e-8)}


def test_the_prediction_of_public_goods_is_where_a_written_out_utility_turns():
    goods = _turns(lambda p: (1 - p[0]) + 1.8 * sum(p) / 3, 3)
    found = _predicted("public goods")
    assert found == {"diagonal": pytest.approx(goods, abs=1e-6), "index": pytest.approx(goods, abs=1e-6)}


def _shares(game, policies):
    """Of all histories of actions, one by one."""
    n, total = len(game.players), np.zeros(len(game.players))
    joint = list(product(range(2), repeat=n))
    for history in product(range(len(joint)), repeat=game.horizon):
        state, chance = 0, 1.0
        for number in history:
            chance *= np.prod([policies[i][state, joint[number][i]] for i in range(n)])
            state = game.successors[state][number]
        total += chance * np.mean([[joint[number][i] == 0 for i in range(n)] for number in history], axis=0)
    return total


@pytest.mark.parametrize(("stage", "horizon"), [("dilemma", 4), ("public goods", 2)])
def test_shares_of_cooperation_are_those_of_all_histories(stage, horizon):
    game = ns.games.repeated(study.stage(stage), horizon=horizon, discount=0.3)
    random = np.random.default_rng(3)
    first = random.uniform(0.1, 0.9, (2, len(game.players), game.n_states))
    profiles = np.stack([first, 1 - first], axis=-1)
    found = measuring.cooperation_shares(game, profiles.reshape(2, -1))
    np.testing.assert_allclose(found, [_shares(game, own) for own in profiles], atol=1e-5)
    assert np.ptp(found) > 0.05


def test_noise_changes_no_mean_and_is_of_each_player_by_itself():
    game = ns.games.repeated(study.stage("dilemma"), horizon=3, discount=0.5)
    loud = study.noisy(game, 2.0)
    random = np.random.default_rng(4)
    plain = [np.stack([own, 1 - own], axis=-1) for own in random.uniform(0.1, 0.9, (2, 5))]
    noisy = [np.repeat(own, 4, axis=0) for own in plain]
    np.testing.assert_allclose(loud.expected_payoffs(noisy), game.expected_payoffs(plain), rtol=1e-5)
    shifts = np.asarray(loud.payoffs)[:, :4, 0, 0] - 3
    assert {tuple(own) for own in shifts.T.tolist()} == set(product((2.0, -2.0), repeat=2))


def test_a_table_that_is_played_does_what_players_who_are_computed_do():
    asked = Asked("dilemma", 0.5, "table", "ppo")
    game = study.game_of(asked, WEIGHT)
    environment = environments.of_game(game, seen=study._flags(game))
    played = neural.coupled(neural.policies(environment, study.Table(np.zeros(5, np.float32))), 0.4)
    theta = jnp.asarray(np.random.default_rng(5).normal(size=10), jnp.float32)
    # tables hold states as the first player calls them; what it calls CD is the second player's state DC
    own = jnp.concatenate([theta[:5], theta[5:][jnp.array([0, 1, 3, 2, 4])]])
    exact = ns.open_source(game, 0.4).semantics.strategies(own)
    for state in range(5):
        seen = tuple(jnp.asarray(own[state], jnp.float32) for own in environment.views)
        for logits, wanted in zip(played.outputs(theta, seen, played.memory())[0], exact, strict=True):
            np.testing.assert_allclose(jax.nn.softmax(logits), wanted[state], atol=1e-6)


@pytest.mark.parametrize(("successes", "prediction", "word", "agrees"), [
    ([0, 0, 12, 12], 0.4, "yes", True),
    ([0, 0, 12, 12], 1.2, "no", False),
    ([0, 0, 7, 12], 0.4, "undecided", False),
    ([0, 0, 1, 4], 0.4, "undecided", False),
    ([0, 0, 0, 0], 0.3, "no", False),
])  # fmt: skip
def test_a_verdict_says_yes_no_or_undecided(successes, prediction, word, agrees):
    found = Measured([0.2, 0.3, 0.5, 0.9], successes, 12, 0.95, 0.5)
    row = verdict("exact-index", "of ten", prediction, found, 2.0)
    assert row.rule.endswith(f"within a factor of 2: {word}")
    assert row.agrees is agrees
    assert row.published == prediction


def test_runs_that_never_cross_are_told_and_so_is_a_change_back():
    few = Measured([0.2, 0.5], [0, 3], 12, 0.95, 0.5)
    assert verdict("exact-index", "", 0.3, few, 2.0).rule.startswith("no couplings have half of the starts cooperate")
    assert [row.agrees for row in crossing("", few)] == [False, True]
    back = Measured([0.2, 0.5, 0.8], [0, 12, 0], 12, 0.95, 0.5)
    assert [row.agrees for row in crossing("", back)] == [True, False]


def test_what_never_crosses_can_be_drawn_and_kept(tmp_path):
    few = Measured([0.2, 0.5], [0, 3], 12, 0.95, 0.5)
    rows = [verdict("exact-index", "few", 0.3, few, 2.0), *crossing("few", few)]
    checked = check(card("open-source-neural"), measured(iter(rows), 3, {"system": "open-source-neural"}, []))
    checked.plot().savefig(tmp_path / "few.png")
    assert (tmp_path / "few.png").stat().st_size > 0
    told = json.loads(json.dumps(checked.to_dict(), allow_nan=False))
    assert told["rows"][0]["rule"].startswith("no couplings have half of the starts cooperate")


@pytest.mark.long
def test_the_protocol_asks_each_row_once_and_quickly_for_a_part():
    every, quick = (list(study.rows_of(PROTOCOL, effort)) for effort in ("full", "quick"))
    assert len(set(every)) == len(every)
    assert set(quick) < set(every)
    for own in {(own.game, own.unequal): own for own in every}.values():
        predicted = measuring.predictions(Asked(own.game, 0.5, "", "", own.unequal), PROTOCOL).values()
        couplings = PROTOCOL["couplings"][own.game]
        # whether a switch is within a factor can be decided by these couplings
        assert couplings[0] <= min(predicted) / 2
        assert couplings[-1] >= max(predicted)
    for own in {(own.players, own.learner, own.noise): own for own in every if own.discount == 0.5}.values():
        assert len(study.study_of(own, PROTOCOL, 2, 0).points) == len(PROTOCOL["couplings"][own.game])


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("open-source-neural", effort="quick").stands
