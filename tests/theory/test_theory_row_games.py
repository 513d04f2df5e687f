"""Index, thresholds and ratios in games of strangers whose strategies have rows, and in their normal forms."""

from dataclasses import dataclass, field
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError

STEP = 1e-5


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Signalling:
    """The sender sees a type and sends a message, the receiver sees the message and answers: no moves are known."""

    prior: jax.Array
    payoffs: jax.Array
    rows: tuple = field(metadata={"static": True})
    actions: tuple = field(metadata={"static": True})
    name: str = field(metadata={"static": True}, default="signals")
    players: tuple = field(metadata={"static": True}, default=("sender", "receiver"))

    offers: ClassVar = frozenset({"pays", "rows"})
    payoff_range: ClassVar = 4.0

    @property
    def strategy_shapes(self):
        return tuple((len(rows), len(actions)) for rows, actions in zip(self.rows, self.actions, strict=True))

    def expected_payoffs(self, strategies):
        return jnp.einsum("t,tm,ma,itma->i", self.prior, *strategies, self.payoffs)

    def regrets(self, strategies):
        return jnp.full(2, jnp.nan)


def signals(types, messages, answers, seed=0):
    random = np.random.default_rng(seed)
    names = [tuple(f"{letter}{k}" for k in range(many)) for letter, many in
             (("t", types), ("m", messages), ("a", answers))]  # fmt: skip
    prior, payoffs = random.dirichlet(np.ones(types)), random.normal(size=(2, types, messages, answers))
    return Signalling(jnp.asarray(prior), jnp.asarray(payoffs), (names[0], names[1]), (names[1], names[2]))


def softmax(logits):
    e = np.exp(logits)
    return e / e.sum(axis=-1, keepdims=True)


def payoff(game, strategies):
    return np.einsum("t,tm,ma,itma->i", *(np.asarray(x) for x in (game.prior, *strategies, game.payoffs)))


def slope(function, theta):
    shifts = STEP * np.eye(len(theta))
    return np.stack([(function(theta + s) - function(theta - s)) / (2 * STEP) for s in shifts], axis=-1)


@pytest.mark.long
def test_of_rows_the_index_is_that_of_an_action_in_every_one():
    """Three types and two messages, two messages and three answers: sigmoids of the messages, softmaxes of answers."""
    game = signals(3, 2, 3)
    theta = np.random.default_rng(1).normal(size=3 + 6)
    target = "m1 m0 m0/a2 a0"
    wanted = [(1, 0, 0), (2, 0)]

    def played(where):
        first = 1 / (1 + np.exp(-where[:3]))
        return np.stack([first, 1 - first], axis=1), softmax(where[3:].reshape(2, 3))

    def logs(where):
        return np.array(
            [sum(np.log(own[r, a]) for r, a in enumerate(one)) for own, one in zip(played(where), wanted, strict=True)]
        )

    climbs = slope(lambda where: payoff(game, played(where)), theta)
    pull = np.concatenate([climbs[0, :3], climbs[1, 3:]])
    found = ns.theory.cooperation_index(game, theta, target)
    np.testing.assert_allclose(found.direction, pull, atol=1e-7)
    np.testing.assert_allclose(found.per_player, slope(logs, theta) @ pull, rtol=1e-6)
    np.testing.assert_allclose(found.probabilities, np.exp(logs(theta)))
    assert found.target == target
    # the ratio is of the mean log-odds over the rows, and its pulls add up to the same index
    ratio = ns.theory.sensitivity_ratio(game, theta, target)

    def odds(where):
        p = [np.array([own[r, a] for r, a in enumerate(one)]) for own, one in zip(played(where), wanted, strict=True)]
        return np.array([np.log(own / (1 - own)).mean() for own in p])

    direction, answers = slope(lambda where: logs(where).sum(), theta), slope(odds, theta)
    for j, part in enumerate((slice(0, 3), slice(3, 9))):
        np.testing.assert_allclose(ratio.sensitivities[j], answers[:, part] @ direction[part], rtol=1e-6, atol=1e-9)
        assert ratio.pulls[j] == pytest.approx(found.per_player[j])
    assert ratio.ratios[0, 1] == ratio.ratios[1, 0] == 0  # nobody reads


@pytest.mark.long
def test_thresholds_of_coupling_are_those_of_a_scan_by_differences():
    """At even play all logits are zero whatever the coupling: θ = 0."""
    changes = []
    for seed in range(3):
        game = signals(2, 2, 2, seed)

        def index(coupling, game=game):
            mixing = np.kron(np.array([[1.0, coupling], [coupling, 1.0]]), np.eye(2))

            def played(where):
                p = 1 / (1 + np.exp(-(mixing @ where).reshape(2, 2)))
                return np.stack([p, 1 - p], axis=-1)

            climbs = slope(lambda where: payoff(game, played(where)), np.zeros(4))
            pull = np.concatenate([climbs[0, :2], climbs[1, 2:]])
            # the first player's message in both rows, the second of the other's answers in both
            return 0.5 * np.array([1, 1, -1, -1]) @ mixing @ pull

        found = ns.coupling_threshold(game, low=-0.9, high=3.0, target="m0/a1")
        scanned = np.linspace(-0.9, 3.0, 196)
        values = np.array([index(k) for k in scanned])
        np.testing.assert_allclose(found.index, [index(k) for k in found.values], atol=1e-6)
        crossed = np.flatnonzero((values[1:] > 0) != (values[:-1] > 0))
        assert len(found.brackets) == len(crossed)
        for k, bracket in zip(crossed, found.brackets, strict=True):
            assert scanned[k] - 1e-6 <= bracket.middle <= scanned[k + 1] + 1e-6
        assert (found.target, found.complete) == ("m0/a1", True)
        changes.append(len(crossed))
    assert max(changes) > 0


def test_along_any_family_of_such_games_by_its_own_rule_and_target():
    def family(stake):
        game = signals(3, 2, 3)
        return Signalling(game.prior, game.payoffs.at[0].multiply(stake), game.rows, game.actions)

    found = ns.threshold(family, -1.0, 2.0, parameter="stake", target="m1/a2", samples=9)
    even = [np.full((3, 2), 0.5), np.full((2, 3), 1 / 3)]

    def index(stake):
        """Logits of even play: sigmoids move by a quarter, softmaxes by a third and less what all answers move."""
        game = family(stake)
        sent = slope(lambda by: payoff(game, [even[0] + np.outer(by, [1, -1]) / 4, even[1]])[0], np.zeros(3))
        told = slope(
            lambda by: payoff(game, [even[0], softmax(by.reshape(2, 3))])[1], np.zeros(6)
        ).reshape(2, 3)  # fmt: skip
        return -0.5 * sent.sum() + (told[:, 2] - told.mean(axis=1)).sum()

    np.testing.assert_allclose(found.index, [index(stake) for stake in found.values], atol=1e-8)
    [bracket] = found.brackets
    assert index(bracket.middle - 1e-3) * index(bracket.middle + 1e-3) < 0


@jax.tree_util.register_static
@dataclass(frozen=True)
class Bare:
    """A game in normal form with what goes with it and no more."""

    name: str = "bare"
    players: tuple = ("one", "two")
    actions: tuple = (("L", "R"), ("x", "y", "z"))
    strategy_shapes: tuple = ((2,), (3,))
    payoff_range: float = 2.0

    offers: ClassVar = frozenset({"pays", "normal"})
    table: ClassVar = np.random.default_rng(9).normal(size=(2, 2, 3))

    def expected_payoffs(self, strategies):
        return jnp.einsum("iab,a,b->i", self.table, *strategies)

    def action_values(self, strategies):
        return jnp.asarray(self.table[0]) @ strategies[1], jnp.asarray(self.table[1]).T @ strategies[0]

    def regrets(self, strategies):
        values = self.action_values(strategies)
        return jnp.stack([own.max() - own @ played for own, played in zip(values, strategies, strict=True)])


@pytest.mark.long
def test_a_normal_form_needs_no_more_than_it_offers():
    theta, dense = np.array([0.3, 0.1, -0.4, 0.6]), ns.games.dense(Bare.table)
    found, known = (ns.theory.cooperation_index(game, theta, (1, 2)) for game in (Bare(), dense))
    np.testing.assert_allclose(found.per_player, known.per_player)
    assert found.target == "Rz"
    one, other = (
        ns.threshold(lambda _, game=game: game, 0.0, 1.0, target=(1, 2), samples=3) for game in (Bare(), dense)
    )
    np.testing.assert_allclose(one.index, other.index)
    one, other = (ns.theory.sensitivity_ratio(game, theta, (1, 2)) for game in (Bare(), dense))
    np.testing.assert_allclose(one.stakes, other.stakes)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: ns.theory.cooperation_index(signals(3, 2, 3), np.zeros(9)),
            "'CC' is no profile of signals.*separated by /",
        ),
        (lambda: ns.theory.cooperation_index(signals(3, 2, 3), np.zeros(9), "m0 m1/a0"), "sender has 3 rows"),
        (lambda: ns.threshold(lambda _: ns.games.tandem(), 0, 1), "a threshold is of a joint action"),
        (lambda: ns.theory.sensitivity_ratio(signals(3, 2, 3), np.zeros(3)), "theta must have 9 entries; got 3"),
    ],
)
def test_what_does_not_fit_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()
