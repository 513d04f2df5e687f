"""Sensitivity ratios of players who are not alike: against finite differences, and against what couplings say."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games, theory
from nashscape.semantics import open_source

STEP = 1e-5
LETTERS = "abc"

CASES = {
    "networks, 2 players of 2 and 3 actions": lambda k: ns.semantics.networked(
        (2, 3), ns.semantics.read_all((2, 3), sizes=(2, 4), pooling="each", seed=k), sizes=(2, 4)
    ),
    "networks, 3 players of 3, 2 and 2 actions": lambda k: ns.semantics.networked(
        (3, 2, 2), ns.semantics.read_all((3, 2, 2), sizes=(1, 2, 3), pooling="each", seed=k), sizes=(1, 2, 3)
    ),
    "weights, 2 players of 3 and 2 actions": lambda k: ns.semantics.weight_reading((3, 2), features=1, seed=k),
    "coupled softmaxes": lambda k: ns.semantics.coupled((3, 3), [[0, 0.7], [-0.3, 0]], own=[1.0, 1.5]),
}


@jax.jit
def strategies_at(semantics, theta):
    return semantics.strategies(theta)


def played(semantics):
    """Strategies of `theta` in double precision."""

    def at(theta):
        with jax.enable_x64(True):
            return [np.asarray(own, np.float64) for own in strategies_at(semantics, jnp.asarray(theta, "float64"))]

    return at


def slope(function, theta):
    """`∂f/∂θ`, `[…, d]`, by central differences."""
    shifts = STEP * np.eye(len(theta))
    return np.stack([(function(theta + s) - function(theta - s)) / (2 * STEP) for s in shifts], axis=-1)


def raised(strategy, action, by):
    """The odds of an action against all others times `exp(by)`."""
    new = strategy * np.exp(by * (np.arange(len(strategy)) == action))
    return new / new.sum()


def expected(payoffs, strategies):
    letters = LETTERS[: len(strategies)]
    return np.einsum(f"z{letters},{','.join(letters)}->z", payoffs, *strategies)


@pytest.mark.long
@pytest.mark.parametrize("case", CASES)
def test_all_parts_by_finite_differences_for_unequal_players(case):
    rests = []
    for seed in range(3):
        semantics, random = CASES[case](seed), np.random.default_rng([11, seed])
        shape = [own[0] for own in semantics.strategy_shapes]
        n, parts, at = len(shape), semantics.slices, played(semantics)
        payoffs, target = random.normal(size=(n, *shape)), tuple(int(random.integers(a)) for a in shape)
        theta = random.normal(size=semantics.dimension)
        found = theory.sensitivity_ratio(ns.parametric(games.dense(payoffs), semantics), theta, target)

        def chosen(where, at=at, target=target):
            return np.array([own[a] for own, a in zip(at(where), target, strict=True)])

        pull = slope(lambda where, chosen=chosen: np.log(chosen(where)).sum(), theta)
        odds = slope(lambda where, chosen=chosen: np.log(chosen(where) / (1 - chosen(where))), theta)
        climbs = slope(lambda where, at=at, payoffs=payoffs: expected(payoffs, at(where)), theta)
        here = at(theta)
        for j, part in enumerate(parts):
            for k in range(n):
                assert found.sensitivities[j, k] == pytest.approx(pull[part] @ odds[k, part], rel=1e-6, abs=1e-8)
                ends = [
                    expected(payoffs, [raised(own, target[k], by) if i == k else own for i, own in enumerate(here)])[j]
                    for by in (STEP, -STEP)
                ]
                assert found.stakes[j, k] == pytest.approx((ends[0] - ends[1]) / (2 * STEP), rel=1e-6, abs=1e-8)
            # what the learning of j alone does to the index
            assert found.pulls[j] == pytest.approx(pull[part] @ climbs[j, part], rel=1e-6, abs=1e-8)
        np.testing.assert_allclose(found.probabilities, chosen(theta), rtol=1e-12)
        index = theory.cooperation_index(ns.parametric(games.dense(payoffs), semantics), theta, target)
        assert found.total == pytest.approx(index.total)
        np.testing.assert_allclose(
            found.rests, found.pulls - (found.sensitivities * found.stakes).sum(axis=1), rtol=1e-9, atol=1e-12
        )
        rests.append(found.rests)
        assert (found.alike, bool(found.unlike)) == (None, True)
        assert not found.decides
    assert np.abs(rests).max() > 1e-3  # those with three actions move more than the odds that are asked about


def test_of_coupled_players_it_is_who_reads_whom_at_every_profile_and_decides_by_its_threshold():
    """`z_k = a_k θ_k + Σ_j b_kj θ_j` and two actions: ρ_jk = b_kj/a_j, κ*_jk = −(∂U_j/∂z_j)/(∂U_j/∂z_k), no rest."""
    signs = []
    for seed in range(30):
        random = np.random.default_rng(seed)
        n = 2 + seed % 2
        own, reads = random.uniform(0.5, 2.0, n), random.uniform(-0.2, 1.5, (n, n)) * (1 - np.eye(n))
        # everybody gains by the others' first actions and loses by its own
        payoffs = random.uniform(0, 0.2, size=(n, *(2,) * n))
        for j in range(n):
            for k in range(n):
                worth = -1.0 if j == k else random.uniform(0.5, 2.0)
                payoffs[j] += worth * (np.indices((2,) * n)[k] == 0)
        theta = random.normal(size=n)
        found = theory.sensitivity_ratio(open_source(games.dense(payoffs), reads, own=own), theta)
        p = 1 / (1 + np.exp(-(np.diag(own) + reads) @ theta))
        sides = [np.array([x, 1 - x]) for x in p]

        def gain(j, k, payoffs=payoffs, sides=sides, p=p):
            up, down = (
                expected(payoffs, [np.eye(2)[a] if i == k else one for i, one in enumerate(sides)])[j] for a in (0, 1)
            )
            return p[k] * (1 - p[k]) * (up - down)

        for j in range(n):
            for k in range(n):
                if j != k:
                    assert found.ratios[j, k] == pytest.approx(reads[k, j] / own[j], rel=1e-10)
                    assert found.thresholds[j, k] == pytest.approx(-gain(j, j) / gain(j, k), rel=1e-10)
            moved = gain(j, j) + sum(found.ratios[j, k] * gain(j, k) for k in range(n) if k != j)
            assert found.pulls[j] == pytest.approx(found.sensitivities[j, j] * moved)
        assert np.isnan(np.diagonal(found.ratios)).all()
        assert not found.rests.any()
        if found.decides and n == 2:
            for j, k in ((0, 1), (1, 0)):
                signs.append(found.pulls[j] > 0)
                assert (found.ratios[j, k] > found.thresholds[j, k]) == (found.pulls[j] > 0)
    assert {True, False} == set(signs)


@pytest.mark.long
@pytest.mark.parametrize("at", [None, [[0.5, 0.9, 0.2, 0.7, 0.4], [0.5, 0.9, 0.7, 0.2, 0.4]]])
def test_in_the_iterated_dilemma_it_is_the_coupling_and_its_threshold_that_of_the_index(at):
    """Of alike policies ρ = κ, whatever follows; the index changes its sign where κ does, if it does."""
    ipd = games.iterated_prisoners_dilemma()
    closed = ns.coupling_threshold(ipd, low=-0.9, high=3.0, at=at)
    mixed = np.full((2, 5), 0.5) if at is None else np.array(at)
    for coupling in (0.2, 0.7):
        learners = open_source(ipd, coupling)
        with jax.enable_x64(True):
            strategies = [jnp.stack([own, 1 - own], axis=-1) for own in jnp.asarray(mixed)]
            theta = np.asarray(learners.semantics.parameters(strategies))
        found = theory.sensitivity_ratio(learners, theta)
        assert found.ratio == pytest.approx(coupling)
        assert not found.rests.any()
        assert found.total == pytest.approx(theory.cooperation_index(learners, theta).total)
        [bracket] = closed.brackets
        assert found.threshold == pytest.approx(bracket.middle, abs=1e-8)
        assert (found.margin > 0) == (found.total > 0) == (coupling > bracket.middle)
        assert (found.p, found.target) == (pytest.approx(mixed[0, 0]), "CC")


@pytest.mark.long
def test_policies_that_read_more_than_the_first_state_have_a_rest_and_costs_are_in_it():
    ipd, random = games.iterated_prisoners_dilemma(), np.random.default_rng(8)
    mixed_up = random.normal(size=(10, 10)) / 3 + np.eye(10)

    class Mixed(ns.semantics.Semantics):
        inner = ns.semantics.per_state(5, (2, 2))
        sizes, normalised = (5, 5), True

        def strategies(self, theta):
            return self.inner.strategies(jnp.asarray(mixed_up, theta.dtype) @ theta)

        def parameters(self, strategies):
            return self.inner.parameters(strategies)

    jax.tree_util.register_static(Mixed)
    learners, theta = ns.parametric(ipd, Mixed()), random.normal(size=10)
    found = theory.sensitivity_ratio(learners, theta, "DC")
    assert np.abs(found.rests).min() > 1e-6
    assert found.total == pytest.approx(theory.cooperation_index(learners, theta, "DC").total)
    # choosing whether to read costs; at these parameters the index falls by what is paid
    reading = ns.semantics.imperfect(ns.semantics.coupled((2, 2), 0.6), reads="chosen", cost=2.0)
    paying = ns.parametric(games.donation(), reading)
    found = theory.sensitivity_ratio(paying, [-1.0, 0.5])
    assert found.unlike == "what they pay changes with what they learn"
    assert found.total == pytest.approx(theory.cooperation_index(paying, [-1.0, 0.5, -1.0, 0.5], "CC").total)
    assert found.rests.all()


@pytest.mark.parametrize(
    ("game", "theta", "why"),
    [
        (games.battle_of_the_sexes(), [0.0], "symmetric game"),
        (games.public_goods(), [0.0], "first actions of two players"),
        (games.stag_hunt(), [0.1, 0.2], "not the same parameters"),
        (
            ns.parametric(
                games.stag_hunt(), ns.semantics.networked((2, 2), ns.semantics.read_all((2, 2), (1, 2)), (1, 2))
            ),
            [0, 0, 0],
            r"they have \[1, 2\] parameters",
        ),
        (open_source(games.stag_hunt(), 0.2, own=[1.0, 2.0]), [0.0], "answers to their own parameters differ by 1"),
        (
            open_source(games.stag_hunt(), [[0, 0.2], [0.5, 0]]),
            [0.0],
            "answers to each other's parameters differ by 0.3",
        ),
        (open_source(games.stag_hunt(), 0.2, bias=[0.0, 1.0]), [0.0], "log-odds differ by 1"),
    ],
)
def test_players_who_are_not_alike_have_ratios_by_pair_and_a_reason(game, theta, why):
    found = theory.sensitivity_ratio(game, theta)
    assert found.alike is None
    assert re.search(why, found.unlike)
    assert found.total == pytest.approx(theory.cooperation_index(game, found.theta, (0,) * len(found.players)).total)
