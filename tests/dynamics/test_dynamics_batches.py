"""Many starts in one program: the same bits however they are cut, one compilation, honest labels."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import Outcome
from nashscape.dynamics import Settling, as_target, label_endings, make_setup, run_starts, starts
from nashscape.dynamics.endings.programs import projected_move
from nashscape.dynamics.program import compiled
from nashscape.learning.projection import onto_sets

GAME = ns.games.stag_hunt()
THREE = ns.games.random_game((2, 3, 2), seed=5)
CUTS = (1, 128, 300, 768, 2048)


def run(game, rule, *, n=700, steps=40, estimator=None, chunk=None, indices=None, **options):
    setup = make_setup(game, rule, estimator=estimator, target=as_target(game, (0,) * game.n_players))
    indices = np.arange(n) if indices is None else indices
    return run_starts(
        setup,
        starts.normal(std=1.35),
        indices,
        steps=steps,
        seed=3,
        chunk=chunk,
        **options,
    )[0]


def same_bits(one, other):
    for name in ("theta", "regret", "first_hit", "largest"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    for mine, theirs in zip(one.strategies, other.strategies, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("rule", [ns.pg(), ns.lola()], ids=lambda rule: rule.name)
def test_exact_runs_have_the_same_bits_for_any_chunk(rule, precision):
    whole = run(GAME, rule, precision=precision)
    for chunk in CUTS:
        same_bits(whole, run(GAME, rule, chunk=chunk, precision=precision))


@pytest.mark.long
@pytest.mark.parametrize("game", [GAME, THREE], ids=["two players", "three players"])
def test_sampled_runs_have_the_same_bits_for_any_chunk(game):
    whole = run(game, ns.meta_mapg(), steps=12, estimator=ns.sampled(64))
    for chunk in (128, 512):
        same_bits(whole, run(game, ns.meta_mapg(), steps=12, estimator=ns.sampled(64), chunk=chunk))


@pytest.mark.long
@pytest.mark.parametrize("estimator", [None, ns.sampled(64)], ids=["exact", "sampled"])
def test_a_run_does_not_depend_on_the_runs_beside_it(estimator):
    whole = run(GAME, ns.meta_mapg(), steps=12, estimator=estimator)
    order = np.random.default_rng(0).permutation(700)[:333]
    some = run(GAME, ns.meta_mapg(), steps=12, estimator=estimator, indices=order)
    np.testing.assert_array_equal(whole.theta[order], some.theta)
    np.testing.assert_array_equal(whole.first_hit[order], some.first_hit)


def test_many_chunks_in_one_call_give_the_bits_of_few():
    # 700 starts are one chunk per device, 7000 are several in one compiled loop
    few, many = run(GAME, ns.meta_mapg()), run(GAME, ns.meta_mapg(), n=7000)
    np.testing.assert_array_equal(few.theta, many.theta[:700])


@pytest.mark.long
def test_seeds_matter_to_sampled_runs_and_not_to_exact_ones():
    setup = make_setup(GAME, ns.pg(), estimator=ns.sampled(16))
    noise_free = make_setup(GAME, ns.pg())
    options = {"steps": 5, "start_seed": 0}
    both = [
        [run_starts(s, starts.normal(), np.arange(50), seed=seed, **options)[0].theta for seed in (1, 2)]
        for s in (setup, noise_free)
    ]
    assert (both[0][0] != both[0][1]).any()
    np.testing.assert_array_equal(*both[1])


class Compilations:
    """Counts what XLA really compiles, not what a cache says."""

    def __init__(self):
        self.count = 0
        jax.monitoring.register_event_duration_secs_listener(self)

    def __call__(self, event, *_, **__):
        self.count += event == "/jax/core/compile/backend_compile_duration"


@pytest.mark.long
@pytest.mark.parametrize("estimator", [None, ns.sampled(32)], ids=["exact", "sampled"])
def test_a_sweep_compiles_once(estimator):
    counter = Compilations()
    compiled.cache_clear()
    seen = set()
    for k, (T, peer, step) in enumerate([(3.0, 0.5, 0.1), (2.5, 1.5, 0.2), (3.5, 3.0, 0.05), (5.0, -1.0, 0.4)]):
        game = ns.games.symmetric_2x2(4.0, 0.0, T, 2.0, name=f"game {k}")
        rule = ns.meta_mapg(peer=peer, own=peer / 4, inner_lr=0.3 + 0.1 * k)
        result = ns.entry_probability(
            game, rule, n=100, targets=["CC", "DD"], step_size=step, steps=20 + k, seed=k, estimator=estimator
        )
        assert result.status is not ns.Status.DIVERGED
        seen.add(counter.count)
        assert compiled.cache_info().misses == 1
    # the first call compiles the program (and small conversions); no later one compiles anything
    assert len(seen) == 1
    assert seen.pop() >= 1


@pytest.mark.long
def test_places_are_moved_onto_sets_by_one_program_and_get_the_same_bits_beside_any_others():
    sets = [ns.games.budget_set(2.5, [1, 2, 0.7, 1.3]), ns.games.box_set(0, 1), ns.games.simplex_set(4)]
    projection = onto_sets(sets)
    random = np.random.default_rng(0)
    theta, change = random.uniform(size=(300, 9)), random.normal(scale=0.3, size=(300, 9))
    whole, counter = projected_move(projection, theta, change), Compilations()
    # runs end one after another, so that any number of them is left
    parts = {some: projected_move(projection, theta[-some:], change[-some:]) for some in (1, 2, 63, 64, 257)}
    assert counter.count == 0
    for some, part in parts.items():
        np.testing.assert_array_equal(part, whole[-some:])
    with jax.enable_x64(True):
        alone = [np.asarray(projection.project(jnp.asarray(own))) for own in (theta + change)[::30]]
    np.testing.assert_allclose(whole[::30], alone, rtol=0, atol=1e-14)


@pytest.mark.long
def test_batch_sizes_within_one_capacity_share_a_program():
    compiled.cache_clear()
    for batch in (8, 32, 100):
        ns.entry_probability(GAME, ns.pg(), n=64, steps=5, estimator=ns.sampled(batch, capacity=128))
    assert compiled.cache_info().misses == 1


@pytest.mark.long
def test_progress_counts_up_to_all():
    seen = []
    ns.entry_probability(
        GAME, ns.pg(), n=3000, steps=3, estimator=ns.sampled(8), chunk=128, progress=lambda *x: seen.append(x)
    )
    assert seen[-1] == (3000, 3000)
    assert len(seen) > 1
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def closed_form_step(theta, payoffs, step, own, peer, eta=0.55):
    """One exact Meta-MAPG step in a two-action game of two players, written out by hand."""
    (u, v), (p, q) = payoffs, 1 / (1 + np.exp(-theta.T))
    c = [w[0, 0] - w[0, 1] - w[1, 0] + w[1, 1] for w in (u, v)]
    sp, sq = p * (1 - p), q * (1 - q)
    a1, a2 = u[0, 1] - u[1, 1] + c[0] * q, v[1, 0] - v[1, 1] + c[1] * p
    b1, b2 = u[1, 0] - u[1, 1] + c[0] * p, v[0, 1] - v[1, 1] + c[1] * q
    g1, g2 = sp * a1, sq * a2
    d1 = g1 + own * eta * sp * (1 - 2 * p) * a1 * g1 + peer * eta * sp * sq * c[1] * sq * b1
    d2 = g2 + own * eta * sq * (1 - 2 * q) * a2 * g2 + peer * eta * sp * sq * c[0] * sp * b2
    size = 0.9 / (step + 10.0) ** 0.24
    return np.clip(theta + size * np.stack([d1, d2], axis=1), -8, 8)


@pytest.mark.parametrize("seed", range(3))
def test_whole_runs_follow_the_closed_form_in_asymmetric_games(seed):
    game = ns.games.random_game((2, 2), seed=seed)
    source = starts.normal(std=1.35)
    theta = source.parameters(ns.parametric(game), np.arange(200), 3)
    first = np.full(200, -1)
    target = as_target(game, (0, 0))
    for step in range(61):
        inside = (1 / (1 + np.exp(-theta)) >= 0.82).all(axis=1)
        first[(first < 0) & inside] = step
        if step < 60:
            theta = closed_form_step(theta, game.payoffs, step, 0.35, 1.5)
    setup = make_setup(game, ns.meta_mapg(), target=target)
    endings, _ = run_starts(setup, source, np.arange(200), steps=60, seed=3, precision="float64")
    np.testing.assert_allclose(endings.theta, theta, atol=1e-9)
    np.testing.assert_array_equal(endings.first_hit, first)


@pytest.mark.long
def test_array_form_and_component_form_agree():
    # 6 × 6 actions are too long to write out; the same game embedded twice tells whether both forms agree
    small = ns.games.random_game((3, 2), seed=9)
    setup = make_setup(small, ns.lola())
    options = {"steps": 30, "precision": "float64"}
    source, indices = starts.normal(), np.arange(50)
    fast, _ = run_starts(setup, source, indices, **options)
    from nashscape.tracing import components

    longest = components.MOST_OPERATIONS
    try:
        components.MOST_OPERATIONS = 0
        compiled.cache_clear()
        slow, _ = run_starts(setup, source, indices, **options)
    finally:
        components.MOST_OPERATIONS = longest
        compiled.cache_clear()
    np.testing.assert_allclose(fast.theta, slow.theta, atol=1e-10)


@pytest.mark.long
def test_default_generator_runs_and_agrees_in_distribution():
    options = {"n": 1500, "steps": 30, "starts": starts.parameters([[0.4, 0.5]] * 1500)}
    ours = ns.entry_probability(GAME, ns.pg(), estimator=ns.sampled(16), targets=["DD"], **options)
    theirs = ns.entry_probability(GAME, ns.pg(), estimator=ns.sampled(16, generator="jax"), targets=["DD"], **options)
    assert ours.probability().overlaps(theirs.probability())
    assert (ours.first_hit != theirs.first_hit).any()


class TestEndings:
    def label(self, game, rule, start, *, targets=None, steps=300, settling=None, **options):
        result = ns.entry_probability(
            game,
            rule,
            starts=starts.parameters([start]),
            targets=targets,
            steps=steps,
            settling=settling,
            **options,
        )
        return next(iter(result.outcomes()))

    def test_target(self):
        assert self.label(GAME, ns.pg(), [2.0, 2.0], targets=["CC", "DD"]) == "CC"
        assert self.label(GAME, ns.pg(), [-2.0, -2.0], targets=["CC", "DD"]) == "DD"

    def test_known_attractor_is_not_merged_with_targets(self):
        # with CC as the only target, resting at DD in the corner of the box is an equilibrium that is no target
        found = self.label(GAME, ns.pg(), [-2.0, -2.0], targets=["CC"], step_size=5.0, steps=2000)
        assert found == "other equilibrium"

    def test_stationary_but_no_equilibrium(self):
        # a box that ends at p = .73 stops cooperators of the Prisoner's Dilemma where both would still gain
        game = ns.games.harmony()
        found = self.label(game, ns.pg(), [0.9, 0.9], projection=ns.box(1.0), step_size=1.0)
        assert found == "stationary unknown"

    def test_cycling(self):
        # consensus cannot be reached in Matching Pennies; small steps nearly close the orbit
        game = ns.games.matching_pennies()
        found = self.label(game, ns.pg(), [0.9, 0.0], steps=8000, step_size=0.01, settling=Settling(close=0.02))
        assert found == "cycling"

    def test_zero_sum_cycles_are_found_by_default_in_long_runs(self):
        game = ns.games.matching_pennies()
        assert self.label(game, ns.pg(), [0.9, 0.0], steps=8000, step_size=0.01) == "cycling"

    @pytest.mark.long
    def test_frozen_runs_are_not_at_rest(self):
        frozen = ns.schedules.handoff(0.5, at=20)
        assert self.label(GAME, ns.pg(), [0.5, 0.9], steps=140, step_size=frozen) == "slow"

    def test_rest_does_not_depend_on_payoff_units(self):
        for scale in (1e-5, 1.0, 1e3):
            game = GAME.affine(scale)
            found = self.label(game, ns.pg(), [0.4, 0.4], targets=["CC", "DD"], step_size=0.5 / scale, steps=60)
            assert found == self.label(GAME, ns.pg(), [0.4, 0.4], targets=["CC", "DD"], step_size=0.5, steps=60)

    @pytest.mark.parametrize("size", [1e4])
    def test_leaps_far_over_the_box_are_divergence(self, size):
        result = ns.basin_map(GAME, ns.pg(), grid=11, step_size=size, targets=["CC", "DD"])
        assert result.fraction("diverged").value > 0.8

    def test_out_of_budget(self):
        # too short to have gone anywhere; circling
        assert self.label(GAME, ns.pg(), [0.5, 0.9], targets=["CC", "DD"], steps=2) == "slow"
        pennies = ns.games.matching_pennies()
        assert self.label(pennies, ns.pg(), [0.3, 1.0], targets=["HH"], steps=10, step_size=1.0) == "out of budget"

    @pytest.mark.long
    @pytest.mark.parametrize("size", [1e9, 1e30, 3e38])
    @pytest.mark.parametrize("estimator", [None, ns.sampled(8)], ids=["exact", "sampled"])
    def test_divergence_is_never_clipped_into_a_basin(self, size, estimator):
        result = ns.entry_probability(
            GAME, ns.meta_mapg(), n=64, step_size=size, steps=3, estimator=estimator, targets=["CC", "DD"]
        )
        assert result.outcomes() == {"diverged": 64}
        assert result.status is ns.Status.DIVERGED

    def test_divergence_without_a_box(self):
        game = ns.games.symmetric_2x2(4e6, 0.0, 3e6, 2e6)
        result = ns.entry_probability(game, ns.pg(), n=32, projection=ns.unbounded(), steps=200, targets=["CC"])
        assert result.outcomes() == {"diverged": 32}

    def test_labels_prefer_what_is_worse_known(self):
        # a diverged run is diverged even if the target's condition looked true before
        from nashscape.dynamics import Endings

        nan = np.array([[np.nan, 1.0]])
        high = np.array([[0.9, 0.1]])
        ending = Endings(nan, (high, high), np.zeros(1), np.zeros(1, np.int32), np.zeros(1))
        setup = make_setup(GAME, ns.pg())
        assert label_endings(setup, ending, [as_target(GAME, "CC")], Settling(), 10).codes[0] == Outcome.DIVERGED


def test_first_hit_counts_updates():
    inside = ns.entry_probability(GAME, ns.pg(), starts=starts.strategies([[0.9, 0.9]]), targets=["CC"], steps=3)
    assert inside.first_hit.tolist() == [0]
    run = ns.simulate(GAME, ns.pg(), [0.75, 0.7], targets=["CC"], steps=100, precision="float32")
    reached = (np.stack([own[:, 0] for own in run.strategies]) >= 0.82).all(axis=0)
    assert run.first_hit == int(reached.argmax()) > 0
    same = ns.entry_probability(GAME, ns.pg(), starts=starts.strategies([[0.75, 0.7]]), targets=["CC"], steps=100)
    assert same.first_hit.tolist() == [run.first_hit]


@pytest.mark.long
def test_runs_from_one_start_draw_noise_of_their_own():
    setup = make_setup(GAME, ns.pg(), estimator=ns.sampled(16))
    same = starts.parameters(np.full((6, 2), 0.3))
    theta = run_starts(setup, same, np.arange(6), steps=5, seed=1)[0].theta
    assert len(np.unique(theta, axis=0)) == 6
