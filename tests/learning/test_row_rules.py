"""Rules that learn in every row: against a tree walked node by node, closed forms, published numbers and reports."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles.random_trees import Drawn

from nashscape import InputError, entry_probability, games, learning, simulate, theory
from nashscape.games import chance, decision, ending, extensive_game
from nashscape.learning import Oracle, exact, rule_by_name, schedules, step_key
from nashscape.learning.asking import cannot_be_asked
from nashscape.learning.rule_table import FOR_ROWS
from nashscape.semantics import independent, parametric, simplex

HALVES = [np.array([0.5, 0.5])] * 2
SEEDS = [seed for seed in range(200) if sum(any(own[0] == k for own in Drawn(seed).sets) for k in range(3)) > 1]


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def learners_of(game):
    return parametric(game, simplex(game.shape, legal=game.legal))


def path(game, rule, start, steps, semantics=None):
    """The strategies of so many rounds, uncompiled."""
    learners = parametric(game, semantics or simplex(game.shape, legal=getattr(game, "legal", None)))
    rule, theta = rule.for_game(learners), learners.semantics.parameters([jnp.asarray(own) for own in start])
    assert cannot_be_asked(rule.needs, learners) == {}
    state, made = rule.init(theta), [learners.strategies(theta)]
    for t in range(steps):
        oracle = Oracle(learners, exact(), theta, step_key(0, step=t), 0.5, rule.needs)
        direction, state = rule.update(oracle, state, jnp.int32(t))
        theta = theta + 0.5 * direction
        made.append(learners.strategies(theta))
    return [[np.asarray(own) for own in one] for one in made]


def uneven():
    answer = {"x": ending(1, 1), "y": ending(2, 0), "z": ending(0, 3)}
    return extensive_game(
        decision("A", {"a": decision("B", answer), "b": decision("B", {"x": ending(3, 0), "y": ending(0, 1)}),
                       "c": ending("1/3", 1)}),
        players=("A", "B"), name="uneven",
    )  # fmt: skip


# --- a walk over the nodes of the tree, which shares nothing with the library's sequences


def walked(game, strategies):
    """Counterfactual values and others' reach of all rows, by recursion over nodes."""
    tree, n = game.tree, len(game.players)
    values = [np.zeros(mask.shape) for mask in game.legal]
    reach = [np.zeros(len(mask)) for mask in game.legal]
    at = iter(range(len(tree.nodes)))

    def below(others):
        node = tree.nodes[next(at)]
        here = np.array([float(x) for x in node.payoffs or [0] * n])
        if node.mover is None:
            return here
        if node.mover < 0:
            return here + sum(float(p) * below([own * float(p) for own in others]) for p in node.chances)
        i = node.mover
        row = game.places[i].index(node.place)
        columns = game.columns[i][row]
        total = np.zeros(n)
        reach[i][row] += others[i]
        for column in columns[: node.branches]:
            p = strategies[i][row, column]
            after = below([own if j == i else own * p for j, own in enumerate(others)])
            values[i][row, column] += others[i] * after[i]
            total = total + p * after
        return here + total

    below([1.0] * n)
    return values, reach


def plain_cfr(game, steps, *, plus=False, in_turn=False):
    strategies = [np.array(own) for own in game.uniform()]
    sums = [np.zeros(mask.shape) for mask in game.legal]
    made = []
    for _ in range(steps):
        seen = [own.copy() for own in strategies]
        for i, mask in enumerate(game.legal):
            values, _ = walked(game, strategies if in_turn else seen)
            for row in range(len(mask)):
                own = values[i][row]
                sums[i][row] += np.where(mask[row], own - own @ seen[i][row], 0.0)
                if plus:
                    sums[i][row] = np.maximum(sums[i][row], 0.0)
                positive = np.maximum(sums[i][row], 0.0)
                even = mask[row] / mask[row].sum()
                strategies[i][row] = positive / positive.sum() if positive.sum() > 0 else even
        made.append([own.copy() for own in strategies])
    return made


GAMES = {"kuhn": games.kuhn_poker, "three": lambda: games.parse_tree(Drawn(SEEDS[0]).text), "uneven": uneven}
RULES = [learning.cfr(), learning.cfr(order="sequential"), learning.cfr_plus(), learning.cfr_plus(order="simultaneous")]
OPTIONS = [{}, {"in_turn": True}, {"plus": True, "in_turn": True}, {"plus": True}]


@pytest.mark.parametrize("name", GAMES)
@pytest.mark.parametrize(("rule", "options"), list(zip(RULES, OPTIONS, strict=True)))
def test_cfr_is_what_walking_the_nodes_gives(name, rule, options):
    game = GAMES[name]()
    found = path(game, rule, game.uniform(), 4)[1:]
    for mine, wanted in zip(found, plain_cfr(game, 4, **options), strict=True):
        for own, other in zip(mine, wanted, strict=True):
            np.testing.assert_allclose(own, other, atol=1e-9)


@pytest.mark.parametrize("make", [learning.cfr, learning.cfr_plus])
def test_ties_are_ties_whatever_rounding_says(make):
    """A mean of equal payoffs may round to something else; nothing is regretted all the same."""
    missed = 0
    for paid in np.linspace(0.1, 3.0, 23):
        start = [np.array([0.2, 0.3, 0.5]), np.array([1 / 7, 2 / 7, 4 / 7])]
        missed += any(paid != (paid * own).sum() for own in start)
        last = path(games.dense(np.full((2, 3, 3), paid)), make(), start, 2, simplex((3, 3)))[-1]
        np.testing.assert_allclose(last, 1 / 3, atol=1e-12)
    assert missed > 3


def test_cfr_in_abrupt_dark_hex_is_at_once_where_exact_numbers_are():
    """With decimals of 60 digits the strategies after one round are an equilibrium; rounding of ties led elsewhere."""
    found = theory.tree_play(games.dark_hex(rule="abrupt"), learning.cfr(order="sequential"), steps=4)
    np.testing.assert_allclose(found.last_regrets, 0.0, atol=1e-12)


def test_cfr_plus_in_leduc_poker_is_what_long_arithmetic_gives():
    """NashConv of averages after 3, 5 and 10 rounds; by OpenSpiel 1.6.11, of the last also by decimals of 60 digits."""
    game, rule = games.leduc_poker(suits=False), learning.cfr_plus()
    for rounds, average, last in (
        (3, 3.587088164760741, 3.4142646598715514), (5, 2.74246474085599, 2.857948873458426),
        (10, 1.2208778031808132, 0.9197323542823634),
    ):  # fmt: skip
        found = theory.tree_play(game, rule, steps=rounds)
        assert found.nash_conv == pytest.approx(average, abs=1e-10)
        assert found.last_nash_conv == pytest.approx(last, abs=1e-10)


@pytest.mark.parametrize("name", GAMES)
def test_a_magnetic_step_is_its_formula(name):
    game = GAMES[name]()
    random = np.random.default_rng(3)
    start, magnet = (
        [(own := random.exponential(size=mask.shape) * mask + 0.1 * mask) / own.sum(axis=1, keepdims=True)
         for mask in game.legal] for _ in range(2)
    )  # fmt: skip
    values, reach = walked(game, start)
    rule = learning.magnetic_mirror_descent(0.7, 0.4, magnet=magnet)
    [_, found] = path(game, rule, start, 1)
    for i, mask in enumerate(game.legal):
        for row, legal in enumerate(mask):
            worth = values[i][row] / reach[i][row] if reach[i][row] > 0 else 0 * values[i][row]
            weights = start[i][row] * np.exp(0.7 * worth) * magnet[i][row] ** (0.7 * 0.4)
            weights = np.where(legal, weights ** (1 / (1 + 0.7 * 0.4)), 0.0)
            np.testing.assert_allclose(found[i][row], weights / weights.sum(), atol=1e-10)


def test_the_step_has_the_rate_and_not_its_inverse():
    """As reported in nathanlct/IIG-RL-Benchmark #1: only one step tells the two apart, the limit is the same."""
    game = games.dense([[[1.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
    first = np.array([own[0] for own in path(game, learning.magnetic_mirror_descent(0.25, 0.5), HALVES, 130)])
    odds = np.log(first[:, 0] / first[:, 1])
    np.testing.assert_allclose(odds[1:4], [2 / 9, 34 / 81, 0.595336], atol=1e-6)
    np.testing.assert_allclose(first[1:4, 0], [0.555328, 0.603424, 0.644589], atol=1e-6)
    assert first[-1, 0] == pytest.approx(0.880797, abs=1e-6)


def test_a_moving_magnet_follows():
    """Two steps by hand; the first has the even magnet."""
    game = games.dense([[[1.0, 1.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])
    rule = learning.magnetic_mirror_descent(0.25, 0.5, magnet_rate=0.3)
    made = np.array([own[0] for own in path(game, rule, HALVES, 2)])
    first = 0.25 / 1.125
    second = (first + 0.25 + 0.125 * 0.3 * first) / 1.125
    found = np.log(made[1:, 0] / made[1:, 1])
    np.testing.assert_allclose(found, [first, second], atol=1e-10)


def test_leaders_add_up_counterfactual_values():
    """Three rounds by hand, with a rate that falls and a start that is not even."""
    game = games.kuhn_poker()
    start = [np.tile([0.3, 0.7], (6, 1)), np.tile([0.6, 0.4], (6, 1))]
    rule = learning.follow_regularised_leader(schedules.power(2.0, exponent=0.5))
    found = path(game, rule, start, 3)
    sums, played = [np.zeros((6, 2))] * 2, start
    for t in range(3):
        values, _ = walked(game, played)
        sums = [a + b for a, b in zip(sums, values, strict=True)]
        logits = [np.log(own) + 2 / np.sqrt(t + 1) * one for own, one in zip(start, sums, strict=True)]
        played = [np.exp(own) / np.exp(own).sum(axis=1, keepdims=True) for own in logits]
        for own, other in zip(found[t + 1], played, strict=True):
            np.testing.assert_allclose(own, other, atol=1e-10)


def test_mirror_descent_in_a_normal_form_is_multiplicative_weights():
    payoffs = np.random.default_rng(2).normal(size=(2, 2, 3))
    game = games.dense(payoffs)
    start = [np.array([0.3, 0.7]), np.array([0.2, 0.3, 0.5])]
    for semantics in (None, independent((2, 3))):
        mirror = path(game, learning.mirror_descent(0.4), start, 4, semantics)
        weights = start[0] * np.exp(0.4 * payoffs[0] @ start[1])
        np.testing.assert_allclose(mirror[1][0], weights / weights.sum(), atol=1e-10)
        leader = path(game, learning.follow_regularised_leader(0.4), start, 4, semantics)
        np.testing.assert_allclose(leader[-1][1], mirror[-1][1], atol=1e-10)


@pytest.mark.parametrize("name", GAMES)
def test_one_play_is_unbiased(name):
    """The mean over plays, each with its probability, is the exact value: enumerated, not drawn."""
    game = GAMES[name]()
    random, explore = np.random.default_rng(5), 0.4
    played = [(own := (random.exponential(size=mask.shape) + 0.05) * mask) / own.sum(axis=1, keepdims=True)
              for mask in game.legal]  # fmt: skip
    for player in range(len(game.players)):
        even = game.legal[player] / game.legal[player].sum(axis=1, keepdims=True)
        tried = [explore * even + (1 - explore) * own if k == player else own for k, own in enumerate(played)]
        chances = np.asarray(game.plays(tried))
        ends = np.cumsum(chances)
        middles = np.where(chances > 0, ends - chances / 2, 0.0)
        each = jax.vmap(lambda u, player=player: game.sampled_values(played, player, explore, u))(jnp.asarray(middles))
        mean = np.tensordot(chances, np.asarray(each), 1)
        wanted = np.asarray(game.counterfactual_values(played)[player])
        np.testing.assert_allclose(np.where(game.legal[player], mean - wanted, 0.0), 0.0, atol=1e-12)


def test_sampled_cfr_comes_near_and_is_a_matter_of_the_seed():
    game = games.kuhn_poker()
    one, again, other = (theory.tree_play(game, learning.sampled_cfr(), steps=3000, seed=k) for k in (1, 1, 2))
    assert one.nash_conv == again.nash_conv != other.nash_conv
    assert max(one.nash_conv, other.nash_conv) < 0.3 < 11 / 12


def test_best_replies_and_fictitious_play_keep_to_what_is_legal():
    """A row of two actions whose payoffs are both negative, beside one of three: the third is worth 0 and not there."""
    game = extensive_game(
        decision(0, {"a": decision(1, {"x": ending(1, -1), "y": ending(2, -2), "z": ending(0, -3)}),
                     "b": decision(1, {"x": ending(3, -5), "y": ending(0, -4)})}), players=2,
    )  # fmt: skip
    for rule in (learning.best_replies(), learning.best_replies(ties="equal"), learning.fictitious_play(),
                 learning.fictitious_play(temperature=0.5), *(make() for make in FOR_ROWS.values())):  # fmt: skip
        for played in path(game, rule, game.uniform(), 3):
            for own, mask in zip(played, game.legal, strict=True):
                assert np.all(own[~mask] == 0.0), rule.name
                np.testing.assert_allclose(own.sum(axis=1), 1.0, atol=1e-9)
    last = path(game, learning.best_replies(ties="first"), game.uniform(), 1)[-1]
    assert last[1][1].round(6).tolist() == [0.0, 1.0, 0.0]
    assert last[1][0].round(6).tolist() == [1.0, 0.0, 0.0]


def test_what_nobody_reaches_moves_nothing():
    """As reported in gambitproject/gambit #134: a branch of chance 0 with large payoffs."""
    bluff = decision(0, {"bet": ending(50, -50), "check": ending(-50, 50)}, knows="ghost")
    game = extensive_game(chance([(1, decision(0, {"l": ending(1, 0), "r": ending(0, 1)}, knows="real")), (0, bluff)]))
    ghost = game.rows[0].index("ghost")
    start = [np.array([[0.5, 0.5, 0, 0], [0, 0, 0.2, 0.8]]), *game.uniform()[1:]]
    start[0] = start[0][[0, 1]] if ghost == 1 else start[0][[1, 0]]
    for rule in (learning.magnetic_mirror_descent(0.5, 0.0), learning.mirror_descent(0.5)):
        last = path(game, rule, start, 4)[-1]
        np.testing.assert_allclose(last[0][ghost], start[0][ghost], atol=1e-9)
    regretting = path(game, learning.cfr(), start, 5)[-1]
    np.testing.assert_allclose(regretting[0][ghost][game.legal[0][ghost]], [0.5, 0.5])
    even = path(game, learning.magnetic_mirror_descent(0.5, 1.0), start, 40)[-1]
    np.testing.assert_allclose(even[0][ghost][game.legal[0][ghost]], [0.5, 0.5], atol=1e-4)


def test_many_starts_run_in_one_program():
    found = entry_probability(games.kuhn_poker(), learning.magnetic_mirror_descent(0.2, 0.3), n=64, steps=200)
    assert len(found.labels) == 64
    assert found.shares_in_words == "stationary unknown 1.0000"


def test_probabilities_as_parameters_of_rows():
    game = uneven()
    semantics = simplex(game.shape, legal=game.legal)
    from nashscape import testing

    testing.check_semantics(semantics)
    assert semantics.sizes == (3, 6)
    made = semantics.strategies(jnp.array([0.2, 0.3, 0.5, 0.1, 0.2, 0.7, 0.6, 0.2, 5.0]))
    np.testing.assert_allclose(made[1], [[0.1, 0.2, 0.7], [0.7, 0.3, 0.0]])
    with pytest.raises(InputError, match="not both"):
        simplex(game.shape, legal=game.legal, states=2)
    with pytest.raises(InputError, match="need rows of as many"):
        simplex((2, 3), legal=game.legal)
    with pytest.raises(InputError, match="needs a legal action"):
        simplex((2,), legal=[[[False, False]]])


def test_rules_by_name():
    for name, make in FOR_ROWS.items():
        assert rule_by_name(name).name == name == make().name
        assert getattr(learning, name) is make
        assert make().sources


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: learning.cfr(order="both"), "order"),
        (lambda: learning.sampled_cfr(explore=0.0), "explore"),
        (lambda: learning.mirror_descent(-1.0), "rate"),
        (lambda: learning.magnetic_mirror_descent(0.1, -0.1), "temperature"),
        (lambda: learning.magnetic_mirror_descent(magnet_rate=2.0), "magnet_rate"),
        (lambda: simulate(games.tandem(), learning.cfr(), [[0.1], [0.1]]), "neither in extensive nor in normal form"),
        (lambda: simulate(games.stag_hunt(), learning.sampled_cfr(), [0.5, 0.5]), "is not in extensive form"),
        (
            lambda: simulate(learners_of(uneven()), learning.magnetic_mirror_descent(magnet=uneven().uniform()[:1]),
                             uneven().uniform()),
            "needs 2 strategies",
        ),
        (
            lambda: simulate(learners_of(uneven()), learning.magnetic_mirror_descent(
                magnet=[[[1, 0, 0]], uneven().uniform()[1]]), uneven().uniform()),
            "must give every action of uneven some probability",
        ),
        (lambda: theory.tree_play(games.stag_hunt(), learning.cfr()), "in extensive form"),
        (lambda: theory.tree_play(uneven(), learning.cfr(), averaging="late"), "averaging"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()
