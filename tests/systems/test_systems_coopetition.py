"""The coopetition systems: against formulas written out, searches, and claims that must fail."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

import nashscape as ns
from nashscape.systems import card, check
from nashscape.systems.checked_claims import Findings
from nashscape.systems.coopetition_1 import measuring as first
from nashscape.systems.coopetition_1 import study
from nashscape.systems.coopetition_3 import behaviour
from nashscape.systems.coopetition_3 import measuring as third


def _utility(form, actor, own, other):
    """Of the published case, in one line of NumPy."""
    shares, synergy, needs = (0.55, 0.45), {"logarithmic": 0.65, "power": 0.5}[form], (0.64, 0.86)
    create = (lambda a: 20 * np.log(1 + a)) if form == "logarithmic" else (lambda a: a**0.75)
    both = synergy * np.sqrt(own * other)
    mine = 100 - own + create(own) + shares[actor] * both
    theirs = 100 - other + create(other) + shares[1 - actor] * both
    return mine + needs[actor] * theirs


@pytest.mark.parametrize("form", study.EQUILIBRIA)
def test_nobody_gains_at_the_published_points_by_a_search_of_scipys(form):
    point = study.EQUILIBRIA[form]
    for actor in (0, 1):
        best = minimize_scalar(lambda own: -_utility(form, actor, own, point[1 - actor]), bounds=(1e-3, 100),  # noqa: B023
                               method="bounded", options={"xatol": 1e-8})  # fmt: skip
        assert best.x == pytest.approx(point[actor], rel=2e-5)
    paid = study.case(form).expected_payoffs([[value] for value in point])
    np.testing.assert_allclose(paid, [_utility(form, k, point[k], point[1 - k]) for k in (0, 1)], rtol=1e-5)


@pytest.mark.long
def test_the_first_card_stands_and_the_abstract_does_not():
    rows = list(first._equilibrium("power"))
    found = {one.claim: one.agrees for one in rows}
    assert found == {"equilibria": True, "unique": True, "baselines": True, "rises": True,
                     "rises-of-the-abstract": False, "split": True}  # fmt: skip
    # another dependence would be noticed
    assert abs(first.mean_investment("power", depends=False) - first.mean_investment("power")) > 0.1


def test_behaviour_of_teams_is_what_was_published_but_for_one_figure():
    shares = behaviour.shares()
    for name, published in third.TARGETS.items():
        assert shares[name] == pytest.approx(published, abs=5e-4)
    assert behaviour.differentiations().max() < 15.04
    assert float(np.median(behaviour.differentiations())) == pytest.approx(4.478, abs=5e-4)


@pytest.mark.parametrize(("n", "loyalty"), [(2, 0.0), (4, 0.5), (5, 0.9)])
def test_efforts_are_those_at_which_a_search_finds_no_gain(n, loyalty):
    at = ns.games.team_effort(n, loyalty=loyalty)

    def paid(own):
        product = 25.0 * (own + (n - 1) * at) ** 0.7 / n
        others = product - at
        return product - own + loyalty * (0.8 * others + 0.3 * own)

    best = minimize_scalar(lambda own: -paid(own), bounds=(0.0, 4 * at), method="bounded", options={"xatol": 1e-9 * at})
    assert best.x == pytest.approx(at, rel=1e-4)
    game = ns.games.team_production(n, loyalty=loyalty)
    assert float(game.expected_payoffs([[at]] * n)[0]) == pytest.approx(paid(at), rel=1e-4)


@pytest.mark.long
def test_only_the_most_loyal_work_and_differences_are_kept():
    rows = [*third._most_loyal(), *third._continuum(2, 0)]
    assert all(row.agrees for row in rows)
    claims = {row.claim for row in rows}
    verdicts = check(
        card("coopetition-3"), Findings(tuple(rows), ns.Status.COMPLETE, ns.core.record("reproduction", {}))
    )
    assert {one.claim for one in verdicts.verdicts if one.said == "as the card says"} >= claims


@pytest.mark.long
@pytest.mark.parametrize("key", ["coopetition-1", "coopetition-3"])
def test_cards_stand(key):
    assert ns.systems.reproduce(key, effort="quick").stands
