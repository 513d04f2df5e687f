"""Proved signs of the peer term against automatic differentiation, closed forms and cases at the edge."""

import json
import math
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, Status
from nashscape.learning import peer_only
from nashscape.learning.fields import field_of
from nashscape.semantics import open_source, parametric
from nashscape.theory.peer_directions import peer_direction
from nashscape.theory.peer_signs import Block, judged, signs


def utilities(payoffs, theta):
    """`J_i(θ)` of independent sigmoids, written out again."""
    value = payoffs
    for p in reversed(1 / (1 + jnp.exp(-theta))):
        value = value[..., 0] * p + value[..., 1] * (1 - p)
    return value


@jax.jit
def terms(payoffs, theta):
    """`Σ_{j≠i} [∇_i∇_j J_j]ᵀ ∇_j J_i` by automatic differentiation, at many profiles."""

    def one(theta):
        slopes = jax.jacfwd(utilities, argnums=1)(payoffs, theta)
        bends = jax.hessian(utilities, argnums=1)(payoffs, theta)
        n = len(payoffs)
        return jnp.stack([sum(bends[j, j, i] * slopes[i, j] for j in range(n) if j != i) for i in range(n)])

    return jax.vmap(one)(theta)


def peer_terms(payoffs, theta):
    """The same as arrays, `[K, n]`."""
    with jax.enable_x64(True):
        return np.asarray(terms(jnp.asarray(payoffs), jnp.asarray(theta)))


def interior(random, count, players):
    """Logits near the middle, and close to the surface of the cube."""
    return random.normal(size=(count, players)) * random.choice([0.3, 2.0, 6.0], size=(count, 1))


def random_payoffs(random, players):
    """Any; of whole numbers, in which many differences are zero; or near a game in which every factor has one sign."""
    shape = (players, *(2,) * players)
    kind = random.integers(3)
    if kind == 0:
        return random.normal(size=shape)
    if kind == 1:
        return random.integers(-2, 3, size=shape).astype(float)
    return pairs_matter(players, random.choice([-1.0, 1.0])) + 0.2 * random.normal(size=shape)


def pairs_matter(players, pair):
    """`U_i = 3 n Σ_j a_j + pair · Σ_{j<k} a_j a_k`: D_i D_j U_j is `pair`, and D_j U_i above zero."""
    cooperate = 1 - np.indices((2,) * players)
    total = cooperate.sum(axis=0)
    return np.stack([3.0 * players * total + pair * total * (total - 1) / 2] * players)


@pytest.mark.long
@pytest.mark.parametrize(("players", "count"), [(2, 200), (3, 40), (4, 8)])
def test_no_profile_contradicts_what_is_proved(players, count):
    random = np.random.default_rng(players)
    theta = interior(random, 200, players)
    p = 1 / (1 + np.exp(-theta))
    s = p * (1 - p)
    seen = set()
    for _ in range(count):
        payoffs = random_payoffs(random, players)
        found = peer_direction(games.dense(payoffs), boxes=300)
        made = peer_terms(payoffs, theta)
        scale = s * np.abs(payoffs).max() ** 2 * 1e-13
        for i, verdict in enumerate(found.verdicts):
            seen.add(verdict)
            mine, rounding = made[:, i], scale[:, i] * s.max(axis=1)
            if verdict == "raises":
                assert (mine > -rounding).all()
            if verdict == "lowers":
                assert (mine < rounding).all()
            if verdict == "zero":
                assert np.abs(mine).max() <= 1e-14
            if players == 2 and verdict != "zero":
                inner = s.min(axis=1) > 1e-3
                ratio = (mine / (s[:, i] * s[:, 1 - i] ** 2))[inner]
                assert (ratio >= found.low[i] - 1e-9).all()
                assert (ratio <= found.high[i] + 1e-9).all()
            if verdict == "both":
                value = peer_terms(payoffs, np.log(found.witnesses[i]) - np.log1p(-found.witnesses[i]))[:, i]
                assert value[0] > 0 > value[1]
            else:
                assert found.witnesses[i] is None
            assert (found.open_share[i] > 0) == (verdict == "undecided")
    assert {"raises", "lowers", "both"} <= seen
    # the question is always decided for two players
    assert players > 2 or "undecided" not in seen


@pytest.mark.long
def test_margins_bound_the_term_of_three_players():
    random, theta = np.random.default_rng(5), interior(np.random.default_rng(6), 300, 3)
    p = 1 / (1 + np.exp(-theta))
    s = p * (1 - p)
    proved = 0
    for k in range(40):
        payoffs = pairs_matter(3, (-1.0) ** k) + 0.3 * random.normal(size=(3, 2, 2, 2))
        found = peer_direction(games.dense(payoffs), boxes=400)
        made = peer_terms(payoffs, theta)
        for i, verdict in enumerate(found.verdicts):
            least = (s.T[i] * (s**2).sum(axis=1) - s.T[i] ** 3) * found.margins[i]
            if verdict in ("raises", "lowers"):
                proved += found.margins[i] > 0
                assert ((1 if verdict == "raises" else -1) * made[:, i] >= least - 1e-12).all()
    assert proved >= 20


def test_the_term_is_the_one_that_the_rules_use():
    random = np.random.default_rng(8)
    payoffs = random.normal(size=(3, 2, 2, 2))
    game, theta = games.dense(payoffs), random.normal(size=(5, 3))
    made = peer_terms(payoffs, theta)
    both, base = field_of(game, peer_only(peer=1.5, inner_lr=0.4)), field_of(game)
    for k in range(5):
        np.testing.assert_allclose(both(theta[k]) - base(theta[k]), 0.6 * made[k], atol=1e-13)


def test_where_c_is_negative_and_others_gain_positive_it_lowers_every_logit_at_every_interior_profile():
    random = np.random.default_rng(1)
    count = 0
    while count < 60:
        R, S, T, P = random.uniform(-5, 5, size=4)
        c = R - S - T + P
        others_gain = T - P, R - S
        if c >= 0 or min(others_gain) <= 0:
            continue
        count += 1
        found = peer_direction(games.dense([[[R, S], [T, P]], [[R, T], [S, P]]]))
        assert found.verdicts == ("lowers", "lowers")
        assert found.margins == pytest.approx(-c * min(others_gain))
        assert found.low == pytest.approx(c * max(others_gain))


def test_named_games():
    hunt = peer_direction(games.stag_hunt())
    assert hunt.verdicts == ("raises", "raises")
    assert hunt.low.tolist() == [3.0, 3.0]
    assert hunt.high.tolist() == [12.0, 12.0]
    assert "raises (margin 3)" in repr(hunt)
    # no interaction: c = 0, in doubles as well, which make 0.1 + 0.2 more than 0.3
    assert peer_direction(games.donation(benefit=0.3, cost=0.1)).verdicts == ("zero", "zero")
    assert peer_direction(games.public_goods()).verdicts == ("zero",) * 4
    pennies = peer_direction(games.matching_pennies())
    assert pennies.verdicts == ("both", "both")
    assert pennies.margins.tolist() == [0.0, 0.0]
    assert json.loads(pennies.to_json())["verdicts"] == ["both", "both"]


def two(first, second):
    return games.dense([first, second])


def test_payoff_differences_of_zero():
    # the other's action is worth nothing to me: no term for me, one for the other
    mine, other = [[1.0, 1.0], [0.0, 0.0]], [[4.0, 1.0], [3.0, 2.0]]
    found = peer_direction(two(mine, other))
    # f_1 = c_2 B_1 with B_1 = 0; f_2 = c_1 B_2 with c_1 = 0
    assert found.verdicts == ("zero", "zero")
    # B_1 is 0 at p = 0 and 2 at p = 1, so that the sign holds inside, without a margin
    found = peer_direction(two([[2.0, 0.0], [1.0, 1.0]], [[2.0, 0.0], [0.0, 1.0]]))
    assert found.verdicts[0] == "raises"
    assert (found.low[0], found.margins[0]) == (0.0, 0.0)
    # B_1 from −1 to 1e-9: the sign changes close to p = 1
    found = peer_direction(two([[1e-9, 0.0], [0.0, 1.0]], [[2.0, 0.0], [0.0, 1.0]]))
    assert found.verdicts[0] == "both"
    assert found.witnesses[0][0, 0] > 1 - 1e-8
    assert math.isclose(found.high[0], 3e-9)
    # one player's interaction helps and the other's does harm
    found = peer_direction(two([[3.0, 0.0], [5.0, 1.0]], [[4.0, 3.0], [0.0, 2.0]]))
    assert found.verdicts == ("raises", "lowers")
    assert peer_direction(two(np.full((2, 2), 7.0), np.full((2, 2), -1.0))).verdicts == ("zero", "zero")
    large = peer_direction(two(1e200 * np.eye(2), 1e200 * np.eye(2)))
    assert large.verdicts == ("both", "both")
    assert np.isinf(large.high).all()


def test_relabelling_an_action_turns_its_owner_round_and_nobody_else():
    # θ_i becomes −θ_i: player i's term turns with it
    found = peer_direction(games.prisoners_dilemma().relabel(0, [1, 0]))
    assert found.verdicts == ("raises", "lowers")
    swapped = peer_direction(games.random_game((2, 2), seed=3).permute_players([1, 0]))
    assert swapped.verdicts == peer_direction(games.random_game((2, 2), seed=3)).verdicts[::-1]


def table(values, axes):
    return np.array([Fraction(v) for v in values], object).reshape(axes)


def test_weights_decide_between_products_of_both_signs():
    # Q = s_1² − s_0² ε: on a box inside, the smaller weight of the first against the larger one of the second
    ones = table([1], (1, 1, 1))
    small = table([Fraction(-1, 100)], (1, 1, 1))
    low, high = Fraction(1, 4), Fraction(3, 4)
    sign, least, most = judged(Block((low,) * 3, (high,) * 3, {0: (ones, small), 1: (ones, ones)}))
    # 3/16 squared and 1/4 squared
    assert sign == 1
    assert least == (Fraction(9, 256) - Fraction(1, 1600)) / Fraction(1, 8)
    assert most == 1
    # on the whole cube the sign changes next to its surface, and both are found
    found = signs(3, {0: (ones, small), 1: (ones, ones)}, boxes=500)
    assert found.positive is not None
    assert found.negative is not None
    p = found.negative
    assert (p[1] * (1 - p[1])) ** 2 < (p[0] * (1 - p[0])) ** 2 / 100


def test_a_factor_that_touches_zero_inside_is_not_said_to_have_a_sign():
    # g = h = p_0 − 1/2: the square is zero on a plane
    slope = table([Fraction(-1, 2), Fraction(1, 2)], (2, 1))
    found = signs(2, {1: (slope, slope)}, boxes=50)
    assert found.negative is None
    assert found.open_share > 0
    assert found.low <= 0
    # p_0 itself is zero on the surface alone
    assert signs(2, {1: (table([0, 1], (2, 1)), table([1], (1, 1)))}, boxes=1).open_share == 0


def test_few_boxes_leave_it_open_and_say_so():
    payoffs = np.random.default_rng(11).normal(size=(3, 2, 2, 2))
    found = peer_direction(games.dense(payoffs), boxes=1)
    assert found.status is Status.UNDECIDED
    assert set(found.verdicts) == {"undecided"}
    assert found.open_share.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("game", "message"),
    [
        (open_source(games.stag_hunt(), 0.2), "independent sigmoids"),
        (games.random_game((2, 3), seed=0), "independent sigmoids"),
        (games.dense(np.zeros((9, *(2,) * 9))), "up to 8 players"),
    ],
)
def test_bad_input_is_refused(game, message):
    with pytest.raises(InputError, match=message):
        peer_direction(game)
    with pytest.raises(InputError, match="boxes"):
        peer_direction(parametric(games.stag_hunt()), boxes=0)


def test_differences_within_rounding_count_as_zero_and_it_is_said():
    """Exactly, the peer term of the first player changes its sign at p_1 = 2⁻⁵²."""
    e = 2.0**-52
    found = peer_direction(games.bimatrix([[1, 0], [1 - e, 1]], [[1, 0], [0, 0]]))
    assert found.verdicts[0] == "raises"
    assert found.rounded
    assert "but for the rounding of payoffs" in repr(found)
    assert not peer_direction(games.stag_hunt()).rounded
    # .1 + .2 − .3 is no difference of payoffs
    common = games.bimatrix([[0.1 + 0.2, 0.3], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]])
    assert peer_direction(common).rounded


def test_a_sign_without_a_margin_is_said_to_vanish_towards_the_edge():
    found = peer_direction(games.bimatrix([[1, 0], [0, 0]], [[1, 0], [0, 0]]))
    assert found.verdicts == ("raises", "raises")
    assert found.margins.tolist() == [0.0, 0.0]
    assert "down to nothing towards the edge" in repr(found)
