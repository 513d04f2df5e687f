"""Closed forms of coupling in symmetric 2×2 games against automatic differentiation, scans and published values."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games, theory
from nashscape.core import InputError
from nashscape.semantics import open_source
from nashscape.theory.symmetric import KINDS, SymmetricThresholds

GAMES = [SymmetricThresholds(*np.random.default_rng(k).normal(size=4).round(3)) for k in range(200)]


def played(form):
    return games.bimatrix([[form.R, form.S], [form.T, form.P]], [[form.R, form.T], [form.S, form.P]])


@jax.jit
def field(learners, theta):
    """The direction of selfish ascent, and its Jacobian, by automatic differentiation of the utilities."""

    def direction(at):
        return jnp.diagonal(jax.jacrev(learners.utilities)(at))

    return direction(theta), jax.jacfwd(direction)(theta)


def test_drift_and_transverse_rate_are_those_of_the_field_of_200_games():
    with jax.enable_x64(True):
        for k, form in enumerate(GAMES):
            random = np.random.default_rng([1, k])
            coupling, theta = float(random.uniform(-0.9, 2.0)), float(random.normal())
            p = 1 / (1 + np.exp(-(1 + coupling) * theta))
            v, slope = field(open_source(played(form), coupling), jnp.full(2, theta))
            np.testing.assert_allclose(v, form.drift(coupling, p), atol=1e-9, rtol=1e-9)
            antisymmetric = (slope[0, 0] - slope[0, 1] - slope[1, 0] + slope[1, 1]) / 2
            np.testing.assert_allclose(antisymmetric, form.transverse_rate(coupling, p), atol=1e-9, rtol=1e-9)


@pytest.mark.long
def test_the_kind_is_what_a_scan_of_the_diagonal_shows():
    couplings, p = np.linspace(-0.995, 60, 6001), np.linspace(1e-6, 1 - 1e-6, 301)
    kinds = set()
    for form in GAMES:
        gain = form.own_gain(p) + couplings[:, None] * form.others_gain(p)
        below, above = gain[:, 0] < 0, gain[:, -1] > 0
        others = form.others_gain(np.array([0.0, 1.0]))
        kind = form.kind
        kinds.add(kind)
        if kind == "changes sign":
            assert others.min() < 0 < others.max()
        elif kind == "reversed":
            assert (np.diff(gain, axis=0) <= 0).all()
        else:
            assert (np.diff(gain, axis=0) >= 0).all()
            assert (below & above).any() == (kind == "two attractors" and _within(form, couplings))
            assert (~below & ~above).any() == (kind == "stable mixture" and _within(form, couplings))
            assert kind != "none" or (gain > -1e-9).all()
    assert kinds == {"changes sign", "reversed", "stable mixture", "two attractors", "none"}


def _within(form, couplings):
    """Whether one of the scanned couplings lies between the thresholds."""
    low, high = sorted((form.defection, form.cooperation))
    return bool(((couplings > low + 1e-4) & (couplings < high - 1e-4)).any())


def test_thresholds_are_where_the_drift_changes_sign():
    for form in GAMES:
        for p, found in ((0.0, form.defection), (1.0, form.cooperation), (0.5, form.half)):
            if found is None:
                assert form.others_gain(p) == 0
                continue
            shift = 1e-9 * (1 + abs(found))
            sides = [form.own_gain(p) + k * form.others_gain(p) for k in (found - shift, found + shift)]
            assert np.sign(sides[1]) == -np.sign(sides[0]) == np.sign(form.others_gain(p))
        assert form.at(0.3) == pytest.approx(-form.own_gain(0.3) / form.others_gain(0.3))


def test_the_mixture_is_where_the_drift_is_zero():
    found = 0
    for form in GAMES:
        for coupling in np.linspace(-0.8, 3.0, 9):
            p, ends = form.mixture(coupling), [form.own_gain(x) + coupling * form.others_gain(x) for x in (0.0, 1.0)]
            assert (p is not None) == (ends[0] * ends[1] < 0)
            if p is not None:
                found += 1
                assert form.drift(coupling, p) == pytest.approx(0.0, abs=1e-12)
    assert found > 100


def test_published_and_derived_values():
    dilemma = theory.symmetric_thresholds(games.prisoners_dilemma())
    assert (dilemma.defection, dilemma.cooperation) == (0.25, pytest.approx(2 / 3))
    assert dilemma.global_threshold == pytest.approx(np.sqrt(2 / 3))
    [change] = dilemma.leaving_the_diagonal()
    assert change.width < 1e-13
    assert change.rises
    assert round(change.middle, 5) == 0.41861
    assert round(dilemma.mixture(change.middle), 5) == 0.47543
    for bound, wanted in ((1, 0.5766), (2, 0.6470), (8, 0.66667)):
        [change] = dilemma.corner_thresholds(bound)
        assert change.middle == pytest.approx(wanted, abs=1e-4)
        assert change.width < 1e-12
        assert change.rises
    hunt = theory.symmetric_thresholds(open_source(games.stag_hunt(), 0.3))
    assert (hunt.kind, hunt.cooperation, hunt.defection) == ("two attractors", -0.25, 2.0)
    assert hunt.mixture(0.0) == pytest.approx(2 / 3)
    assert hunt.mixture(1.999999) == pytest.approx(0.0, abs=1e-6)
    # its p° is on the border of the basins while it attracts across the diagonal, which ends at κ = 1
    [change] = hunt.leaving_the_diagonal()
    assert change.rises
    assert change.middle == pytest.approx(1.0)
    donation = theory.symmetric_thresholds(games.donation(benefit=3, cost=1))
    assert donation.kind == "one switch"
    assert donation.defection == donation.cooperation == donation.half == pytest.approx(1 / 3)
    assert donation.global_threshold == pytest.approx(np.sqrt(1 / 3))
    assert donation.mixture(0.5) is None


def test_degenerate_games_are_named():
    assert SymmetricThresholds(R=1, S=0, T=0, P=0).defection is None  # T = P
    assert SymmetricThresholds(R=0, S=0, T=1, P=0).cooperation is None  # R = S
    assert SymmetricThresholds(R=1, S=1, T=0, P=0).kind == "none"  # B = 0: coupling does nothing
    assert SymmetricThresholds(R=0, S=1, T=0, P=1).kind == "reversed"
    assert SymmetricThresholds(R=3, S=0, T=1, P=2).kind == "changes sign"
    assert SymmetricThresholds(R=3, S=0, T=1, P=2).global_threshold is None
    # taking turns pays more than cooperating: 2R < S + T
    assert SymmetricThresholds(R=3, S=0, T=7, P=1).global_threshold is None
    assert SymmetricThresholds(R=3, S=0, T=6, P=1).global_threshold is not None
    for form in GAMES:
        assert form.kind in KINDS


@pytest.mark.long
def test_above_the_global_threshold_every_start_cooperates_and_below_it_not():
    random, checked = np.random.default_rng(3), 0
    while checked < 3:
        S, P, R, T = np.sort(random.uniform(-1.0, 3.0, 4)).round(2)
        form = SymmetricThresholds(R, S, T, P)
        found = form.global_threshold
        if found is None or not 0.3 < found < 0.9:
            continue
        checked += 1
        for coupling, all_of_them in ((found + 0.05, True), (0.7 * found, False)):
            learners = open_source(played(form), coupling)
            entry = ns.entry_probability(
                learners, ns.pg(), n=128, starts=ns.starts.normal(std=1.5), targets=["AA"], steps=8000, step_size=1.0,
                projection=ns.unbounded(),
            )  # fmt: skip
            assert (entry.outcomes() == {"AA": 128}) == all_of_them, (form, found, coupling)


@pytest.mark.parametrize(
    ("game", "message"),
    [
        (games.battle_of_the_sexes(), "need a symmetric game.*any family"),
        (games.rock_paper_scissors(), "two players with two actions"),
        (games.public_goods(), "two players with two actions"),
    ],
)
def test_other_games_are_refused(game, message):
    with pytest.raises(InputError, match=message):
        theory.symmetric_thresholds(game)


def test_degenerate_denominators_are_named():
    assert SymmetricThresholds(3, 0, 5, 1).degenerate == ()
    named = SymmetricThresholds(R=2.0, S=2.0, T=1.0, P=1.0).degenerate
    assert [name.split(":")[0] for name in named] == ["κ_D", "κ_C", "κ_½", "p°"]
    form = SymmetricThresholds(R=2.0, S=2.0, T=1.0, P=1.0)
    assert (form.defection, form.cooperation, form.half, form.mixture(0.3)) == (None, None, None, None)


@pytest.mark.long
def test_all_changes_of_the_transverse_sign_are_found_with_their_direction():
    for form in GAMES:
        ends = sorted(k for k in (form.defection, form.cooperation) if k is not None)
        if form.kind not in ("stable mixture", "two attractors", "reversed") or form.c == 0 or len(ends) < 2:
            continue
        couplings = np.linspace(max(ends[0], -1.0), ends[1], 4003)[1:-1]
        couplings = np.array([k for k in couplings.tolist() if form.mixture(k) is not None])
        rates = np.array([form.transverse_rate(k, form.mixture(k)) for k in couplings.tolist()])
        changes = np.flatnonzero((rates[1:] > 0) != (rates[:-1] > 0))
        found = form.leaving_the_diagonal()
        assert [one.rises for one in found] == [bool(rates[k + 1] > 0) for k in changes], form
        for one, k in zip(found, changes, strict=True):
            assert couplings[k] - 1e-9 <= one.middle <= couplings[k + 1] + 1e-9
    # a game whose mixture attracts across the diagonal above its threshold, not below
    [change] = SymmetricThresholds(3, 2, 2.5, 0).leaving_the_diagonal()
    assert not change.rises
    twice = SymmetricThresholds(1.56442, 0.57080, 4.71390, 0.49587).leaving_the_diagonal()
    np.testing.assert_allclose([one.middle for one in twice[:2]], [0.0196, 0.433], atol=1e-3)


@pytest.mark.long
def test_all_corner_thresholds_are_found_and_none_is_made_by_rounding():
    changes = SymmetricThresholds(4, 0, 2, 2).corner_thresholds(0.5, "D")
    np.testing.assert_allclose([one.middle for one in changes], [0.629, 2.733], atol=1e-3)
    changes = SymmetricThresholds(4, 0, 2.02, 2).corner_thresholds(0.5, "D")
    np.testing.assert_allclose([one.middle for one in changes], [0.624, 2.874, 100.0], atol=1e-3)
    assert SymmetricThresholds(1, 0, 0, 0).corner_thresholds(1.0, "D") == ()
    for form in GAMES[:60]:
        for bound, corner, sign in ((0.7, "C", 1.0), (3.0, "D", -1.0)):
            couplings = np.geomspace(1e-3, 60.0, 4001) - 1
            p = 1 / (1 + np.exp(-sign * (1 + couplings) * bound))
            gains = form.own_gain(p) + couplings * form.others_gain(p)
            changes = np.flatnonzero((gains[1:] > 0) != (gains[:-1] > 0))
            found = [one for one in form.corner_thresholds(bound, corner) if couplings[0] < one.middle < couplings[-1]]
            assert len(found) == len(changes), (form, bound, corner)
            for one, k in zip(found, changes, strict=True):
                assert couplings[k] - 1e-9 <= one.middle <= couplings[k + 1] + 1e-9


def test_at_the_global_threshold_itself_some_starts_do_not_cooperate():
    """Donation, κ² = c/b: `A + κ² B` vanishes, and so does the change of p_1 − p_2."""
    learners = open_source(games.donation(benefit=3, cost=1), np.sqrt(1 / 3))
    start = np.linalg.solve([[1, np.sqrt(1 / 3)], [np.sqrt(1 / 3), 1]], [1.0, -1.0])
    run = ns.simulate(
        learners, ns.pg(), ns.starts.parameters([start]), steps=40_000, step_size=0.05, projection=ns.unbounded()
    )
    apart = run.strategies[0][:, 0] - run.strategies[1][:, 0]
    np.testing.assert_allclose(apart, apart[0], atol=5e-3)
    assert run.strategies[1][-1, 0] < 0.6
