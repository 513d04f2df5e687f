"""Flows against closed forms, SciPy's solvers and discrete steps."""

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq

import nashscape as ns
from nashscape.core import InputError
from nashscape.dynamics import make_setup, run_starts, starts
from nashscape.dynamics.endings.recurrences import recurrence_of_path
from nashscape.dynamics.flows import flow
from nashscape.dynamics.replication import Replicator, replicator, share_velocity
from nashscape.dynamics.velocities import FlowSteps, flow_steps
from nashscape.learning import Oracle, step_key
from nashscape.selection.maps.flow_maps import flow_map

STAG = ns.games.stag_hunt()  # A(p) = 3p − 2
PENNIES = ns.games.matching_pennies()
ODD = ns.games.random_game((2, 3, 2), seed=4)
DOMINANT = ns.games.bimatrix([[3.0, 3.0], [1.0, 1.0]], [[0.0, 0.5], [0.0, 0.5]])
WIDE = ns.box(100.0)


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def logit(p):
    return np.log(p) - np.log1p(-np.asarray(p))


def by_enumeration(payoffs, profile):
    """The replicator field from a sum over all pure profiles."""
    field = []
    for i, own in enumerate(profile):
        worth = np.zeros(len(own))
        for pure in np.ndindex(payoffs.shape[1:]):
            others = np.prod([profile[j][a] for j, a in enumerate(pure) if j != i])
            worth[pure[i]] += others * payoffs[(i, *pure)]
        field.append(own * (worth - own @ worth))
    return np.concatenate(field)


class TestReplicator:
    def test_field_is_the_sum_over_profiles(self):
        profile = [np.array([0.3, 0.7]), np.array([0.2, 0.5, 0.3]), np.array([0.9, 0.1])]
        np.testing.assert_allclose(
            np.concatenate(share_velocity(ODD, profile)), by_enumeration(ODD.payoffs, profile), atol=1e-14
        )

    @pytest.mark.long
    def test_it_is_the_natural_gradient_on_logits(self):
        learners = ns.parametric(ODD)
        theta = jnp.asarray([0.3, -0.5, 1.0, 0.2, -2.0], jnp.float32)
        oracle = Oracle(learners, ns.exact(), theta, step_key(0), jnp.float32(0.1))
        ours, theirs = (
            rule.update(oracle, (), jnp.int32(0))[0] for rule in (Replicator(), ns.learning.natural_gradient())
        )
        shift = ours - theirs
        np.testing.assert_allclose(shift, np.array([0.0, *[shift[1]] * 3, 0.0]), atol=1e-6)
        assert abs(ours).min() > 0.01

    def test_policies_over_states_have_no_shares(self):
        repeated = ns.games.iterated_prisoners_dilemma()
        with pytest.raises(InputError, match="one-shot game in normal form"):
            flow(repeated, Replicator(), starts.parameters([np.zeros(ns.parametric(repeated).dimension)]))

    @pytest.mark.long
    def test_dominant_actions_grow_logistically(self):
        found = replicator(DOMINANT, [0.01, 0.6], time=8.0)
        np.testing.assert_allclose(found.strategies[0][:, 0], logistic(logit(0.01) + 2.0 * found.times), atol=1e-8)
        np.testing.assert_allclose(found.strategies[1][:, 1], logistic(logit(0.4) + 0.5 * found.times), atol=1e-8)

    @pytest.mark.long
    def test_matching_pennies_keeps_its_constant(self):
        found = replicator(PENNIES, [0.6, 0.3], time=40.0)
        constant = sum(np.log(own).sum(axis=1) for own in found.strategies)
        np.testing.assert_allclose(constant, constant[0], atol=1e-8)
        assert np.ptp(found.strategies[0][:, 0]) > 0.3
        assert found.outcome == "cycling"

    @pytest.mark.long
    def test_three_players_follow_scipy(self):
        start = [0.3, [0.2, 0.5, 0.3], 0.9]
        found = replicator(ODD, start, time=10.0)
        cuts = np.cumsum(ODD.shape)[:-1]
        theirs = solve_ivp(
            lambda _, x: by_enumeration(ODD.payoffs, np.split(x, cuts)),
            (0.0, 10.0),
            [0.3, 0.7, 0.2, 0.5, 0.3, 0.9, 0.1],
            t_eval=found.times[::20],
            method="DOP853",
            rtol=1e-10,
            atol=1e-12,
        )
        np.testing.assert_allclose(np.hstack(found.strategies)[::20], theirs.y.T, atol=1e-7)
        expected = [np.einsum("abc,a,b,c->", u, *(own[-1] for own in found.strategies)) for u in ODD.payoffs]
        np.testing.assert_allclose(found.payoffs[-1], expected, atol=1e-12)

    @pytest.mark.long
    def test_extinct_actions_stay_so(self):
        # without the second action of player 2 this is a game with a different end
        alive, dead = replicator(ODD, [0.3, [0.2, 0.5, 0.3], 0.9]), replicator(ODD, [0.3, [0.4, 0.0, 0.6], 0.9])
        assert (dead.strategies[1][:, 1] == 0.0).all()
        assert np.isneginf(dead.theta[:, 3]).all()
        assert np.isfinite(dead.theta[:, [0, 1, 2, 4, 5, 6]]).all()
        smaller = ns.games.dense(ODD.payoffs[:, :, [0, 2], :])
        profile = [np.array([0.3, 0.7]), np.array([0.4, 0.6]), np.array([0.9, 0.1])]
        within = np.concatenate(share_velocity(smaller, profile))
        whole = np.concatenate(share_velocity(ODD, [0.3, [0.4, 0.0, 0.6], 0.9]))
        np.testing.assert_allclose(np.delete(whole, 3), within, atol=1e-14)
        assert whole[3] == 0.0
        assert abs(alive.strategies[1][-1] - dead.strategies[1][-1]).max() > 0.01

    def test_pure_starts_rest(self):
        found = replicator(STAG, [1.0, 0.0], rest=1e-12)
        assert found.times.tolist() == [0.0]
        assert found.outcome == "stationary unknown"

    def test_case_51_a_pure_profile_that_is_no_equilibrium_stays_and_nearby_starts_leave_it(self):
        # as reported in drvinceknight/Nashpy #123, of two populations
        game = ns.games.bimatrix([[2, 0], [5, 3]], [[1, 4], [2, 3]])
        stays = replicator(game, [1.0, 1.0], time=40.0)
        assert all((own[:, 0] == 1).all() for own in stays.strategies)
        assert stays.outcome == "stationary unknown"  # at rest, and no equilibrium
        away = replicator(game, [1 - 1e-6, 1 - 1e-6], time=40.0)
        assert away.outcome == "BB"
        assert away.strategies[0][-1, 0] < 1e-40
        assert away.strategies[1][-1, 0] < 1e-15
        for own in away.strategies:  # who alone leaves gains 3
            assert np.log(own[1, 1] / own[0, 1]) / away.times[1] == pytest.approx(3.0, rel=1e-3)

    @pytest.mark.long
    def test_stops_at_rest_when_asked(self):
        found = replicator(STAG, [0.7, 0.7], rest=1e-6, targets=["CC"])
        assert 5.0 < found.times[-1] < 20.0
        p = found.strategies[0][-1, 0]
        assert p * (1 - p) * (3 * p - 2) == pytest.approx(1e-6 * 4.0, rel=1e-3)

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            (lambda: replicator(STAG, [0.5, 0.5], time=-1.0), "time must be at least 0"),
            (lambda: replicator(STAG, [0.5, 0.5], time=1.0, samples=[0.0, 0.5]), "rising times from 0 to 1"),
            (lambda: replicator(STAG, [0.5, 0.5], rtol=0.0), "rtol must be at least"),
            (lambda: replicator(STAG, [0.5, 1.5]), "at most 1; got 1.5"),
            (lambda: replicator(ns.parametric(STAG), [0.5, 0.5]), "pass the bare game"),
            (lambda: replicator("stag", [0.5, 0.5]), "expected a game"),
            (lambda: replicator(STAG, [0.5, 0.5], optimiser=None), "replicator takes no optimiser: .* see simulate"),
            (lambda: replicator(STAG, [0.5, 0.5], tme=1.0), "unknown option of replicator 'tme'; did you mean 'time'"),
        ],
    )
    def test_refuses(self, wrong, words):
        with pytest.raises(InputError, match=words):
            wrong()


class TestFlow:
    @pytest.mark.long
    def test_entry_times_on_the_diagonal_are_integrals(self):
        # ṗ = s²A for policy gradient on logits, ṗ = sA for the replicator: one orbit, two speeds
        found = [f(0.7) for f in (lambda p: flow(STAG, ns.pg(), [p, p], targets="CC"), self.replicated)]
        for run, power in zip(found, (2, 1), strict=True):
            whole, _ = quad(lambda p, k=power: 1.0 / ((p * (1 - p)) ** k * (3 * p - 2)), 0.7, 0.82, epsabs=1e-12)
            assert run.entry_time == pytest.approx(whole, abs=1e-7)
            assert run.outcome == "CC"

    @staticmethod
    def replicated(p):
        return replicator(STAG, [p, p], targets="CC")

    @pytest.mark.long
    def test_entry_is_located_between_samples_and_the_path_goes_on(self):
        run = flow(STAG, ns.pg(), [0.75, 0.7], targets=["CC"])
        inside = (np.stack([own[:, 0] for own in run.strategies]) >= 0.82).all(axis=0)
        first = int(inside.argmax())
        assert run.times[first - 1] < run.entry_time <= run.times[first]
        assert run.times[-1] == 100.0
        assert flow(STAG, ns.pg(), [0.9, 0.85], targets=["CC"]).entry_time == 0.0
        assert flow(STAG, ns.pg(), [0.5, 0.5], targets=["CC"]).entry_time is None

    def test_separatrix_of_the_diagonal(self):
        ends = [flow(STAG, ns.pg(), [p, p], time=400.0, targets=["CC", "DD"]).outcome for p in (0.6666, 0.6667)]
        assert ends == ["DD", "CC"]

    def test_steps_of_half_the_size_are_twice_as_close(self):
        exact = flow(STAG, ns.pg(), [0.7, 0.55], time=8.0)
        errors = []
        for step in (0.2, 0.1, 0.05):
            run = ns.simulate(STAG, ns.pg(), [0.7, 0.55], steps=round(8.0 / step), step_size=step)
            errors.append(np.abs(run.theta[-1] - exact.theta[-1]).max())
        np.testing.assert_allclose(np.array(errors[:-1]) / errors[1:], 2.0, rtol=0.05)

    @pytest.mark.long
    def test_schedules_are_taken_at_the_time(self):
        rule = ns.peer_only(peer=ns.schedules.power(4.0, offset=2.0, exponent=0.7), inner_lr=0.5)

        def field(t, z):
            p = logistic(z)
            s = p * (1 - p)
            worth, peer = 3 * p[::-1] - 2, 3 * p + 1  # A(p_j) and B(p_i)
            return s * (worth + 4.0 * (t + 2.0) ** -0.7 * 0.5 * 3.0 * s[::-1] ** 2 * peer)

        run = flow(STAG, rule, [0.5, 0.62], time=30.0)
        theirs = solve_ivp(field, (0.0, 30.0), logit([0.5, 0.62]), method="DOP853", rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(run.theta[-1], theirs.y[:, -1], atol=1e-7)

    def test_the_box_stops(self):
        game = ns.games.bimatrix([[2.0, -1.0], [0.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])  # A_1 = 3q − 1, A_2 = 1
        run = flow(game, ns.pg(), starts.parameters([[-0.9, -2.5]]), time=60.0, projection=ns.box(1.0, low=-2.6))

        def q_at(t):  # the second parameter alone: ż = s, and the integral of 1/s is the time
            return brentq(lambda z: (2 * z + np.exp(z) - np.exp(-z)) - (-5.0 + np.exp(-2.5) - np.exp(2.5)) - t, -2.6, 9)

        free = [min(q_at(t), 1.0) for t in run.times]
        np.testing.assert_allclose(run.theta[:, 1], free, atol=1e-7)
        assert run.theta.max() == 1.0
        assert run.theta.min() >= -2.6
        np.testing.assert_array_equal(run.theta[-1], [1.0, 1.0])

    def test_waiting_at_a_bound_ends_when_the_velocity_turns(self):
        game = ns.games.bimatrix([[2.0, -1.0], [0.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])
        bound = -1.0
        run = flow(game, ns.pg(), starts.parameters([[-0.99, -1.0]]), time=12.0, projection=ns.box(3.0, low=bound))
        second = run.theta[:, 1]
        waits = (run.theta[:, 0] == bound) & (second < logit(1 / 3))
        assert waits.sum() > 3
        assert run.theta[-1, 0] > bound + 0.5
        # from the moment at which q = 1/3 the first logit moves as 2z + 2 sinh z says: ∫ s⁻¹ dz = ∫ (3q − 1) dt
        left = np.flatnonzero(second > logit(1 / 3))[0]
        gained = 2 * run.theta[-1, 0] + 2 * np.sinh(run.theta[-1, 0]) - (2 * bound + 2 * np.sinh(bound))
        turn = 2 * logit(1 / 3) + 2 * np.sinh(logit(1 / 3)) + 2 + 2 * np.sinh(1.0)
        assert run.times[left - 1] <= turn <= run.times[left]
        late = solve_ivp(lambda t, z: z * 0 + logistic(z) * (1 - logistic(z)), (0.0, 12.0), [-1.0], rtol=1e-11,
                         atol=1e-12, dense_output=True)  # fmt: skip
        pushed, _ = quad(lambda t: 3 * logistic(late.sol(t)[0]) - 1, turn, 12.0, epsabs=1e-11)
        assert gained == pytest.approx(pushed, abs=1e-6)

    @pytest.mark.long
    def test_divergence_is_not_an_outcome_of_the_game(self):
        steep = STAG.affine(1e4)
        run = flow(steep, Replicator(), [0.7, 0.7], time=10.0, projection=ns.unbounded(), targets=["CC"])
        assert run.outcome == "diverged"
        assert run.status is ns.Status.DIVERGED
        assert run.times[-1] < 2.0

    @pytest.mark.long
    def test_too_few_solver_steps_are_said(self):
        run = flow(STAG, ns.pg(), [0.7, 0.7], targets=["CC", "DD"], max_steps=3)
        assert run.outcome == "out of budget"
        assert run.status is ns.Status.UNRESOLVED
        assert run.times[-1] < 100.0

    def test_results_are_plain_data(self):
        data = replicator(ODD, [0.3, [0.4, 0.0, 0.6], 0.9]).to_dict()
        assert data["theta"][0][3] == "-Infinity"
        assert data["provenance"]["question"]["kind"] == "flow"

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"estimator": ns.sampled(8)}, "no noise"),
            ({"time": -1.0}, "time must be at least 0"),
            ({"time": float("inf")}, "time must be a finite number"),
            ({"samples": 0}, "samples must be at least 1"),
            ({"precision": "float32"}, "rtol must be at least"),
            ({"projection": ns.box(0.5)}, "outside the box"),
            ({"projection": "box"}, "kept in a box"),
            ({"start": [0.0, 0.5]}, "interior"),
            ({"rule": "pg"}, "expected a rule"),
        ],
    )
    def test_refuses(self, options, words):
        asked = {"rule": ns.pg(), "start": [0.7, 0.7]} | options
        with pytest.raises(InputError, match=words):
            flow(STAG, asked.pop("rule"), asked.pop("start"), **asked)

    def test_refuses_rules_with_memory(self):
        class Momentum(Replicator):
            def init(self, theta):
                return theta * 0.0

        with pytest.raises(InputError, match="remembers earlier steps"):
            flow(STAG, Momentum(name="momentum"), [0.7, 0.7])


class TestSteps:
    @pytest.mark.long
    @pytest.mark.parametrize("rule", [ns.pg(), Replicator()], ids=lambda rule: rule.name)
    def test_error_against_the_adaptive_solver(self, rule):
        points = np.array([[0.4, 0.9], [-1.5, 2.0], [1.3, 0.3]])
        truth = [
            flow(STAG, rule, starts.parameters([p]), time=5.0, rtol=1e-12, atol=1e-12, projection=WIDE).theta[-1]
            for p in points
        ]
        errors = [np.abs(self.stepped(rule, points, steps) - truth).max() for steps in (25, 50, 100)]
        assert errors[-1] < 1e-9
        assert errors[0] / errors[1] > 16.0  # better than order four

    @staticmethod
    def stepped(rule, points, steps):
        followed = flow_steps(ns.parametric(STAG), rule, projection=WIDE)
        setup = make_setup(STAG, followed, step_size=5.0 / steps, projection=WIDE)
        chosen = starts.parameters(points)
        return run_starts(setup, chosen, np.arange(3), steps=steps, precision="float64")[0].theta

    def test_replicator_map_has_the_boundary_of_its_constant(self):
        # −2 ln p − ln(1 − p) is the same for both players on the separatrix through (2/3, 2/3)
        def level(p):
            return -2.0 * np.log(p) - np.log1p(-p)

        found = flow_map(STAG, grid=15, low=0.0, high=1.0, targets=["CC", "DD"])
        least = [
            brentq(lambda q, p=p: level(q) - level(p), 2 / 3, 1 - 1e-15) if p < 2 / 3 else 2 / 3 for p in found.axis
        ]
        p, q = np.meshgrid(found.axis, found.axis, indexing="ij")
        needed = np.interp(np.minimum(p, q), found.axis, least)
        both = np.minimum(p, q) > 2 / 3
        np.testing.assert_array_equal(found.reached("CC")[0], both | (np.maximum(p, q) > needed))
        assert found.status is ns.Status.COMPLETE

    def test_maps_by_flow_and_by_small_steps_agree(self):
        every = flow_map(STAG, [ns.pg()], grid=15, time=100.0, targets=["CC", "DD"])
        assert every.plot().axes[0].get_title() == "pg"  # a mapping of results, which draws itself
        flows = every["pg"]
        steps = ns.basin_map(STAG, ns.pg(), grid=15, steps=2000, step_size=0.05, targets=["CC", "DD"])
        np.testing.assert_array_equal(flows.labels, steps.labels)
        entered = flows.first_hit >= 0
        assert np.abs(flows.first_hit - steps.first_hit)[entered].max() <= 12

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"steps": 10}, "takes no steps: a flow has none"),
            ({"estimator": ns.sampled(8)}, "takes no estimator: a flow has none"),
            ({"time": 0.0}, "time must be above 0"),
            ({"rules": []}, "no rules given"),
            ({"rules": [ns.pg(), ns.pg()]}, "two rules are called the same"),
            ({"game": ns.games.rock_paper_scissors()}, "two actions"),
            ({"colour": "red"}, "unknown option"),
        ],
    )
    def test_refuses(self, options, words):
        with pytest.raises(InputError, match=words):
            flow_map(options.pop("game", STAG), options.pop("rules", None), grid=5, **options)

    def test_sampled_terms_have_no_flow(self):
        with pytest.raises(InputError, match="without sampling"):
            make_setup(STAG, FlowSteps(ns.pg()), estimator=ns.sampled(8))


def test_coming_back_needs_leaving():
    still = [np.full((20, 1), 0.3)]
    line = [np.linspace(0.0, 1.0, 20)[:, None]]
    there_and_back = [np.concatenate([np.zeros(10), np.linspace(0, 1, 4), np.linspace(1, -1, 6)])[:, None]]
    clock = np.arange(20.0)
    assert not recurrence_of_path(still, clock, 0.01).cycling[0]
    assert not recurrence_of_path(line, clock, 0.01).cycling[0]
    # it passes zero between two looks
    assert recurrence_of_path(there_and_back, clock, 0.01).cycling[0]
    assert recurrence_of_path(still, clock, 0.01).slow[0]
