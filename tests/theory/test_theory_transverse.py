"""Whether players who are alike stay alike: closed forms, spectra of graphs, flows, and boxes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games, theory
from nashscape.core import InputError
from nashscape.core.graphs import adjacency
from nashscape.learning import fields, per_player
from nashscape.theory.symmetric import SymmetricThresholds


def played(form):
    return games.bimatrix([[form.R, form.S], [form.T, form.P]], [[form.R, form.T], [form.S, form.P]])


@pytest.mark.parametrize("seed", range(40))
def test_of_two_players_it_is_the_transverse_rate(seed):
    random = np.random.default_rng(seed)
    form = SymmetricThresholds(*random.normal(size=4))
    coupling, x = random.uniform(-0.9, 2.0), random.normal()
    p = 1 / (1 + np.exp(-(1 + coupling) * x))
    found = theory.transverse_spectrum(ns.open_source(played(form), coupling), [x, x])
    wanted = form.transverse_rate(coupling, p)
    assert found.across_rate == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert found.verdict == ("repels" if wanted > 0 else "attracts")
    # along: the derivative of the drift of both parameters together
    h = 1e-6
    drift = [form.drift(coupling, 1 / (1 + np.exp(-(1 + coupling) * (x + e)))) for e in (h, -h)]
    assert found.along.real == pytest.approx([(drift[0] - drift[1]) / (2 * h)], abs=1e-8)
    assert found.speed == pytest.approx(abs(form.drift(coupling, p)))


def test_it_is_zero_where_two_logits_are_one():
    found = theory.transverse_spectrum(ns.open_source(games.stag_hunt(), 1.0), [0.3])
    assert found.across_rate == pytest.approx(0.0, abs=1e-15)
    assert found.verdict == "undecided"


def random_regular(nodes, degree, seed):
    """A ring of neighbours at distances up to degree/2, with many pairs of edges exchanged at random."""
    random = np.random.default_rng(seed)
    found = np.zeros((nodes, nodes), dtype=int)
    for step in range(1, degree // 2 + 1):
        for i in range(nodes):
            found[i, (i + step) % nodes] = found[(i + step) % nodes, i] = 1
    for _ in range(50 * nodes):
        edges = np.argwhere(np.triu(found))
        (a, b), (c, d) = edges[random.integers(len(edges), size=2)]
        if len({a, b, c, d}) == 4 and not found[a, c] and not found[b, d]:
            found[[a, b, c, d], [b, a, d, c]] = 0
            found[[a, c, b, d], [c, a, d, b]] = 1
    assert (found.sum(axis=1) == degree).all()
    return found


@pytest.mark.parametrize(
    "graph",
    [
        *("complete:3", "ring:8", random_regular(8, 4, 0)),
        *(
            pytest.param(graph, marks=pytest.mark.long)
            for graph in ("ring:50", random_regular(50, 6, 1), "complete:50")
        ),
    ],
    ids=str,
)
def test_of_donors_on_a_regular_graph_every_eigenvalue_of_the_graph_has_its_rate(graph):
    """`s (1 − 2p)(1 + κw)(bκw − c)` for the eigenvalues w of the graph; the largest belongs to symmetric profiles."""
    benefit, cost, coupling, x = 3.0, 1.1, 0.13, -0.4
    reads = adjacency(graph).astype(float)
    learners = ns.open_source(games.graph_donation(graph, benefit, cost), coupling, graph=graph)
    found = theory.transverse_spectrum(learners, [x])
    degree = reads[0].sum()
    p = 1 / (1 + np.exp(-(1 + coupling * degree) * x))

    def rate(w):
        return p * (1 - p) * (1 - 2 * p) * (1 + coupling * w) * (benefit * coupling * w - cost)

    w = np.sort(np.linalg.eigvalsh(reads))
    assert w[-1] == pytest.approx(degree)
    scale = np.abs(rate(w)).max()
    np.testing.assert_allclose(found.along, [rate(degree)], atol=1e-9 * scale)
    np.testing.assert_allclose(np.sort(found.across.real), np.sort(rate(w[:-1])), atol=1e-9 * scale)
    np.testing.assert_allclose(found.across.imag, 0.0, atol=1e-7 * scale)
    assert found.across_rate == pytest.approx(rate(w[:-1]).max(), abs=1e-9 * scale)


def test_donors_who_read_nobody_are_alike_on_any_graph():
    found = theory.transverse_spectrum(games.graph_donation("star:4", 3.0, 1.1), [-0.4])
    p = 1 / (1 + np.exp(0.4))
    np.testing.assert_allclose(found.across, [-1.1 * p * (1 - p) * (1 - 2 * p)] * 3, rtol=1e-12)
    assert found.verdict == "attracts"


@pytest.mark.long
def test_logits_part_at_the_rates_of_parameters():
    """The Jacobian of `ż = K F(K⁻¹ z)`, by differentiating the flow of logits itself."""
    graph, coupling = "ring:5", 0.3
    learners = ns.open_source(games.graph_donation(graph, 3.0, 1.0), coupling, graph=graph)
    found = theory.transverse_spectrum(learners, [0.5])
    with jax.enable_x64(True):
        K = jnp.asarray(learners.semantics.matrix)

        def velocity(z):
            return K @ jnp.diagonal(jax.jacrev(learners.utilities)(jnp.linalg.solve(K, z)))

        slope = np.asarray(jax.jit(jax.jacfwd(velocity))(K @ jnp.full(5, 0.5)))
    everything = np.concatenate([found.along, found.across]).real
    np.testing.assert_allclose(np.sort(np.linalg.eigvals(slope).real), np.sort(everything), atol=1e-12)


@pytest.mark.parametrize("form", [None, "softmax"])
@pytest.mark.long
def test_small_differences_grow_at_the_rate_of_the_flow(form):
    """Two runs of the flow from the symmetric rest point of the dilemma, a little apart."""
    dilemma, coupling = games.prisoners_dilemma(), 0.5
    p = theory.symmetric_thresholds(dilemma).mixture(coupling)
    learners = ns.open_source(dilemma, coupling, form=form)
    logit = np.log(p / (1 - p)) / (1 + coupling)
    own = np.array([logit] if form is None else [logit / 2, -logit / 2])
    found = theory.transverse_spectrum(learners, own)
    assert found.speed == pytest.approx(0.0, abs=1e-15)
    assert len(found.across) == len(found.along) == 1
    beside = np.concatenate([own * (1 + 1e-6 / logit), own * (1 - 1e-6 / logit)])
    run = ns.flow(learners, ns.pg(), ns.starts.parameters([beside]), time=20.0, samples=2)
    gaps = [theta[0] - theta[len(own)] for theta in run.theta[-2:]]
    assert np.log(gaps[1] / gaps[0]) / 10.0 == pytest.approx(found.across_rate, rel=1e-4)


@pytest.mark.long
def test_three_players_with_three_actions_in_blocks():
    """Along and across together are the whole spectrum, but for one zero per softmax."""
    random = np.random.default_rng(0)
    base = random.normal(size=(3, 3, 3))
    base = base + base.swapaxes(1, 2)  # what a player gets does not depend on which of the others does what
    payoffs = np.stack([base, base.transpose(1, 0, 2), base.transpose(1, 2, 0)])
    learners = ns.open_source(games.dense(payoffs), 0.3)
    own = random.normal(size=3)
    rule = ns.peer_only(peer=0.8)
    found = theory.transverse_spectrum(learners, own, rule)
    assert (len(found.along), len(found.across)) == (2, 4)
    jacobian = fields.field_of(learners, rule).jacobian(np.tile(own, 3))
    whole = np.linalg.eigvals(jacobian)
    kept = np.sort_complex(whole[np.argsort(np.abs(whole))[3:]])
    both = np.sort_complex(np.concatenate([found.along, found.across]))
    np.testing.assert_allclose(both, kept, atol=1e-6)
    # the plane of differences is that of the permutations of three: each of its eigenvalues comes twice
    np.testing.assert_allclose(np.sort_complex(found.across)[::2], np.sort_complex(found.across)[1::2], atol=1e-6)


def test_a_corner_of_the_box_is_stable_because_it_is_pushed_into():
    """At (M, M) the flow's own rate may say otherwise: beyond the corner cooperation would go on growing apart."""
    dilemma, bound = games.prisoners_dilemma(), 2.0
    [change] = theory.symmetric_thresholds(dilemma).corner_thresholds(bound)
    for coupling, pushed in ((change.low - 1e-3, False), (change.high + 1e-3, True)):
        learners = ns.open_source(dilemma, coupling)
        box = theory.transverse_spectrum(learners, [bound], bound=bound)
        assert (box.setting, box.held) == ("box", (0,) if pushed else ())
        if pushed:
            assert len(box.along) == len(box.across) == 0
            assert (box.across_rate, box.verdict) == (-np.inf, "attracts")
            assert box.push == pytest.approx(abs(fields.field_of(learners)([bound, bound])[0]))
        else:
            assert np.isnan(box.push)
            flow = theory.transverse_spectrum(learners, [bound])
            assert box.across_rate == flow.across_rate
    assert (
        theory.transverse_spectrum(ns.open_source(dilemma, 0.9), [bound], bound=bound, margin=0.5).verdict
        == "undecided"
    )
    assert theory.transverse_spectrum(ns.open_source(dilemma, 0.9), [1.0], bound=bound).held == ()


def test_a_softmax_with_one_logit_held_moves_in_the_others():
    random = np.random.default_rng(3)
    row = random.normal(size=(3, 3))
    learners = ns.parametric(games.dense(np.stack([row, row.T])))
    field = fields.field_of(learners)
    own = np.array([0.5, -0.3, 0.1])
    own[int(np.argmax(field(np.tile(own, 2))[:3]))] = 1.0
    direction = field(np.tile(own, 2))[:3]
    assert direction[own == 1.0] > 0
    found = theory.transverse_spectrum(learners, own, bound=1.0)
    free = np.flatnonzero(own != 1.0)
    assert found.held == tuple(np.flatnonzero(own == 1.0))
    jacobian = field.jacobian(np.tile(own, 2))
    mine, theirs = jacobian[np.ix_(free, free)], jacobian[np.ix_(free, free + 3)]
    for ours, wanted in ((found.across, mine - theirs), (found.along, mine + theirs)):
        np.testing.assert_allclose(np.sort_complex(ours), np.sort_complex(np.linalg.eigvals(wanted)), atol=1e-12)


def test_results_say_what_they_are(tmp_path):
    found = theory.transverse_spectrum(ns.open_source(games.prisoners_dilemma(), 0.5), [0.0])
    assert "repels" in repr(found)
    assert '"setting": "flow"' in found.to_json(tmp_path / "found.json")


DILEMMA = games.prisoners_dilemma()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: theory.transverse_spectrum(games.battle_of_the_sexes(), [0.3]), "not exchangeable.*players 1 and 2"),
        (lambda: theory.transverse_spectrum(ns.open_source(games.graph_donation("star:4"), 0.2, graph="star:4"), [0.3]),
         "for graphs a regular one"),
        (lambda: theory.transverse_spectrum(games.dense(np.arange(12.0).reshape(2, 2, 3)), [0.3]), "not exchangeable"),
        (lambda: theory.transverse_spectrum(DILEMMA, [0.3, 0.4]), "not symmetric"),
        (lambda: theory.transverse_spectrum(DILEMMA, [0.3] * 3), "must have 1 numbers"),
        (lambda: theory.transverse_spectrum(DILEMMA, [3.0], bound=2.0), "outside the box"),
        (lambda: theory.transverse_spectrum(DILEMMA, [np.nan]), "finite"),
        (lambda: theory.transverse_spectrum(DILEMMA, [0.0], margin=-1.0), "margin"),
        (lambda: theory.transverse_spectrum(DILEMMA, [0.0], per_player([ns.pg(), ns.lola()])), "not exchangeable"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_input_error(ask, message):
    with pytest.raises(InputError, match=message):
        ask()
