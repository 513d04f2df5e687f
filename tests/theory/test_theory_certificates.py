"""Certificates against automatic differentiation, brute enumeration of the map and long exact runs."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, Status
from nashscape.learning import TermRule, box, meta_mapg, pg, schedules
from nashscape.learning.fields import field_of
from nashscape.learning.schedules import Constant
from nashscape.proofs.bounds.schedule_bounds import over_all_steps, values
from nashscape.proofs.bounds.sigmoid_bounds import sigmoid_bounds
from nashscape.proofs.bounds.step_enclosures import enclosure
from nashscape.proofs.certification.certifying import certify, certify_escape
from nashscape.semantics import open_source, parametric
from nashscape.tracing.intervals import Interval

ALL_TERMS = TermRule("all", 0.55, own=Constant(0.35), peer=Constant(-1.5), lookahead=Constant(0.7))
RULES = [pg(), ALL_TERMS]


def random_game(players, seed):
    return games.dense(np.random.default_rng(seed).normal(size=(players, *(2,) * players)))


def learners_of(players, seed, coupled):
    game = random_game(players, seed)
    if not coupled:
        return parametric(game)
    couplings = np.random.default_rng([7, seed]).normal(size=(players, players))
    np.fill_diagonal(couplings, 0.0)
    return open_source(game, couplings, own=1.3, bias=0.4)


def entries_of(learners, rule):
    """Numbers in the order of the bounds' arguments."""
    leaves = jax.tree.leaves((learners, rule))
    with jax.enable_x64(True):
        return [Interval(jnp.float64(x)) for leaf in leaves for x in np.asarray(leaf, np.float64).ravel()]


@pytest.mark.long
@pytest.mark.parametrize("coupled", [False, True])
@pytest.mark.parametrize("players", [2, 3])
def test_bounds_hold_the_field_and_its_jacobian_and_are_tight_at_points(players, coupled):
    random = np.random.default_rng(players)
    for seed, rule in [(players, ALL_TERMS)]:
        learners = learners_of(players, seed, coupled)
        field, numbers = field_of(learners, rule), entries_of(learners, rule)
        with jax.enable_x64(True):
            _, both = sigmoid_bounds(learners, rule)
            centre = random.normal(size=players)
            for radius in (0.0, 0.05):
                inner = centre + radius * random.uniform(-1, 1, size=(6, players))
                found = both([*numbers, *(Interval(jnp.float64(x - radius), jnp.float64(x + radius)) for x in centre)])
                low, high = (
                    np.array([float(x) for x in ends]) for ends in zip(*((x.low, x.high) for x in found), strict=True)
                )
                for point in inner:
                    truth = np.concatenate([field(point), field.jacobian(point).ravel()])
                    assert (low <= truth + 1e-13).all()
                    assert (high >= truth - 1e-13).all()
                    assert radius or np.allclose((low + high) / 2, truth, atol=1e-12)
                assert (high - low).max() < 1e-11 or radius
                assert radius == 0 or (high - low).max() < 40 * radius


@pytest.mark.long
def test_a_step_of_a_box_holds_the_step_of_every_point_and_is_the_image_where_the_map_is_monotone():
    random = np.random.default_rng(3)
    for seed, rule in enumerate(RULES):
        learners = learners_of(2, 10 + seed, coupled=seed % 2 == 1)
        leaves, structure = jax.tree.flatten((learners, rule))
        made, size = enclosure(structure, tuple(np.shape(leaf) for leaf in leaves)), 0.4
        low = random.normal(size=(40, 2))
        high = low + random.uniform(0, 0.3, size=(40, 1))
        with jax.enable_x64(True):
            boxes = [Interval(jnp.asarray(a), jnp.asarray(b)) for a, b in zip(low.T, high.T, strict=True)]
            numbers = entries_of(learners, rule)
            _, jacobian = made.over(numbers, boxes)
            after = made.moved(numbers, boxes, jacobian, Interval(jnp.float64(size)), Interval(jnp.float64(1)))
        bottom, top = (
            np.stack([np.asarray(end) for end in ends], 1)
            for ends in zip(*((x.low, x.high) for x in after), strict=True)
        )
        field = field_of(learners, rule)
        lattice = np.stack(np.meshgrid(*[np.linspace(0, 1, 6)] * 2), -1).reshape(-1, 2)
        for k in range(40):
            points = low[k] + lattice * (high[k] - low[k])
            image = np.array([point + size * field(point) for point in points])
            assert (image >= bottom[k] - 1e-13).all()
            assert (image <= top[k] + 1e-13).all()
            # no more than the excess of second order
            assert (np.ptp(image, axis=0) + 1.5 * (high[k] - low[k]).max() ** 2 + 1e-12 >= top[k] - bottom[k]).all()


def runs(learners, rule, theta, steps=600, bound=8.0):
    """Where the exact rule takes profiles, with the default step sizes, written out again."""

    @jax.jit
    def all_of(theta, step_sizes):
        gradient = jax.vmap(lambda at: terms(learners, rule, at))

        def turn(at, size):
            return jnp.clip(at + size * gradient(at), -bound, bound), None

        return jax.lax.scan(turn, theta, step_sizes)[0]

    with jax.enable_x64(True):
        return np.asarray(all_of(jnp.asarray(theta), 0.9 / (jnp.arange(steps, dtype="float64") + 10.0) ** 0.24))


def terms(learners, rule, theta):
    """The direction from its definition: gradients of `J_i(θ)` and of products with the others' gradients."""
    players = range(len(theta))
    own_slope = [lambda at, i=i: jax.grad(lambda x: learners.utilities(x)[i])(at) for i in players]
    direction = []
    for i in players:
        value = own_slope[i](theta)[i]
        here = own_slope[i](theta)
        if rule.own is not None:
            value += rule.inner_lr * rule.own(0) * jax.grad(lambda x, i=i: own_slope[i](x)[i])(theta)[i] * here[i]
        if rule.peer is not None:
            for j in players:
                if j != i:
                    shaped = jax.grad(lambda x, j=j: own_slope[j](x)[j])(theta)[i]
                    value += rule.inner_lr * rule.peer(0) * shaped * here[j]
        direction.append(value)
    return jnp.stack(direction)


def drawn(found, number, label, seed=0):
    """Starts inside the cells of one label, by area; half of them on the cells' own corners."""
    random = np.random.default_rng(seed)
    cells = np.flatnonzero(found.label == label)
    cell = random.choice(cells, number, p=found.shares[cells] / found.shares[cells].sum())
    where = random.uniform(size=(number, found.low.shape[1]))
    where[::2] = np.rint(where[::2])
    # as often from the small cells along the boundary
    cell[1::2] = random.choice(cells, len(cell[1::2]))
    return found.low[cell] + where * (found.high[cell] - found.low[cell])


@pytest.mark.long
@pytest.mark.parametrize(("rule", "true"), [(pg(), 0.2548), (meta_mapg(peer=1.5, own=0.35), 0.4213)])
def test_stag_hunt_is_decided_but_for_the_separatrix_and_20000_starts_agree(rule, true):
    game = games.stag_hunt()
    found = certify(game, rule, "CC")
    assert found.status is Status.COMPLETE
    assert found.targets == ("CC", "DD")
    assert found.fraction("CC") >= 0.995 * true
    assert found.fraction("CC") <= true + 0.0006
    assert found.fraction("CC") + found.escaping("CC") > 0.998
    assert math.isclose(found.shares.sum(), 1.0, rel_tol=1e-12)
    for label, way in enumerate((1.0, -1.0)):
        p = drawn(found, 10_000, label)
        assert (found.labels_at(p[1::2]) == label).all()
        ends = runs(parametric(game), rule, np.log(p / (1 - p)))
        # well inside the trap, and still on the way to the corner
        assert (ends * way > 3.0).all()


def test_cells_fill_the_region_without_overlap_and_are_found_again():
    found = certify(games.chicken(), pg(), region=([0.1, 0.2], [0.9, 0.7]), resolution=1 / 64)
    assert math.isclose(found.shares.sum(), 1.0, rel_tol=1e-12)
    middles = (found.low + found.high) / 2
    # on edges and corners as well: nothing inside the region is lost
    assert (found.labels_at(found.low) >= -1).all()
    assert (found.labels_at(found.high) >= found.label).all()
    np.testing.assert_array_equal(found.labels_at(middles), found.label)
    assert found.labels_at([[0.05, 0.5], [0.5, 0.71]]).tolist() == [-2, -2]
    order = np.lexsort(middles.T)
    assert len(np.unique(middles[order], axis=0)) == len(middles)


def test_chicken_goes_to_who_starts_with_more_cooperation():
    found = certify(games.chicken(), pg(), ["CD", "DC"], resolution=1 / 128)
    middle = (found.low + found.high) / 2
    # the players are alike, so that the separatrix is the diagonal
    assert (middle[found.label == 0, 0] > middle[found.label == 0, 1]).all()
    assert (middle[found.label == 1, 0] < middle[found.label == 1, 1]).all()
    touches = (found.low[:, 0] <= found.high[:, 1]) & (found.low[:, 1] <= found.high[:, 0])
    assert (found.label[touches & (found.low[:, 0] == found.low[:, 1])] == -1).all()
    assert found.undecided < 0.03


def test_starts_are_in_their_trap_after_the_updates_that_are_said():
    learners, rule = parametric(games.chicken()), pg()
    found = certify(games.chicken(), rule, ["CD", "DC"], resolution=1 / 64)
    cells = np.flatnonzero(found.trap >= 0)
    starts = np.concatenate([found.low[cells], found.high[cells]])
    steps, traps = (np.concatenate([own[cells], own[cells]]) for own in (found.steps, found.trap))
    direction = jax.jit(jax.vmap(lambda at: terms(learners, rule, at)))
    theta, inside = np.log(starts / (1 - starts)), np.zeros((2, len(starts)), bool)
    with jax.enable_x64(True):
        for step in range(steps.max() + 1):
            held = np.array([(found.traps[k].rows @ one >= found.traps[k].least - 1e-9).all()
                             for k, one in zip(traps, theta, strict=True)])  # fmt: skip
            for row, due in enumerate((steps, steps - 1)):
                inside[row, due == step] = held[due == step]
            size = 0.9 / (step + 10.0) ** 0.24
            theta = np.clip(theta + size * np.asarray(direction(jnp.asarray(theta))), -8.0, 8.0)
    assert inside[0].all()
    # an update before, some are not
    assert not inside[1, steps > 0].all()


@pytest.mark.long
def test_full_cooperation_of_the_coupled_donation_game_and_why_it_fails_without_coupling():
    donation = games.donation(benefit=3, cost=1)
    learners = open_source(donation, 0.8)
    found = certify(learners, pg(), "CC", (-1.0, 1.0), projection=box(2.0), resolution=1 / 8, steps=1500)
    assert found.coordinates == "parameters"
    assert found.fraction("CC") == 1.0
    theta = drawn(found, 500, 0)
    assert (runs(learners, pg(), theta, 2000, bound=2.0) == 2.0).all()
    with pytest.raises(InputError, match=r"CC does not attract pg: at its corner .* away from it"):
        certify(donation, pg(), "CC")
    gone = certify_escape(donation, meta_mapg(), "CC", resolution=1 / 16)
    assert gone.targets == ("DD",)
    assert gone.escaping("CC") == 1.0
    with pytest.raises(InputError, match="nothing is certified of 'XX'"):
        gone.escaping("XX")


def falling():
    return meta_mapg(peer=schedules.two_phase(1.5, warm_up=20, exponent=0.8))


@pytest.mark.parametrize(
    ("game", "rule"),
    [pytest.param(random_game(3, 0), pg(), marks=pytest.mark.long), (games.chicken(), falling())],
)
def test_three_players_and_a_falling_coefficient(game, rule):
    found = certify(game, rule, resolution=1 / 16)
    learners = parametric(game)
    for label, name in enumerate(found.targets):
        p = drawn(found, 200, label, seed=label)
        theta = np.log(p / (1 - p))
        ends = scheduled(learners, rule, theta)
        # more steps than any cell was given: all runs must be inside a trap of their corner
        held = [(ends @ t.rows.T >= t.least).all(axis=1) for t in found.traps if t.target == name]
        assert np.any(held, axis=0).all()
    assert found.undecided < 0.25


def scheduled(learners, rule, theta, steps=600):
    """Runs with the coefficients of the schedule at every step."""

    @jax.jit
    def all_of(theta):
        def turn(at, step):
            own = type(rule)(
                "", rule.inner_lr, rule.own, None if rule.peer is None else Constant(rule.peer(step)), None
            )
            size = 0.9 / (step + 10.0) ** 0.24
            return jnp.clip(at + size * jax.vmap(lambda x: terms(learners, own, x))(at), -8.0, 8.0), None

        return jax.lax.scan(turn, theta, jnp.arange(steps, dtype="float64"))[0]

    with jax.enable_x64(True):
        return np.asarray(all_of(jnp.asarray(theta)))


@pytest.mark.long
def test_in_every_trap_the_field_points_towards_the_corner_by_the_margin():
    for rule in (pg(), meta_mapg(peer=1.5, own=0.35)):
        found = certify(games.stag_hunt(), rule, resolution=1 / 8)
        field = jax.jit(jax.vmap(lambda at, rule=rule: terms(parametric(games.stag_hunt()), rule, at)))
        for trap in found.traps:
            assert (np.abs(trap.corner) == 8.0).all()
            axes = [np.linspace(a, 8.0, 121) for a in trap.least]
            points = np.stack(np.meshgrid(*axes), -1).reshape(-1, 2) @ trap.rows
            with jax.enable_x64(True):
                push = np.asarray(field(jnp.asarray(points))) * np.sign(trap.corner)
            assert push.min() >= trap.margin > 0
            # and nearly as large as it can be: one cell of the grid further it no longer holds, or the box ends
            assert push.max() <= trap.largest


def test_schedules_are_bounded_at_every_step_and_over_all():
    exact = schedules.power(0.9, offset=10.0, exponent=0.24)
    low, high = values(exact, 50)
    truth = np.array([np.longdouble("0.9") / np.longdouble(10 + k) ** np.longdouble("0.24") for k in range(50)])
    assert ((low < truth) & (truth < high)).all()
    assert (high - low).max() < 1e-13
    for schedule in (
        exact,
        schedules.two_phase(-1.5, warm_up=3, exponent=0.7),
        schedules.handoff(1.0, at=4, after=3.0),
    ):
        least, most = over_all_steps(schedule, "x")
        some = [float(schedule(k)) for k in (0, 1, 3, 4, 5, 100, 10**6)]
        assert least <= min(some) + 1e-7
        assert max(some) - 1e-7 <= most
