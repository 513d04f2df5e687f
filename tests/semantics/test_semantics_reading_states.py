"""Imperfect reading and networks over states: against strategies, payoffs and gradients written out round by round."""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.semantics import PerState, imperfect, networked, open_source, parametric, read_all, weight_reading
from nashscape.testing import check_semantics

ROUNDS, DISCOUNT, STEP = 3, 0.9, 1e-5
KAPPA = 0.6


def played_again(shape, seed):
    """A game of unequal players, memory of one round; its payoffs by going through all that can be played."""
    stage = np.random.default_rng(seed).normal(size=(len(shape), *shape))
    game = games.repeated(games.dense(stage), memory=1, horizon=ROUNDS, discount=DISCOUNT)
    joint = list(product(*map(range, shape)))

    def payoffs(policies):
        total = np.zeros(len(shape))
        for path in product(joint, repeat=ROUNDS):
            chance, row = 1.0, 0
            for actions in path:
                chance *= np.prod([own[row, a] for own, a in zip(policies, actions, strict=True)])
                row = 1 + joint.index(actions)
            total += chance * sum(DISCOUNT**t * stage[(slice(None), *actions)] for t, actions in enumerate(path))
        return total

    return game, payoffs


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def seen_the_same(player, other):
    """Which of the other's states is, for it, what each of the player's is: of three players with two actions."""
    joint = list(product(range(2), repeat=3))
    turned = [0]
    for actions in joint:
        seen = actions[player:] + actions[:player]
        turned.append(1 + next(k for k, one in enumerate(joint) if one[other:] + one[:other] == seen))
    return turned


def read_by_hand(theta, way):
    """First actions' probabilities `[3, 9]` of three who read each other at the strength κ."""
    chosen = "chosen" in way
    table = theta.reshape(3, -1)
    own, often = table[:, :9], sigmoid(table[:, 9]) if chosen else np.array(way.get("reads", [1.0] * 3))
    visible = np.array(way.get("visible", [1.0] * 27)).reshape(3, 9)
    quantum, size = way.get("quantum", 0.0), way.get("noise", 0.0)
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    found = np.zeros((3, 9))
    for i in range(3):
        for s in range(9):
            places = [(j, seen_the_same(i, j)[s]) for j in range(3) if j != i]
            parts = [[(visible[j, t] * own[j, t], 1.0)] for j, t in places]
            if quantum:  # up or down, right on average
                parts = []
                for j, t in places:
                    down = np.floor(own[j, t] / quantum)
                    up = own[j, t] / quantum - down
                    parts.append([(quantum * down, 1 - up), (quantum * (down + 1), up)])
            spread = KAPPA * size * np.sqrt(sum(visible[j, t] for j, t in places))
            reading = 0.0
            for way_read in product(*parts):
                z = own[i, s] + KAPPA * sum(value for value, _ in way_read)
                mean = weights @ sigmoid(z + spread * nodes) / weights.sum()
                reading += np.prod([chance for _, chance in way_read]) * mean
            found[i, s] = often[i] * reading + (1 - often[i]) * sigmoid(own[i, s])
    return [np.stack([first, 1 - first], axis=-1) for first in found]


WAYS = {
    "at times, in part": {"reads": [0.3, 0.8, 1.0], "visible": [1, 0, 1, 1, 0, 1, 1, 1, 0] * 3},
    "by choice": {"chosen": True},
    "with noise": {"noise": 0.7},
}


def slopes(function, theta):
    shifts = STEP * np.eye(len(theta))
    return np.stack([(function(theta + s) - function(theta - s)) / (2 * STEP) for s in shifts], axis=-1)


def derived(learners, theta):
    with jax.enable_x64(True):
        made = jax.jit(lambda at: (learners.strategies(at), learners.utilities(at), jax.jacrev(learners.utilities)(at)))
        strategies, utilities, gradient = made(jnp.asarray(theta))
    return [np.asarray(own) for own in strategies], np.asarray(utilities), np.asarray(gradient)


@pytest.mark.long
@pytest.mark.parametrize("name", WAYS)
def test_three_who_read_imperfectly_play_what_is_written_out_state_by_state(name):
    way, (game, payoffs) = WAYS[name], played_again((2, 2, 2), seed=2)
    options = {k: v for k, v in way.items() if k != "chosen"} | ({"reads": "chosen"} if "chosen" in way else {})
    semantics = imperfect(open_source(game, KAPPA).semantics, **options)
    theta = np.random.default_rng(6).normal(size=semantics.dimension)
    strategies, utilities, gradient = derived(parametric(game, semantics), theta)
    # over noise in many logits the mean is that of a fixed sample
    off, steep = (6e-4, 1e-4) if "noise" in way else (1e-12, 1e-8)
    for own, wanted in zip(strategies, read_by_hand(theta, way), strict=True):
        np.testing.assert_allclose(own, wanted, atol=off)
    np.testing.assert_allclose(utilities, payoffs(strategies), atol=1e-12)
    some = np.random.default_rng(7).choice(semantics.dimension, 6, replace=False)
    wanted = np.stack(
        [(payoffs(read_by_hand(theta + e, way)) - payoffs(read_by_hand(theta - e, way))) / (2 * STEP)
         for e in STEP * np.eye(len(theta))[some]], axis=-1
    )  # fmt: skip
    np.testing.assert_allclose(gradient[:, some], wanted, atol=steep)
    assert np.abs(wanted).max() > 0.03
    check_semantics(semantics)


def test_readings_that_are_rounded_up_or_down_are_gone_through():
    way, (game, _) = {"quantum": 0.8}, played_again((2, 2, 2), seed=2)
    # whoever reads two or three entries alone: 2⁸ ways at most
    seen = np.zeros((3, 27))
    for i in range(3):
        for j in range(3):
            seen[i, 9 * j : 9 * j + 4] = j != i
    semantics = imperfect(open_source(game, KAPPA).semantics, quantum=0.8, rounding="dithered", visible=seen)
    theta = np.random.default_rng(8).normal(size=27)
    theta.reshape(3, 9)[:, 4:] = 0.0  # what is not seen reads as zero
    strategies, _, _ = derived(parametric(game, semantics), theta)
    for own, wanted in zip(strategies, read_by_hand(theta, way), strict=True):
        np.testing.assert_allclose(own, wanted, atol=1e-12)


def perceptron_by_hand(layers, inputs):
    hidden = np.asarray(inputs, np.float64)
    for k, layer in enumerate(layers):
        hidden = np.asarray(layer.weight, np.float64) @ hidden + np.asarray(layer.bias, np.float64)
        hidden = np.tanh(hidden) if k + 1 < len(layers) else hidden
    return hidden


def softmax(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum()


@pytest.mark.long
def test_networks_in_every_state_read_the_others_there_for_unequal_players():
    """Two and three actions, two and four parameters in each of seven states."""
    game, payoffs = played_again((2, 3), seed=4)
    readers = read_all((2, 3), (2, 4), pooling="each", seed=3)
    semantics = PerState(networked((2, 3), readers, (2, 4)), (7, 7))
    assert semantics.sizes == (14, 28)

    def by_hand(theta):
        rows = theta[:14].reshape(7, 2), theta[14:].reshape(7, 4)
        policies = [np.zeros((7, 2)), np.zeros((7, 3))]
        for s in range(7):
            for i in range(2):
                own, other = rows[i][s], np.zeros(4)
                other[: len(rows[1 - i][s])] = rows[1 - i][s]
                logits = np.asarray(readers[i].direct, np.float64) @ own
                logits = logits + perceptron_by_hand(readers[i].layers.layers, np.concatenate([own, other]))
                policies[i][s] = softmax(np.array([logits[0], 0.0]) if i == 0 else logits)
        return policies

    theta = np.random.default_rng(9).normal(size=42)
    strategies, utilities, gradient = derived(parametric(game, semantics), theta)
    for own, wanted in zip(strategies, by_hand(theta), strict=True):
        np.testing.assert_allclose(own, wanted, atol=1e-12)
    np.testing.assert_allclose(utilities, payoffs(by_hand(theta)), atol=1e-12)
    np.testing.assert_allclose(gradient, slopes(lambda at: payoffs(by_hand(at)), theta), atol=1e-8)
    assert np.abs(gradient[0, 14:]).max() > 1e-3  # it is read
    check_semantics(semantics)
    # who reads at times only plays the mean of both
    sometimes, _, _ = derived(parametric(game, imperfect(semantics, reads=[0.25, 0.75])), theta)
    blind = [by_hand(np.concatenate([theta[:14], np.zeros(28)])), by_hand(np.concatenate([np.zeros(14), theta[14:]]))]
    for i, share in enumerate((0.25, 0.75)):
        wanted = share * by_hand(theta)[i] + (1 - share) * blind[i][i]
        np.testing.assert_allclose(sometimes[i], wanted, atol=1e-12)


@pytest.mark.long
def test_weights_in_every_state_are_read_through_their_description():
    game, payoffs = played_again((3, 2), seed=5)
    inner = weight_reading((3, 2), features=1, seed=2, strength=2.0)
    semantics = PerState(inner, (7, 7))
    matrix, at_first = np.asarray(inner.description.whole().matrix, np.float64), np.asarray(inner.weights(), np.float64)
    sizes, counts = inner.sizes, (3, 1)

    def network(weights, described, out):
        """A hidden layer of four with tanh: weights and biases of both layers one after the other."""
        w, b, v, c = np.split(weights, [4, 8, 8 + 4 * out])
        return v.reshape(out, 4) @ np.tanh(w * described + b) + c

    def by_hand(theta):
        rows = np.split(theta, [7 * sizes[0]])
        rows = [own.reshape(7, -1) for own in rows]
        first = np.split(at_first, [sizes[0]])
        policies = [np.zeros((7, 3)), np.zeros((7, 2))]
        for s in range(7):
            for i in range(2):
                padded = [np.pad(one, (0, max(sizes) - len(one))) for one in (rows[1 - i][s], first[1 - i])]
                described, before = (float((matrix @ one)[0]) for one in padded)
                logits = network(rows[i][s], before + 2.0 * (described - before), counts[i])
                policies[i][s] = softmax(logits if i == 0 else np.array([logits[0], 0.0]))
        return policies

    theta = np.concatenate([np.tile(own, 7) for own in np.split(at_first, [sizes[0]])])
    theta = theta + 0.5 * np.random.default_rng(10).normal(size=len(theta))
    strategies, utilities, gradient = derived(parametric(game, semantics), theta)
    for own, wanted in zip(strategies, by_hand(theta), strict=True):
        np.testing.assert_allclose(own, wanted, atol=1e-6)  # the description is kept in single precision
    np.testing.assert_allclose(utilities, payoffs(strategies), atol=1e-12)
    some = np.random.default_rng(11).choice(len(theta), 8, replace=False)
    wanted = np.stack(
        [(payoffs(by_hand(theta + e)) - payoffs(by_hand(theta - e))) / (2 * STEP)
         for e in STEP * np.eye(len(theta))[some]], axis=-1
    )  # fmt: skip
    np.testing.assert_allclose(gradient[:, some], wanted, atol=1e-5)
    assert np.abs(wanted).max() > 1e-2
    check_semantics(semantics)


@pytest.mark.long
def test_index_and_ratio_of_players_who_read_states_imperfectly_are_those_of_the_next_step():
    ipd = games.iterated_prisoners_dilemma()
    learners = parametric(ipd, imperfect(open_source(ipd, KAPPA).semantics, reads=[0.5, 0.9]))
    theta = np.random.default_rng(12).normal(size=10)
    found = ns.theory.cooperation_index(learners, theta, "CD")
    gradient = derived(learners, theta)[2]
    pull = np.concatenate([gradient[0, :5], gradient[1, 5:]])

    def logs(where):
        with jax.enable_x64(True):
            first, second = learners.strategies(jnp.asarray(where))
        return np.log([first[0, 0], second[0, 1]])

    rates = (logs(theta + STEP * pull) - logs(theta - STEP * pull)) / (2 * STEP)
    np.testing.assert_allclose(found.per_player, rates, rtol=1e-6)
    ratio = ns.theory.sensitivity_ratio(learners, theta, "CD")
    assert ratio.total == pytest.approx(found.total)
    # what the first player's parameter adds to its own C it takes, at times, from the other's D
    assert -KAPPA < ratio.ratios[0, 1] < -0.5 * KAPPA
    assert -KAPPA < ratio.ratios[1, 0] < 0
