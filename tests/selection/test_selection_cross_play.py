"""Conventions from cross-play: exact small matrices, ties, unsymmetric ones, one run, and means by hand."""

import numpy as np
import pytest
from checks.picture_faults import faults
from scipy import stats

from nashscape.core import InputError, clopper_pearson
from nashscape.selection import conventions


def coordination(sides, wrong=0.0, right=(1.0, 1.0)):
    """Cross-play of runs that each play one of two conventions of a coordination game."""
    sides = np.asarray(sides)
    own = np.asarray(right)[sides]
    return np.where(sides[:, None] == sides[None], own[:, None], wrong)


def test_two_conventions_of_a_coordination_game():
    sides = [1, 0, 0, 1, 0, 0]
    found = conventions(coordination(sides, right=(1.0, 0.7)))
    assert found.groups.tolist() == [1, 0, 0, 1, 0, 0]
    assert found.count == 2
    assert found.shares == (clopper_pearson(4, 6), clopper_pearson(2, 6))
    assert found.members(1) == ("0", "3")
    assert found.strangers == ()
    assert found.own_play.value == pytest.approx((4 * 1.0 + 2 * 0.7) / 6)
    assert found.cross_play.value == pytest.approx((12 * 1.0 + 2 * 0.7) / 30)
    assert found.gap.value == pytest.approx(found.own_play.value - found.cross_play.value)


def test_equal_groups_are_in_the_order_of_their_first_runs():
    assert conventions(coordination([1, 0, 1, 0])).groups.tolist() == [0, 1, 0, 1]


def test_who_is_player_one_may_matter():
    # run 1 can follow run 0, and not the other way round
    table = np.array([[1.0, 1.0], [0.2, 1.0]])
    assert conventions(table).count == 2
    assert conventions(table.T).count == 2
    assert conventions([[1.0, 1.0], [0.9, 1.0]]).count == 1


@pytest.mark.parametrize(
    ("cross", "threshold", "floor", "count"),
    [
        (0.9, 0.9, 0.0, 1),
        (0.899, 0.9, 0.0, 2),
        (0.72, 0.9, -1.0, 2),
        (0.8, 0.9, -1.0, 1),  # (0.8 + 1) is 0.9 of 2, a tie
        (0.8, 0.9, 0.5, 2),
        (0.95, 0.9, 0.5, 1),  # 0.45 is 0.9 of 0.5
        (1.0, 1.0, 0.0, 1),
        (0.999, 1.0, 0.0, 2),
    ],
)
def test_runs_that_keep_exactly_as_much_as_they_must_agree(cross, threshold, floor, count):
    assert conventions([[1.0, cross], [1.5, 1.0]], threshold=threshold, floor=floor).count == count


def test_ties_of_decimals_are_not_lost_to_rounding():
    # 0.9 · 0.8 is a little more than 0.72 in floating point
    assert 0.9 * 0.8 > 0.72
    assert conventions([[0.8, 0.72], [0.72, 0.8]]).count == 1


def test_the_bar_is_what_both_get_with_themselves():
    # with itself the second run gets little; what it gets with the first is all it can, and no convention
    assert conventions([[1.0, 0.2], [0.2, 0.2]]).count == 2
    assert conventions([[1.0, 0.54], [0.54, 0.2]]).count == 1


def test_runs_joined_by_others_alone_are_told():
    chain = [[1.0, 0.95, 0.5], [0.95, 1.0, 0.95], [0.5, 0.95, 1.0]]
    found = conventions(chain, names=["a", "b", "c"])
    assert found.count == 1
    assert found.strangers == (("a", "c"),)
    assert "conventions are not clear-cut: 1 pairs" in found.notes[0]
    assert conventions(coordination([0, 1])).notes == ()


def test_of_one_run_there_is_no_cross_play():
    found = conventions([[0.7]])
    assert (found.count, found.cross_play, found.gap) == (1, None, None)
    assert found.shares == (clopper_pearson(1, 1),)
    assert found.own_play.value == 0.7
    assert "none" in str(found.table())
    assert found.plot().axes[0].images[0].get_array().tolist() == [[0.7]]
    assert np.isnan(found.to_columns()["with_others"]).all()


def test_of_two_runs_the_gap_has_no_interval():
    found = conventions([[1.0, 0.2], [0.4, 0.8]])
    assert found.cross_play.value == pytest.approx(0.3)
    assert found.gap.value == pytest.approx(0.6)
    assert np.isnan(found.gap.low)


@pytest.mark.parametrize("runs", [3, 6])
def test_intervals_are_those_of_leaving_out_one_run(runs):
    table = np.random.default_rng(runs).uniform(0.2, 1.0, (runs, runs))
    found = conventions(table, level=0.9)

    def gap(kept):
        part = table[np.ix_(kept, kept)]
        others = part[~np.eye(len(kept), dtype=bool)]
        return np.diag(part).mean() - others.mean(), others.mean()

    everything = list(range(runs))
    whole = np.array(gap(everything))
    without = np.array([gap([k for k in everything if k != out]) for out in everything])
    jackknife = (runs - 1) / runs * ((without - without.mean(axis=0)) ** 2).sum(axis=0)
    first, second = np.triu_indices(runs, 1)
    pairs = (table[first, second] + table[second, first]) / 2
    terms = np.c_[np.ones(len(pairs)), np.eye(runs)[first] + np.eye(runs)[second]]
    beyond = pairs - terms @ np.linalg.lstsq(terms, pairs, rcond=None)[0]
    half = stats.t.ppf(0.95, runs - 1) * np.sqrt(jackknife + (beyond**2).mean() / len(pairs))
    for one, value, own in zip((found.gap, found.cross_play), whole, half, strict=True):
        assert one.value == pytest.approx(value)
        assert (one.high - one.value, one.value - one.low) == pytest.approx((own, own))


@pytest.mark.long
@pytest.mark.parametrize(("share", "runs"), [(0.5, 10), (0.5, 25), (0.7, 10), (0.7, 25), (0.9, 25), (0.9, 50)])
def test_the_gap_is_covered_unless_a_convention_is_rare_among_few_runs(share, runs):
    random, held = np.random.default_rng(runs), []
    for _ in range(400):
        sides = (random.random(runs) > share).astype(int)
        quality = random.uniform(0.8, 1.0, runs)
        table = coordination(sides, 0.1) * np.sqrt(quality[:, None] * quality[None])
        np.fill_diagonal(table, quality)
        gap = conventions(table).gap
        mean, root = 0.9, (2 / 3 * (1 - 0.8**1.5) / 0.2) ** 2
        same = share**2 + (1 - share) ** 2
        held.append(gap.contains(mean - root * (same + 0.1 * (1 - same))))
    assert np.mean(held) > 0.87


def test_the_picture_is_in_the_order_of_conventions():
    table = coordination([1, 0, 0]) + np.arange(9).reshape(3, 3) / 100
    figure = conventions(table, names=["x", "y", "z"]).plot()
    axes = figure.axes[0]
    np.testing.assert_array_equal(axes.images[0].get_array(), table[np.ix_([1, 2, 0], [1, 2, 0])])
    assert [label.get_text() for label in axes.get_xticklabels()] == ["y", "z", "x"]
    frames = {(one.get_x(), one.get_width()) for one in axes.patches}
    assert frames == {(-0.5, 2), (1.5, 1)}
    assert figure.get_suptitle().startswith("2 conventions among 3 runs: 66.7 %, 33.3 %")


@pytest.mark.parametrize("table", [np.eye(1), np.eye(7), coordination([0] * 20 + [1] * 5), np.eye(60)])
@pytest.mark.parametrize("size", [None, 3.4])
def test_words_do_not_collide_however_many_runs(table, size):
    assert list(faults(conventions(table).plot(size=size))) == []


def test_its_table_and_columns_say_what_members_get():
    found = conventions([[1.0, 0.9, 0.1], [1.0, 0.8, 0.3], [0.2, 0.4, 0.5]], names=["a", "b", "c"])
    table = found.table()
    first, second = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    assert first["members"] == "a, b"
    assert (first["own play"], first["within"], first["with others"]) == ("0.9000", "0.9500", "0.2500")
    assert (second["own play"], second["within"], second["with others"]) == ("0.5000", "–", "0.2500")
    columns = found.to_columns()
    assert columns["convention"].tolist() == [1, 1, 2]
    assert columns["with_others"] == pytest.approx([0.55, 0.65, 0.25])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: conventions([[1.0, 0.0]]), r"\[runs, runs\]"),
        (lambda: conventions(np.zeros((0, 0))), r"\[runs, runs\]"),
        (lambda: conventions([[np.nan]]), "finite"),
        (lambda: conventions([[1.0]], names=["a", "b"]), "1 different ones"),
        (lambda: conventions(np.eye(2), names=["a", "a"]), "2 different ones"),
        (lambda: conventions(np.eye(2), threshold=0.0), "threshold"),
        (lambda: conventions(np.eye(2), threshold=1.1), "threshold"),
        (lambda: conventions([[1.0, 0.0], [0.0, -2.0]], names=["a", "b"]), "run b gets -2 with itself"),
    ],
)
def test_what_is_no_cross_play_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
