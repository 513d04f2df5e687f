"""Learning curves of runs that were played: numbers, shares, corrections, table, columns and picture."""

from dataclasses import replace

import numpy as np
import pytest
from checks.played_runs import SHARE, Game, entry_of, trained, trained_with_two

import nashscape as ns
from nashscape.core import InputError, Status, interquartile_mean, record, wilson
from nashscape.dynamics import behaviour
from nashscape.selection import learning_curves


@pytest.fixture(scope="module")
def arms():
    return trained(7, 4)


@pytest.fixture(scope="module")
def found(arms):
    return learning_curves(arms, SHARE, of="least", target="trust", level=0.9, seed=2, resamples=300)


@pytest.fixture(scope="module")
def two():
    return learning_curves(trained_with_two(), resamples=100)


@pytest.mark.parametrize(
    ("of", "together"),
    [("mean", np.mean), ("sum", np.sum), ("least", np.min), ("most", np.max), ("blue", lambda own, axis: own[..., 1])],
)
def test_curves_are_interquartile_means_over_runs_at_every_moment(arms, of, together):
    found = learning_curves(arms, SHARE, of=of, level=0.9, seed=2, resamples=50)
    assert found.updates.tolist() == [50, 100, 150, 200]
    for name, one in arms.items():
        values = together(one.reduced[SHARE], axis=-1)
        for k, estimate in enumerate(found.curves[name]):
            assert estimate == interquartile_mean(values[:, k], 0.9, seed=2, resamples=50)
    assert found.shares == {}
    assert "Precipice" in found.citation


def test_a_player_may_be_given_by_number_and_a_measure_of_none_has_no_whose(arms):
    named = learning_curves(arms, SHARE, of=2, resamples=20)
    assert (named.of, named.quantity) == ("green", "share of C of green")
    rounds = learning_curves(arms["ppo"], "rounds", resamples=20)
    assert (rounds.of, rounds.quantity, list(rounds.curves)) == ("", "rounds", ["ppo"])
    assert rounds.curves["ppo"][0].value == 20.0


def test_shares_are_of_runs_within_the_bounds_at_that_moment_whatever_becomes_of_them(arms, found):
    for name, one in arms.items():
        inside = (one.reduced[SHARE] >= 0.7).all(axis=2)
        assert found.shares[name] == tuple(wilson(int(own.sum()), 7, 0.9) for own in inside.T)
    given = learning_curves(arms, SHARE, target=behaviour("rich", "return", at_least=5.0, of="red"), resamples=20)
    assert given.target == "rich"
    wanted = [(one.reduced["return"][:, -1, 0] >= 5).mean() for one in arms.values()]
    assert [own[-1].value for own in given.shares.values()] == wanted


def test_corrections_are_quartiles_over_runs_and_players(arms, found):
    assert [list(own) for own in found.corrections.values()] == [[], ["peer"], ["peer"]]
    told = arms["ppo:peer=1.5"].reduced["told peer"]
    for k in range(4):
        wanted = np.quantile(told[:, k].ravel(), [0.25, 0.5, 0.75])
        np.testing.assert_allclose(found.corrections["ppo:peer=1.5"]["peer"][:, k], wanted)


def test_runs_without_a_number_are_left_out_where_they_have_none_and_told():
    values = np.arange(24.0).reshape(4, 2, 3)
    values[1, 1, 2] = np.nan
    peer = np.ones((4, 2, 3))
    peer[:, 0], peer[2, 1] = np.nan, np.inf
    one = entry_of({"return": values}, {"peer": peer}, [1, 2], goals=())
    found = learning_curves(one, resamples=20)
    assert [own.trials for own in found.curves["ppo"]] == [4, 3]
    assert found.notes == ("ppo: 1 of 4 runs have no number for return at some moments, left out there",)
    assert np.isnan(found.corrections["ppo"]["peer"][:, 0]).all()
    assert found.corrections["ppo"]["peer"][:, 1].tolist() == [1.0, 1.0, 1.0]
    assert learning_curves(one, of="red", resamples=20).notes == ()
    with pytest.raises(InputError, match="no run of ppo has a number for return"):
        learning_curves(entry_of({"return": np.full((2, 2, 3), np.nan)}, {}, [1, 2], goals=()))


def test_arms_that_were_interrupted_say_so(arms):
    stopped = replace(
        arms["ppo"], status=Status.INTERRUPTED, provenance=replace(arms["ppo"].provenance, notes=("the first 7 alone",))
    )
    found = learning_curves({**arms, "ppo": stopped}, resamples=20)
    assert found.status is Status.INTERRUPTED
    assert found.notes == ("ppo: the first 7 alone",)
    unsettled = replace(arms["ppo"], status=Status.UNRESOLVED)
    assert learning_curves(unsettled, resamples=20).status is Status.COMPLETE


def test_its_table_has_the_first_and_last_moments_of_every_arm(arms, found):
    table = found.table()
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [row["arm"] for row in rows] == [name for name in arms for _ in range(4)]
    last = rows[7]
    share, (low, middle, high) = found.shares["ppo:peer=1.5"][-1], found.corrections["ppo:peer=1.5"]["peer"][:, -1]
    assert last["in target"] == f"{share.value:.4f}\n[{share.low:.4f}, {share.high:.4f}]"
    assert last["relative norm"] == f"peer {middle:.3g} [{low:.3g}, {high:.3g}]"
    assert (last["updates"], last["n"], rows[0]["relative norm"]) == ("200", "7", "–")
    many = learning_curves(trained(3, 9), resamples=20).table()
    assert [row[1] for row in many.rows] == ["50", "100", "…", "400", "450"] * 3
    alone = learning_curves(arms["ppo"], resamples=20).table()
    assert alone.columns == ("arm", "updates", "n", "IQM")
    assert len(alone.notes) == 1


def test_its_columns_are_a_grid_of_arms_and_moments(found):
    columns = found.to_columns()
    here = (columns["arm"] == "ppo:peer=0.1") & (columns["updates"] == 150)
    one = found.curves["ppo:peer=0.1"][2]
    assert [columns[name][here].tolist() for name in ("iqm", "iqm_low", "iqm_high", "runs")] == [
        [one.value], [one.low], [one.high], [7],
    ]  # fmt: skip
    assert columns["norm_peer_upper_quartile"][here] == found.corrections["ppo:peer=0.1"]["peer"][2, 2]
    assert np.isnan(columns["norm_peer_median"][:4]).all()
    assert columns["share"][here] == found.shares["ppo:peer=0.1"][2].value
    assert len(here) == 12


def test_the_picture_has_curves_shares_and_norms(found):
    curves, shares, norms = found.plot().axes
    drawn = [line.get_ydata().tolist() for line in curves.get_lines()]
    assert drawn == [[one.value for one in own] for own in found.curves.values()]
    assert [line.get_ydata()[-1] for line in shares.get_lines()] == [own[-1].value for own in found.shares.values()]
    for shade, own in zip(curves.collections, found.curves.values(), strict=True):
        corners = shade.get_paths()[0].vertices[:, 1]
        assert {one.low for one in own} | {one.high for one in own} <= set(corners)
    lines = [line for line in norms.get_lines() if len(line.get_xdata()) == 4]
    medians = [own["peer"][1].tolist() for own in found.corrections.values() if own]
    assert [line.get_ydata().tolist() for line in lines] == medians
    assert norms.get_yscale() == "log"
    assert norms.get_title().split() == ["peer", "over", "policy", "gradient,", "median", "and", "quartiles"]
    styles = {(line.get_color(), line.get_linestyle(), line.get_marker()) for line in curves.get_lines()}
    assert len(styles) == 3


def test_several_corrections_have_marks_of_their_own_and_those_of_nothing_are_told(two):
    figure = two.plot()
    norms = figure.axes[-1]
    named = {line.get_label(): line for line in norms.get_lines() if " of " in str(line.get_label())}
    assert list(named) == ["own of meta_mapg", "lookahead of meta_mapg", "own of lola", "lookahead of lola"]
    assert len({line.get_marker() for line in named.values()}) == 2
    assert np.isnan(named["own of lola"].get_ydata()).tolist() == [False] * 3 + [True] * 2
    assert norms.get_title().endswith("(0 not drawn)")
    assert figure.get_suptitle().startswith("return, mean of players, after 100 updates: meta_mapg = ")


def test_one_run_is_drawn_without_a_band():
    single = learning_curves(entry_of({"return": np.ones((1, 2, 3))}, {}, [1, 2], goals=()), resamples=20)
    assert single.curves["ppo"][0].high == np.inf
    axes = single.plot().axes[0]
    assert not any(np.isfinite(path.vertices).all() for path in axes.collections[0].get_paths())
    assert np.ptp(axes.get_ylim()) < 1.0


def other_bounds():
    goal = behaviour("trust", "return", at_least=3.0)
    return entry_of({"return": np.zeros((2, 4, 3))}, {}, [50, 100, 150, 200], goals=[goal])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda arms: learning_curves({}), "there are no entries"),
        (lambda arms: learning_curves([1]), "no entry"),
        (
            lambda arms: learning_curves(ns.entry_probability(ns.games.stag_hunt(), ns.pg(), n=4, steps=2)),
            "pg is of a game that is computed",
        ),
        (lambda arms: learning_curves(arms, "share of D"), "did you mean 'share of C'"),
        (lambda arms: learning_curves(arms, of="bleu"), "did you mean 'blue'"),
        (lambda arms: learning_curves(arms, target="thrust"), "target of ppo.*did you mean 'trust'"),
        (lambda arms: learning_curves(arms, target=behaviour("x", "gold", at_least=1)), "gold"),
        (lambda arms: learning_curves({**arms, "b": trained(3, 5)["ppo"]}), r"b after \[50, 100, 150, 200, 250\]"),
        (lambda arms: learning_curves({**arms, "b": other_bounds()}, target="trust"), "other bounds in other arms"),
        (lambda arms: learning_curves(arms, level=1.0), "level"),
        (lambda arms: learning_curves(arms, interval="bca"), "interval"),
        (lambda arms: learning_curves(arms, metric="return"), "measure"),
    ],
)
def test_what_has_no_curves_is_refused(arms, make, message):
    with pytest.raises(InputError, match=message):
        make(arms)


def test_columns_of_played_runs_are_what_was_seen_at_the_last_moment(arms, tmp_path):
    one = arms["ppo:peer=1.5"]
    columns = one.to_columns()
    assert {len(own) for own in columns.values()} == {7}
    assert columns["share of C, blue"].tolist() == one.reduced[SHARE][:, -1, 1].tolist()
    assert columns["rounds"].tolist() == [20.0] * 7
    assert columns["greedy return, green"].tolist() == one.reduced["greedy return"][:, 2].tolist()
    assert columns["updates"].tolist() == [200] * 7
    assert columns["first_hit_betrayal"].tolist() == one.reduced["first_hit_betrayal"].tolist()
    assert not [name for name in columns if name.startswith(("told", "error of")) or name[-2] == "_"]
    assert len(columns) == 25
    again = ns.load(one.save(tmp_path / "entry.json"))
    assert again.reduced.keys() == one.reduced.keys()
    for name, own in one.reduced.items():
        np.testing.assert_array_equal(again.reduced[name], own)
    assert again.to_columns().keys() == columns.keys()
    assert learning_curves(again, target="trust", resamples=20).shares == learning_curves(
        one, target="trust", resamples=20
    ).shares  # fmt: skip


def test_what_is_no_players_has_numbered_columns():
    means = {"return": np.zeros((2, 4, 3)), "places": np.arange(16.0).reshape(2, 4, 2)}
    columns = entry_of(means, {}, [1, 2, 3, 4], goals=(), provenance=record("entry", {})).to_columns()
    assert columns["places_1"].tolist() == [7.0, 15.0]
    assert "return, player 3" in columns
    assert Game.players
