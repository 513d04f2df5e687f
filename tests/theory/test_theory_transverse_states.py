"""Symmetric profiles of players who see states, or actions, by other numbers, and couplings at which they part."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.learning.fields import field_of
from nashscape.theory.likeness import likeness
from nashscape.theory.symmetric import SymmetricThresholds

IPD = games.iterated_prisoners_dilemma()
SWAP = np.eye(5)[[0, 1, 3, 2, 4]]
EXCHANGE = np.block([[np.zeros((5, 5)), SWAP], [SWAP, np.zeros((5, 5))]])


@pytest.mark.long
@pytest.mark.parametrize("coupling", [0.0, 0.4, 1.3])
@pytest.mark.parametrize("rule", [ns.pg(), ns.lola()], ids=["pg", "lola"])
def test_eigenvalues_across_are_those_of_modes_that_an_exchange_of_players_reverses(coupling, rule):
    learners = ns.open_source(IPD, coupling) if coupling else ns.parametric(IPD)
    random = np.random.default_rng(3)
    field, own = field_of(learners, rule), random.normal(size=5)
    anywhere = random.normal(size=10)
    np.testing.assert_allclose(field(EXCHANGE @ anywhere), EXCHANGE @ field(anywhere), atol=1e-9)
    whole = np.concatenate([own, SWAP @ own])
    # by differences, without the library's derivatives
    h = 1e-5
    columns = [(field(whole + h * e) - field(whole - h * e)) / (2 * h) for e in np.eye(10)]
    jacobian = np.stack(columns, axis=1)
    np.testing.assert_allclose(jacobian @ EXCHANGE, EXCHANGE @ jacobian, atol=1e-7)
    halves = {}
    for sign in (1.0, -1.0):
        basis = np.linalg.svd(np.eye(10) + sign * EXCHANGE)[0][:, :5]
        halves[sign] = np.linalg.eigvals(basis.T @ jacobian @ basis)
    found = ns.theory.transverse_spectrum(learners, own, rule)
    for name, sign in (("along", 1.0), ("across", -1.0)):
        wanted = np.sort_complex(halves[sign].round(7))
        np.testing.assert_allclose(np.sort_complex(getattr(found, name).round(7)), wanted, atol=2e-6)
    again = ns.theory.transverse_spectrum(learners, whole, rule)
    np.testing.assert_allclose(again.across, found.across, atol=1e-12)
    with pytest.raises(InputError, match="not symmetric"):
        ns.theory.transverse_spectrum(learners, np.concatenate([own, own]), rule)


@pytest.mark.long
def test_two_who_nearly_do_alike_part_as_fast_as_the_rate_says():
    learners = ns.open_source(IPD, 0.2)
    own = np.zeros(5)
    found = ns.theory.transverse_spectrum(learners, own)
    jacobian = field_of(learners).jacobian(np.zeros(10))
    values, vectors = np.linalg.eig(jacobian)
    odd = [k for k in range(10) if np.allclose(EXCHANGE @ vectors[:, k], -vectors[:, k], atol=1e-8)]
    fastest = max(odd, key=lambda k: values[k].real)
    assert values[fastest].real == pytest.approx(found.across_rate, abs=1e-9)
    apart = 1e-6 * vectors[:, fastest].real
    run = ns.simulate(
        learners, ns.pg(), ns.starts.parameters(apart[None]), steps=10, step_size=0.001, precision="float64"
    )
    gap = np.linalg.norm(run.theta[:, :5] - run.theta[:, 5:] @ SWAP.T, axis=1)
    # at once: the profile itself moves on, and the rate with it
    assert np.log(gap[10] / gap[0]) / 0.01 == pytest.approx(found.across_rate, rel=0.02)


@pytest.mark.parametrize("form", [None, "softmax"])
def test_aligned_actions_stand_for_each_other(form):
    """Who calls the actions by the other names does alike by the other action."""
    game = games.bimatrix([[3, 0], [5, 1]], [[5, 1], [3, 0]])  # the second player's actions in reverse
    learners = ns.open_source(game, 0.3, alignment=[[0, 1], [1, 0]], form=form)
    plain = ns.open_source(games.bimatrix([[0, 3], [1, 5]], [[1, 5], [0, 3]]), 0.3, form=form)
    assert likeness(plain)[1].tolist() == np.eye(len(plain.semantics.slices) if form else 1).tolist()
    turned = likeness(learners)[1]
    assert turned.tolist() == ([[-1.0]] if form is None else [[0.0, 1.0], [1.0, 0.0]])
    x = np.array([0.4]) if form is None else np.array([0.4, -0.1])
    one, two = learners.strategies(jnp.concatenate([x, turned @ x]))
    np.testing.assert_allclose(one, two[::-1], atol=1e-6)


@pytest.mark.parametrize("p", [0.2, 0.35, 0.7])
def test_crossings_are_those_of_the_closed_form(p):
    dilemma = games.prisoners_dilemma()
    form = SymmetricThresholds(3.0, 0.0, 5.0, 1.0)
    found = ns.theory.transverse_threshold(dilemma, at=[p, p], high=3.0, samples=31)
    np.testing.assert_allclose(found.index, [form.transverse_rate(k, p) for k in found.values], atol=1e-10)
    scan = np.linspace(0.0, 3.0, 2990)  # not at one itself
    signs = np.sign([form.transverse_rate(k, p) for k in scan])
    wanted = [
        brentq(lambda k: form.transverse_rate(k, p), scan[i], scan[i + 1])
        for i in np.flatnonzero(signs[1:] * signs[:-1] < 0)
    ]
    assert [one.middle for one in found.brackets] == pytest.approx(wanted or [], abs=1e-8)
    # the widest bracket, and what rounding leaves open
    assert all(one.width <= 1e-8 for one in found.brackets)
    assert "transverse rate in prisoners_dilemma over coupling" in repr(found)
    assert found.plot().axes[0].get_ylabel() == "transverse rate per unit of time"


@pytest.mark.parametrize("name", ["prisoners_dilemma", "stag_hunt", "chicken"])
def test_a_rate_that_touches_zero_changes_no_sign(name):
    """At even strategies of symmetric games it is −c (1 − κ)²/16."""
    found = ns.theory.transverse_threshold(games.by_name(name), samples=33)
    game = games.by_name(name).payoffs[0]
    c = game[0, 0] - game[0, 1] - game[1, 0] + game[1, 1]
    np.testing.assert_allclose(found.index, -c * (1 - found.values) ** 2 / 16, atol=1e-12)
    assert found.brackets == ()


@pytest.mark.long
@pytest.mark.parametrize(
    "game", [games.donation(benefit=3, cost=1), games.rock_paper_scissors()], ids=["zero", "turns"]
)
def test_a_rate_that_is_zero_throughout_has_no_threshold(game):
    found = ns.theory.transverse_threshold(game, samples=17)
    np.testing.assert_allclose(found.index, 0.0, atol=1e-12)
    assert found.brackets == ()
    assert "counts as zero within 1e-10" in found.promise


@pytest.mark.long
def test_imperfect_readers_do_alike_as_perfect_ones():
    learners = ns.open_source(IPD, 0.4)
    noisy = ns.parametric(IPD, ns.semantics.imperfect(learners.semantics, noise=0.3))
    np.testing.assert_array_equal(likeness(noisy), likeness(learners))
    assert len(ns.theory.transverse_spectrum(noisy, np.zeros(5)).across) == 5


@pytest.mark.long
def test_players_of_the_iterated_dilemma_part_at_every_coupling_but_one():
    found = ns.theory.transverse_threshold(IPD, high=1.2, samples=13)
    one = 1.0 - found.values
    np.testing.assert_allclose(found.index[:11], found.index[0] * one[:11] ** 2, atol=1e-12)
    # above one another mode grows fastest
    assert found.index[0] == pytest.approx(0.13566, abs=1e-5)
    assert found.index[-1] == pytest.approx(0.0752, abs=1e-4)
    assert (found.index[np.abs(one) > 1e-9] > 1e-4).all()
    assert found.brackets == ()


def three(**options):
    """Three whose second player reads nobody, in a game in which nothing is gained."""
    nothing = games.dense(np.zeros((3, 2, 2, 2)))
    return ns.open_source(nothing, [[0, 0.5, 0.5], [0, 0, 0], [0.5, 0.5, 0]], **options)


def test_below_minus_one_it_is_the_closed_form_again():
    dilemma, form = games.prisoners_dilemma(), SymmetricThresholds(3.0, 0.0, 5.0, 1.0)
    found = ns.theory.transverse_threshold(dilemma, at=[0.3, 0.3], low=-1.77, high=0.25, samples=9)
    np.testing.assert_allclose(found.index, [form.transverse_rate(k, 0.3) for k in found.values], atol=1e-10)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: ns.theory.transverse_threshold(games.battle_of_the_sexes()), "not exchangeable"),
        (
            lambda: ns.theory.transverse_threshold(games.stag_hunt(), at=[0.3, 0.4]),
            r"player 2 would play \[0.3, 0.7\], not",
        ),
        (lambda: ns.theory.transverse_threshold(IPD, at=[[0.5, 0.5, 0.9, 0.1, 0.5]] * 2), "player 2 would play"),
        (
            # whoever does alike is even there, whatever the parameters: at the fourth of nine values alone
            lambda: ns.theory.transverse_threshold(games.stag_hunt(), at=[0.3, 0.3], low=-1.75, high=0.25, samples=9),
            r"at coupling -1, .* player 1 would play \[0.5, 0.5\], not \[0.3, 0.7\]; .*another range",
        ),
        (
            # they do alike as long as nobody reads
            lambda: ns.theory.transverse_threshold(three(bias=0.0), at=[0.3] * 3, high=1.0, samples=3),
            "player 2 would play",
        ),
        (lambda: ns.theory.transverse_threshold(games.stag_hunt(), low=1.0, high=0.5), "low < high"),
        (
            lambda: ns.theory.transverse_threshold(games.stag_hunt(), dial="peer"),
            "players who read each other; give open_so",
        ),
        (lambda: ns.theory.transverse_threshold(games.stag_hunt(), at=[1.0, 1.0]), "between|interior|pure"),
    ],
)
def test_what_has_no_such_threshold_is_refused(asked, said):
    with pytest.raises(InputError, match=said):
        asked()


@pytest.mark.long
def test_states_that_are_seen_the_other_way_round_are_read_so():
    at = [[0.5, 0.8, 0.3, 0.6, 0.2], [0.5, 0.8, 0.6, 0.3, 0.2]]
    found = ns.theory.transverse_threshold(IPD, at=at, high=0.4, samples=3)
    learners = ns.open_source(IPD, 0.4)
    logits = np.log(np.array(at[0])) - np.log1p(-np.array(at[0]))
    with jax.enable_x64(True):
        alone = ns.theory.transverse_spectrum(learners, logits / 1.4)
    assert found.index[-1] == pytest.approx(alone.across_rate, abs=1e-9)
