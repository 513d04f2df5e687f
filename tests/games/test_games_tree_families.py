"""Families of trees of opposite or of equal interests: against OpenSpiel's numbers, and what is published."""

import itertools

import jax
import numpy as np
import pytest

from nashscape import InputError, games, theory
from nashscape.systems.selection_prediction.tiny_hanabi import OPTIMA, TABLES

OPEN_SPIEL = {
    "leduc_poker": (games.leduc_poker, (468, 468), 5520, -0.078125, (2.0875, 2.6597222222222223), -0.08560642),
    "suits alike": (
        lambda: games.leduc_poker(suits=False), (144, 144), 1116, -0.078125, (2.0875, 2.6597222222222223), -0.08560642,
    ),
    "two sides": (lambda: games.liars_dice(2), (16, 16), 60, 0.125, (0.75, 0.375), 0.5),
    "four sides": (
        games.liars_dice, (512, 512), 4080, -0.015625, (0.6837053571428571, 0.6264136904761906), 0.0625,
    ),
    "abrupt": (
        lambda: games.dark_hex(rule="abrupt"), (59, 35), 234, 0.4583333333333333, (0.8333333333333334, 0.0), 0.5,
    ),
    "classical": (games.dark_hex, (17, 53), 216, 0.0, (1.0, 0.25), 1.0),
}  # fmt: skip
"""From OpenSpiel 1.6.11: information sets, plays, the first player's payoff of uniform play, best responses to it, and
values by its sequence form. Its classical dark Hex tells players how many tries there were, and has more sets."""
LARGE = ("suits alike", "four sides")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name in LARGE else name for name in OPEN_SPIEL]
)
def test_trees_are_those_of_open_spiel(name):
    make, sets, plays, paid, best, value = OPEN_SPIEL[name]
    game = make()
    assert tuple(map(len, game.rows)) == sets == tuple(map(len, game.legal))
    assert game.n_plays == plays
    with jax.enable_x64(True):
        uniform = game.uniform()
        assert float(game.plays(uniform).sum()) == pytest.approx(1.0)
        assert game.expected_payoffs(uniform).tolist() == pytest.approx([paid, -paid], abs=1e-12)
        assert game.best_values(uniform).tolist() == pytest.approx(best, abs=1e-12)
    assert theory.sequence_form_value(game).value == pytest.approx(value, abs=1e-8)


@pytest.mark.long
def test_suits_change_what_is_known_and_nothing_else():
    """A strategy of ranks pays the same where suits are told apart; rows that differ in suits alone are alike."""
    random = np.random.default_rng(4)
    ranks, cards = games.leduc_poker(suits=False), games.leduc_poker()
    with jax.enable_x64(True):
        drawn, same = [], []
        for player, legal in enumerate(ranks.legal):
            own = random.exponential(size=legal.shape) * legal
            drawn.append(own / own.sum(axis=1, keepdims=True))
            place = {row: k for k, row in enumerate(ranks.rows[player])}
            rows = ["".join(c for c in row if c not in "12") for row in cards.rows[player]]
            same.append(np.stack([drawn[-1][place[row]] for row in rows]))
        assert ranks.actions == cards.actions
        np.testing.assert_allclose(
            np.asarray(ranks.expected_payoffs(drawn)), np.asarray(cards.expected_payoffs(same)), atol=1e-12
        )
        np.testing.assert_allclose(np.asarray(ranks.regrets(drawn)), np.asarray(cards.regrets(same)), atol=1e-12)


def test_dark_hex_is_the_same_from_the_other_side():
    """Flipped along its diagonal a board of 2×3 is one of 3×2, on which the other player begins."""
    small, tall = games.dark_hex(1, 3), games.dark_hex(3, 1)
    assert theory.sequence_form_value(small).value == 1.0  # one stone joins top and bottom
    found = theory.sequence_form_value(tall).value
    assert -1.0 <= found < 0  # three stones are needed, and the other needs one
    assert games.dark_hex(1, 1).n_plays == 1


@pytest.mark.parametrize("letter", "ABCDEF")
def test_the_most_that_tiny_hanabi_gives(letter):
    """By all pure strategies of the first and best responses of the second; payoffs are those of the card."""
    game, table = games.tiny_hanabi(letter.lower()), np.array(TABLES[letter], float)
    cards, actions = table.shape[1:3]
    with jax.enable_x64(True):
        best = max(
            float(game.best_values([np.eye(actions)[list(own)], game.uniform()[1]])[1])
            for own in itertools.product(range(actions), repeat=cards)
        )
        assert best == pytest.approx(OPTIMA[letter], abs=1e-12)
        random = np.random.default_rng(1)
        first, second = (random.dirichlet(np.ones(actions), size=rows) for rows in (cards, cards * actions))
        paid = np.einsum("xyab,xa,yab->", table, first, second.reshape(cards, actions, actions)) / cards**2
        assert game.rows[1][actions + 1] == "2 b"
        assert game.expected_payoffs([first, second]).tolist() == pytest.approx([paid, paid])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: games.liars_dice(7), "dice of up to 6 sides; got 7"),
        (lambda: games.dark_hex(3, 3), "boards of up to 6 cells; got 3×3"),
        (lambda: games.dark_hex(rule="sudden"), "sudden"),
        (lambda: games.tiny_hanabi("G"), "G"),
    ],
)
def test_what_is_no_such_tree_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_trees_are_found_by_name():
    assert games.by_name("liars-dice", sides=2).n_plays == 60
    assert repr(games.by_name("dark_hex", rule="abrupt")) == repr(games.dark_hex(rule="abrupt"))
