"""Labels say where runs are going: cases in which standing near a target, or hardly moving, tells nothing of that."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

import nashscape as ns
from nashscape.core import PASSING, WITHIN, Outcome, is_complete, target_code
from nashscape.dynamics import Settling, as_target, label_starts, make_setup, starts
from nashscape.dynamics.endings import accounts
from nashscape.dynamics.endings.accounts import asked_once, moment_of
from nashscape.dynamics.endings.continuing import continued
from nashscape.dynamics.endings.hurried_paths import begun
from nashscape.dynamics.endings.memories import radii
from nashscape.dynamics.endings.path_steps import growth, small_step
from nashscape.dynamics.endings.programs import looks_for
from nashscape.dynamics.endings.recurrences import clock_of
from nashscape.dynamics.endings.resting_places import resting_places
from nashscape.learning.schedules import as_schedule
from nashscape.theory import symmetric_thresholds

CORNERS = ["HH", "HT", "TH", "TT"]


def ends(game, rule, source, n, **options):
    return ns.entry_probability(game, rule, starts=source, n=n, **options)


def held_up(name):
    """An outcome that claims nothing."""
    return name.startswith("passing ") or name in ("out of budget", "slow", "cycling")


def test_runs_that_circle_reach_no_corner():
    found = ends(ns.games.matching_pennies(), ns.pg(), starts.normal(std=1.35), 200, targets=CORNERS, steps=260,
                 step_size=1.0)  # fmt: skip
    assert all(map(held_up, found.outcomes()))
    assert sum(found.outcomes().get(f"passing {name}", 0) for name in CORNERS) > 100
    assert found.probability("HH").high < 0.03 < found.at_step("HH").value
    assert found.status is ns.Status.UNRESOLVED


def test_what_leaves_cooperation_has_not_reached_it():
    found = ends(ns.games.prisoners_dilemma(), ns.pg(), starts.normal(std=3), 400, targets=["CC", "DD"], steps=140)
    assert found.at_step("CC").value > 0 == found.probability("CC").value
    assert found.outcomes()["passing CC"] == (found.held == 0).sum()
    assert found.outcomes()["DD"] > 250


@pytest.mark.parametrize(("scale", "precision"), [(1.0, "float32"), (1.0, "float64"), (1e-6, "float32")])
def test_slow_passages_along_a_side_are_no_rest(scale, precision):
    # R=3, S=0, T=3.2, P=1: from here everything ends in DD, 10⁶ updates later
    game = ns.games.symmetric_2x2(3, 0, 3.2, 1).affine(scale)
    found = ends(game, ns.pg(), starts.uniform(7, 8), 64, targets=["CC", "DD"], steps=260, precision=precision)
    assert found.outcomes() == {"passing CC": 64}
    unlisted = ends(game, ns.pg(), starts.uniform(7, 8), 64, targets=["DD"], steps=260, precision=precision)
    assert unlisted.outcomes() == {"slow": 64}


def test_a_corner_that_is_left_for_another_is_not_at_rest():
    # DD is the only equilibrium of R=3, S=0, T=3.02, P=1
    run = ns.simulate(ns.games.symmetric_2x2(3, 0, 3.02, 1), ns.pg(), [0.99, 0.99], targets=["DD"], steps=260)
    assert run.outcome == "slow"


@pytest.mark.long
def test_a_huge_loss_does_not_hide_who_profits():
    # Chicken with one payoff of −1000: nobody rests at CC or DD, whatever the speed
    game = ns.games.dense([[[3, 1], [4, -1000]], [[3, 4], [1, -1000]]], actions=[["C", "D"]] * 2)
    found = ends(game, ns.pg(), starts.normal(std=1.35), 300, targets=["CC", "DD"], steps=260, step_size=0.01)
    rests = found.outcomes().get("other equilibrium", 0) + found.outcomes().get("stationary unknown", 0)
    assert rests <= 30
    assert found.probability("CC").value == found.probability("DD").value == 0
    away = ends(game, ns.pg(), starts.normal(std=1.35), 300, targets=["CD", "DC"], steps=4000, step_size=0.05)
    assert away.probability("CD").value + away.probability("DC").value > 0.6
    assert all(name in ("CD", "DC") or held_up(name) for name in away.outcomes())


@pytest.mark.long
def test_shapleys_game_never_rests():
    game = ns.games.dense([np.eye(3), np.roll(np.eye(3), 1, axis=1)])
    found = ns.dynamics.replicator(game, [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]], time=400.0)
    assert held_up(found.outcome)


@pytest.mark.long
@pytest.mark.parametrize(
    "schedule", [ns.schedules.power(0.9, offset=1, exponent=2), ns.schedules.two_phase(0.5, warm_up=1, exponent=5)]
)
def test_faded_step_sizes_are_no_rest(schedule):
    found = ends(ns.games.stag_hunt(), ns.pg(), starts.normal(std=1.35), 128, targets=["CC", "DD"], steps=400,
                 step_size=schedule)  # fmt: skip
    assert found.outcomes().get("other equilibrium", 0) + found.outcomes().get("stationary unknown", 0) == 0
    assert found.outcomes()["slow"] > 60
    [note] = found.notes
    assert note.startswith("the schedule ends here: all step sizes after 400 updates sum to ")
    assert float(note.split("sum to ")[1].split(",")[0]) == pytest.approx(schedule.sum_from(400), rel=1e-2)


def test_a_mixture_in_the_region_of_a_corner_is_told_from_it():
    # T=5, κ=.3: DD does not attract; p° = .154 does
    learners = ns.open_source(ns.games.prisoners_dilemma(), 0.3)
    found = ends(learners, ns.pg(), starts.normal(std=1.35), 100, targets=["CC", "DD"], steps=2000)
    assert found.outcomes() == {"rest within DD": 100}
    assert found.probability("DD").value == 0
    assert found.at_step("DD").value == 1
    [place] = found.rests
    inner = symmetric_thresholds(ns.games.prisoners_dilemma())
    p = brentq(lambda p: inner.own_gain(p) + 0.3 * inner.others_gain(p), 0.01, 0.5)
    assert (place.outcome, place.runs) == ("rest within DD", 100)
    np.testing.assert_allclose(place.strategies, [[p, 1 - p]] * 2, atol=1e-3)
    assert place.spread < 1e-2


@pytest.mark.long
def test_a_focus_that_is_approached_slowly_is_no_cycle():
    found = ends(ns.games.matching_pennies(), ns.lookahead(), starts.normal(std=1.0), 64, targets=["HH"],
                 steps=4000, step_size=0.2)  # fmt: skip
    assert found.outcomes().get("cycling", 0) == 0
    assert found.outcomes()["other equilibrium"] > 40


def test_saddles_are_never_rest():
    # the mixed equilibrium of Stag Hunt, at log-odds ln 2
    saddle = np.full((40, 2), np.log(2.0)) + np.logspace(-14, -2, 40)[:, None] * np.array([1.0, 1.0])
    for precision in ("float32", "float64"):
        found = ends(ns.games.stag_hunt(), ns.pg(), starts.parameters(saddle), 40, targets=["CC", "DD"], steps=140,
                     precision=precision)  # fmt: skip
        assert "other equilibrium" not in found.outcomes()
        assert found.outcomes()["slow"] > 20


def test_the_clock_decides_not_the_number_of_updates():
    # payoffs × s with steps / s are the same run, and have the same labels
    game = ns.games.stag_hunt()
    labels = [
        ends(game.affine(scale), ns.pg(), starts.normal(std=1.35), 64, targets=["CC", "DD"], steps=30,
             step_size=0.5 / scale, precision="float64").labels
        for scale in (1.0, 2.0**-20, 2.0**20)
    ]  # fmt: skip
    np.testing.assert_array_equal(labels[0], labels[1])
    np.testing.assert_array_equal(labels[0], labels[2])
    assert len(np.unique(labels[0])) > 2


def test_published_protocols_count_where_runs_stand():
    entry = ends(ns.games.prisoners_dilemma(), ns.pg(), starts.normal(std=3), 100, targets=["CC", "DD"], steps=140,
                 settling=Settling(follow=False))  # fmt: skip
    assert not is_complete(entry.labels).any()
    np.testing.assert_array_equal(entry.labels == target_code(0) + PASSING, entry.held == 0)
    assert (entry.held == 0).any()


@pytest.mark.long
@pytest.mark.parametrize("games", [[ns.games.random_game((2, 2, 2), seed=k) for k in (6, 7)],
                                   [ns.games.random_game((2, 3), seed=k) for k in range(2)]])  # fmt: skip
def test_complete_labels_hold_in_random_games(games):
    for game in games:
        goals = [as_target(game, (0,) * game.n_players), as_target(game, (1,) * game.n_players)]
        setup = make_setup(game, ns.pg(), target=goals[0])
        made, endings, _ = label_starts(
            setup, starts.normal(std=1.35), np.arange(64), goals, steps=400, settling=Settling()
        )
        complete = np.flatnonzero(is_complete(made.codes))
        assert len(complete) > 10
        for run in complete[:12]:
            path = followed_by_scipy(game, endings.theta[run])
            inside = made.held[run]
            if inside >= 0:
                profile = goals[inside].profile
                assert all((own[:, action] >= 0.82).all() for own, action in zip(path, profile, strict=True))
            else:
                assert all(np.abs(own - own[0]).max() < 0.2 for own in path)


def followed_by_scipy(game, theta, horizon=2000.0):
    """Strategies along policy gradient's flow from logits, written out in NumPy."""
    sizes = [1 if a == 2 else a for a in game.shape]
    cuts = np.cumsum(sizes)[:-1]

    def played(flat):
        found = []
        for own in np.split(np.clip(flat, -8, 8), cuts):
            logits = np.array([own[0], 0.0]) if len(own) == 1 else own
            weights = np.exp(logits - logits.max())
            found.append(weights / weights.sum())
        return found

    def field(_, flat):
        mixed, moved = played(flat), []
        for i, size in enumerate(sizes):
            values = np.moveaxis(game.payoffs[i], i, 0)
            for own in [mixed[j] for j in range(len(mixed)) if j != i]:
                values = np.tensordot(values, own, axes=([1], [0]))
            push = mixed[i] * (values - mixed[i] @ values)
            moved.append(push[:1] if size == 1 else push)
        direction = np.concatenate(moved)
        return np.where(((flat >= 8) & (direction > 0)) | ((flat <= -8) & (direction < 0)), 0.0, direction)

    found = solve_ivp(field, (0.0, horizon), theta.astype(float), method="RK45", rtol=1e-5, atol=1e-7)
    path = [played(flat) for flat in found.y.T]
    return [np.array([one[i] for one in path]) for i in range(len(sizes))]


class TestParts:
    def test_places_of_rest_are_told_apart(self):
        places = np.array([[0.1, 0.9], [0.5, 0.5], [0.11, 0.89], [0.1, 0.9], [np.nan, np.nan], [0.7, 0.3]])
        within = target_code(0) + WITHIN
        codes = np.array([within, within, within, Outcome.OTHER_EQUILIBRIUM, within, target_code(0)], np.int8)
        found = resting_places(codes, places, ["A"], [(2,)])
        assert [(one.outcome, one.runs) for one in found] == [
            ("other equilibrium", 1), ("rest within A", 2), ("rest within A", 1)
        ]  # fmt: skip
        np.testing.assert_allclose(found[1].strategies[0], [0.105, 0.895])
        assert found[1].spread == pytest.approx(0.005)
        assert str(found[2]) == "rest within A at 0.5 0.5: 1 run"
        # one player alike and the other not are two places
        pairs = np.array([[0.1, 0.9, 0.2, 0.8], [0.1, 0.9, 0.7, 0.3]])
        apart = resting_places(np.array([within, within], np.int8), pairs, ["A"], [(2,), (2,)])
        assert [one.runs for one in apart] == [1, 1]

    def test_halves_are_of_the_clock_and_not_of_its_updates(self):
        # steps 1/(1 + t): half of the clock ln(1 + T) is over after √(1 + T) updates, three quarters after (1 + T)^¾
        fading = as_schedule(ns.schedules.power(1.0, offset=1, exponent=1), "step_size")
        found = clock_of(fading, 2000)
        sums = np.cumsum(1.0 / (1.0 + np.arange(2000)))
        for share, update in ((0.5, found.half), (0.75, found.quarter)):
            assert sums[update] == pytest.approx(share * sums[-1], rel=0.05)
        assert found.half < 100
        constant = clock_of(as_schedule(0.1, "step_size"), 2000)
        assert (constant.half, constant.quarter) == (pytest.approx(1000, abs=2), pytest.approx(1500, abs=2))

    def test_small_steps_are_solutions(self):
        generator = np.random.default_rng(0)
        for d in (1, 2):
            pull, jacobian = generator.normal(size=(d, 50)), generator.normal(size=(d, d, 50))
            pace = generator.uniform(0.5, 2.0, 50)
            took, change = small_step(np, pull, jacobian, pace)
            assert (took <= 0.5 / pace + 1e-15).all()
            for k in range(50):
                matrix = np.eye(d) - took[k] * jacobian[..., k]
                np.testing.assert_allclose(matrix @ change[:, k], took[k] * pull[:, k], atol=1e-10)
                largest = np.linalg.eigvals(jacobian[..., k]).real.max()
                assert took[k] * largest <= 0.5 + 1e-9

    def test_growth_and_radii(self):
        turn = np.array([[[0.1, -2.0], [2.0, 0.1]], [[np.nan, 0.0], [0.0, 1.0]]])
        np.testing.assert_allclose(growth(turn), [0.1, np.inf])
        matrices = np.random.default_rng(1).normal(size=(200, 3, 3)) - 2.0 * np.eye(3)
        rates, enough = growth(matrices), np.linspace(-3.0, 4.0, 200)
        bounds = growth(matrices, enough)
        assert (bounds >= rates - 1e-12).all()
        assert (bounds[bounds != rates] <= enough[bounds != rates]).all()
        assert 20 < (bounds != rates).sum() < 180
        np.testing.assert_allclose(radii(np.eye(2) + 0.5 * turn), [np.hypot(1.05, 1.0), np.inf])

    def test_orbits_agree_with_scipy(self):
        game = ns.games.random_game((2, 3), seed=4)
        setup = make_setup(game, ns.pg())
        theta = np.array([[0.4, -0.2, 0.1, 0.3], [2.0, 1.0, -1.0, 0.0]])
        bounds = np.full((2, 5), -np.inf), np.full((2, 5), np.inf)
        looks = looks_for(asked_once(setup, moment_of(setup, 10)), np.zeros(2, int), begun(theta, *bounds))

        def kept(at, change):
            return np.clip(at + change, -8, 8)

        for horizon in (3.0, 1000.0):
            found = continued(
                looks, theta, *bounds, lambda at, change: np.clip(at + change, -8, 8), np.full(2, horizon)
            )
            assert found.finished.all()
            for k in range(2):
                theirs = followed_by_scipy(game, theta[k], horizon)
                ours = [np.asarray(own) for own in setup.game.strategies(found.path.theta[:, k])]
                for mine, other in zip(ours, theirs, strict=True):
                    np.testing.assert_allclose(mine, other[-1], atol=0.02)


@pytest.mark.long
def test_audits_find_what_changes_and_what_holds():
    hunt = ns.audit_labels(ns.games.stag_hunt(), ns.pg(), n=60, sample=8)
    assert hunt.names == ("CC", "DD")
    assert hunt.looked_at.tolist() == [8, 8]
    assert hunt.changed.tolist() == [0, 0]
    assert hunt.share_changed("CC").low == 0 < hunt.share_changed("CC").high < 0.4
    # of eight that were looked at, two were found elsewhere and three could not be followed to the end
    parts = replace(hunt, changed=np.array([2, 0]), unfinished=np.array([3, 0]))
    assert parts.share_held("CC").value == 3 / 8
    assert parts.share_changed("CC").value == 2 / 8
    pennies = ns.audit_labels(ns.games.matching_pennies(), ns.pg(), n=100, sample=8, targets=["HH"], step_size=1.0)
    circling = pennies.names.index("passing HH")
    assert pennies.changed[circling] == pennies.looked_at[circling] > 0
    noisy = ns.audit_labels(ns.games.stag_hunt(), ns.pg(), n=60, sample=8, estimator=ns.sampled(batch=64))
    assert noisy.changed[[noisy.names.index(name) for name in ("CC", "DD")]].tolist() == [0, 0]
    with pytest.raises(ns.InputError, match="takes no audit: sample is how many runs"):
        ns.audit_labels(ns.games.stag_hunt(), ns.pg(), n=60, audit=8)


@pytest.mark.long
def test_audits_run_by_themselves_where_they_are_cheap():
    many = ends(ns.games.stag_hunt(), ns.pg(), starts.normal(std=1.35), 3000, targets=["CC", "DD"], steps=600)
    assert many.audit is not None
    few = ends(ns.games.stag_hunt(), ns.pg(), starts.normal(std=1.35), 30, targets=["CC", "DD"], steps=60)
    assert few.audit is None
    with pytest.raises(ns.InputError, match="audited of entries and maps"):
        ns.restarts(ns.games.stag_hunt(), ns.pg(), runs=3, audit=5)


@pytest.mark.long
def test_noise_carries_away_who_is_indifferent():
    # nothing draws the column player back, who walks at random and takes the row player along
    lead = ns.games.dense([[[1, 0], [0, 1]], [[5, 5], [5, 5]]])
    how = {"targets": ["BB"], "estimator": ns.sampled(batch=64), "steps": 1000}
    found = ends(lead, ns.pg(), starts.normal(std=1.35), 60, **how)
    assert set(found.outcomes()) <= {"noisy", "out of budget", "cycling", "slow", "passing BB"}
    assert found.outcomes()["noisy"] > 30
    # a strict equilibrium draws back, listed or not
    dilemma = ns.games.prisoners_dilemma()
    assert ends(dilemma, ns.pg(), starts.normal(std=1.35), 60, **how | {"targets": ["CC"]}).outcomes() == {
        "other equilibrium": 60
    }


def test_weak_margins_do_not_hold_against_noise():
    # the row player has .1 to lose at CC, and single draws move it by up to .3
    weak = ns.games.dense([[[3, 0], [2.9, 1]]] * 2)
    noisy = ends(weak, ns.pg(), starts.normal(std=1.35), 100, targets=["AA"], steps=140, estimator=ns.sampled(batch=1))
    assert noisy.at_step("AA").value > 0.3
    assert noisy.probability("AA").value == 0
    exact = ends(weak, ns.pg(), starts.normal(std=1.35), 100, targets=["AA"], steps=140)
    assert exact.probability("AA").value > 0.15


@pytest.mark.long
def test_what_an_exact_symmetry_holds_is_fragile():
    # above the threshold of the diagonal and below that of all starts: cooperation, if the players are exactly alike
    learners = ns.open_source(ns.games.donation(benefit=3, cost=1), 0.5)
    beside = np.array([0.0, 1e-3, -1e-3, 0.1])
    found = ends(learners, ns.pg(), starts.parameters(np.stack([np.ones(4), 1.0 + beside], axis=1)), 4, steps=400,
                 targets=["CC", "CD", "DC"], step_size=0.3, precision="float64", projection=ns.unbounded())  # fmt: skip
    assert found.labels[0] == Outcome.FRAGILE
    assert (found.labels[1:] == target_code(0) + PASSING).all()
    # below the threshold all defect, exactly alike or not
    below = ends(ns.open_source(ns.games.donation(benefit=3, cost=1), 0.2), ns.pg(), starts.parameters([[1.0, 1.0]]), 1,
                 targets=["DD"], steps=2000)  # fmt: skip
    assert below.outcomes() == {"DD": 1}


@pytest.mark.long
def test_noise_that_hides_the_mean_is_said():
    found = ends(ns.games.stag_hunt(), ns.pg(), starts.normal(std=1.35), 50, targets=["CC", "DD"], steps=20,
                 step_size=20.0, estimator=ns.sampled(batch=1))  # fmt: skip
    assert found.outcomes()["noisy"] > 25
    assert Outcome.NOISY.advice.startswith("Use larger batches")


@pytest.mark.long
def test_the_same_label_from_many_runs_as_from_few():
    # many runs are sorted by a compiled program first
    source = starts.normal(std=1.35)
    many = ends(ns.games.stag_hunt(), ns.pg(), source, 20_480, targets=["CC", "DD"], steps=140, audit=False)
    few = ends(ns.games.stag_hunt(), ns.pg(), source, 512, targets=["CC", "DD"], steps=140, audit=False)
    np.testing.assert_array_equal(many.labels[:512], few.labels)


def test_labels_do_not_depend_on_how_many_are_followed_at_once(monkeypatch):
    how = {"targets": ["CC", "DD"], "steps": 40, "audit": False}
    whole = ends(ns.games.stag_hunt(), ns.pg(), starts.normal(std=1.35), 3000, **how)
    monkeypatch.setattr(accounts, "TOGETHER", 700)
    parts = ends(ns.games.stag_hunt(), ns.pg(), starts.normal(std=1.35), 3000, **how)
    assert len(whole.outcomes()) > 2
    np.testing.assert_array_equal(parts.labels, whole.labels)
    assert parts.rests == whole.rests


def test_many_runs_without_a_target_are_followed_too():
    found = ends(ns.games.matching_pennies(), ns.pg(), starts.normal(std=1.0), 20_000, steps=2, audit=False)
    assert all(map(held_up, found.outcomes()))


@pytest.mark.long
def test_learners_who_look_ahead_in_a_game_without_end_are_followed():
    # every look solves linear systems for 1,344 places at once, several kinds of them side by side
    game = ns.games.repeated(ns.games.prisoners_dilemma(R=-1, S=-3, T=0, P=-2), discount=0.8)
    found = ends(game, ns.lola(), starts.normal(std=1.0), 32, steps=200, step_size=0.5)
    assert found.outcomes()["DD"] >= 28
