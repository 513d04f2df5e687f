"""Response graphs from plays: against the truth, how often they are right, and what they say of α-rank."""

import itertools

import numpy as np
import pytest
from scipy.stats import binomtest

from nashscape.core import InputError, Status, clopper_pearson
from nashscape.ranking import alpha_rank, response_graph, sufficient_plays
from nashscape.ranking.graph_masses import known_of, limit_bounds, log_rates, mass_bounds
from nashscape.ranking.looks import BOUNDS, clopper_pearson_ends, edges_of, errors, hoeffding, looks
from nashscape.ranking.spending import FIRST_BETTER, SCHEMES, SECOND_BETTER, TIE, bernoulli, spend

RUNS, THREE = 150, (2, 3, 2)


def drawn(actions, runs, least, seed=0):
    """Games whose compared payoffs are so far apart at least, `[runs, profiles, players]`, and the true edges."""
    random, edges, made = np.random.default_rng(seed), edges_of(actions), []
    while len(made) < runs:
        own = random.uniform(size=(int(np.prod(actions)), len(actions)))
        if np.abs(own[edges.first, edges.player] - own[edges.second, edges.player]).min() > least:
            made.append(own)
    means = np.array(made)
    gains = means[:, edges.second, edges.player] - means[:, edges.first, edges.player]
    return means, gains


def played(means, actions, scheme="count-weighted", bound="hoeffding", level=0.9, tolerance=0.0, most=500_000):
    draw = bernoulli(means, np.random.default_rng(1))
    return spend(draw, len(means), actions, scheme=scheme, bound=bound, level=level, tolerance=tolerance, most=most,
                 random=np.random.default_rng(2))  # fmt: skip


@pytest.mark.parametrize("bound", BOUNDS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_graphs_are_right_as_often_as_the_level_says(scheme, bound):
    means, gains = drawn(THREE, RUNS, 0.05)
    spent = played(means, THREE, scheme, bound)
    wrong = (spent.known != np.where(gains > 0, SECOND_BETTER, FIRST_BETTER)).any(1).sum()
    assert binomtest(int(wrong), RUNS, 0.1, alternative="greater").pvalue > 1e-3
    assert not spent.open.any()


def test_looking_again_and_again_is_wrong_more_often_than_once_and_ours_is_not():
    runs, error, count = 400, 0.1, 2000
    random = np.random.default_rng(0)
    paid = random.random((runs, 2, count)) < np.array([0.51, 0.50])[None, :, None]
    sums = paid.cumsum(2)[:, :, 4::5].astype(float)
    low, high = clopper_pearson_ends(sums, np.arange(5, count + 1, 5), error)
    wrong, right = low[:, 1] > high[:, 0], low[:, 0] > high[:, 1]
    once = wrong[:, -1].mean()
    first = np.where(wrong.any(1), wrong.argmax(1), count), np.where(right.any(1), right.argmax(1), count)
    peeking = int((first[0] < first[1]).sum())
    assert peeking / runs > 3 * max(once, 0.01)
    means = np.broadcast_to(np.array([[0.51], [0.5]]), (runs, 2, 1))
    ours = played(means, (2,), bound="clopper-pearson", level=1 - error, most=2 * count)
    mistaken = int((ours.known == SECOND_BETTER).sum())
    assert binomtest(mistaken, runs, error, alternative="greater").pvalue > 1e-3
    assert mistaken < peeking / 3


def test_plays_go_where_edges_are_open_and_no_more_than_suffice():
    means, _ = drawn((3, 3), RUNS, 0.05, seed=3)
    plays = {scheme: played(means, (3, 3), scheme).plays.sum(1) for scheme in SCHEMES}
    for scheme in set(SCHEMES) - {"every"}:
        ratio = np.log(plays[scheme] / plays["every"])
        # the upper end of an interval of three standard errors of the paired logarithms
        assert ratio.mean() + 3 * ratio.std(ddof=1) / np.sqrt(RUNS) < np.log(0.7)
    for scheme in ("count-weighted", "uniform-exhaustive", "every"):
        enough = [sufficient_plays(own.T.reshape(2, 3, 3), level=0.9, scheme=scheme) for own in means[:30]]
        assert (plays[scheme][:30] <= enough).all()


def test_equal_payoffs_are_called_equal_within_the_tolerance_and_no_others():
    means, gains = drawn((2, 3), RUNS, 0.0, seed=4)
    means[:, 3:, 0] = means[:, :3, 0]
    edges = edges_of((2, 3))
    gains = means[:, edges.second, edges.player] - means[:, edges.first, edges.player]
    spent = played(means, (2, 3), tolerance=0.1)
    assert not spent.open.any()
    assert (spent.known[:, edges.player == 0] == TIE).mean() > 0.99
    assert (np.abs(gains[spent.known == TIE]) <= 0.1).all()


def test_intervals_share_the_error_and_exact_ones_lie_within_the_others():
    assert errors(np.arange(len(looks(10**9))), 6, 0.95).sum() * 6 < 0.05
    for k, n in ((0, 8), (3, 10), (22, 22), (40, 100)):
        one = clopper_pearson(k, n, 0.9)
        low, high = clopper_pearson_ends(np.array([float(k)]), n, 0.1)
        assert (low[0], high[0]) == pytest.approx((one.low, one.high))
        wide = hoeffding(np.array([float(k)]), n, 0.1)
        assert wide[0][0] <= low[0]
        assert high[0] <= wide[1][0]


def chain(edges, n, gains, intensity, population):
    table = np.full((n, n), -np.inf)
    table[edges.first, edges.second] = log_rates(gains[0], intensity, population)
    table[edges.second, edges.first] = log_rates(gains[1], intensity, population)
    return table


def test_bounds_of_masses_are_those_of_all_ends_of_rates():
    random, edges = np.random.default_rng(0), edges_of((2, 2))
    logs = [np.full((4, 4), -np.inf) for _ in range(2)]
    places = [*zip(edges.first, edges.second, strict=True), *zip(edges.second, edges.first, strict=True)]
    for place in places:
        logs[0][place], logs[1][place] = np.log(np.sort(random.uniform(0.01, 1, 2)))
    found = []
    for ends in itertools.product((0, 1), repeat=len(places)):
        rates = np.zeros((4, 4))
        for place, end in zip(places, ends, strict=True):
            rates[place] = np.exp(logs[end][place])
        table = np.vstack([(rates - np.diag(rates.sum(1))).T, np.ones(4)])
        found.append(np.linalg.lstsq(table, np.array([0, 0, 0, 0, 1.0]), rcond=None)[0])
    low, high = mass_bounds(*logs)
    np.testing.assert_allclose(low, np.min(found, axis=0), atol=1e-9)
    np.testing.assert_allclose(high, np.max(found, axis=0), atol=1e-9)


def test_masses_hold_the_truth_for_three_players_and_large_intensities():
    payoffs = np.random.default_rng(5).uniform(size=(3, *THREE))
    found = response_graph(payoffs, most=20_000, seed=1)
    for intensity in (0.02, 0.5, 5.0, 500.0):
        true = alpha_rank(payoffs, intensity=intensity).masses
        for one, mass in zip(found.masses(intensity), true, strict=True):
            assert one.low - 1e-9 <= mass <= one.high + 1e-9
    assert max(one.high - one.low for one in found.masses(0.02)) < 0.2
    np.testing.assert_allclose([own.value for own in found.masses(2.0)],
                               alpha_rank(found.estimates.T.reshape(payoffs.shape), intensity=2.0).masses)  # fmt: skip


def test_the_limit_is_that_of_the_graph_or_left_open():
    random, decided = np.random.default_rng(6), 0
    for _ in range(40):
        payoffs = np.stack([random.permutation(6).reshape(2, 3) for _ in range(2)]).astype(float)
        edges, flat = edges_of((2, 3)), payoffs.reshape(2, -1).T
        up = flat[edges.second, edges.player] > flat[edges.first, edges.player]
        masses = alpha_rank(payoffs).masses
        hidden = random.random(len(up)) < 0.2
        for left in (np.zeros_like(hidden), hidden):
            low, high = limit_bounds(known_of(edges, up & ~left, ~up & ~left, 6))
            assert (low <= masses + 1e-9).all()
            assert (masses <= high + 1e-9).all()
            decided += bool((low == high).all())
    assert 20 < decided < 80
    # the same graph, and another limit
    for payoffs in ([[2, 0], [0, 1]], [[1, 0], [0, 2]]):
        found = response_graph([payoffs] * 2, bounds=(0, 2))
        assert not found.decided
        assert found.most.tolist() == [1, 0, 0, 1]


def test_open_edges_are_named_and_plays_are_kept_within_their_number():
    found = response_graph([[[0.9, 0.2], [0.5, 0.2]], [[0.8, 0.1], [0.3, 0.6]]], most=5000, names=["ab", "xy"])
    assert found.status is Status.UNDECIDED
    assert found.open == ("a,y or b,y (player 1)",)
    assert "a,y or b,y" in found.notes[0]
    assert found.plays.sum() <= 5000
    assert found.to_columns()["preferred"].tolist() == ["a,x", "", "a,x", "b,y"]


def test_a_function_plays_with_payoffs_between_bounds():
    def play(profile, count, random):
        return np.stack([random.uniform(-1, 1 + profile[0], count), random.uniform(-1, 2 - profile[1], count)], axis=1)

    found = response_graph(play, names=["ab", "xy"], bounds=(-1, 2))
    assert found.status is Status.COMPLETE
    assert found.least.tolist() == [0, 0, 1, 0]
    assert ((found.low <= found.estimates) & (found.estimates <= found.high)).all()


FINE = [[[0.9, 0.2], [0.5, 0.4]]] * 2


@pytest.mark.parametrize(
    ("game", "options", "wrong"),
    [
        ([[1, 2], [3, 4]], {}, "players, "),
        ([[[1, 2], [3, 4]]] * 2, {}, "beyond the bounds 0 and 1"),
        (FINE, {"bounds": (1, 0)}, "least and the largest"),
        (FINE, {"level": 1}, "level"),
        (FINE, {"scheme": "countweighted"}, "did you mean 'count-weighted'"),
        (FINE, {"bound": "wilson"}, "bound"),
        (FINE, {"tolerance": 1}, "tolerance"),
        (FINE, {"most": 31}, "at least 32"),
        (np.zeros((2, 30, 30)), {}, "there are 900"),
        (lambda *_: None, {}, "needs names"),
        (lambda *_: [[1, 2, 3]], {"names": ["ab", "xy"]}, "shape"),
        (lambda _, n, __: np.full((n, 2), 3.0), {"names": ["ab", "xy"]}, "paid 3 to 3"),
        (lambda _, n, __: np.full((n, 2), 0.5), {"names": ["ab", "xy"], "bound": "clopper-pearson"}, "alone"),
    ],
)
def test_what_cannot_be_asked_is_told(game, options, wrong):
    with pytest.raises(InputError, match=wrong):
        response_graph(game, **options)


def test_no_number_suffices_for_equal_payoffs_or_a_scheme_of_chance():
    with pytest.raises(InputError, match="give a tolerance"):
        sufficient_plays([[[0.5, 0.5], [0.5, 0.4]]] * 2)
    with pytest.raises(InputError, match="scheme"):
        sufficient_plays(FINE, scheme="uniform")
