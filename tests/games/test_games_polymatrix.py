import itertools
import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, plain
from nashscape.core.graphs import adjacency
from nashscape.semantics import parametric
from nashscape.tracing.components import by_component

SHAPES = [(2, 3, 4), (3, 2, 2), (2, 2, 2, 3)]


def mixtures(shape, seed=0):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.ones(size)) for size in shape]


def random_parts(shape, seed):
    """Matrices of all pairs but the last, so that the graph is not complete, and own payoffs of the second player."""
    random = np.random.default_rng(seed)
    pairs = list(itertools.combinations(range(len(shape)), 2))[:-1]
    edges = {
        (i, j): (random.normal(size=(shape[i], shape[j])), random.normal(size=(shape[j], shape[i]))) for i, j in pairs
    }
    return edges, {1: random.normal(size=shape[1])}


def written_out(shape, edges, own):
    """All payoffs by walking through every profile, from the definition."""
    payoffs = np.zeros((len(shape), *shape))
    for profile in itertools.product(*map(range, shape)):
        for i, a in enumerate(profile):
            payoffs[(i, *profile)] = own[i][a] if i in own else 0.0
        for (i, j), (first, second) in edges.items():
            payoffs[(i, *profile)] += first[profile[i], profile[j]]
            payoffs[(j, *profile)] += second[profile[j], profile[i]]
    return payoffs


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@pytest.fixture(params=SHAPES, ids=str)
def case(request):
    edges, own = random_parts(request.param, seed=3)
    return request.param, games.polymatrix(edges, own=own), games.dense(written_out(request.param, edges, own))


def test_the_compact_form_agrees_with_the_written_out_payoffs(case):
    shape, game, dense = case
    assert game.shape == shape
    np.testing.assert_allclose(game.to_dense().payoffs, dense.payoffs, rtol=1e-12)
    for profile in itertools.product(*map(range, shape)):
        np.testing.assert_allclose(game.payoffs_at(profile), dense.payoffs_at(profile), rtol=1e-12)
    strategies = mixtures(shape)
    np.testing.assert_allclose(game.expected_payoffs(strategies), dense.expected_payoffs(strategies), rtol=1e-11)
    np.testing.assert_allclose(game.regrets(strategies), dense.regrets(strategies), rtol=1e-10)
    for ours, theirs in zip(game.action_values(strategies), dense.action_values(strategies), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11)
    assert game.payoff_range == pytest.approx(
        max(own.max() for own in dense.payoffs) - min(own.min() for own in dense.payoffs), rel=1e-12
    )


@pytest.mark.long
def test_gradients_agree_with_the_dense_game(case):
    shape, game, dense = case
    strategies = [jnp.asarray(strategy) for strategy in mixtures(shape, seed=1)]
    ours, theirs = (jax.jacrev(one.expected_payoffs)(strategies) for one in (game, dense))
    deviations = game.action_values(strategies)
    for j in range(len(shape)):
        # probabilities sum to one, so that only differences of derivatives by them mean anything
        np.testing.assert_allclose(np.diff(ours[j]), np.diff(theirs[j]), rtol=1e-9, atol=1e-13)
        np.testing.assert_allclose(ours[j][j], deviations[j], rtol=1e-10)
    ours, theirs = (parametric(one) for one in (game, dense))
    theta = jnp.linspace(-1.0, 1.5, ours.dimension)
    np.testing.assert_allclose(jax.jacrev(ours.utilities)(theta), jax.jacrev(theirs.utilities)(theta), atol=1e-12)


def test_it_can_be_written_out_by_component(case):
    shape, game, _ = case
    strategies = mixtures(shape, seed=2)
    run = by_component(lambda g, s: g.expected_payoffs(s), game, strategies)
    entries = [x for leaf in jax.tree_util.tree_leaves((game, strategies)) for x in jnp.asarray(leaf).ravel()]
    np.testing.assert_allclose(run(entries), game.expected_payoffs(strategies), rtol=1e-12)


def test_games_of_one_size_share_one_program():
    traces = []

    @jax.jit
    def payoffs(game, strategies):
        traces.append(game.shape)
        return game.expected_payoffs(strategies), game.regrets(strategies)

    strategies = mixtures((2,) * 5)
    for game in (games.graph_donation("ring:5"), games.graph_donation("star:5", benefit=4)):
        np.testing.assert_allclose(payoffs(game, strategies)[0], game.expected_payoffs(strategies), rtol=1e-12)
    assert traces == [(2,) * 5]


def test_fifty_players_have_payoffs_and_the_right_gradient():
    random = np.random.default_rng(5)
    edges = {pair: random.normal(size=(2, 2, 2)) for pair in itertools.combinations(range(50), 2)}
    game = games.polymatrix({pair: (both[0], both[1]) for pair, both in edges.items()})
    theta = jnp.asarray(random.normal(size=50))
    played = random.integers(0, 2, 50)
    by_hand = np.zeros(50)
    for (i, j), (first, second) in edges.items():
        by_hand[i] += first[played[i], played[j]]
        by_hand[j] += second[played[j], played[i]]
    np.testing.assert_allclose(game.payoffs_at(played), by_hand, rtol=1e-10)

    @jax.jit
    def utility(theta):
        first = jax.nn.sigmoid(theta)
        return game.expected_payoffs([jnp.stack([x, 1 - x]) for x in first])[17]

    gradient, h = jax.jit(jax.grad(utility))(theta), 1e-6
    assert np.isfinite(gradient).all()
    for k in (0, 17, 49):
        step = h * np.eye(50)[k]
        difference = float(utility(theta + step) - utility(theta - step)) / (2 * h)
        assert float(gradient[k]) == pytest.approx(difference, rel=1e-6)
    with pytest.raises(InputError, match=r"56,294,995,342,131,200 payoffs"):
        game.to_dense()
    with pytest.raises(InputError, match="looking at every profile"):
        games.pure_equilibria(game)


@pytest.mark.parametrize(("graph", "degrees"), [
    ("ring:5", [2] * 5), ("path:3", [1, 2, 1]), ("star:4", [3, 1, 1, 1]), ("complete:4", [3] * 4),
    ([(0, 1), (1, 2)], [1, 2, 1]), ([(0, 1)], [1, 1]), ([[0, 1], [1, 0]], [1, 1]),
    (np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]]), [2, 1, 1]), ([(2, 1), (0, 1)], [1, 2, 1]),
])  # fmt: skip
def test_graphs_have_their_degrees(graph, degrees):
    found = adjacency(graph)
    assert found.sum(axis=1).tolist() == degrees
    assert (found == found.T).all()


@pytest.mark.parametrize("split", [False, True])
def test_donations_on_a_graph_are_what_each_gives_and_gets(split):
    pairs = [(0, 1), (1, 2), (2, 3), (1, 3)]
    game = games.graph_donation(pairs, benefit=4, cost=1.5, split=split)
    friends = [[1], [0, 2, 3], [1, 3], [1, 2]]
    for profile in itertools.product((0, 1), repeat=4):
        gains = np.zeros(4)
        for giver, action in enumerate(profile):
            if action == 0:
                gains[giver] -= 1.5
                for friend in friends[giver]:
                    gains[friend] += 4 / len(friends[giver]) if split else 4
        np.testing.assert_allclose(game.payoffs_at(profile), gains, rtol=1e-12)
    assert [e.name for e in games.pure_equilibria(game)] == ["DDDD"]
    assert games.pure_equilibria(game)[0].margin == pytest.approx(1.5)


def test_two_players_are_the_donation_game():
    ours, classic = games.graph_donation("complete:2", benefit=5, cost=2), games.donation(5, 2)
    np.testing.assert_array_equal(ours.to_dense().payoffs, classic.payoffs)


def test_an_edge_can_be_a_game_of_two_players():
    battle = games.bimatrix([[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]])
    game = games.polymatrix({("b", "a"): battle}, players=["a", "b"])
    assert game.shape == (3, 2)
    assert game.payoffs_at((2, 0)).tolist() == battle.payoffs_at((0, 2))[::-1].tolist() == [9, 3]
    both = games.polymatrix({(0, 1): [[3, 0], [5, 1]]}, actions="CD")
    np.testing.assert_array_equal(both.to_dense().payoffs, games.prisoners_dilemma().payoffs)


def test_text_forms():
    game = games.graph_donation("path:3", benefit=3, cost=1)
    assert repr(game) == "<PolymatrixGame graph_donation: 3 players, 2 edges, actions (C D)>"
    assert game.table().split("\n")[2:4] == ["player 1 – player 2, player 2 – player 3:", "      C     D"]
    assert "C -1, D 0" in game.table()
    rebuilt = games.PolymatrixGame(**json.loads(json.dumps(plain(game))))
    np.testing.assert_array_equal(rebuilt.interactions, game.interactions)
    assert (rebuilt.own.tolist(), rebuilt.actions, rebuilt.shape) == (game.own.tolist(), game.actions, game.shape)
    assert game.edges == ((0, 1), (1, 2))
    with pytest.raises(ValueError, match="read-only"):
        game.interactions[0, 0] = 1
    assert games.check_offers(game) == {"pays", "normal", "table"}


def test_a_player_may_stand_apart():
    game = games.polymatrix({(0, 1): np.eye(2)}, own={2: [1, 2, 3]})
    assert game.shape == (2, 2, 3)
    assert game.payoffs_at((0, 0, 2)).tolist() == [1, 1, 3]
    named = games.polymatrix({(0, 1): np.eye(2)}, actions=[["C", "D"], ["C", "D"], list("XYZ")])
    assert named.shape == (2, 2, 3)
    assert named.payoffs_at((0, 1, 1)).tolist() == [0, 0, 0]


SQUARE = np.zeros((2, 2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: games.polymatrix({0: SQUARE}), "pair of players"),
        (lambda: games.polymatrix({(0, 0): SQUARE}), "to itself"),
        (lambda: games.polymatrix({(0, 1): SQUARE, (1, 0): SQUARE}), "given twice"),
        (lambda: games.polymatrix({(0, 1): np.zeros((2, 3))}), "must be square"),
        (lambda: games.polymatrix({(0, 1): (np.zeros((2, 3)), np.zeros((2, 3)))}), "own actions as rows"),
        (lambda: games.polymatrix({(0, 1): SQUARE, (1, 2): np.zeros((3, 3))}), "must have shapes"),
        (lambda: games.polymatrix({(0, 2): SQUARE}), "player 1 is in no edge"),
        (lambda: games.polymatrix({("x", 1): SQUARE}, players=["a", "b"]), "number from 0 or one of a, b"),
        (lambda: games.polymatrix({(0, 1): np.full((2, 2), np.nan)}), "finite"),
        (lambda: games.polymatrix({(0, 1): games.random_game((2, 2, 2), 1)}), "two players"),
        (lambda: games.polymatrix({(0, 1): SQUARE}, own={0: [1, 2, 3]}), r"must have shape \(2\)"),
        (lambda: games.polymatrix({(0, 1): SQUARE}, actions=["C", "C"]), "different names"),
        (lambda: games.polymatrix({}), "at least two players"),
        (lambda: games.PolymatrixGame(np.eye(4), np.zeros(4), (2, 2), "g", ("a", "b"), (("C", "D"),) * 2), "itself"),
        (lambda: games.graph_donation("ring:2"), "at least 3"),
        (lambda: games.graph_donation("rong:5"), "unknown graph 'rong'; did you mean 'ring'"),
        (lambda: games.graph_donation("ring"), "ring:6"),
        (lambda: games.graph_donation(7), "not a graph"),
        (lambda: games.graph_donation([]), "not a graph"),
        (lambda: games.graph_donation([(0, 1), (1, 0)] * 2), "twice"),
        (lambda: games.graph_donation([(1, 1), (0, 1), (0, 2)]), "itself"),
        (lambda: games.graph_donation([(0, 1), (2, 3), (0, 5)]), "node 4"),
        (lambda: games.graph_donation([(0, 0.5)]), "pairs of node numbers"),
        (lambda: games.graph_donation([[0, 1, 0], [0, 0, 1], [0, 1, 0]]), "not a graph"),
        (lambda: games.graph_donation(np.eye(3)), "diagonal"),
        (lambda: games.graph_donation(cost=4), "benefit must be above 4"),
        (lambda: games.graph_donation(split="half"), "split says"),
        (lambda: games.graph_donation().payoffs_at((0, 1)), "has 6 actions"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
