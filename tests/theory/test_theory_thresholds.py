"""Thresholds along families: closed forms, automatic differentiation written out here, graphs, coefficients."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.semantics import coupled, parametric
from nashscape.theory.coupling_thresholds import coupling_threshold
from nashscape.theory.symmetric import symmetric_thresholds
from nashscape.theory.thresholds import threshold


def test_symmetric_games_agree_with_the_closed_forms():
    shown = 0
    for seed in range(40):
        R, S, T, P = np.random.default_rng(seed).normal(size=4).round(3)
        game = games.bimatrix([[R, S], [T, P]], [[R, T], [S, P]])
        p = float(np.random.default_rng([1, seed]).uniform(0.1, 0.9))
        found = coupling_threshold(game, low=-0.9, high=3.0, at=[p, p], target=(0, 0))
        closed = found.closed
        assert closed == symmetric_thresholds(game)
        assert found.complete
        wanted = closed.at(p)
        inside = [wanted] if -0.9 < wanted < 3 else []
        assert len(found.brackets) == len(inside), seed
        for bracket, value in zip(found.brackets, inside, strict=True):
            shown += 1
            assert bracket.low - 1e-9 <= value <= bracket.high + 1e-9
            assert bracket.width <= 1e-9
            assert bracket.rises == (closed.others_gain(p) > 0)
    assert shown > 10


@jax.jit
def index_of(learners, theta):
    """d/dt Σ log σ_i[first action] under θ̇_i = ∇_i U_i, by automatic differentiation of the strategies."""
    gradients = jax.jacrev(learners.utilities)(theta)
    owner = np.repeat(np.arange(len(learners.sizes)), learners.sizes)
    direction = gradients[owner, jnp.arange(learners.dimension)]
    slopes = jax.jacfwd(lambda at: jnp.stack([jnp.log(own[0]) for own in learners.strategies(at)]))(theta)
    return jnp.sum(slopes @ direction)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_asymmetric_games_of_three_players_and_of_three_actions(seed):
    """At uniform play all logits are zero whatever the coupling, so a scan needs no inverse."""
    random = np.random.default_rng(seed)
    shape = (2, 2, 2) if seed % 2 else (3, 3)
    game = games.dense(random.normal(size=(len(shape), *shape)))
    found = coupling_threshold(game, low=-2.0, high=3.0)
    couplings = np.linspace(-2, 3, 501)
    with jax.enable_x64(True):
        d = parametric(game, coupled(shape, 0.0)).dimension
        index = np.array([float(index_of(ns.open_source(game, k), jnp.zeros(d))) for k in couplings])
    signs = index > 0
    changes = np.flatnonzero(signs[1:] != signs[:-1])
    assert len(changes) == len(found.brackets)
    for k, bracket in zip(changes, found.brackets, strict=True):
        assert couplings[k] - 1e-6 <= bracket.middle <= couplings[k + 1] + 1e-6
        assert bracket.rises == signs[k + 1]
    np.testing.assert_allclose(found.index, np.interp(found.values, couplings, index), atol=0.02 * np.abs(index).max())


def test_some_asymmetric_game_has_two_thresholds():
    counts = set()
    for seed in range(15):
        game = games.dense(np.random.default_rng(seed).normal(size=(2, 2, 2)))
        counts.add(len(coupling_threshold(game, low=-3.0, high=3.0).brackets))
    assert counts >= {1, 2}


@pytest.mark.long
@pytest.mark.parametrize(("graph", "players"), [("complete", 3), ("complete", 5), ("ring", 5), ("ring", 50)])
def test_donations_on_graphs(graph, players):
    """Each neighbour gets the full benefit and reading is an average: c/b. A benefit split over k neighbours: k c/b."""
    name = f"{graph}:{players}"
    game = games.graph_donation(name, benefit=3.0, cost=1.0)
    neighbours = players - 1 if graph == "complete" else 2
    learners = parametric(game, coupled((2,) * players, 0.5 / neighbours, graph=name))
    found = coupling_threshold(learners, low=0.0, high=1.0, tolerance=1e-7)
    [bracket] = found.brackets
    assert bracket.low - 1e-12 <= 1 / 3 / neighbours <= bracket.high + 1e-12
    # a benefit that is shared, c/b for the sum of what is read from all, so k c/b for their mean
    split = games.graph_donation(name, benefit=3.0, cost=1.0, split=True)
    learners = parametric(split, coupled((2,) * players, 0.5 / neighbours, graph=name))
    [bracket] = coupling_threshold(learners, low=0.0, high=1.2, tolerance=1e-7).brackets
    assert bracket.low - 1e-12 <= 1 / 3 <= bracket.high + 1e-12


@pytest.mark.parametrize("players", [4, 12, 30])
def test_donations_on_random_graphs(players):
    """At ½ the index is ½ s Σ_i (1 + κ d_i)(−c + b κ d_i), with degrees d_i; its positive root is the threshold."""
    random = np.random.default_rng(players)
    graph = np.triu(random.random((players, players)) < 0.4, 1).astype(int)
    graph[np.arange(players - 1), np.arange(1, players)] = 1  # connected
    graph += graph.T
    degrees = graph.sum(axis=1)
    game = games.graph_donation(graph, benefit=3.0, cost=1.0)
    learners = parametric(game, coupled((2,) * players, 0.1, graph=graph))
    [bracket] = coupling_threshold(learners, low=0.0, high=1.0).brackets
    roots = np.roots([3 * (degrees**2).sum(), 2 * degrees.sum(), -players])
    assert bracket.low - 1e-9 <= roots[roots > 0][0] <= bracket.high + 1e-9


def test_along_a_coefficient_of_a_rule():
    """Stag Hunt at ½: the peer term turns the step where A + λ η c s² B = 0."""
    found = threshold(games.stag_hunt(), 0.0, 4.0, dial="peer", rule=ns.peer_only(inner_lr=0.55))
    [bracket] = found.brackets
    assert bracket.low <= 0.5 / (0.55 * 3 / 16 * 2.5) <= bracket.high
    assert bracket.rises
    assert "perhaps others" in repr(found)


def test_unequal_readers_are_varied_together_by_a_factor():
    weights = [[0.0, 0.4], [0.8, 0.0]]
    learners = ns.open_source(games.donation(benefit=3, cost=1), weights)
    found = coupling_threshold(learners)
    assert found.parameter == "multiple of the given coupling"
    [bracket] = found.brackets
    for value, grows in ((bracket.low - 1e-6, False), (bracket.high + 1e-6, True)):
        with jax.enable_x64(True):
            matrix = value * np.array(weights)
            index = float(index_of(ns.open_source(games.donation(benefit=3, cost=1), matrix), jnp.zeros(2)))
        assert (index > 0) == grows


def test_what_does_not_fit_is_refused():
    with pytest.raises(InputError, match="low < high"):
        coupling_threshold(games.chicken(), low=1.0, high=0.0)
    with pytest.raises(InputError, match="coupling is of players whose parameters are logits"):
        coupling_threshold(parametric(games.chicken(), ns.semantics.simplex((2, 2))))
    with pytest.raises(InputError, match="share a set of actions"):
        coupling_threshold(games.dense(np.ones((2, 2, 3))))
    with pytest.raises(InputError, match="interior strategies"):
        coupling_threshold(games.chicken(), at=[0.0, 0.5])
    with pytest.raises(InputError, match="cannot play under this semantics"):
        # with a rule of its own the index is taken at parameters, and at κ = 1 there are none
        threshold(lambda _: ns.open_source(games.chicken(), 1.0), 0.0, 1.0, at=[0.2, 0.7], rule=ns.lola())
    asymmetric = games.bimatrix([[1.0, 2.0], [3.0, 0.0]], [[1.0, 2.0], [0.0, 0.0]])
    assert coupling_threshold(asymmetric).closed is None
    with pytest.raises(InputError, match="coupling_threshold finds brackets for any game"):
        symmetric_thresholds(asymmetric)


def test_couplings_keep_their_sign_and_players_their_frames():
    donation = games.donation(benefit=3, cost=1)
    for kappa in (-0.3, 0.3, 0.0):
        [bracket] = coupling_threshold(ns.open_source(donation, kappa)).brackets
        assert bracket.low <= 1 / 3 <= bracket.high
    crossed = [coupling_threshold(ns.open_source(donation, k, alignment=[[0, 1], [1, 0]])) for k in (0.0, 0.1)]
    assert crossed[0].brackets == crossed[1].brackets
    assert crossed[0].closed is None
    # closed forms are of z_i = θ_i + κ θ_j and nothing else
    dilemma = games.prisoners_dilemma()
    assert coupling_threshold(ns.open_source(dilemma, 0.3)).closed == symmetric_thresholds(dilemma)
    for options in ({"coupling": 0.3, "own": 2.0}, {"coupling": [[0, 0.3], [0, 0]]}, {"coupling": 0.3, "bias": 0.1}):
        assert coupling_threshold(ns.open_source(dilemma, **options)).closed is None


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_at_given_strategies_no_coupling_is_singular_and_the_degree_is_two(seed):
    random = np.random.default_rng(seed)
    actions, players = (3, 2) if seed % 2 else (2, 3)
    game = games.dense(random.normal(size=(players, *(actions,) * players)))
    mixed = [random.dirichlet(np.ones(actions)) for _ in range(players)]
    weights = random.normal(size=(players, players)) * (1 - np.eye(players))
    learners = ns.open_source(game, weights, own=random.uniform(0.5, 1.5, players).tolist(), bias=0.2)
    found = coupling_threshold(learners, low=-2.0, high=3.0, at=[own.tolist() for own in mixed])
    fit = np.polynomial.Polynomial.fit(found.values, found.index, 2)
    np.testing.assert_allclose(fit(found.values), found.index, atol=1e-10)
    value = 0.37
    some = ns.open_source(
        game, value * weights, own=np.diagonal(learners.semantics.matrix)[:: learners.sizes[0]], bias=0.2
    )
    theta = np.asarray(some.semantics.parameters([jnp.asarray(own) for own in mixed]))
    with jax.enable_x64(True):
        slopes = jax.jacfwd(lambda at: jnp.stack([jnp.log(own[0]) for own in some.strategies(at)]))(theta)
        gradients = jax.jacrev(some.utilities)(theta)
    owner = np.repeat(np.arange(players), some.sizes)
    direction = np.asarray(gradients)[owner, np.arange(len(owner))]
    np.testing.assert_allclose(np.sum(np.asarray(slopes) @ direction), fit(value), rtol=1e-4, atol=1e-6)
