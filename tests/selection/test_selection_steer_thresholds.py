"""Brackets that steering finds by running against the closed forms of open-source games, wherever both apply."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.learning import box, unbounded
from nashscape.selection.steering.finding import steer
from nashscape.theory import coupling_threshold, symmetric_thresholds

HUNT, DILEMMA = ns.games.stag_hunt(), ns.games.prisoners_dilemma()
FINE = {"step_size": 0.5, "precision": "float64", "tolerance": 1e-5}


def together(p, players=2):
    """All players alike: the logit is that of p at every coupling, the parameters are not."""
    return ns.starts.strategies([[p] * players])


def in_range(find, low=-0.9, high=2.5, **options):
    return steer(find.pop("game"), "coupling", find.pop("target"), 1.0, low=low, high=high, **{**FINE, **options})


# from p on, cooperation grows for ever where c > 0; at p = ½ this is κ_½, and towards the corners κ_D and κ_C
@pytest.mark.parametrize(
    ("p", "steps"),
    [
        (0.2, 800),
        *(pytest.param(*own, marks=pytest.mark.long) for own in ((0.05, 3000), (0.5, 400), (0.8, 800), (0.95, 4000))),
    ],
)
def test_the_stag_hunt_switches_at_the_threshold_of_its_start(p, steps):
    closed = symmetric_thresholds(HUNT)
    assert closed.c > 0
    found = in_range({"game": HUNT, "target": "CC"}, starts=together(p), steps=steps)
    (one,) = found.switches
    assert one.rises
    assert one.width <= 1e-5
    # runs that start at the threshold itself take for ever: near the corners they are slow to leave it
    assert closed.at(p) == pytest.approx(one.middle, abs=1e-5 if 0.05 < p < 0.95 else 5e-5)
    if p == 0.5:
        assert closed.half == pytest.approx(one.middle, abs=1e-5)
    # negative couplings are enough where most cooperate, and κ_C < κ*(p) < κ_D
    assert (one.high < 0) == (p > 2 / 3)
    assert closed.cooperation < one.middle < closed.defection


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2, 3))])
def test_random_games_of_two_attractors_switch_at_the_threshold_of_their_start(seed):
    random = np.random.default_rng(seed)
    while True:
        R, S, T, P = random.uniform(-2, 2, size=4).round(3)
        p = random.uniform(0.25, 0.75)
        game = ns.games.dense([[[R, S], [T, P]], [[R, T], [S, P]]])
        closed = symmetric_thresholds(game)
        if closed.c > 0.8 and min(T - P, R - S) > 0.2 and -0.8 < closed.at(p) < 0.9:
            break
    found = in_range({"game": game, "target": game.profile_name((0, 0))}, high=1.5, starts=together(p), steps=1500)
    (one,) = found.switches
    assert closed.at(p) == pytest.approx(one.middle, abs=1e-5)


# the mixture p° moves from κ_D to κ_C: in the region of a corner, whatever counts as that, it is not the corner
@pytest.mark.parametrize(
    ("threshold", "p", "steps"),
    [pytest.param(*own, marks=pytest.mark.long) for own in ((0.7, 0.65, 300), (0.9, 0.88, 400), (0.95, 0.94, 600))],
)
def test_the_dilemma_reaches_its_corners_where_they_attract_and_not_where_its_mixture_is_near(threshold, p, steps):
    closed = symmetric_thresholds(DILEMMA)
    assert closed.kind == "stable mixture"
    how = {"low": -0.5, "high": 1.5, "steps": steps, "threshold": threshold}
    up = in_range({"game": DILEMMA, "target": ["CC"]}, starts=together(p), **how)
    (one,) = up.switches
    near = closed.at(threshold)
    assert closed.mixture(near) == pytest.approx(threshold)
    # just above its threshold the corner attracts slowly: more coupling is needed then, never less
    assert near < closed.cooperation - 1e-5 <= one.high <= closed.cooperation + 1e-2
    down = in_range({"game": DILEMMA, "target": ["DD"]}, starts=together(1 - p), **how)
    # it is reached without any coupling, and lost
    assert down.bracket == (-0.5, -0.5)
    assert closed.defection - 1e-5 <= down.lost_again.low <= closed.defection + 1e-2 < closed.at(1 - threshold)


@pytest.mark.long
@pytest.mark.parametrize(("bound", "corner", "steps"), [(1.0, "D", 1500), (2.0, "C", 3000), (1.5, "D", 8000)])
def test_corners_of_a_box_are_left_at_their_own_thresholds(bound, corner, steps):
    (exact,) = symmetric_thresholds(HUNT).corner_thresholds(bound, corner)
    way = 1.0 if corner == "C" else -1.0
    found = in_range(
        {"game": HUNT, "target": ["CC"]}, starts=ns.starts.parameters([[way * bound, way * bound]]), steps=steps,
        projection=box(bound), threshold=0.6,
    )  # fmt: skip
    (one,) = found.switches
    assert one.rises
    assert exact.middle == pytest.approx(one.middle, abs=1e-5)
    # far from those of corners at infinity
    closed = symmetric_thresholds(HUNT)
    assert abs(exact.middle - (closed.cooperation if corner == "C" else closed.defection)) > 0.05


@pytest.mark.long
@pytest.mark.parametrize("game", [ns.games.donation(benefit=3, cost=1), DILEMMA], ids=["donation", "dilemma"])
def test_all_random_starts_cooperate_above_the_global_threshold_unless_a_box_stops_them(game):
    exact = symmetric_thresholds(game).global_threshold
    how = {
        "starts": ns.starts.normal(std=1.0), "n": 100, "low": 0.2, "high": 1.2, "scan": 9, "tolerance": 1e-3,
        "steps": 4000, "step_size": 1.0, "seed": 1,
    }  # fmt: skip
    found = in_range({"game": game, "target": ["CC"]}, projection=unbounded(), **how)
    low, high = found.bracket
    assert exact == pytest.approx((low + high) / 2, abs=2e-3)
    # equilibria on the edges of a box survive it
    boxed = in_range({"game": game, "target": ["CC"]}, projection=box(8.0), **how)
    assert exact + 0.1 < boxed.bracket[0] < 1.0
    # between the thresholds of the diagonal and this one none of them do: exploitation attracts
    assert found.at(0.2).value == 0.0
    assert found.at(exact - 0.1).value < 0.5


@pytest.mark.long
@pytest.mark.parametrize("split", [False, True])
def test_a_ring_switches_at_cost_over_benefit_for_each_neighbour(split):
    benefit, cost, graph = 3.0, 1.0, "ring:5"
    game = ns.games.graph_donation(graph, benefit, cost, split=split)
    # c₀/(b (VW)_ii), of V what a neighbour gives and W what a player reads: two neighbours, who may share
    exact = cost / (benefit * (1.0 if split else 2.0))
    (bracket,) = coupling_threshold(ns.open_source(game, 0.1, graph=graph)).brackets
    assert bracket.low <= exact <= bracket.high
    # close to the target and not for long, since runs leave the diagonal by rounding alone
    found = steer(
        game, lambda value: ns.open_source(game, value, graph=graph), ["CCCCC"], 1.0, low=-0.3, high=0.9,
        starts=together(0.945, 5), steps=400, threshold=0.95, **FINE,
    )  # fmt: skip
    # farther up runs may leave the diagonal on one machine and not on another
    one = found.switches[0]
    assert one.rises
    # just above the threshold cooperation attracts slowly
    assert exact - 1e-5 <= one.high <= exact + 0.1


@pytest.mark.long
def test_a_negative_coupling_keeps_a_pair_from_cooperating_below_its_threshold():
    # R − S = 5 and T − R = −2: κ_C = −2/5, and cooperation is dominant without coupling
    game = ns.games.dense([[[4.0, -1.0], [2.0, -2.0]], [[4.0, 2.0], [-1.0, -2.0]]], name="harmony")
    closed = symmetric_thresholds(game)
    assert closed.cooperation == pytest.approx(-0.4)
    # above p = ½: below it runs near the threshold leave the diagonal by rounding before they leave it along it
    for p in (0.6, 0.75):
        found = in_range({"game": game, "target": ["AA"]}, high=0.5, starts=together(p), steps=1500)
        (one,) = found.switches
        assert closed.at(p) == pytest.approx(one.middle, abs=1e-5)
        assert one.high < 0
