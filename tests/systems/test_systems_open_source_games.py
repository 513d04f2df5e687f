"""Statements about open-source games: each against a formula or a search of its own, and those that fail."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.systems import card, check
from nashscape.systems.open_source_games import equilibria, measuring, networks, study, thresholds


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


def test_the_card_stands_in_what_is_quick_to_compute():
    rows = [*thresholds.exact_threshold(), *thresholds.learning_rate(), *equilibria.structure(), *networks.ratio()]
    verdicts = {one.claim: one for one in check(card("open-source-games"), found(rows)).verdicts}
    for name in ("exact-threshold", "learning-rate-threshold", "bridge", "structure", "neural-ratio"):
        assert verdicts[name].said == "as the card says"
    assert verdicts["neural-ratio-always"].agreeing == 0


def found(rows):
    from nashscape.core import Status, record
    from nashscape.systems.checked_claims import Findings

    return Findings(tuple(rows), Status.COMPLETE, record("reproduction", {}))


@pytest.mark.long
def test_the_whole_card_stands():
    whole = ns.systems.reproduce("open-source-games", effort="quick")
    assert whole.stands, whole
    assert len(whole.rows) == measuring.FIGURES
