"""Certificates of softmax players, games over states, flows and places of rest, against derivatives and long runs."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.integrate

from nashscape import games
from nashscape.core import InputError, load
from nashscape.learning import box, exact, lola, meta_mapg, pg, sampled
from nashscape.learning.fields import field_at, field_of
from nashscape.proofs.bounds.followed import Followed
from nashscape.proofs.bounds.step_enclosures import enclosure, followed_of
from nashscape.proofs.certification.certifying import certify, certify_escape
from nashscape.semantics import open_source, parametric, restricted
from nashscape.tracing.intervals import Interval


def coordination(*payoffs):
    table = np.zeros((2, len(payoffs), len(payoffs)))
    for k, payoff in enumerate(payoffs):
        table[:, k, k] = payoff
    return games.dense(table)


def wandering(states=3):
    """A game over states in which the next state is drawn, of unequal players."""
    random = np.random.default_rng(5)
    # probabilities that add up to one exactly, as a proof needs them
    moves = np.rint(random.dirichlet(np.ones(states), size=(states, 2, 2)) * 1024) / 1024
    moves[..., -1] = 1.0 - moves[..., :-1].sum(axis=-1)
    return games.markov(random.normal(size=(2, states, 2, 2)), moves, initial=np.eye(states)[0], discount=0.8)


def free_dilemma(discount=0.96, fixed=0.1):
    game = games.repeated(games.prisoners_dilemma(), discount=discount)
    return restricted(game, [[("start", "CC", "DC")], [("start", "CC", "CD")]], fixed=fixed)


def bounds_of(learners, rule, low, high):
    """Bounds of the field and of its derivatives, for what is followed: low and high ends, `[d + d²]` each."""
    leaves, structure = jax.tree.flatten((learners, rule))
    made = enclosure(structure, tuple(np.shape(leaf) for leaf in leaves), True)
    with jax.enable_x64(True):
        numbers = [Interval(jnp.float64(x)) for leaf in leaves for x in np.asarray(leaf, np.float64).ravel()]
        y = [
            Interval(jnp.float64(a)) if a == b else Interval(jnp.float64(a), jnp.float64(b))
            for a, b in zip(low, high, strict=True)
        ]
        found = made.slopes([*numbers, *made.followed.inserted(y)])
        values = made.at(numbers, y)
    ends = np.array([[float(x.low), float(x.high)] for x in found]).T
    alone = np.array([[float(x.low), float(x.high)] for x in values]).T
    return ends, alone, made.followed


def truth(learners, rule, followed, y):
    """The same by automatic differentiation of the rule that is run."""
    field, theta = field_of(learners, rule), followed.parameters(y)
    matrix, inner = followed.differences, np.zeros((len(theta), followed.dimension))
    for column, (first, _) in enumerate(followed.pairs):
        inner[first, column] = 1.0
    slopes = matrix @ field.jacobian(theta) @ inner
    return np.concatenate([matrix @ field(theta), slopes.ravel()])


CASES = [
    (lambda: parametric(games.dense(np.random.default_rng(0).normal(size=(2, 3, 3)))), pg()),
    (lambda: parametric(games.dense(np.random.default_rng(1).normal(size=(2, 2, 3)))), meta_mapg(peer=-1.5)),
    (lambda: parametric(games.dense(np.random.default_rng(2).normal(size=(3, 2, 2, 3)))), pg()),
    (lambda: parametric(games.dense(np.random.default_rng(3).normal(size=(2, 3, 3)))), lola(peer=-0.5)),
    (
        lambda: restricted(
            wandering(), [["state 1", ("state 0", "state 2")], ["state 2"]], fixed={"state 0": 0.3, "state 1": 0.8}
        ),
        pg(),
    ),
    (free_dilemma, pg()),
]


@pytest.mark.long
@pytest.mark.parametrize(("make", "rule"), CASES)
def test_bounds_hold_the_field_and_its_derivatives_and_are_tight_at_points(make, rule):
    learners, random = make(), np.random.default_rng(3)
    centre = random.normal(size=followed_of(learners).dimension)
    for radius in (0.0, 0.01):
        ends, alone, followed = bounds_of(learners, rule, centre - radius, centre + radius)
        d = followed.dimension
        for _ in range(6):
            real = truth(learners, rule, followed, centre + radius * random.uniform(-1, 1, size=d))
            assert (ends[0] <= real + 1e-12).all()
            assert (real - 1e-12 <= ends[1]).all()
            assert (alone[0] <= real[:d] + 1e-12).all()
            assert (real[:d] - 1e-12 <= alone[1]).all()
        assert np.ptp(ends, axis=0).max() < (1e-8 if radius == 0 else 100 * radius * (1 + np.abs(ends).max()))


def test_followed_numbers_are_parameters_and_differences_of_logits():
    followed = Followed((1, 3), ("sigmoid", "softmax"))
    assert followed.pairs == ((0, None), (1, 3), (2, 3))
    y = np.array([0.5, 1.0, -2.0])
    theta = followed.parameters(y)
    np.testing.assert_allclose(followed.differences @ theta, y, atol=1e-15)
    assert abs(theta[1:].sum()) < 1e-14
    # beside the corner at which the first plays its second action and the other its second
    corner = np.array([-8.0, -8.0, 8.0, -8.0])
    near = followed.near(corner, -8.0, 8.0)
    np.testing.assert_allclose(near.rows @ (followed.differences @ corner), near.ends[1])
    w = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(near.rows @ (followed.differences @ (near.moves @ w)), w)
    assert not followed.is_pure(np.array([8.0, 8.0, 8.0, -8.0]), 0.0)


def long_run(learners, rule, theta, size, steps, bound):
    """Where exact updates lead, in double precision."""

    @jax.jit
    def all_of(theta):
        field = jax.vmap(lambda at: field_at(learners, rule, at))
        return jax.lax.fori_loop(0, steps, lambda _, at: jnp.clip(at + size * field(at), -bound, bound), theta)

    with jax.enable_x64(True):
        return np.asarray(all_of(jnp.asarray(theta)))


def drawn(found, label, number, seed=0):
    random = np.random.default_rng(seed)
    cell = random.choice(np.flatnonzero(found.label == label), number)
    where = random.uniform(size=(number, found.low.shape[1]))
    where[::2] = np.rint(where[::2])
    return found.low[cell] + where * (found.high[cell] - found.low[cell])


@pytest.mark.long
def test_softmax_players_of_three_actions_go_where_it_is_proved(tmp_path):
    game = coordination(4.0, 3.0, 2.0)
    found = certify(game, pg(), ["AA", "BB", "CC"], step_size=0.4, resolution=1 / 8)
    assert found.targets == ("AA", "BB", "CC")
    assert found.low.shape[1] == 4
    assert found.fraction("AA") > found.fraction("CC") > 0
    followed = Followed((3, 3), ("softmax", "softmax"))
    for label in range(3):
        ends = long_run(parametric(game), pg(), followed.parameters(drawn(found, label, 300)), 0.4, 3000, 8.0)
        shares = np.exp(ends.reshape(-1, 2, 3))
        assert (shares[:, :, label] > 0.999 * shares.sum(axis=2)).all()
    again = load(found.save(tmp_path / "proof.json"))
    assert again.to_dict() == found.to_dict()


@pytest.mark.long
def test_runs_of_the_flow_go_where_it_is_proved():
    game = games.stag_hunt()
    found = certify(game, meta_mapg(), "CC", time_step=0.1, resolution=1 / 64)
    assert found.problem["dynamics"] == "flow"
    assert found.undecided < 0.05
    field = field_of(game, meta_mapg())
    for label, way in enumerate((1.0, -1.0)):
        for p in drawn(found, label, 6):
            path = scipy.integrate.solve_ivp(lambda _, at: field(at), (0, 40), np.log(p / (1 - p)), rtol=1e-9)
            assert (path.y[:, -1] * way > 2.5).all()


@pytest.mark.parametrize("time_step", [None, pytest.param(0.2, marks=pytest.mark.long)])
@pytest.mark.long
def test_what_rests_on_an_edge_of_the_box_never_comes_to_a_corner(time_step, tmp_path):
    learners = open_source(games.donation(benefit=3, cost=1), 0.7)
    found = certify(
        learners, pg(), "CC", (-3.0, 3.0), projection=box(3.0), resolution=1 / 16, steps=1500, time_step=time_step
    )
    rests = [trap for trap in found.traps if trap.kind == "rest"]
    assert len(rests) == 2
    assert found.escaping("CC") > 0.05
    assert found.fraction("CC") > 0.15
    starts = {label: drawn(found, label, 200) for label in range(3)}
    size = 0.3 if time_step is None else 0.02
    if time_step is None:
        found_again = certify(learners, pg(), "CC", (-3.0, 3.0), projection=box(3.0), resolution=1 / 8, step_size=size)
        assert {trap.kind for trap in found_again.traps} == {"corner", "rest"}
    for label, theta in starts.items():
        ends = long_run(learners, pg(), theta, size, 20_000, 3.0)
        if label == 0:
            assert (ends == 3.0).all()
        else:
            trap = rests[label - 1]
            assert ((ends >= trap.low) & (ends <= trap.high)).all()
            assert (ends[:, trap.sides > 0] == 3.0).all()
    for trap in rests:
        held(learners, trap)
    again = load(found.save(tmp_path / "proof.json"))
    assert again.to_dict() == found.to_dict()


def held(learners, trap):
    """An update with the largest step takes no profile of the set out of it."""
    random = np.random.default_rng(1)
    free = trap.sides == 0
    inside = random.uniform(trap.low, trap.high, size=(2000, 2))
    way = np.linalg.inv(trap.metric) @ np.sign(random.normal(size=(int(free.sum()), 2000)))
    inside[:, free] = trap.centre + trap.radius * random.uniform(0.9, 1.0, size=(2000, 1)) * way.T
    after = long_run(learners, pg(), inside, 0.9 / 10**0.24, 1, 3.0)
    away = np.linalg.norm((after[:, free] - trap.centre) @ trap.metric.T, axis=1)
    assert (away <= trap.radius).all()
    assert (after[:, ~free] >= trap.low[~free]).all()
    assert (after[:, ~free] <= trap.high[~free]).all()


@pytest.mark.long
def test_the_memory_one_dilemma_with_one_free_number_each():
    learners = free_dilemma()
    found = certify(learners, pg(), "CC", step_size=0.05, steps=1000, resolution=1 / 128, seconds=600)
    assert found.targets == ("CC", "DD")
    assert found.fraction("CC") > 0.25
    assert found.fraction("DD") > 0.2
    for label, way in enumerate((1.0, -1.0)):
        ends = long_run(learners, pg(), drawn(found, label, 500), 0.05, 6000, 8.0)
        assert (ends * way > 5.0).all()


@pytest.mark.long
def test_corners_of_games_over_states_are_named_by_signs_where_the_first_round_is_held():
    learners = restricted(wandering(2), [["state 1"], ["state 1"]], fixed=0.8)
    found = certify(learners, pg(), step_size=0.1, resolution=1 / 8)
    assert set(found.targets) <= {"++", "+-", "-+", "--"}
    label, corner = found.targets[0], found.traps[0].corner
    assert label == "".join("+" if x > 0 else "-" for x in corner)
    ends = long_run(learners, pg(), drawn(found, 0, 200), 0.1, 20_000, 8.0)
    assert (ends * np.sign(corner) > 5.0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"estimator": sampled(384)}, "certify_in_probability"),
        ({"rule": sampled(384)}, "certify_in_probability"),
        (
            {"game": games.prisoners_dilemma()},
            r"transverse eigenvalue \+[0-9.]+ in the strategy, which has to be negative",
        ),
        ({"game": restricted(games.iterated_prisoners_dilemma(), [["CC"], ["CC"]])}, "without a last round"),
        ({"game": coordination(1.0, 2.0, 3.0), "coordinates": "strategies"}, "two actions each"),
        ({"game": free_dilemma(), "rule": meta_mapg()}, "too long to be written out"),
    ],
)
def test_bad_questions_are_refused(change, message):
    asked = {"game": games.stag_hunt(), "rule": pg(), "target": 0, **change}
    asked["target"] = "CC" if asked["game"] is not change.get("game") or "rule" not in change else None
    with pytest.raises(InputError, match=message):
        certify(asked.pop("game"), asked.pop("rule"), asked.pop("target"), **asked)


def test_exact_estimators_are_what_certificates_are_of():
    found = certify(games.prisoners_dilemma(), pg(), "DD", estimator=exact(), resolution=1 / 8)
    assert found.fraction("DD") == 1.0
    gone = certify_escape(games.prisoners_dilemma(), pg(), "CC", estimator=exact(), resolution=1 / 8)
    assert gone.escaping("CC") == 1.0
    assert {trap.kind for trap in gone.traps} == {"corner"}
