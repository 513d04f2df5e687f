import itertools

import jax.numpy as jnp
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError

LONG = games.dense(np.zeros((2, 2, 3)), actions=[["Left", "Right"], ["Up", "Middle", "Down"]], name="long")


@pytest.mark.parametrize(
    "value", ["CD", "C,D", "C / D", ("C", "D"), ["C", "D"], (0, 1), np.array([0, 1]), ("C", np.int64(1))]
)
def test_a_pure_profile_is_read_in_every_spelling(value):
    assert games.stag_hunt().profile(value) == (0, 1)


@pytest.mark.parametrize("game", [games.stag_hunt(), LONG, games.random_game((2, 3, 2), seed=0)])
def test_names_of_profiles_are_read_back(game):
    profiles = list(itertools.product(*map(range, game.shape)))
    assert [game.profile(game.profile_name(profile)) for profile in profiles] == profiles
    assert len({game.profile_name(profile) for profile in profiles}) == len(profiles)


def test_names_of_profiles():
    assert games.stag_hunt().profile_name((0, 1)) == "CD"
    assert LONG.profile_name((0, 2)) == "Left/Down"
    assert LONG.action_index("player 2", "Down") == LONG.action_index(1, 2) == 2


@pytest.mark.parametrize("value", ["C", "CCC", "CX", "", (0,), (0, 2), (0, -1), (0, 1.0), (True, 0), 3, None, "C,D,"])
def test_what_is_no_profile_is_refused_with_those_that_are(value):
    with pytest.raises(InputError, match="is not a profile of stag_hunt; its profiles are 'CC', 'CD', 'DC', 'DD'"):
        games.stag_hunt().profile(value)


def test_long_names_need_a_separator():
    assert LONG.profile("Right,Middle") == (1, 1)
    with pytest.raises(InputError, match="'Left/Up'"):
        LONG.profile("LeftUp")
    with pytest.raises(InputError, match="did you mean 'Middle'"):
        LONG.profile("Left/Midle")


@pytest.mark.parametrize(
    "strategies",
    [
        [0.25, 0.5],
        np.array([0.25, 0.5]),
        jnp.array([0.25, 0.5]),
        [[0.25, 0.75], 0.5],
        np.array([[0.25, 0.75], [0.5, 0.5]]),
    ],
)
def test_mixed_profiles_in_every_spelling(strategies):
    first, second = games.mixed_profile(games.stag_hunt(), strategies)
    np.testing.assert_array_equal(first, [0.25, 0.75])
    np.testing.assert_array_equal(second, [0.5, 0.5])
    assert first.dtype == np.float64


def test_rounding_of_single_precision_is_put_right():
    third = np.full(3, 1 / 3, dtype=np.float32)
    first, _ = games.mixed_profile(games.rock_paper_scissors(), [third, [1, 0, 0]])
    assert first.sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("game", "strategies", "message"),
    [
        (games.stag_hunt(), [0.5], "needs 2 strategies, one per player; got 1"),
        (games.stag_hunt(), [0.5, 0.5, 0.5], "got 3"),
        (games.stag_hunt(), "CC", "no list"),
        (games.stag_hunt(), 0.5, "no list"),
        (games.stag_hunt(), ["C", "C"], "strategy of player 1"),
        (games.stag_hunt(), [1.5, 0.5], "strategy of player 1 must be at least 0 and at most 1; got 1.5"),
        (games.stag_hunt(), [0.5, float("nan")], "strategy of player 2 must be a finite number"),
        (games.stag_hunt(), [[0.5, 0.6], 0.5], "sum to one"),
        (games.stag_hunt(), [[-0.1, 1.1], 0.5], "negative"),
        (games.stag_hunt(), [[0.5, 0.25, 0.25], 0.5], "shape"),
        (games.rock_paper_scissors(), [0.5, 0.5], "shape"),
        (games.rock_paper_scissors(), [[1, 0, 0], [1, 0]], "strategy of player 2 must have shape"),
    ],
)
def test_what_is_no_mixed_profile_is_refused(game, strategies, message):
    with pytest.raises(InputError, match=message):
        games.mixed_profile(game, strategies)
