"""What every learning rule must do, in asymmetric games with unequal action counts and three players.

A rule enters by its line in `RULES`. What holds for sums of the four terms only is asked of those.
"""

import functools
import inspect
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games, learning
from nashscape.core import InputError
from nashscape.core.citations import cite
from nashscape.dynamics.setup import advance, in_precision, initial_state, make_setup
from nashscape.learning import RULES, Oracle, TermRule, exact, per_player, pg, rule_by_name, sampled, step_key
from nashscape.learning.asking import EXACTLY
from nashscape.semantics import independent, parametric
from nashscape.tracing.components import by_component

TERMS = ("base", "own", "peer", "lookahead")
SHAPES = {"2x3": (2, 3), "2x2x2": (2, 2, 2), "3x2x2": (3, 2, 2)}
STEP = jnp.int32(3)
STEP_SIZE = 0.1
SUMS = [name for name, make in RULES.items() if isinstance(make(), TermRule)]
ARRAYS_ONLY = {"pola"}  # rules that do not run entry by entry; the rest run uncompiled here
CHEAP = {"pola": {"inner_steps": 1, "outer_steps": 4}}  # what makes a rule compile faster and changes no property
BAD = [np.nan, np.inf, "large", None, True, 1j, [1.0, 2.0], np.ones(2), lambda step: "large", lambda: 1.0]


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@jax.jit
def _exact_terms(learners, theta):
    return exact().estimate(learners, theta, step_key(0))


@jax.jit
def _compiled_update(rule, learners, theta):
    oracle = Oracle(learners, exact(), theta, step_key(0), STEP_SIZE)
    return rule.update(oracle, rule.init(theta), STEP)[0]


def learners_of(payoffs, forms=None):
    return parametric(games.dense(payoffs), independent(payoffs.shape[1:], forms))


def terms_of(payoffs, theta, forms=None):
    return _exact_terms(learners_of(payoffs, forms), jnp.asarray(theta))


@jax.jit
def _utilities(learners, theta):
    return learners.utilities(theta)


class Quick(Oracle):
    """The oracle of a game whose answers are compiled once for all rules."""

    def terms(self, theta=None, question=0):
        return _exact_terms(self._game, self.theta if theta is None else theta)

    def utilities(self, theta):
        return _utilities(self._game, theta)


def oracle_of(payoffs, theta, forms=None):
    return Quick(learners_of(payoffs, forms), exact(), jnp.asarray(theta), step_key(0), STEP_SIZE)


def direction_of(rule, payoffs, theta, forms=None):
    """The direction of any rule, with its shape and type checked."""
    learners, theta = learners_of(payoffs, forms), jnp.asarray(theta)
    rule = rule.for_game(learners)
    if any(part.name in ARRAYS_ONLY for part in getattr(rule, "rules", [rule])):
        direction = _compiled_update(rule, learners, theta)
    else:
        direction, _ = rule.update(oracle_of(payoffs, theta, forms), rule.init(theta), STEP)
    assert direction.shape == theta.shape
    assert direction.dtype == theta.dtype
    return np.asarray(direction)


@functools.cache
def random_payoffs(name):
    shape = SHAPES[name]
    return np.random.default_rng(11).normal(size=(len(shape), *shape))


def random_theta(name):
    return np.random.default_rng(12).normal(size=sum(1 if k == 2 else k for k in SHAPES[name]))


@pytest.fixture(params=SHAPES)
def game(request):
    """Payoffs and a profile of parameters."""
    return random_payoffs(request.param), random_theta(request.param)


@pytest.fixture(params=["2x3", "2x2x2"])
def small_game(request):
    """The same, fewer of them, where every rule is compiled for every game."""
    return random_payoffs(request.param), random_theta(request.param)


@pytest.fixture(params=RULES)
def make(request):
    """The function that makes a rule."""
    return RULES[request.param]


@pytest.fixture(params=SUMS)
def make_sum(request):
    """The function that makes a sum of terms."""
    return RULES[request.param]


def made(make):
    """The rule with the numbers that are usual, or cheap."""
    return make(**CHEAP.get(make.__name__, {}))


def coefficients(make):
    return [name for name in inspect.signature(make).parameters if name != "inner_lr"]


def default(make, name):
    return inspect.signature(make).parameters[name].default


def size_of_correction(make):
    """The coefficient without which a rule is policy gradient, or None where there is no such."""
    return next((name for name in ("inner_lr", "strength") if name in inspect.signature(make).parameters), None)


class Given:
    """An oracle whose answer is known."""

    def __init__(self, terms):
        self.given = terms
        self.theta = jnp.zeros_like(terms.base)
        self.slices = terms.slices

    def terms(self):
        return self.given


def contributions(rule, terms):
    return rule.contributions(Given(terms), rule.init(jnp.zeros_like(terms.base)), STEP)


def update(rule, terms):
    """The direction of a sum of terms, after checking that the contributions add up to it."""
    rule = rule.for_players(terms.sizes)
    direction, _ = rule.update(Given(terms), rule.init(jnp.zeros_like(terms.base)), STEP)
    parts = contributions(rule, terms)
    assert set(parts) <= set(TERMS)
    np.testing.assert_allclose(sum(parts.values()), direction, atol=1e-14)
    assert direction.shape == terms.base.shape
    assert direction.dtype == terms.base.dtype
    return np.asarray(direction)


# --- all rules ----------------------------------------------------------------------------------------------


def test_without_correction_every_rule_is_policy_gradient(make, small_game):
    name = size_of_correction(make)
    if name is not None:
        found = direction_of(make(**{name: 0.0}), *small_game)
        np.testing.assert_allclose(found, terms_of(*small_game).base, rtol=0, atol=1e-15)
    elif make is pg:
        np.testing.assert_array_equal(direction_of(pg(), *small_game), terms_of(*small_game).base)


def test_the_correction_goes_with_the_inner_step_to_first_order(make):
    payoffs, theta = random_payoffs("2x2x2"), random_theta("2x2x2")
    name = size_of_correction(make)
    if name is not None:
        base = terms_of(payoffs, theta).base
        small, smaller = (direction_of(make(**{name: rate}), payoffs, theta) - base for rate in (1e-4, 5e-5))
        np.testing.assert_allclose(small, 2 * smaller, atol=1e-3 * np.abs(small).max() + 1e-15)
        assert np.linalg.norm(small) > 0


def test_by_default_no_two_rules_are_the_same():
    payoffs, theta = random_payoffs("2x3"), random_theta("2x3")
    # where base is of ordinary length, and where it is short
    directions = {
        name: np.append(direction_of(made(make), payoffs, theta), direction_of(made(make), payoffs / 10, theta))
        for name, make in RULES.items()
    }
    for one, other in itertools.combinations(directions, 2):
        assert np.abs(directions[one] - directions[other]).max() > 1e-6, (one, other)


def test_contributions_add_up_to_the_direction(make):
    payoffs, theta = random_payoffs("2x3"), random_theta("2x3")
    rule = made(make)

    def contributions(theta):
        return rule.contributions(oracle_of(payoffs, theta), rule.init(theta), STEP)

    parts = (jax.jit(contributions) if make.__name__ in ARRAYS_ONLY else contributions)(theta)
    assert set(parts) <= {*TERMS, "correction"}
    np.testing.assert_allclose(parts["base"], terms_of(payoffs, theta).base, atol=1e-14)
    np.testing.assert_allclose(sum(parts.values()), direction_of(rule, payoffs, theta), atol=1e-13)


@pytest.mark.parametrize("form", ["default", "softmax"])
def test_relabelling_actions_relabels_the_update(make, form):
    payoffs, random = random_payoffs("2x3"), np.random.default_rng(13)
    shape = payoffs.shape[1:]
    forms = ["sigmoid" if k == 2 and form == "default" else "softmax" for k in shape]
    sizes = [1 if f == "sigmoid" else k for f, k in zip(forms, shape, strict=True)]
    theta = random.normal(size=sum(sizes))
    orders = [np.roll(np.arange(k), 1) for k in shape]  # moves every action
    relabelled = payoffs
    for i, order in enumerate(orders):
        relabelled = np.take(relabelled, order, axis=1 + i)

    def moved(flat):
        parts = np.split(np.asarray(flat), np.cumsum(sizes)[:-1])
        return np.concatenate([-p if f == "sigmoid" else p[o] for p, f, o in zip(parts, forms, orders, strict=True)])

    before = direction_of(made(make), payoffs, theta, forms)
    after = direction_of(made(make), relabelled, moved(theta), forms)
    np.testing.assert_allclose(after, moved(before), atol=1e-10)


def test_permuting_players_permutes_the_update(make, small_game):
    payoffs, theta = small_game
    n = payoffs.ndim - 1
    sizes = [1 if k == 2 else k for k in payoffs.shape[1:]]
    before = np.split(direction_of(made(make), payoffs, theta), np.cumsum(sizes)[:-1])
    parts = np.split(theta, np.cumsum(sizes)[:-1])
    for order in itertools.permutations(range(n)):
        permuted = payoffs[list(order)].transpose(0, *(1 + k for k in order))
        after = direction_of(made(make), permuted, np.concatenate([parts[k] for k in order]))
        np.testing.assert_allclose(after, np.concatenate([before[k] for k in order]), atol=1e-10)


def test_what_is_added_to_all_payoffs_of_a_player_changes_nothing(make, small_game):
    payoffs, theta = small_game
    n = payoffs.ndim - 1
    shifts = np.arange(1.0, n + 1).reshape(-1, *(1 for _ in range(n)))
    before, after = (direction_of(made(make), paid, theta) for paid in (payoffs, payoffs + 7 * shifts))
    np.testing.assert_allclose(after, before, atol=1e-10)


def test_directions_are_finite_at_the_corners_of_the_box(make):
    payoffs = random_payoffs("2x3").astype(np.float32)
    for corner in itertools.product((-8.0, 8.0), repeat=3):
        assert np.isfinite(direction_of(made(make), payoffs, np.array([*corner, -8.0], np.float32))).all()


def abstract_update(rule, learners, precision, estimator=None):
    """A whole update of the library as a function of one start, with examples of its arguments."""
    with jax.enable_x64(precision == "float64"):
        setup = in_precision(make_setup(learners, rule, estimator=estimator), precision)
        theta = jax.ShapeDtypeStruct((learners.dimension,), precision)
        state = jax.eval_shape(initial_state, setup, theta)

        def run(setup, state):
            return advance(setup, state, step_key(0, 1, 2))

        return run, setup, state, jax.eval_shape(run, setup, state)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_an_update_keeps_structure_shape_and_precision(make, precision):
    learners = learners_of(random_payoffs("3x2x2"))
    _, _, before, after = abstract_update(made(make), learners, precision)
    assert jax.tree.structure(before) == jax.tree.structure(after)
    for one, other in zip(jax.tree.leaves(before), jax.tree.leaves(after), strict=True):
        assert (one.shape, one.dtype) == (other.shape, other.dtype)


def test_every_rule_runs_with_samples_or_says_that_it_does_not(make):
    learners = learners_of(random_payoffs("2x3"))
    if not make().needs.isdisjoint(EXACTLY):
        with pytest.raises(InputError, match="without sampling"):
            make_setup(learners, make(), estimator=sampled(8))
    else:
        _, _, before, after = abstract_update(made(make), learners, "float32", sampled(8))
        assert before.theta.shape == after.theta.shape


def test_small_games_run_entry_by_entry(make):
    if make.__name__ in ARRAYS_ONLY:
        pytest.skip("this rule runs in array form")
    run, setup, state, _ = abstract_update(made(make), learners_of(random_payoffs("2x3")), "float32")
    with jax.enable_x64(False):
        by_component(run, setup, state)  # raises where it cannot be written out


@pytest.mark.parametrize(
    "make", [RULES[name] for name in RULES if name not in SUMS[1:]], ids=lambda make: make.__name__
)
def test_compiled_once_for_all_numbers(make):
    payoffs, theta = random_payoffs("2x3")[:, :, :2], jnp.asarray([0.3, -0.8])
    learners, traces = learners_of(payoffs), []

    @jax.jit
    def direction(rule, theta):
        traces.append(rule)
        return rule.update(Oracle(learners, exact(), theta, step_key(0), STEP_SIZE), rule.init(theta), STEP)[0]

    for scale in (1.0, 0.5):
        # whole numbers are counts, and stay as they are
        rule = jax.tree.map(lambda leaf, scale=scale: scale * leaf if isinstance(leaf, float) else leaf, made(make))
        found = direction(rule.renamed(f"× {scale}"), theta)
        if make.__name__ not in ARRAYS_ONLY:
            np.testing.assert_allclose(found, direction_of(rule, payoffs, theta), atol=1e-12)
        assert np.isfinite(found).all()
    assert len(traces) == 1


def test_a_rule_is_a_pytree_of_its_coefficients(make):
    payoffs, theta = random_payoffs("2x3"), random_theta("2x3")
    rule = made(make)
    leaves, structure = jax.tree.flatten(rule)
    assert all(np.ndim(leaf) == 0 for leaf in leaves)
    rebuilt = structure.unflatten(leaves)
    np.testing.assert_array_equal(direction_of(rebuilt, payoffs, theta), direction_of(rule, payoffs, theta))
    players = per_player([rule, pg()])
    again = jax.tree.unflatten(jax.tree.structure(players), jax.tree.leaves(players))
    found = direction_of(again, payoffs, theta)
    np.testing.assert_array_equal(found, direction_of(players, payoffs, theta))
    np.testing.assert_allclose(found[:1], direction_of(rule, payoffs, theta)[:1], atol=1e-13)
    np.testing.assert_allclose(found[1:], terms_of(payoffs, theta).base[1:], atol=1e-14)


def test_names_and_numbers_are_not_part_of_the_program(make):
    rule = make()
    assert rule.name == make.__name__
    assert rule.renamed("mine").name == "mine"
    assert jax.tree.structure(rule.renamed("mine")) == jax.tree.structure(rule)
    one, other = per_player([rule, pg()], name="one"), per_player([rule, pg()], name="other")
    assert jax.tree.structure(one) == jax.tree.structure(other)
    numbers = [name for name in coefficients(make) if type(default(make, name)) is float]
    changed = make(**dict.fromkeys(numbers, 0.123))
    assert jax.tree.structure(changed) == jax.tree.structure(rule)
    if make is not pg:
        assert jax.tree.structure(rule) != jax.tree.structure(pg())


def test_every_rule_says_what_to_cite(make):
    assert make().sources
    assert cite(make().sources).count("\n") == max(len(make().sources) - 1, 0)


@pytest.mark.parametrize("bad", BAD)
def test_bad_coefficients_are_one_input_error(bad, make):
    for name in coefficients(make):
        if bad is default(make, name) or (bad is None and default(make, name) is None):
            continue
        with pytest.raises(InputError, match=name):
            make(**{name: bad})


@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf, "fast", None, True, lambda step: 0.1, np.ones(2)])
def test_bad_inner_steps_are_one_input_error(bad, make):
    if "inner_lr" in inspect.signature(make).parameters and not (bad is None and default(make, "inner_lr") is None):
        with pytest.raises(InputError, match="inner_lr"):
            make(inner_lr=bad)


def test_rules_by_name():
    assert rule_by_name("meta-mapg", peer=2.0) == rule_by_name("meta_mapg", peer=2.0)
    for name, make in RULES.items():
        assert rule_by_name(name) == make()
        assert getattr(learning, name) is make
    with pytest.raises(InputError, match="did you mean 'meta_mapg'"):
        rule_by_name("meta_mpag")
    with pytest.raises(InputError, match="pg takes no coefficients; got 'peer'"):
        rule_by_name("pg", peer=1.0)


def test_what_is_no_rule_is_refused():
    with pytest.raises(InputError, match=r"call it, as in nashscape.pg\(\)"):
        learning.check_rule(pg)
    with pytest.raises(InputError, match="expected a rule, got the text 'pg'"):
        per_player([pg(), "pg"])
    with pytest.raises(InputError, match="2 rules but 3 players"):
        per_player([pg(), pg()]).for_players((1, 1, 1))
    with pytest.raises(InputError, match="2 rules but 3 players"):
        per_player([pg(), pg()]).for_game(learners_of(random_payoffs("2x2x2")))
    assert learning.check_rule(learning.lola()) == learning.lola()


# --- sums of the four terms ---------------------------------------------------------------------------------


def test_without_coefficients_every_sum_is_policy_gradient(make_sum, game):
    terms = terms_of(*game)
    rule = make_sum(**dict.fromkeys(coefficients(make_sum), 0.0))
    np.testing.assert_array_equal(update(rule, terms), terms.base)
    np.testing.assert_array_equal(update(pg(), terms), terms.base)


def test_every_sum_is_the_combination_of_its_formula(game):
    terms = terms_of(*game)
    base, own, peer, look = (np.asarray(getattr(terms, name)) for name in TERMS)
    eta, mu, lam, ell = 0.3, 0.7, 1.9, 0.4
    formulas = {
        learning.pg(): base,
        learning.meta_pg(own=mu, inner_lr=eta): base + eta * mu * own,
        learning.peer_only(peer=lam, inner_lr=eta): base + eta * lam * peer,
        learning.meta_mapg(own=mu, peer=lam, inner_lr=eta): base + eta * (mu * own + lam * peer),
        learning.lookahead(inner_lr=eta): base + eta * look,
        learning.lookahead(lookahead=ell, inner_lr=eta): base + eta * ell * look,
        learning.lola(inner_lr=eta): base + eta * (look + peer),
        learning.lola(peer=lam, lookahead=ell, inner_lr=eta): base + eta * (ell * look + lam * peer),
        learning.lola(peer=0.0, inner_lr=eta): base + eta * look,
        learning.lola(lookahead=0.0, peer=lam, inner_lr=eta): update(learning.peer_only(peer=lam, inner_lr=eta), terms),
        learning.meta_mapg(own=0.0, peer=lam, inner_lr=eta): update(learning.peer_only(peer=lam, inner_lr=eta), terms),
        learning.meta_mapg(own=mu, peer=0.0, inner_lr=eta): update(learning.meta_pg(own=mu, inner_lr=eta), terms),
    }
    assert {rule.name for rule in formulas} == set(SUMS)
    for rule, wanted in formulas.items():
        np.testing.assert_allclose(update(rule, terms), wanted, atol=1e-14, err_msg=str(rule))


def test_affine_changes_of_payoffs_scale_the_contributions(make_sum, game):
    payoffs, theta = game
    n = payoffs.ndim - 1
    a = 2.5
    shifts = np.arange(1.0, n + 1).reshape(-1, *(1 for _ in range(n)))
    rule = make_sum()
    before = contributions(rule, terms_of(payoffs, theta))
    after = contributions(rule, terms_of(a * payoffs + 7 * shifts, theta))
    assert set(before) == set(after)
    for name, part in before.items():
        np.testing.assert_allclose(after[name], part * (a if name == "base" else a**2), atol=1e-12, err_msg=name)


def test_scales_of_single_players_go_with_the_utilities_that_a_term_multiplies(game):
    payoffs, theta = game
    n = payoffs.ndim - 1
    scales = np.array([2.0, 0.5, 3.0])[:n]
    before = terms_of(payoffs, theta)
    after = terms_of(payoffs * scales.reshape(-1, *(1 for _ in range(n))), theta)
    mine = np.concatenate([np.full(size, scale) for size, scale in zip(before.sizes, scales, strict=True)])
    np.testing.assert_allclose(after.base, mine * before.base, atol=1e-13)
    np.testing.assert_allclose(after.own, mine**2 * before.own, atol=1e-13)
    if n == 2:
        np.testing.assert_allclose(after.peer, scales.prod() * before.peer, atol=1e-13)
        np.testing.assert_allclose(after.lookahead, scales.prod() * before.lookahead, atol=1e-13)


def test_a_rule_of_its_own_for_every_player(game):
    terms = terms_of(*game)
    rules = [learning.meta_mapg(), learning.lookahead(), learning.pg()][: len(terms.sizes)]
    together = per_player(rules)
    direction = update(together, terms)
    for rule, part in zip(rules, terms.slices, strict=True):
        np.testing.assert_allclose(direction[part], update(rule, terms)[part], atol=1e-15)
    parts = contributions(together, terms)
    assert set(parts) == set(TERMS)
    assert not np.any(parts["peer"][terms.slices[1]])
    assert np.any(parts["peer"][terms.slices[0]])
    same = per_player([learning.lola()] * len(terms.sizes))
    np.testing.assert_array_equal(update(same, terms), update(learning.lola(), terms))
    assert together.name == "+".join(rule.name for rule in rules)
    assert per_player(rules, name="three kinds").name == "three kinds"


def test_at_zeros_of_base_own_and_lookahead_vanish_and_peer_does_not(make_sum, game):
    payoffs, theta = game
    # every player becomes indifferent where all play uniformly
    n, payoffs = payoffs.ndim - 1, payoffs.copy()
    for i in range(n):
        others = tuple(k for k in range(n) if k != i)
        payoffs[i] -= payoffs[i].mean(axis=others, keepdims=True)
    terms = terms_of(payoffs, np.zeros_like(theta))
    np.testing.assert_allclose(terms.base, 0, atol=1e-15)
    parts = contributions(make_sum(), terms)
    for name in {"base", "own", "lookahead"} & set(parts):
        np.testing.assert_allclose(parts[name], 0, atol=1e-15, err_msg=name)
    # peer_i holds the gradients of one's own utility along the parameters of others, which need not vanish
    generic = terms_of(payoffs + np.random.default_rng(14).normal(size=n).reshape(-1, *(1,) * n), np.zeros_like(theta))
    np.testing.assert_allclose(generic.peer, terms.peer, atol=1e-14)
    if "peer" in parts:
        assert np.abs(terms.peer).max() > 1e-3


def test_numbers_of_a_sum_scale_its_correction(make_sum, game):
    terms = terms_of(*game)
    rule = make_sum()
    assert len(jax.tree.leaves(rule)) == len(coefficients(make_sum)) + 1  # and the inner step
    doubled = update(jax.tree.map(lambda leaf: 2.0 * leaf, rule), terms)
    np.testing.assert_allclose(doubled - terms.base, 4 * (update(rule, terms) - terms.base), atol=1e-13)


def test_coefficients_may_be_schedules(game):
    terms = terms_of(*game)
    falling = learning.meta_mapg(peer=learning.two_phase(1.5, warm_up=2, exponent=0.7), own=lambda step: 0.1 * step)
    # step 3 is the second of the second phase: 1.5 · 2^−0.7
    wanted = terms.base + 0.55 * (0.3 * terms.own + 1.5 * 2**-0.7 * terms.peer)
    np.testing.assert_allclose(update(falling, terms), wanted, atol=1e-7)
