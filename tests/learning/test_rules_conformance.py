"""What every learning rule must do, in asymmetric games with unequal action counts and three players."""

import functools
import inspect
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games, learning
from nashscape.core import InputError
from nashscape.learning import RULES, exact, per_player, pg, rule_by_name, step_key
from nashscape.semantics import independent, parametric

TERMS = ("base", "own", "peer", "lookahead")
SHAPES = {"2x3": (2, 3), "2x2x2": (2, 2, 2), "3x2x2": (3, 2, 2)}
STEP = jnp.int32(3)


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


@jax.jit
def _exact_terms(learners, theta):
    return exact().estimate(learners, theta, step_key(0))


def terms_of(payoffs, theta, forms=None):
    learners = parametric(games.dense(payoffs), independent(payoffs.shape[1:], forms))
    return _exact_terms(learners, jnp.asarray(theta))


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


@pytest.fixture(params=RULES)
def make(request):
    """The function that makes a rule."""
    return RULES[request.param]


def coefficients(make):
    return [name for name in inspect.signature(make).parameters if name != "inner_lr"]


def takes_inner_step(make):
    return "inner_lr" in inspect.signature(make).parameters


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
    """The direction, after checking that the contributions add up to it."""
    rule = rule.for_players(terms.sizes)
    direction, _ = rule.update(Given(terms), rule.init(jnp.zeros_like(terms.base)), STEP)
    parts = contributions(rule, terms)
    assert set(parts) <= set(TERMS)
    np.testing.assert_allclose(sum(parts.values()), direction, atol=1e-14)
    assert direction.shape == terms.base.shape
    assert direction.dtype == terms.base.dtype
    return np.asarray(direction)


def test_without_inner_step_every_rule_is_policy_gradient(make, game):
    terms = terms_of(*game)
    rule = make(inner_lr=0.0) if takes_inner_step(make) else make()
    np.testing.assert_array_equal(update(rule, terms), terms.base)


def test_without_coefficients_every_rule_is_policy_gradient(make, game):
    terms = terms_of(*game)
    rule = make(**dict.fromkeys(coefficients(make), 0.0))
    np.testing.assert_array_equal(update(rule, terms), terms.base)
    np.testing.assert_array_equal(update(pg(), terms), terms.base)


def test_every_rule_is_the_combination_of_its_formula(game):
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
    assert {rule.name for rule in formulas} == set(RULES)
    for rule, wanted in formulas.items():
        np.testing.assert_allclose(update(rule, terms), wanted, atol=1e-14, err_msg=str(rule))
    directions = [tuple(np.round(update(make(), terms), 10)) for make in RULES.values()]
    assert len(set(directions)) == len(RULES)  # by default no two rules are the same


def test_every_rule_moves_along_the_gradient_to_first_order(make, game):
    terms = terms_of(*game)
    if takes_inner_step(make):
        small, smaller = (update(make(inner_lr=rate), terms) - terms.base for rate in (1e-3, 5e-4))
        np.testing.assert_allclose(small, 2 * smaller, atol=1e-15)
        assert np.linalg.norm(small) > 0 or not coefficients(make)


@pytest.mark.parametrize("form", ["default", "softmax"])
def test_relabelling_actions_relabels_the_update(make, game, form):
    payoffs, theta = game
    shape, random = payoffs.shape[1:], np.random.default_rng(13)
    forms = ["sigmoid" if k == 2 and form == "default" else "softmax" for k in shape]
    sizes = [1 if f == "sigmoid" else k for f, k in zip(forms, shape, strict=True)]
    theta = random.normal(size=sum(sizes)) if len(theta) != sum(sizes) else theta
    orders = [np.roll(np.arange(k), 1) for k in shape]  # moves every action
    relabelled = payoffs
    for i, order in enumerate(orders):
        relabelled = np.take(relabelled, order, axis=1 + i)

    def moved(flat):
        parts = np.split(np.asarray(flat), np.cumsum(sizes)[:-1])
        return np.concatenate([-p if f == "sigmoid" else p[o] for p, f, o in zip(parts, forms, orders, strict=True)])

    rule = make()
    before = update(rule, terms_of(payoffs, theta, forms))
    after = update(rule, terms_of(relabelled, moved(theta), forms))
    np.testing.assert_allclose(after, moved(before), atol=1e-13)


def test_permuting_players_permutes_the_update(make, game):
    payoffs, theta = game
    n = payoffs.ndim - 1
    sizes = [1 if k == 2 else k for k in payoffs.shape[1:]]
    before = np.split(update(make(), terms_of(payoffs, theta)), np.cumsum(sizes)[:-1])
    parts = np.split(theta, np.cumsum(sizes)[:-1])
    for order in itertools.permutations(range(n)):
        permuted = payoffs[list(order)].transpose(0, *(1 + k for k in order))
        after = update(make(), terms_of(permuted, np.concatenate([parts[k] for k in order])))
        np.testing.assert_allclose(after, np.concatenate([before[k] for k in order]), atol=1e-13)


def test_affine_changes_of_payoffs_scale_the_contributions(make, game):
    payoffs, theta = game
    n = payoffs.ndim - 1
    a = 2.5
    shifts = np.arange(1.0, n + 1).reshape(-1, *(1 for _ in range(n)))
    rule = make()
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


def test_at_zeros_of_base_own_and_lookahead_vanish_and_peer_does_not(make, game):
    payoffs, theta = game
    # every player becomes indifferent where all play uniformly
    n, payoffs = payoffs.ndim - 1, payoffs.copy()
    for i in range(n):
        others = tuple(k for k in range(n) if k != i)
        payoffs[i] -= payoffs[i].mean(axis=others, keepdims=True)
    terms = terms_of(payoffs, np.zeros_like(theta))
    np.testing.assert_allclose(terms.base, 0, atol=1e-15)
    parts = contributions(make(), terms)
    for name in {"base", "own", "lookahead"} & set(parts):
        np.testing.assert_allclose(parts[name], 0, atol=1e-15, err_msg=name)
    # peer_i holds the gradients of one's own utility along the parameters of others, which need not vanish
    generic = terms_of(payoffs + np.random.default_rng(14).normal(size=n).reshape(-1, *(1,) * n), np.zeros_like(theta))
    np.testing.assert_allclose(generic.peer, terms.peer, atol=1e-14)
    if "peer" in parts:
        assert np.abs(terms.peer).max() > 1e-3


def test_a_rule_is_a_pytree_of_its_coefficients(make, game):
    terms = terms_of(*game)
    rule = make()
    leaves, structure = jax.tree.flatten(rule)
    assert len(leaves) == len(coefficients(make)) + 1  # and the inner step
    rebuilt = structure.unflatten(leaves)
    np.testing.assert_array_equal(update(rebuilt, terms), update(rule, terms))
    doubled = update(jax.tree.map(lambda leaf: 2.0 * leaf, rule), terms)
    np.testing.assert_allclose(doubled - terms.base, 4 * (update(rule, terms) - terms.base), atol=1e-13)
    players = per_player([rule] * len(terms.sizes))
    again = jax.tree.unflatten(jax.tree.structure(players), jax.tree.leaves(players))
    np.testing.assert_array_equal(update(again, terms), update(players, terms))


def test_names_and_numbers_are_not_part_of_the_program(make):
    rule = make()
    assert rule.name == make.__name__
    assert rule.renamed("mine").name == "mine"
    assert jax.tree.structure(rule.renamed("mine")) == jax.tree.structure(rule)
    one, other = per_player([rule, pg()], name="one"), per_player([rule, pg()], name="other")
    assert jax.tree.structure(one) == jax.tree.structure(other)
    if coefficients(make):
        changed = make(**dict.fromkeys(coefficients(make), 0.123))
        assert jax.tree.structure(changed) == jax.tree.structure(rule)
        assert jax.tree.structure(rule) != jax.tree.structure(pg())


def test_rules_are_traced_once_for_all_numbers(game):
    terms = terms_of(*game)
    traces = []

    @jax.jit
    def direction(rule, terms, step):
        traces.append(rule)
        return rule.update(Given(terms), (), step)[0]

    for peer in (0.5, 1.5):
        rule = learning.meta_mapg(peer=peer).renamed(f"peer {peer}")
        np.testing.assert_allclose(direction(rule, terms, STEP), update(rule, terms), atol=1e-14)
    assert len(traces) == 1


def test_coefficients_may_be_schedules(game):
    terms = terms_of(*game)
    falling = learning.meta_mapg(peer=learning.two_phase(1.5, warm_up=2, exponent=0.7), own=lambda step: 0.1 * step)
    # step 3 is the second of the second phase: 1.5 · 2^−0.7
    wanted = terms.base + 0.55 * (0.3 * terms.own + 1.5 * 2**-0.7 * terms.peer)
    np.testing.assert_allclose(update(falling, terms), wanted, atol=1e-7)


@pytest.mark.parametrize(
    "bad", [np.nan, np.inf, "large", None, True, 1j, [1.0, 2.0], np.ones(2), lambda step: "large", lambda: 1.0]
)
def test_bad_coefficients_are_one_input_error(bad, make):
    for name in coefficients(make):
        with pytest.raises(InputError, match=name):
            make(**{name: bad})


@pytest.mark.parametrize("bad", [-0.1, np.nan, np.inf, "fast", None, True, lambda step: 0.1, np.ones(2)])
def test_bad_inner_steps_are_one_input_error(bad, make):
    if takes_inner_step(make):
        with pytest.raises(InputError, match="inner_lr"):
            make(inner_lr=bad)


def test_rules_by_name():
    assert rule_by_name("meta-mapg", peer=2.0) == rule_by_name("meta_mapg", peer=2.0)
    for name, make in RULES.items():
        assert rule_by_name(name) == make()
        assert getattr(learning, name) is make
    with pytest.raises(InputError, match="did you mean 'meta_mapg'"):
        rule_by_name("meta_mpag")
    with pytest.raises(InputError, match="got peer"):
        rule_by_name("pg", peer=1.0)


def test_what_is_no_rule_is_refused():
    with pytest.raises(InputError, match=r"call it, as in nashscape.pg\(\)"):
        learning.check_rule(pg)
    with pytest.raises(InputError, match="expected a rule, got 'pg'"):
        per_player([pg(), "pg"])
    with pytest.raises(InputError, match="2 rules but 3 players"):
        per_player([pg(), pg()]).for_players((1, 1, 1))
    assert learning.check_rule(learning.lola()) == learning.lola()
