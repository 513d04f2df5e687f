"""Populations on graphs against chains written out in fractions, closed forms and simulations by hand."""

import itertools
import math
import random
from fractions import Fraction as F

import numpy as np
import pytest

from nashscape.core import InputError
from nashscape.evolution import finite_population, fixation, graph_population, takeovers, weak_selection
from nashscape.evolution.coalescence import coalescence_times, places_taken
from nashscape.evolution.exact_systems import solved
from nashscape.evolution.graph_populations import edge_weights

PROCESSES = ("death_birth", "birth_death", "fermi")
KITE = [[0, 2, 1, 0, 0], [2, 0, 3, 0, 1], [1, 3, 0, 5, 0], [0, 0, 5, 0, 4], [0, 1, 0, 4, 0]]
HOOK = [[0, 3, 1, 0], [3, 0, 2, 0], [1, 2, 0, 1], [0, 0, 1, 0]]
CUBE = [(a, a ^ (1 << k)) for a in range(8) for k in range(3) if a < a ^ (1 << k)]
PETERSEN = [e for k in range(5) for e in ((k, (k + 1) % 5), (k, k + 5), (5 + k, 5 + (k + 2) % 5))]


def members_payoffs(weights, payoffs, state):
    n = len(weights)
    return [sum(F(weights[i][j]) * payoffs[state[i]][state[j]] for j in range(n)) / sum(weights[i]) for i in range(n)]


def imitates(gain):
    """In fractions, right to the fourth order."""
    return F(1, 2) + gain / 4 - gain**3 / 48


def moves(weights, payoffs, state, process, w):
    """Who takes whose place with which probability, member by member."""
    n, pay = len(weights), members_payoffs(weights, payoffs, state)
    fitness = [1 - w + w * one for one in pay]
    total, degree = sum(fitness), [sum(row) for row in weights]
    for j in range(n):
        rivals = sum(weights[j][k] * fitness[k] for k in range(n))
        for i in range(n):
            if weights[i][j]:
                yield i, j, {
                    "death_birth": lambda i=i, j=j, rivals=rivals: F(1, n) * weights[j][i] * fitness[i] / rivals,
                    "birth_death": lambda i=i, j=j: fitness[i] / total * F(weights[i][j], degree[i]),
                    "fermi": lambda i=i, j=j: (
                        F(1, n) * F(weights[j][i], degree[j]) * imitates(w * (pay[i] - pay[j]))
                    ),
                }[process]()  # fmt: skip


def chances(weights, payoffs, process, w):
    """From every state how likely type 0 takes over, in fractions."""
    n = len(weights)
    states = [s for s in itertools.product((0, 1), repeat=n) if 0 < sum(s) < n]
    number = {s: k for k, s in enumerate(states)}
    rows = []
    for s in states:
        row = [F(0)] * (len(states) + 1)
        for i, j, p in moves(weights, payoffs, s, process, w):
            after = (*s[:j], s[i], *s[j + 1 :])
            row[number[s]] += p
            if after in number:
                row[number[after]] -= p
            elif not sum(after):
                row[-1] += p
        rows.append(row)
    return dict(zip(states, solved(rows).values, strict=True))


def of_one(weights, payoffs, process, w):
    found, n = chances(weights, payoffs, process, w), len(weights)
    return sum(found[tuple(int(k != m) for k in range(n))] for m in range(n)) / n


@pytest.mark.parametrize("process", ["death_birth", "birth_death"])
@pytest.mark.parametrize("w", [F(1, 5), F(19, 20)])
def test_fixation_on_an_uneven_graph_is_that_of_the_equations_in_fractions(process, w):
    payoffs = [[2, F(1, 2)], [3, 1]]
    population = graph_population(np.array(payoffs, float), KITE, types="CD", process=process, fitness="linear",
                                  intensity=float(w))  # fmt: skip
    wanted = chances(KITE, payoffs, process, w)
    for state in [(0, 1, 1, 1, 1), (1, 1, 1, 0, 1), (0, 0, 1, 0, 1)]:
        found = fixation(population, ["CD"[k] for k in state])
        assert found.of("C").value == pytest.approx(float(wanted[state]), rel=1e-12)
        assert found.of("C").low == found.of("C").high
        assert found.probabilities.sum() == pytest.approx(1)
    mean = np.mean([float(p) for s, p in wanted.items() if sum(s) == 3])
    assert fixation(population, {"C": 2, "D": 3}).of("C").value == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("process", PROCESSES)
def test_without_selection_members_take_over_by_the_weight_of_their_node(process):
    weights = np.array(KITE, float)
    own = 1 / weights.sum(1) if process == "birth_death" else weights.sum(1)
    population = graph_population([[1, 2], [3, 0]], KITE, process=process, intensity=0.0)
    np.testing.assert_allclose(population.values, own / own.sum())
    for node in range(5):
        found = fixation(population, ["A" if k == node else "B" for k in range(5)])
        assert found.of("A").value == pytest.approx(own[node] / own.sum(), rel=1e-12)
        np.testing.assert_allclose(found.neutral, found.probabilities, rtol=1e-12)


def test_a_complete_graph_is_a_population_that_all_meets():
    payoffs, n = [[2.0, 0.6], [1.4, 1.1]], 7
    for fitness, w in (("payoff", 1.0), ("linear", 0.7), ("exponential", 1.5)):
        graph = graph_population(payoffs, f"complete:{n}", process="birth_death", fitness=fitness, intensity=w)
        mixed = takeovers(finite_population(payoffs, n, fitness=fitness, intensity=w), start=2)
        assert fixation(graph, {"A": 2, "B": 5}).of("A").value == pytest.approx(mixed.of("A", "B"), rel=1e-11)
    graph = graph_population(payoffs, f"complete:{n}", process="fermi", intensity=2.0)
    mixed = takeovers(finite_population(payoffs, n, process="fermi", intensity=2.0), start=3)
    assert fixation(graph, {"A": 4, "B": 3}).of("B").value == pytest.approx(mixed.of("B", "A"), rel=1e-11)


def test_small_probabilities_are_right_in_their_leading_digits():
    # on a ring the front of two types moves alone, and its chance is a product of ratios
    n, w = 9, 6.0
    population = graph_population([[3, -1], [4, 0]], f"ring:{n}", types="CD", process="fermi", intensity=w)
    # payoffs at the front: C gets (3 − 1)/2 and D (4 + 0)/2, but for those who are alone
    falls = [math.exp(w * ((4 if k == n - 1 else 2) - (-1 if k == 1 else 1))) for k in range(1, n)]
    products = np.concatenate([[1.0], np.cumprod(falls)])
    found = fixation(population, {"C": 1, "D": n - 1}).of("C").value
    assert found == pytest.approx(1 / products.sum(), rel=1e-9)
    assert found < 1e-20


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("weights", [HOOK, [[0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 2], [1, 0, 2, 0]]])
def test_the_slope_of_weak_selection_is_that_of_the_chain(process, weights):
    found, w = weak_selection(weights, process), F(1, 10**5)
    for b, c in ((1, 0), (0, 1), (7, 3)):
        donation = [[b - c, -c], [b, 0]]
        slope = (of_one(weights, donation, process, w) - of_one(weights, donation, process, -w)) / (2 * w)
        assert found.slope(b, c) == pytest.approx(float(slope), abs=1e-8)
    assert found.slope(found.critical_ratio) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("process", PROCESSES)
def test_coalescence_times_solve_their_equations_in_fractions(process):
    n = len(KITE)
    degree = [sum(row) for row in KITE]
    own = [
        [F(KITE[k][i], degree[k] if process == "birth_death" else degree[i]) / n for i in range(n)] for k in range(n)
    ]
    own = [[p / (2 if process == "fermi" else 1) for p in row] for row in own]
    np.testing.assert_allclose(places_taken(np.array(KITE, float), process), np.array(own, float))
    pairs = list(itertools.combinations(range(n), 2))
    number = {pair: k for k, pair in enumerate(pairs)}
    rows = []
    for i, j in pairs:
        row = [F(0)] * len(pairs) + [F(1)]
        for a, b in ((i, j), (j, i)):
            for k in range(n):
                row[number[i, j]] += own[k][a]
                if k != b:
                    row[number[min(k, b), max(k, b)]] -= own[k][a]
        rows.append(row)
    wanted = solved(rows).values
    times = coalescence_times(np.array(KITE, float), process)
    for pair, value in zip(pairs, wanted, strict=True):
        assert times[pair] == times[pair[::-1]] == pytest.approx(float(value), rel=1e-11)
    if process == "death_birth":
        # Allen et al. (2017): t₂/(t₃ − t₁), ends of random walks from a node drawn by its weight
        steps, start = np.array(KITE, float) / np.array(degree)[:, None], np.array(degree) / sum(degree)
        t1, t2, t3 = (float(start @ (np.linalg.matrix_power(steps, k) * times).sum(1)) for k in (1, 2, 3))
        assert weak_selection(KITE).critical_ratio == pytest.approx(t2 / (t3 - t1), rel=1e-9)


@pytest.mark.parametrize(
    ("graph", "n", "k"),
    [("ring:11", 11, 2), (CUBE, 8, 3), (PETERSEN, 10, 3), ("complete:9", 9, 8), ("ring:200", 200, 2)],
)
def test_regular_graphs_have_their_closed_forms(graph, n, k):
    found = weak_selection(graph)
    assert found.critical_ratio == pytest.approx((n - 2) / (n / k - 2), rel=1e-9)
    for process in ("birth_death", "fermi"):
        assert weak_selection(graph, process).critical_ratio == pytest.approx(-(n - 1), rel=1e-8)
    # Tarnita et al. (2009), Ohtsuki and Nowak (2006)
    sigma = ((k + 1) * n - 4 * k) / ((k - 1) * n)
    assert found.structure == pytest.approx(sigma, rel=1e-9)


def test_what_graphs_do_to_cooperation():
    assert weak_selection("star:12").critical_ratio == math.inf
    assert weak_selection("star:12").structure == 1.0
    assert "never" in repr(weak_selection("star:12"))
    # two stars whose centres are joined: 5/2 where they are large (Allen et al. 2017)
    leaves = 150
    edges = [(0, 1), *((0, 2 + k) for k in range(leaves)), *((1, 2 + leaves + k) for k in range(leaves))]
    assert weak_selection(edges).critical_ratio == pytest.approx(2.5, abs=0.03)
    draws = np.random.default_rng(1)
    for _ in range(5):
        weights = np.triu(draws.uniform(size=(9, 9)) * (draws.uniform(size=(9, 9)) < 0.6) + 1e-3, 1)
        assert weak_selection(weights + weights.T, "birth_death").benefit < 0
    assert weak_selection(10 * np.array(KITE)).critical_ratio == pytest.approx(weak_selection(KITE).critical_ratio)


def test_the_sigma_rule_holds_for_games_that_are_no_donation():
    weights, w = HOOK, F(1, 10**4)
    sigma = weak_selection(weights).structure
    for a, b, c, d in ((2, 0, 1, 1), (1, 4, 2, 3), (0, 2, 3, 1), (5, 0, 1, 3)):
        one = of_one(weights, [[a, b], [c, d]], "death_birth", w)
        other = of_one(weights, [[d, c], [b, a]], "death_birth", w)
        margin = sigma * a + b - c - sigma * d
        assert abs(margin) > 0.1
        assert (one > other) == (margin > 0)


@pytest.mark.parametrize("process", PROCESSES)
def test_how_likely_three_types_are_left_is_how_often_they_are(process):
    payoffs = [[1.0, 2.5, 0.5], [0.2, 1.5, 3.0], [2.0, 0.4, 1.1]]
    population = graph_population(payoffs, HOOK, process=process, fitness="exponential", intensity=0.8)
    begin, runs, draws = [0, 1, 2, 1], 1500, random.Random(3)
    wanted = fixation(population, ["ABC"[k] for k in begin])
    assert wanted.probabilities.min() > 0.02
    n, wins = 4, [0, 0, 0]
    for _ in range(runs):
        state = list(begin)
        while len(set(state)) > 1:
            pay = [sum(HOOK[i][j] * payoffs[state[i]][state[j]] for j in range(n)) / sum(HOOK[i]) for i in range(n)]
            fit = [math.exp(0.8 * one) for one in pay]
            if process == "birth_death":
                i = draws.choices(range(n), fit)[0]
                state[draws.choices(range(n), HOOK[i])[0]] = state[i]
                continue
            j = draws.randrange(n)
            if process == "death_birth":
                state[j] = state[draws.choices(range(n), [HOOK[j][k] * fit[k] for k in range(n)])[0]]
                continue
            i = draws.choices(range(n), HOOK[j])[0]
            if draws.random() < 1 / (1 + math.exp(-0.8 * (pay[i] - pay[j]))):
                state[j] = state[i]
        wins[state[0]] += 1
    for k in range(3):
        p = wanted.probabilities[k]
        assert abs(wins[k] / runs - p) < 4 * math.sqrt(p * (1 - p) / runs)


@pytest.mark.parametrize(
    ("ask", "wrong"),
    [
        (lambda: graph_population([[1, 2], [3, 4]], [(0, 1), (2, 3)]), "falls into parts.* node 2"),
        (lambda: graph_population([[1, 2], [3, 4]], [[0, 1, 0], [2, 0, 1], [0, 1, 0]]), "symmetric"),
        (lambda: graph_population([[1, 2], [3, 4]], [[0, -1], [-1, 0]]), "negative"),
        (lambda: graph_population([[1, 2], [3, 4]], "wheel:5"), "graph"),
        (lambda: graph_population([[1, 2], [3, 4]], [[0]]), "no neighbour"),
        (lambda: graph_population([[1, 2], [3, 4]], "ring:5", process="moran"), "birth_death"),
        (lambda: graph_population([[1, 2], [3, 4]], "ring:5", fitness="linear", intensity=2), "intensity"),
        (lambda: graph_population([[1, 2]], "ring:5"), "a row and a column"),
        (lambda: takeovers(graph_population([[1, 2], [3, 4]], "ring:5")), "ask for fixation"),
        (lambda: weak_selection("ring:601"), "at most 600 nodes"),
        (lambda: weak_selection("ring:6", "moran"), "birth_death"),
        (lambda: weak_selection("ring:6", "moram"), "unknown process"),
        (lambda: fixation(graph_population([[1, 2], [3, 4]], "ring:20"), {"A": 1, "B": 19}), "draw runs"),
        (lambda: fixation(graph_population([[1, 2], [3, 4]], "ring:5"), {"A": 1, "B": 5}), "together 5"),
        (lambda: fixation(graph_population([[1, 2], [3, 4]], "ring:5"), {"A": 1, "X": 4}), "no type 'X'"),
        (lambda: fixation(graph_population([[1, 2], [3, 4]], "ring:5"), "ABBA"), "types of its 5 nodes"),
        (lambda: fixation(graph_population([[-9, -9], [3, 4]], "ring:5", fitness="payoff"), "AABBB"), "negative"),
        (lambda: fixation(graph_population([[0, 0], [0, 0]], "ring:5", fitness="payoff"), "AABBB"), "fitness of 0"),
        (lambda: fixation([[1, 2], [3, 4]], {"A": 1}), "graph_population; got list"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_graphs_is_told(ask, wrong):
    with pytest.raises(InputError, match=wrong):
        ask()


def test_graphs_are_given_as_names_edges_or_weights():
    ring = edge_weights("ring:4")
    np.testing.assert_array_equal(ring, edge_weights([(0, 1), (1, 2), (2, 3), (3, 0)]))
    np.testing.assert_array_equal(ring, edge_weights(ring))
    np.testing.assert_array_equal(edge_weights([(0, 2), (1, 0)]), edge_weights([(0, 1), (0, 2)]))
    np.testing.assert_array_equal(edge_weights([(0, 1), (1, 2)]), edge_weights("path:3"))


class Network:
    """What a graph of networkx has, as its documentation says."""

    def __init__(self, nodes, edges, *, directed=False):
        self.nodes, self._edges, self._directed = nodes, edges, directed

    def edges(self, data=None, default=None):
        assert data == "weight"
        return [(a, b, default if weight is None else weight) for a, b, weight in self._edges]

    def is_directed(self):
        return self._directed


def test_a_graph_of_networkx_is_its_weights_with_nodes_in_its_order():
    edges = [("cat", "bob", None), ("ann", "cat", 2.5), ("bob", "cat", 3)]
    found = edge_weights(Network(["ann", "bob", "cat"], edges))
    np.testing.assert_array_equal(found, [[0, 0, 2.5], [0, 0, 4], [2.5, 4, 0]])
    for wrong in (
        Network("ab", [("a", "b", None)], directed=True),
        Network("ab", [("a", "a", 1), ("a", "b", 1)]),
        Network("", []),
    ):
        with pytest.raises(InputError, match="or leave loops out"):
            weak_selection(wrong)
    with pytest.raises(InputError, match="the weight of the edge from a to b"):
        edge_weights(Network("ab", [("a", "b", "heavy")]))
    networkx = pytest.importorskip("networkx")
    karate = networkx.karate_club_graph()
    np.testing.assert_array_equal(edge_weights(karate), networkx.to_numpy_array(karate))
