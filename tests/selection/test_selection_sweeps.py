import numpy as np
import pytest

from nashscape import InputError, Status, basin_map, entry_probability, games, lola, meta_mapg, sampled, starts
from nashscape.selection.sweeps import sweep

GAME = games.stag_hunt()


def by_peer(value):
    return meta_mapg(peer=value)


def test_every_value_has_the_share_of_its_own_map():
    values = [4.0, 0.0, 1.5]
    found = sweep(GAME, by_peer, values, parameter="peer", grid=7, steps=80)
    for value, estimate in zip(values, found.estimates, strict=True):
        assert estimate == basin_map(GAME, by_peer(value), grid=7, steps=80).fraction("CC")
    assert found.values.tolist() == values
    assert found.on_grid
    assert found.estimates[0].value > found.estimates[1].value
    others = [one.value for one in found.shares("DD")]
    assert others == [one.fraction("DD").value for one in found.results]


@pytest.mark.long
def test_random_starts_are_the_same_for_every_value():
    how = {"starts": starts.normal(std=1.2), "n": 60, "steps": 40, "estimator": sampled(16), "seed": 3}
    found = sweep(GAME, lambda v: lola(inner_lr=v), [0.1, 2], parameter="inner_lr", **how)
    alone = entry_probability(GAME, lola(inner_lr=2), **how)
    assert not found.on_grid
    assert found.estimates[1] == alone.probability()
    np.testing.assert_array_equal(found.results[1].labels, alone.labels)


def test_one_program_serves_all_values():
    found = sweep(GAME, by_peer, [0.5, 1, 2, 3], grid=6, steps=21)
    assert [one.provenance.compile_seconds for one in found.results[1:]] == [0, 0, 0]
    cost = found.provenance
    # and those of runs that were made again, to be watched
    assert cost.trajectory_steps >= 4 * 36 * 21
    assert cost.run_seconds == pytest.approx(sum(one.provenance.run_seconds for one in found.results))
    assert cost.question["values"].tolist() == [0.5, 1, 2, 3]


def test_whole_numbers_stay_whole():
    asked = []

    def make(value):
        asked.append(value)
        return by_peer(value)

    sweep(GAME, make, [1, 2, 2.5], grid=3, steps=20)
    assert [(type(value), value) for value in asked] == [(int, 1), (int, 2), (float, 2.5)]


def test_interrupted_it_holds_what_was_finished():
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    found = sweep(GAME, by_peer, [0, 1, 2, 3], grid=3, steps=20, progress=stop)
    assert found.status is Status.INTERRUPTED
    assert found.values.tolist() == [0, 1]
    assert len(found.estimates) == len(found.results) == 2


def test_another_outcome_may_be_asked_for():
    found = sweep(games.matching_pennies(), by_peer, [0, 1], grid=2, steps=20, outcome="out of budget")
    assert [one.value for one in found.estimates] == [1.0, 1.0]
    assert found.status is Status.UNRESOLVED


@pytest.mark.parametrize(
    ("values", "options", "message"),
    [
        ([1, 1], {}, "different numbers"),
        ([], {}, "different numbers"),
        ([np.nan], {}, "must be finite"),
        ([[1, 2]], {}, "1 axes"),
        ([1], {"grid": 3, "n": 5}, "not both"),
        ([1], {"outcome": "XX"}, "not an outcome"),
        ([1], {"colour": 3}, "unknown option"),
    ],
)
def test_what_does_not_fit_is_refused(values, options, message):
    with pytest.raises(InputError, match=message):
        sweep(GAME, by_peer, values, **options)


def test_where_no_grid_can_be_laid_starts_are_drawn():
    game = games.random_game((2, 3), 1)
    with pytest.raises(InputError, match=r"two actions .*: give n \(--n\)"):
        sweep(game, by_peer, [1])
    with pytest.raises(InputError, match=r"two actions .* given by ns.entry_probability\("):
        basin_map(game, by_peer(1), targets=[(0, 0)])


def test_no_target_and_no_rule_are_refused():
    with pytest.raises(InputError, match="no strict pure equilibrium"):
        sweep(games.matching_pennies(), by_peer, [1])
    with pytest.raises(InputError, match=r"at float = 1: a number that varies is a name .*it gives 1\.0"):
        sweep(GAME, float, [1])
