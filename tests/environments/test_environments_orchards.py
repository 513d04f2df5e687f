"""Harvest and Cleanup against the same rules written field by field, and against the numbers of the thresholds."""

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from benchmarks.plain_orchards import PlainOrchard

from nashscape import environments
from nashscape.core import InputError
from nashscape.environments.orchards.orchard_growth import spread
from nashscape.environments.orchards.orchard_rounds import Drawn
from nashscape.testing import check_environment

CROWDED = ["PAAP", "A@BA", "PAPA"]
RIVER = ["PHRB", "RP@A", "HSPB"]


def places(env, cells):
    """Rows and columns on the map; None of who is out."""
    ground = env.ground
    return [
        None if cell == ground.size else (cell // ground.columns - ground.margin, cell % ground.columns - ground.margin)
        for cell in cells.tolist()
    ]


def plain(env, state, **options):
    """The same orchard field by field."""
    return PlainOrchard(
        env.ground.rows, places(env, state.cells), state.looks.tolist(), env.action_spaces[0].names,
        beam=(env.ground.length, env.ground.width), view=env.ground.view, time_out=env.time_out,
        cost=float(env.cost), fine=float(env.fine), **options,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("env", "options"),
    [
        (environments.harvest(4, layout=CROWDED, view=5, length=3, time_out=2, regrowth=[0.1, 0.3, 0.6], fine=7),
         {"regrowth": [0.1, 0.3, 0.6]}),
        (environments.cleanup(3, layout=RIVER, view=3, length=2, growth=0.5, depletion=0.75, restoration=0.25),
         {"river": (0.5, 0.5, 0.75, 0.25)}),
        pytest.param(environments.harvest(), {"regrowth": [0, 0.005, 0.02, 0.05]}, marks=pytest.mark.long),
        pytest.param(environments.cleanup(growth=0.3, depletion=0.9), {"river": (0.3, 0.5, 0.9, 0.0)},
                     marks=pytest.mark.long),
    ],
)  # fmt: skip
def test_rounds_are_those_of_the_rules_field_by_field(env, options):
    random, n, count = np.random.default_rng(3), env.ground.players, 800
    shapes = ((n,), (len(env.ground.apples),), (2,), (n,))
    numbers = Drawn(*(random.random((count, *shape)) for shape in shapes))
    actions = random.integers(0, env.action_spaces[0].n, (count, n)).astype(np.int32)

    def play(state, actions, numbers):
        def one(state, now):
            after = env.round(state, tuple(now[0]), now[1])
            return after.state, after

        return jax.lax.scan(one, state, (actions, numbers))[1]

    with jax.enable_x64(True):
        state, seen = jax.jit(env.reset)(jax.random.key(1))
        hand = plain(env, state, **options)
        np.testing.assert_array_equal(np.stack(seen), hand.windows())
        after = jax.tree.map(np.asarray, jax.jit(play)(state, actions, numbers))
    for t in range(count):
        paid, told = hand.round(actions[t], numbers.order[t], numbers.apples[t], numbers.waste[t], numbers.back[t])
        assert places(env, after.state.cells[t]) == hand.places
        assert after.state.apples[t].tolist() == hand.apple[hand.orchard].tolist()
        assert after.state.waste[t].tolist() == hand.waste[hand.bed].tolist()
        np.testing.assert_array_equal(after.rewards[t], paid)
        np.testing.assert_array_equal(np.stack([own[t] for own in after.observations]), hand.windows())
        for name in set(told) & set(after.measures):
            assert after.measures[name][t].tolist() == told[name]
    assert after.measures["taken"].any()
    assert after.measures["fired"].any()
    assert after.measures["hit"].any()


def test_apples_and_waste_follow_the_thresholds():
    env = environments.cleanup(1, layout=["P" + "R" * 30 + "B"], growth=1 / 20, spread=1 / 2)
    wanted = {0: Fraction(1, 20), 3: Fraction(3, 80), 6: Fraction(1, 40), 9: Fraction(1, 80), 12: 0, 13: 0}
    with jax.enable_x64(True):
        dirty = {count: jnp.arange(30) < count for count in range(14)}
        rates = {count: float(env.growth.apples(env.ground, None, dirty[count])) for count in wanted}
        chances = [float(env.growth.waste(env.ground, own)) for own in dirty.values()]
    assert rates == pytest.approx({count: float(rate) for count, rate in wanted.items()}, abs=1e-15)
    assert (rates[12], rates[13]) == (0.0, 0.0)
    assert chances == [0.5] * 12 + [0.0] * 2
    assert sum(1 / chance for chance in chances[:12]) == 24.0


def test_waste_spreads_to_one_field_at_a_time_and_never_past_the_threshold():
    env = environments.cleanup(1, layout=["P" + "R" * 30 + "B"])

    def one(waste, numbers):
        after = spread(waste, env.growth.waste(env.ground, waste), numbers)
        return after, after

    drawn = np.random.default_rng(0).random((120, 500, 2)).astype(np.float32)
    waste = jax.jit(lambda d: jax.lax.scan(jax.vmap(one), jnp.zeros((500, 30), bool), d)[1])(drawn)
    counts = np.concatenate([np.zeros((1, 500), int), np.asarray(waste.sum(axis=-1))])
    assert set(np.unique(np.diff(counts, axis=0))) == {0, 1}
    assert set(counts[-1]) == {12}
    steps = (counts < 12).sum(axis=0)
    assert abs(steps.mean() - 24) < 4 * steps.std() / np.sqrt(500)
    share = np.asarray(waste[-1]).mean(axis=0)  # every field as often
    assert np.abs(share - 0.4).max() < 4.5 * np.sqrt(0.4 * 0.6 / 500)


@pytest.mark.long
@pytest.mark.parametrize(
    "env",
    [
        environments.harvest(1, layout=["AAB"], regrowth=[0, 0.3, 0.5], view=5, discount=0.6, limit=16, fine=3),
        environments.harvest(2, layout=["AB "], regrowth=[0.2, 0.5], view=3, discount=0.6, limit=16, fine=2),
        environments.cleanup(1, layout=["BRHA"], view=5, growth=0.3, discount=0.6, limit=16, depletion=0.8),
        environments.cleanup(2, layout=["BH "], view=5, growth=0.3, discount=0.6, limit=16, depletion=0.8, fine=2),
    ],
)
def test_small_ones_pay_what_the_game_over_all_states_says(env):
    assert env.exact() is not None
    check_environment(env)


def test_a_large_one_passes_the_kit_and_is_not_written_out():
    env = environments.harvest(3, limit=12, view=5, time_out=2)
    assert env.exact() is None
    assert env.views is None
    check_environment(env, episodes=4)


@pytest.mark.parametrize(
    ("make", "options", "said"),
    [
        ("harvest", {"layout": ["PA", "P"]}, "strings of one length"),
        ("harvest", {"layout": ["PPPPPAx"]}, "layout has 'x', which no map has"),
        ("harvest", {"layout": ["PPPPP"]}, "no field for an apple"),
        ("harvest", {"layout": ["PPPPPAR"]}, "has a river, .*environments.cleanup"),
        ("cleanup", {"layout": ["PPPPPA"]}, "layout has no river"),
        ("harvest", {"layout": ["PA"]}, "1 fields to start on, for 5 players"),
        ("harvest", {"view": 4}, "view must be an odd number"),
        ("harvest", {"regrowth": [0, 1.5]}, "regrowth is a list of chances"),
        ("harvest", {"discount": 1.0}, "discount must be below 1"),
        ("cleanup", {"restoration": 0.4}, "restoration must be below depletion"),
        ("cleanup", {"spread": -0.1}, "spread must be"),
    ],
)
def test_what_is_no_orchard_is_refused(make, options, said):
    with pytest.raises(InputError, match=said):
        getattr(environments, make)(**options)
