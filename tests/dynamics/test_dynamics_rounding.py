"""Payoffs in the precision of a run: gains from a change of action keep their sign and three digits, or it is said."""

from fractions import Fraction

import jax
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.core import InputError
from nashscape.dynamics import make_setup, reducers, simulate
from nashscape.dynamics.cells import stacked
from nashscape.dynamics.rounding import rounded_setup
from nashscape.games.forms.payoff_tables import payoff_tables
from nashscape.games.rounding import EPSILON
from nashscape.learning import exact, sampled, step_key
from nashscape.semantics import parametric

RANDOM = np.random.default_rng(8)
EXTERNALITY = 1e15 * np.array([1.0, 0.0])


def dense(offset):
    return games.dense(RANDOM.integers(-3, 4, size=(3, 2, 3, 2)) + offset)


def anonymous(offset):
    return games.anonymous(RANDOM.integers(-3, 4, size=(3, 2, 3)) + offset)


def graph(offset):
    first, second = RANDOM.integers(-3, 4, size=(2, 2, 2)), RANDOM.normal(size=(2, 2, 2))
    return games.polymatrix({(0, 1): tuple(first + offset), (1, 2): tuple(second + offset)})


def markov(offset):
    moves = RANDOM.dirichlet(np.ones(2), size=(2, 2, 3))
    return games.markov(RANDOM.integers(-3, 4, size=(2, 2, 2, 3)) + offset, moves, discount=0.9)


KINDS = {"dense": dense, "anonymous": anonymous, "polymatrix": graph, "markov": markov}


def ready_of(game, precision="float32", **options):
    return rounded_setup(make_setup(game, ns.pg(), **options), precision)


def tables_of(game):
    return payoff_tables(game)


def exactly_less(value, constant):
    """`value − constant` as the nearest single, from fractions."""
    wanted = Fraction(float(value)) - Fraction(float(constant))
    near = np.float32(float(wanted))
    around = [np.nextafter(near, np.float32(-np.inf)), near, np.nextafter(near, np.float32(np.inf))]
    return min(around, key=lambda single: abs(Fraction(float(single)) - wanted))


@pytest.mark.parametrize("kind", KINDS)
def test_payoffs_that_survive_are_rounded_as_they_are(kind):
    game = KINDS[kind](0.0)
    ready = ready_of(game)
    assert (ready.precision, ready.notes, ready.removed.any()) == ("float32", (), False)
    for own, wanted in zip(tables_of(ready.setup.game.game), tables_of(game), strict=True):
        for found, table in zip(own, wanted, strict=True):
            assert (np.asarray(found) == table.astype(np.float32)).all()


@pytest.mark.parametrize("offset", [1e7, 1e9 + 1 / 3, -3e12])
@pytest.mark.parametrize("kind", KINDS)
def test_one_constant_is_removed_exactly_and_the_rest_rounded_once(kind, offset):
    game = KINDS[kind](offset)
    ready = ready_of(game)
    assert ready.precision == "float32"
    assert ready.notes[0].startswith("a constant was removed before rounding")
    for i, (own, given) in enumerate(zip(tables_of(ready.setup.game.game), tables_of(game), strict=True)):
        constants = 0.0
        # a player whom nothing of its own changes loses nothing
        indifferent = not any(np.diff(table, axis=0).any() for table in given)
        for found, table in zip(own, given, strict=True):
            middle = 0.0 if indifferent else np.sort(table.ravel())[(table.size - 1) // 2]
            wanted = np.array([exactly_less(value, middle) for value in table.ravel()]).reshape(table.shape)
            assert (np.asarray(found) == wanted).all()
            constants += middle
        assert ready.removed[i] == pytest.approx(constants, rel=1e-15)


def test_signs_ties_and_three_digits_survive_whatever_was_done():
    seen = set()
    for k in range(150):
        random = np.random.default_rng(k)
        scale, offset = 10.0 ** random.integers(-9, 10), 10.0 ** random.integers(-9, 13)
        payoffs = scale * random.integers(-2, 3, size=(2, 3, 3)) + scale * random.normal(size=(2, 3, 3)) * (k % 2)
        if k % 5 == 0:  # what others do counts for much more than what one does oneself
            payoffs[0, :, 0] += 1e6 * scale
            payoffs[1, 0, :] += 1e6 * scale
        game = games.dense(payoffs + offset * (k % 3 > 0))
        ready = ready_of(game)
        seen.add((ready.precision, ready.removed.any()))
        found = np.asarray(ready.setup.game.game.payoffs)
        assert found.dtype == ready.precision
        for i in range(2):
            given, made = (np.moveaxis(own[i], i, 0) for own in (game.payoffs, found.astype(float)))
            for a, b in ((0, 1), (0, 2), (1, 2)):
                for x, y, new in zip(given[a], given[b], made[a] - made[b], strict=True):
                    wanted = Fraction(float(x)) - Fraction(float(y))
                    assert abs(Fraction(float(new)) - wanted) <= Fraction(EPSILON) * abs(wanted)
    assert seen == {("float32", False), ("float32", True), ("float64", False)}


def test_learning_sees_what_it_saw_without_the_constant():
    theta = np.array([0.3, -0.4], np.float32)
    plain, moved = games.stag_hunt(), games.stag_hunt().affine(shift=[1e7, 3e8])
    terms = jax.jit(lambda learners: exact().estimate(learners, theta, step_key(0)))
    wanted, ready = terms(parametric(plain)), terms(ready_of(moved).setup.game)
    as_it_was = terms(parametric(moved))
    for term in ("base", "own", "peer", "lookahead"):
        right = np.asarray(getattr(wanted, term))
        np.testing.assert_allclose(getattr(ready, term), right, rtol=1e-4, atol=1e-6, err_msg=term)
        assert np.abs(np.asarray(getattr(as_it_was, term)) - right).max() > 0.1 * np.abs(right).max()


def test_sampled_updates_and_reducers_see_the_constant_and_get_double_precision():
    game = games.stag_hunt().affine(shift=1e7)
    for options in ({"estimator": sampled(8)}, {"reducers": [reducers.welfare()]}):
        ready = ready_of(game, **options)
        assert (ready.precision, ready.removed.any()) == ("float64", False)
        assert ready.notes[0].startswith("computed in float64")
        assert (np.asarray(ready.setup.game.game.payoffs) == game.payoffs).all()


def test_reported_payoffs_include_the_constant():
    game = games.stag_hunt().affine(shift=[1e14, 0.0])
    run = simulate(game, ns.pg(), [0.6, 0.5], steps=2)
    assert run.notes[0].startswith("a constant was removed")
    assert run.payoffs[0].tolist() == [1e14 + 2.2, pytest.approx(2.5)]
    assert repr(run).endswith("; a constant was removed before rounding>")


def test_near_ties_are_kept_in_double_precision_and_need_it():
    game = games.symmetric_2x2(R=3, S=0, T=3 + 2**-51, P=1)
    ready = ready_of(game, "float64")
    assert (ready.notes, ready.removed.any()) == ((), False)
    assert ready_of(game, estimator=sampled(8)).precision == "float64"


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_payoffs_whose_products_are_no_singles_get_double_precision(scale):
    assert ready_of(games.stag_hunt().affine(scale)).precision == "float64"


def test_what_double_precision_cannot_tell_apart_is_refused():
    table = np.array([[3.0, 0.0], [5.0, 1.0]]) + EXTERNALITY
    with pytest.raises(InputError, match=r"gains 2 beside payoffs of 1e\+15"):
        ready_of(games.bimatrix(table, table.T))


@pytest.mark.parametrize(("cost", "precision"), [(1e3, "float32"), (1e6, "float64"), (1e9, "float64")])
def test_a_forbidden_action_costs_as_much_precision_as_it_needs(cost, precision):
    # also where it stands in columns of its own: at the centre of the game all columns are added up
    table = np.array([[3.0, 0.0, -cost], [5.0, 1.0, -cost]])
    ready = ready_of(games.bimatrix(table, np.array([[3.0, 5.0, -cost], [0.0, 1.0, -cost]])))
    assert (ready.precision, ready.removed.any()) == (precision, False)


def test_cells_are_all_computed_as_the_one_that_needs_most():
    def cells(shifts, precision="float32"):
        made = [parametric(games.stag_hunt().affine(shift=shift)) for shift in shifts]
        return stacked([(one, ns.pg()) for one in made], len(made), make_setup(made[0], ns.pg()), precision)

    plain, raised = cells([0.0, 1.0]), cells([0.0, 1e7])
    assert (plain.precision, plain.notes) == ("float32", ())
    assert raised.precision == "float64"
    assert raised.notes[0].startswith("computed in float64")
    payoffs = next(leaf for leaf in raised.leaves if leaf.shape == (2, 2, 2, 2))
    assert (payoffs[1] == games.stag_hunt().payoffs + 1e7).all()
    # numbers are kept as they are, for the account of endings, and rounded where they are run
    ready = jax.tree.leaves(plain.part(np.arange(2)))
    assert {leaf.dtype.name for leaf in ready} <= {"float32", "int32"}


def test_games_without_payoff_arrays_are_cast_as_they_are():
    ready = ready_of(games.cournot())
    assert (ready.precision, ready.removed.tolist(), ready.notes) == ("float32", [0.0, 0.0], ())
