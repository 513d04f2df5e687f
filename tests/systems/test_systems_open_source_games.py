"""Statements about open-source games: each against a formula or a search of its own, and those that fail."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import nashscape as ns
from nashscape.studies import Study
from nashscape.systems import card, check
from nashscape.systems.open_source_games import enumeration, equilibria, measuring, networks, study, thresholds
from nashscape.systems.open_source_games.enumeration import enumerated, random_games, utilities
from nashscape.systems.statements import above, below


def test_the_closed_form_is_where_the_derivative_of_the_utility_is_zero():
    """Against finite differences of utilities written out, with players who are alike."""
    for game in study.CANONICAL:
        payoffs = np.asarray(game.payoffs[0])
        for p in (0.25, 0.5, 0.75):
            coupling, z, h = thresholds.closed_form(game, p), np.log(p / (1 - p)), 1e-5

            def utility(own, coupling=coupling, z=z, payoffs=payoffs):
                x, y = (1 / (1 + np.exp(-(z + part * own))) for part in (1.0, coupling))
                return np.array([x, 1 - x]) @ payoffs @ np.array([y, 1 - y])

            assert (utility(h) - utility(-h)) / (2 * h) == pytest.approx(0.0, abs=1e-8)


def test_deviations_one_by_one_find_what_scipy_finds():
    from scipy.optimize import minimize_scalar

    game, coupling, bound = ns.games.prisoners_dilemma(), 0.7, 2.0
    learners = ns.open_source(game, coupling)

    def loss(own):
        x, y = (np.asarray(one)[0] for one in learners.strategies(np.array([own, bound])))
        return -float(np.array([x, 1 - x]) @ np.asarray(game.payoffs[0]) @ np.array([y, 1 - y]))

    best = minimize_scalar(loss, bounds=(-2, 0), method="bounded")
    assert equilibria.deviation_gain(game, coupling, bound) == pytest.approx(loss(bound) - best.fun, abs=1e-5)


@pytest.mark.long
def test_the_card_stands_in_what_is_quick_to_compute():
    rows = [*thresholds.exact_threshold(), *thresholds.bridge(), *equilibria.structure(), *networks.ratio()]
    verdicts = {one.claim: one for one in check(card("open-source-games"), found(rows)).verdicts}
    for name in ("exact-threshold", "bridge", "structure", "neural-ratio"):
        assert verdicts[name].said == "as the card says"
    assert verdicts["neural-ratio-always"].agreeing == 0


@pytest.mark.long
def test_steps_of_another_size_turn_no_one_and_inner_steps_of_peer_learning_do():
    """The check of the claim that disagrees comes out the other way where there is such a threshold."""
    small = study.STEPS_OF_ANY_SIZE.but({"n": 60}, {"coupling": [study.BELOW], "step_size": [0.5, 2.0, 10.0]})
    assert [row.agrees for row in thresholds.steps_that_turn(small.run())] == [True, False]
    shaped = Study(
        "shaped",
        fixed={"game": "stag_hunt", "semantics": "open_source", "rule": "peer_only:peer=5", "n": 300, "targets": "CC"},
        vary=[{"coupling": [0.0]}, {"inner_lr": [0.05, 2.0]}],
        measure=["standing"],
    )
    assert [row.agrees for row in thresholds.steps_that_turn(shaped.run(), "inner_lr")] == [True, True]


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "value", "rows", "agreeing"),
    [
        ("thresholds.closed_form", lambda *_: 0.3, "thresholds.exact_threshold", [False, True, True]),
        ("thresholds.closed_form", lambda *_: 0.3, "thresholds.bridge", [False, False]),
        ("thresholds.START", 5.0, "thresholds.exact_threshold", [True, True, False]),
        ("networks.STRENGTHS", (networks.BACKWARDS, 0.4), "networks.ratio", [False, False]),
        ("networks.BACKWARDS", 0.4, "networks.ratio", [True, True]),
        ("equilibria.games.prisoners_dilemma", ns.games.stag_hunt, "equilibria.structure", [False, True]),
    ],
)
def test_what_is_checked_could_come_out_otherwise(name, value, rows, agreeing, monkeypatch):
    """With another formula, another network, another game: each statement is one that can fail."""
    room = "nashscape.systems.open_source_games"
    monkeypatch.setattr(f"{room}.{name}", value)
    part, function = rows.split(".")
    made = {"thresholds": thresholds, "networks": networks, "equilibria": equilibria}[part]
    assert [row.agrees for row in getattr(made, function)()] == agreeing


def test_existence_is_claimed_where_it_holds_and_not_of_all_games():
    """Of 300 random games none without a valley lacks an equilibrium; of all of them some do."""
    every = [enumerated(*own, 2.0) for own in random_games(300, 0)]
    [row] = equilibria.where_quasi_concave(every)
    assert row.agrees
    assert row.rule == f"there ({sum(own.quasi_concave for own in every)})"
    [wrong] = equilibria.where_quasi_concave(replace(own, quasi_concave=True) for own in every)
    assert (wrong.agrees, wrong.ours) == (False, pytest.approx(292 / 300))


@pytest.mark.long
def test_quasi_concavity_as_enumerated_is_that_of_the_library(monkeypatch):
    """And where the library said so of all games, it would be seen."""
    few = random_games(4, 0)
    assert [row.agrees for row in equilibria.as_enumerated(few)] == [True, True]
    monkeypatch.setattr(equilibria, "existence_report", lambda *_, **__: SimpleNamespace(pure="yes"))
    assert [row.agrees for row in equilibria.as_enumerated(few)] == [False, True]


def test_enumerated_utilities_are_those_of_the_library():
    for payoffs, coupling in random_games(3, 5):
        learners = ns.open_source(ns.games.bimatrix(*payoffs), coupling)
        theta = np.random.default_rng(0).normal(size=2)
        strategies = [np.asarray(own) for own in learners.strategies(theta)]
        wanted = [np.einsum("ab,a,b", payoffs[i], *strategies) for i in range(2)]
        np.testing.assert_allclose(utilities(payoffs, coupling, *theta), wanted, rtol=1e-5)


def test_a_valley_is_seen_and_a_slope_is_none():
    rows = np.array([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0], [0.0, 2.0, 1.0]])
    assert not enumeration._has_valley(rows)
    assert enumeration._has_valley(np.array([[2.0, 1.0, 1.5]]))


@pytest.mark.long
def test_selfish_ascent_switches_and_would_not_the_other_way_round():
    assert [row.agrees for row in thresholds.random_dilemmas()] == [True, True]
    assert [row.agrees for row in thresholds.random_dilemmas(couplings=(1.0, 0.0))] == [False, False]


def test_the_share_of_runs_says_that_it_switches_only_where_it_does():
    few = study.GENERIC_STARTS.but({"n": 40}, {"coupling": [0.4]})
    at = {name: few.but(vary={"coupling": [name]}).run() for name in (study.BELOW, study.ABOVE)}
    low, high = (thresholds._share(own) for own in at.values())
    assert below("c", "", 0.5, low).agrees
    assert above("c", "", 0.5, high).agrees
    assert not below("c", "", 0.5, high).agrees


def found(rows):
    from nashscape.core import Status, record
    from nashscape.systems.checked_claims import Findings

    return Findings(tuple(rows), Status.COMPLETE, record("reproduction", {}))


@pytest.mark.long
def test_the_whole_card_stands():
    whole = ns.systems.reproduce("open-source-games", effort="quick")
    assert whole.stands, whole
    assert len(whole.rows) == measuring.FIGURES
