"""Existence of program equilibria: mixtures against dense searches, proofs of quasi-concavity against finer ones."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError, Status
from nashscape.semantics import networked, parametric
from nashscape.theory.programs.double_oracle import bimatrix_equilibrium
from nashscape.theory.programs.existence import existence_report
from nashscape.theory.programs.finding import program_equilibria


@pytest.mark.parametrize("seed", range(12))
def test_one_equilibrium_of_a_bimatrix_game(seed):
    random = np.random.default_rng(seed)
    first, second = random.normal(size=(2, *random.integers(2, 9, size=2)))
    x, y = bimatrix_equilibrium(first, second)
    assert (first @ y).max() - x @ first @ y < 1e-5
    assert (x @ second).max() - x @ second @ y < 1e-5
    np.testing.assert_allclose([x.sum(), y.sum()], 1.0)


def utilities(learners, profiles):
    with jax.enable_x64(True):
        return np.asarray(jax.jit(jax.vmap(learners.utilities))(profiles), np.float64)


def random_learners(seed):
    random = np.random.default_rng([7, seed])
    matrix = random.uniform(-0.6, 1.4, size=(2, 2)) * (1 - np.eye(2))
    return ns.open_source(games.dense(random.normal(size=(2, 2, 2))), matrix)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_no_parameter_gains_more_than_epsilon_against_the_mixtures(seed):
    learners, bound = random_learners(seed), 3.0
    report = existence_report(learners, bound=bound)
    mixed = report.mixed
    assert mixed.epsilon < 1e-5 * learners.game.payoff_range
    t = np.linspace(-bound, bound, 2001)
    for player in (0, 1):
        own, w = mixed.parameters[player], mixed.weights[player]
        other, v = mixed.parameters[1 - player], mixed.weights[1 - player]

        def against(points, player=player, other=other, v=v):
            pairs = np.stack(np.meshgrid(points, other, indexing="ij"), axis=-1).reshape(-1, 2)
            values = utilities(learners, pairs if player == 0 else pairs[:, ::-1])[:, player]
            return values.reshape(len(points), len(other)) @ v

        np.testing.assert_allclose(w.sum(), 1.0)
        assert against(t).max() - w @ against(own) <= mixed.epsilon


@pytest.mark.long
def test_proofs_and_witnesses_of_quasi_concavity_hold():
    verdicts = set()
    for seed in range(14):
        learners, bound = random_learners(seed), 2.0
        report = existence_report(learners, bound=bound)
        t = np.linspace(-bound, bound, 401)
        for i, own in enumerate(report.players):
            verdicts.add(own.verdict)
            lines = np.random.default_rng(seed).uniform(-bound, bound, size=300)
            pairs = np.stack(np.meshgrid(lines, t, indexing="ij"), axis=-1).reshape(-1, 2)
            values = utilities(learners, pairs[:, ::-1] if i == 0 else pairs)[:, i].reshape(300, 401)
            before, after = np.maximum.accumulate(values, 1), np.maximum.accumulate(values[:, ::-1], 1)[:, ::-1]
            valley = (np.minimum(before, after) - values).max()
            if own.verdict == "yes":
                assert valley <= 1e-12
            if own.verdict == "no":
                left, middle, right = utilities(learners, own.witness)[:, i]
                assert middle < min(left, right)
                assert own.witness[0, i] < own.witness[1, i] < own.witness[2, i]
                assert (np.delete(own.witness, i, axis=1) == own.witness[0, 1 - i]).all()
        if report.pure == "yes":
            assert any(one.holds for one in program_equilibria(learners, bound=bound).equilibria)
        assert (report.status is Status.UNDECIDED) == any(own.verdict == "undecided" for own in report.players)
    assert {"yes", "no"} <= verdicts


@pytest.mark.long
def test_three_players_have_no_mixture_and_flat_utilities_stay_open():
    report = existence_report(parametric(games.public_goods(3)), bound=1.0)
    assert report.mixed is None
    assert len(report.players) == 3
    # in matching pennies a player is indifferent where the other mixes evenly: quasi-concave, but not strictly
    report = existence_report(games.matching_pennies(), bound=1.0)
    assert {own.verdict for own in report.players} == {"undecided"}
    assert all(0 < own.open_share < 0.1 for own in report.players)
    assert report.pure == "not by this test"
    assert "ε" in repr(report)


@pytest.mark.long
def test_a_kink_is_no_proof_of_quasi_concavity():
    """`3θ² − .02|θ|` has a valley at zero that a second derivative does not see."""
    learners = parametric(
        games.donation(benefit=3, cost=1), networked((2, 2), lambda own, others: 3.0 * own**2 - 0.02 * jnp.abs(own))
    )
    report = existence_report(learners, bound=1.0)
    assert "yes" not in {own.verdict for own in report.players}


def test_of_several_parameters_valleys_are_found_and_nothing_else_is_claimed():
    """A softmax goes from one good action to another through a bad one."""
    random, verdicts = np.random.default_rng(3), []
    valley = games.dense([[[2.0, 0.0], [2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 1.0], [0.0, 2.0]]])
    for learners in (parametric(valley), ns.open_source(games.dense(random.normal(size=(2, 3, 3))), 0.5)):
        report = existence_report(learners, bound=3.0)
        assert report.mixed is None
        for player, own in enumerate(report.players):
            verdicts.append(own.verdict)
            if own.verdict != "no":
                continue
            left, middle, right = own.witness
            part = learners.semantics.slices[player]
            values = utilities(learners, own.witness)[:, player]
            assert values[1] < min(values[0], values[2])
            assert (np.delete(own.witness, range(part.start, part.stop), axis=1) == np.delete(left, range(part.start,
                    part.stop))).all()  # fmt: skip
            ahead, whole = (middle - left)[part], (right - left)[part]
            share = ahead @ whole / (whole @ whole)
            np.testing.assert_allclose(ahead, share * whole, atol=1e-12)
            assert 0 < share < 1
    assert "no" in verdicts
    assert "yes" not in verdicts
    # of what pays the same whatever is done there is neither a valley nor a proof
    flat = existence_report(parametric(games.dense([np.ones((3, 3)), random.normal(size=(3, 3))])), bound=2.0)
    first = flat.players[0]
    assert (first.verdict, first.witness, first.open_share) == ("undecided", None, 1.0)
    assert (flat.status, flat.pure) == (Status.UNDECIDED, "not by this test")
    with pytest.raises(InputError, match="such as logits"):
        existence_report(parametric(games.stag_hunt(), ns.semantics.simplex((2, 2))))
