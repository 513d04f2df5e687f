"""Games over states against lists of all plays, long simulations, finite differences and brute force."""

import dataclasses
import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError
from nashscape.learning import exact, step_key
from nashscape.semantics import parametric


@dataclasses.dataclass
class Case:
    """A Markov game in plain NumPy, with policies `[S, a_i]` for all players."""

    payoffs: np.ndarray
    moves: np.ndarray
    initial: np.ndarray
    discount: float
    horizon: int | None
    policies: list

    @property
    def game(self):
        return games.markov(
            self.payoffs, self.moves, discount=self.discount, horizon=self.horizon, initial=self.initial
        )

    @property
    def states(self):
        return len(self.initial)

    @property
    def shape(self):
        return self.payoffs.shape[2:]

    def joint(self, policies):
        """`[S, a_1, …, a_n]`"""
        return np.stack([outer([own[s] for own in policies]) for s in range(self.states)])

    def by_paths(self, policies):
        """Expected payoffs as a sum over every sequence of states and joint actions."""
        total = np.zeros(len(self.shape))
        profiles = list(itertools.product(*map(range, self.shape)))
        joint = self.joint(policies)
        for states in itertools.product(range(self.states), repeat=self.horizon):
            for plays in itertools.product(profiles, repeat=self.horizon):
                chance, paid = self.initial[states[0]], 0.0
                for t, (s, a) in enumerate(zip(states, plays, strict=True)):
                    chance *= joint[(s, *a)] * (self.moves[(s, *a, states[t + 1])] if t + 1 < self.horizon else 1.0)
                    paid = paid + self.discount**t * self.payoffs[(slice(None), s if self.varies else 0, *a)]
                total += chance * paid
        return total

    @property
    def varies(self):
        return self.payoffs.shape[1] > 1

    def by_rounds(self, policies, rounds=None):
        """Expected payoffs by following the distribution of states from round to round."""
        rounds = self.horizon if rounds is None else rounds
        joint, axes = self.joint(policies), tuple(range(1, 1 + len(self.shape)))
        paid = np.stack([(joint * own).sum(axis=axes) for own in self.payoffs])
        moves = (joint[..., None] * self.moves).sum(axis=axes)
        now, total = self.initial, np.zeros(len(self.shape))
        for t in range(rounds):
            total += self.discount**t * paid @ now
            now = now @ moves
        return total


def outer(vectors):
    made = np.ones(())
    for vector in vectors:
        made = np.multiply.outer(made, vector)
    return made


def random_case(seed, shape, states, *, horizon=None, discount=0.8, varies=True):
    random = np.random.default_rng(seed)
    return Case(
        random.normal(size=(len(shape), states if varies else 1, *shape)),
        random.dirichlet(np.full(states, 0.7), size=(states, *shape)),
        random.dirichlet(np.ones(states)),
        discount,
        horizon,
        [random.dirichlet(np.ones(actions), size=states) for actions in shape],
    )


compiled_payoffs = jax.jit(lambda game, policies: game.expected_payoffs(policies))
compiled_regrets = jax.jit(lambda game, policies: game.regrets(policies))


def payoffs_of(game, policies):
    with jax.enable_x64(True):
        return np.asarray(compiled_payoffs(game, [jnp.asarray(own) for own in policies]))


def regrets_of(game, policies):
    with jax.enable_x64(True):
        return np.asarray(compiled_regrets(game, [jnp.asarray(own) for own in policies]))


SMALL = [
    ("2x2, 3 rounds", ((2, 2), 2, {"horizon": 3})),
    ("2x3, 3 rounds", ((2, 3), 2, {"horizon": 3})),
    ("3x2, 1 round", ((3, 2), 3, {"horizon": 1})),
    ("2x3x2, 2 rounds", ((2, 3, 2), 2, {"horizon": 2, "discount": 1.0})),
    ("2x3, payoffs alike in all states", ((2, 3), 3, {"horizon": 2, "varies": False})),
    ("one player", ((3,), 2, {"horizon": 3})),
    ("nothing after the first round", ((2, 2), 2, {"horizon": 3, "discount": 0.0})),
]


@pytest.fixture(params=SMALL, ids=lambda named: named[0])
def small(request):
    name, (shape, states, options) = request.param
    return random_case(len(name), shape, states, **options)


def test_payoffs_are_sums_over_all_plays(small):
    wanted = small.by_paths(small.policies)
    np.testing.assert_allclose(payoffs_of(small.game, small.policies), wanted, atol=1e-12)
    np.testing.assert_allclose(small.by_rounds(small.policies), wanted, atol=1e-12)  # the oracle used below


@pytest.mark.parametrize("shape", [(2, 2), (2, 3, 2)])
def test_the_game_without_end_is_the_limit_of_long_ones(shape):
    case = random_case(7, shape, 3, discount=0.9)
    wanted = case.by_rounds(case.policies, 400)
    np.testing.assert_allclose(payoffs_of(case.game, case.policies), wanted, atol=1e-12)
    errors = []
    for horizon in (5, 10, 20):
        finite = dataclasses.replace(case, horizon=horizon)
        errors.append(np.abs(payoffs_of(finite.game, case.policies) - wanted).max())
        least, most = case.payoffs.min(), case.payoffs.max()
        assert errors[-1] <= 0.9**horizon / 0.1 * max(abs(least), abs(most))
    assert errors[0] > errors[1] > errors[2] > 1e-6


def test_the_game_without_end_as_it_is_played():
    case = random_case(3, (2, 3), 3, discount=0.85)
    random, plays, n = np.random.default_rng(0), 20_000, 2

    def draw(rows):
        return (random.random(len(rows))[:, None] > np.cumsum(rows, axis=1)[:, :-1]).sum(axis=1)

    state, returns = draw(np.tile(case.initial, (plays, 1))), np.zeros((plays, n))
    for t in range(90):  # .85⁹⁰ is below 10⁻⁶
        actions = [draw(own[state]) for own in case.policies]
        returns += case.discount**t * case.payoffs[:, state, actions[0], actions[1]].T
        state = draw(case.moves[state, actions[0], actions[1]])
    error = returns.std(axis=0) / np.sqrt(plays)
    assert (np.abs(returns.mean(axis=0) - payoffs_of(case.game, case.policies)) < 4 * error).all()
    assert (error < 0.05).all()


def test_time_in_states_adds_up():
    case = random_case(5, (2, 2), 4, discount=0.9)
    assert case.game.rounds == pytest.approx(10.0)
    with jax.enable_x64(True):
        assert float(case.game.visits(case.policies).sum()) == pytest.approx(10.0, abs=1e-12)
    finite = dataclasses.replace(case, horizon=7)
    assert finite.game.rounds == pytest.approx((1 - 0.9**7) / 0.1)
    undiscounted = dataclasses.replace(case, horizon=7, discount=1.0)
    assert undiscounted.game.rounds == 7.0
    # payoffs of a play that always pays the least and of one that always pays the most
    assert finite.game.payoff_range == pytest.approx(np.ptp(case.payoffs) * finite.game.rounds)


# --- derivatives --------------------------------------------------------------------------------------------


def softmax_policies(theta, shape, states):
    """Parameters lie player after player, state after state: one logit for two actions, else one per action."""
    policies, place = [], 0
    for actions in shape:
        size = 1 if actions == 2 else actions
        logits = theta[place : place + states * size].reshape(states, size)
        logits = np.concatenate([logits, np.zeros((states, 1))], axis=1) if actions == 2 else logits
        powers = np.exp(logits)
        policies.append(powers / powers.sum(axis=1, keepdims=True))
        place += states * size
    return policies


@pytest.mark.parametrize("horizon", [3, None])
def test_derivatives_of_utilities_against_finite_differences(horizon):
    case = random_case(11, (2, 3), 2, horizon=horizon, discount=0.7)
    rounds = horizon or 120
    theta = np.random.default_rng(1).normal(size=2 * (1 + 3))

    def utilities(at):
        return case.by_rounds(softmax_policies(at, case.shape, 2), rounds)

    d, width = len(theta), 2e-3
    unit = np.eye(d) * width
    slopes = np.stack([(utilities(theta + e) - utilities(theta - e)) / (2 * width) for e in unit], axis=1)
    bends = np.empty((2, d, d))
    for k, l in itertools.product(range(d), repeat=2):
        corners = [
            a * b * utilities(theta + a * unit[k] + b * unit[l]) for a, b in itertools.product((1, -1), repeat=2)
        ]
        bends[:, k, l] = sum(corners) / (4 * width**2)
    with jax.enable_x64(True):
        learners = parametric(case.game)
        program = jax.jit(lambda at: (learners.utilities(at), exact().estimate(learners, at, step_key(0))))
        payoffs, terms = program(jnp.asarray(theta))
    np.testing.assert_allclose(payoffs, utilities(theta), atol=1e-12)
    first, second = slice(0, 2), slice(2, 8)
    base = np.concatenate([slopes[0, first], slopes[1, second]])
    jacobian = np.concatenate([bends[0, first], bends[1, second]])
    peer = np.concatenate([bends[1][second, first].T @ slopes[0, second], bends[0][first, second].T @ slopes[1, first]])
    look = np.concatenate([bends[0][second, first].T @ slopes[1, second], bends[1][first, second].T @ slopes[0, first]])
    np.testing.assert_allclose(terms.base, base, atol=1e-5)
    np.testing.assert_allclose(terms.jacobian, jacobian, atol=1e-5)
    np.testing.assert_allclose(terms.peer, peer, atol=1e-5)
    np.testing.assert_allclose(terms.lookahead, look, atol=1e-5)
    assert np.abs(peer - look).max() > 1e-3  # a game that tells the two apart


# --- relabelling --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("horizon", [4, None])
def test_names_of_players_states_and_actions_do_not_matter(horizon):
    case = random_case(13, (2, 3, 2), 3, horizon=horizon)
    payoffs, regrets = payoffs_of(case.game, case.policies), regrets_of(case.game, case.policies)
    players, states, second = [2, 0, 1], [1, 2, 0], [2, 0, 1]

    turned = case.payoffs[:, states][:, :, :, second][players].transpose(0, 1, *(2 + k for k in players))
    moves = case.moves[states][:, :, second][..., states].transpose(0, *(1 + k for k in players), 4)
    policies = [own[states] for own in case.policies]
    policies[1] = policies[1][:, second]
    other = Case(turned, moves, case.initial[states], case.discount, horizon, [policies[k] for k in players])
    np.testing.assert_allclose(payoffs_of(other.game, other.policies), payoffs[players], atol=1e-12)
    np.testing.assert_allclose(regrets_of(other.game, other.policies), regrets[players], atol=1e-12)


# --- regret -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("player", [0, 1])
def test_regret_against_all_plans_with_full_memory(player):
    case = random_case(17, (2, 2), 2, horizon=2, discount=0.9)
    # a first state that is sure leaves 512 plans that differ; the others never get there
    case = dataclasses.replace(case, initial=np.array([0.0, 1.0]))
    wanted = best_from_sure_start(case, player) - payoffs_of(case.game, case.policies)[player]
    found = regrets_of(case.game, case.policies)[player]
    assert found == pytest.approx(wanted, abs=1e-12)
    assert found > 0.01


def best_from_sure_start(case, player):
    """The most that a player can get in two rounds from state 1, over all deterministic plans.

    A plan is a first action, and a second for every joint action and second state: 2 × 2⁸ of them.
    """
    start, profiles = 1, list(itertools.product(range(2), repeat=2))
    other = case.policies[1 - player]
    places = [(a, t) for a in profiles for t in range(2)]
    values = []
    for first, *plan in itertools.product(range(2), repeat=1 + len(places)):
        then, value = dict(zip(places, plan, strict=True)), 0.0
        for a, t in places:
            if a[player] != first:
                continue
            late = [
                other[t, b] * case.payoffs[(player, t, *((then[a, t], b) if player == 0 else (b, then[a, t])))]
                for b in range(2)
            ]
            chance = other[start, a[1 - player]] * case.moves[(start, *a, t)]
            value += chance * (case.payoffs[(player, start, *a)] + case.discount * sum(late))
        values.append(value)
    assert len(values) == 512
    return max(values)


@pytest.mark.parametrize("horizon", [1, 2, 3])
def test_regret_against_all_plans_of_three_players(horizon):
    case = random_case(19, (2, 3, 2), 2, horizon=horizon)
    found = regrets_of(case.game, case.policies)
    for player, actions in enumerate(case.shape):
        best = -np.inf
        for plan in itertools.product(range(actions), repeat=2 * horizon):
            choices = np.eye(actions)[np.array(plan).reshape(horizon, 2)]  # [round, state, action]
            best = max(best, value_of_plan(case, player, choices))
        wanted = best - case.by_rounds(case.policies)[player]
        assert found[player] == pytest.approx(wanted, abs=1e-12)
        assert wanted > 0


def value_of_plan(case, player, choices):
    """The payoff of a player whose policy differs from round to round."""
    now, total = case.initial, 0.0
    for t, own in enumerate(choices):
        joint = case.joint([own if i == player else policy for i, policy in enumerate(case.policies)])
        axes = tuple(range(1, joint.ndim))
        total += case.discount**t * now @ (joint * case.payoffs[player]).sum(axis=axes)
        now = now @ (joint[..., None] * case.moves).sum(axis=axes)
    return total


@pytest.mark.parametrize("discount", [0.0, 0.5, 0.95])
def test_regret_without_end_against_all_policies_and_value_iteration(discount):
    case = random_case(23, (2, 3, 2), 2, discount=discount)
    found = regrets_of(case.game, case.policies)
    rounds = 1 if discount == 0 else math.ceil(math.log(1e-14) / math.log(discount))
    own = case.by_rounds(case.policies, rounds)
    for player, actions in enumerate(case.shape):
        stationary = [
            value_of_plan(case, player, [np.eye(actions)[list(plan)]] * rounds)
            for plan in itertools.product(range(actions), repeat=2)
        ]
        assert found[player] == pytest.approx(max(stationary) - own[player], abs=1e-10)
        values = np.zeros(2)
        others = case.joint([np.ones_like(own) if i == player else own for i, own in enumerate(case.policies)])
        rest = tuple(k for k in range(1, 4) if k != 1 + player)
        paid = (others * case.payoffs[player]).sum(axis=rest)
        moves = (others[..., None] * case.moves).sum(axis=rest)
        for _ in range(rounds):
            values = (paid + discount * moves @ values).max(axis=1)
        assert found[player] == pytest.approx(case.initial @ values - own[player], abs=1e-10)


@pytest.mark.parametrize("horizon", [5, None])
def test_a_best_policy_has_no_regret_and_regret_is_never_negative(horizon):
    # one player who decides alone: two states, "stay" pays 1 in state 1 and 0 in state 0, "move" pays -0.2
    payoffs = np.array([[[0.0, -0.2], [1.0, -0.2]]])
    moves = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    game = games.markov(payoffs, moves, discount=0.9, horizon=horizon)
    best = [[[0.0, 1.0], [1.0, 0.0]]]
    rounds = (1 - 0.9**5) / 0.1 if horizon else 10.0
    np.testing.assert_allclose(payoffs_of(game, best), [-0.2 + rounds - 1], atol=1e-12)
    np.testing.assert_allclose(regrets_of(game, best), [0.0], atol=1e-12)
    np.testing.assert_allclose(regrets_of(game, [[[1.0, 0.0]] * 2]), [rounds - 1.2], atol=1e-12)
    for seed in range(5):
        random = np.random.default_rng(seed).dirichlet(np.ones(2), size=2)
        assert regrets_of(game, [random])[0] > 0


# --- bad input ----------------------------------------------------------------------------------------------

PAY, MOVES = np.zeros((2, 2, 2, 3)), np.full((2, 2, 3, 2), 0.5)


def changed(array, place, value):
    array = array.copy()
    array[place] = value
    return array


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"transitions": changed(MOVES, (1, 0, 2, 0), 0.6)}, r"\(1, 0, 2\) sum to 1.1"),
        ({"transitions": changed(MOVES, (1, 0, 2), [1.5, -0.5])}, "cannot be negative"),
        ({"transitions": changed(MOVES, (0, 0, 0, 0), np.nan)}, "finite"),
        ({"transitions": MOVES[:, :, :2]}, "transitions must have shape"),
        ({"transitions": MOVES[:1]}, "transitions must have shape"),
        ({"transitions": 0.5}, "transitions must have shape"),
        ({"payoffs": np.zeros((3, 2, 2, 3))}, "payoffs must have shape"),
        ({"payoffs": np.zeros((2, 3, 2, 3))}, "transitions must have shape"),
        ({"payoffs": np.zeros((2, 2))}, "payoffs must have shape"),
        ({"payoffs": 1.0}, "payoffs must have shape"),
        ({"payoffs": np.zeros((2, 0, 2, 2)), "transitions": np.zeros((0, 2, 2, 0))}, "payoffs must have shape"),
        ({"payoffs": changed(PAY, (0, 1, 0, 0), np.inf)}, "finite"),
        ({"discount": 1.0}, "below 1"),
        ({"discount": 1.01, "horizon": 5}, "at most 1"),
        ({"discount": -0.1}, "at least 0"),
        ({"discount": "0.9"}, "finite number"),
        ({"horizon": 0}, "at least 1"),
        ({"horizon": 2.0}, "whole number"),
        ({"initial": [0.5, 0.6]}, "sum to one"),
        ({"initial": [1.5, -0.5]}, "negative"),
        ({"initial": [1.0]}, "shape"),
        ({"states": ["one"]}, "2 states"),
        ({"states": ["one", "one"]}, "different names"),
        ({"states": ["one", "two", "two"]}, "2 states"),
        ({"actions": [["L", "R"], ["l", "r"]]}, "action"),
        ({"players": ["me"]}, "player"),
    ],
)
def test_what_is_no_game_is_refused(arguments, says):
    with pytest.raises(InputError, match=says) as caught:
        games.markov(**{"payoffs": PAY, "transitions": MOVES, "discount": 0.9} | arguments)
    assert len(str(caught.value)) < 300


def test_a_little_rounding_is_accepted_and_mended():
    moves = changed(MOVES, (0, 0, 0, 0), 0.5 + 4e-7)
    game = games.markov(PAY, moves, discount=0.9, initial=[0.5, 0.5 - 4e-7])
    np.testing.assert_allclose(game.transitions.sum(axis=-1), 1.0, rtol=1e-15)
    assert game.initial.sum() == pytest.approx(1.0, abs=1e-15)


def test_a_game_as_plain_data_makes_the_same_game():
    case = random_case(29, (2, 3), 3, horizon=4)
    game = games.markov(
        case.payoffs, case.moves, discount=0.8, horizon=4, initial=case.initial, states=["a", "b", "c"],
        actions=[["C", "D"], ["l", "m", "r"]], players=["Ann", "Bob"], name="walk",
    )  # fmt: skip
    data = game.to_dict()
    assert data.pop("successors") is None
    again = games.markov(data.pop("payoffs"), data.pop("transitions"), **data)
    assert repr(again) == repr(game) == "<MarkovGame walk: 2 players, 2×3 actions, 3 states, 4 rounds, discount 0.8>"
    assert (again.states, again.actions, again.players) == (game.states, game.actions, game.players)
    np.testing.assert_allclose(payoffs_of(again, case.policies), payoffs_of(game, case.policies), rtol=1e-14)


def test_a_profile_is_checked_state_by_state():
    game = random_case(31, (2, 3), 2).game
    made = games.mixed_profile(game, [[0.25, 0.5], [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]]])
    np.testing.assert_array_equal(made[0], [[0.25, 0.75], [0.5, 0.5]])
    for wrong in ([[0.25], [[0.2, 0.3, 0.5]] * 2], [[0.25, 0.5], [[0.2, 0.3, 0.4]] * 2], [0.25, 0.5]):
        with pytest.raises(InputError, match=r"player|state"):
            games.mixed_profile(game, wrong)


@pytest.mark.parametrize("horizon", [24, 25, 26, 31, 32, 100, 257])
@pytest.mark.parametrize("discount", [1.0, 0.97])
def test_long_games_are_summed_as_round_by_round(horizon, discount):
    random = np.random.default_rng(horizon)
    moves = random.dirichlet(np.ones(3), size=(3, 2, 3))
    game = games.markov(random.normal(size=(2, 3, 2, 3)), moves, discount=discount, horizon=horizon)
    policies = [random.dirichlet(np.ones(a), size=3) for a in (2, 3)]
    joint = np.einsum("sa,sb->sab", *policies)
    onward = np.einsum("sab,sabt->st", joint, moves)
    now, visits = np.eye(3)[0], np.zeros(3)
    for t in range(horizon):
        visits += discount**t * now
        now = now @ onward
    with jax.enable_x64(True):
        np.testing.assert_allclose(game.visits(policies), visits, rtol=1e-12)
        paid = np.einsum("s,sab,isab->i", visits, joint, np.asarray(game.payoffs))
        np.testing.assert_allclose(game.expected_payoffs(policies), paid, rtol=1e-11, atol=1e-11)
    assert game.rounds == pytest.approx(sum(discount**t for t in range(horizon)))
