"""Arms compared by the scores of their runs: numbers, table, columns and picture."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, interquartile_mean, performance_profile, probability_of_improvement
from nashscape.selection import compare_scores

TASKS = ("coins", "harvest")


@pytest.fixture(scope="module")
def scores():
    random = np.random.default_rng(1)
    return {
        "pg": random.normal(0.0, 1.0, (7, 2)),
        "lola": random.normal(1.0, 1.0, (9, 2)),
        "mapg": random.normal(0.2, 2.0, (5, 2)),
    }


@pytest.fixture(scope="module", params=[False, True])
def found(request, scores):
    return compare_scores(scores, reference="lola", tasks=TASKS, shared_runs=request.param, level=0.9, seed=4)


def test_its_numbers_are_those_of_the_statistics(found, scores):
    shared = found.shared_runs
    tau = np.linspace(min(own.min() for own in scores.values()), max(own.max() for own in scores.values()), 101)
    for name, own in scores.items():
        assert found.middles[name] == interquartile_mean(own, 0.9, shared_runs=shared, seed=4)
        assert found.means[name] == pytest.approx(own.mean())
        profile = performance_profile(own, tau, 0.9, shared_runs=shared)
        np.testing.assert_array_equal(found.profiles[name].share, profile.share)
        np.testing.assert_array_equal(found.profiles[name].band_low, profile.band_low)
    assert list(found.improvements) == ["pg", "mapg"]
    for name, one in found.improvements.items():
        assert one == probability_of_improvement(scores[name], scores["lola"], 0.9, shared_runs=shared)
    assert "Precipice" in found.citation
    assert found.question["shared_runs"] is shared


def test_its_table_has_a_row_for_every_arm(found, scores):
    table = found.table()
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    assert list(rows) == list(scores)
    assert rows["lola"]["improvement"] == "–"
    assert rows["pg"]["n"] == "14"
    assert rows["pg"]["range"] == f"{scores['pg'].min():.4g} to {scores['pg'].max():.4g}"
    middle = found.middles["pg"]
    assert rows["pg"]["IQM"] == f"{middle.value:.4f}\n[{middle.low:.4f}, {middle.high:.4f}]"
    assert "all n scores of 2 tasks, pooled" in table.notes[0]
    assert ("a row is one run" in table.notes[0]) == found.shared_runs
    assert "higher than one of lola, ties half (mean over tasks)" in table.notes[1]


def test_its_columns_have_a_row_for_every_score(found, scores):
    columns = found.to_columns()
    assert len(columns["score"]) == sum(own.size for own in scores.values())
    here = (columns["arm"] == "lola") & (columns["task"] == "harvest") & (columns["run"] == 3)
    assert columns["score"][here].tolist() == [scores["lola"][3, 1]]


@pytest.mark.parametrize("around", ["band", "intervals"])
def test_the_picture_shows_intervals_and_profiles(found, around):
    middles, profiles = found.plot(around=around).axes
    ends = [line.get_xdata() for line in middles.get_lines() if len(line.get_xdata()) == 2]
    np.testing.assert_allclose(ends, [[one.low, one.high] for one in found.middles.values()])
    for line, shade, own in zip(profiles.get_lines(), profiles.collections, found.profiles.values(), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), own.share)
        low = own.band_low if around == "band" else own.low
        corners = shade.get_paths()[0].vertices
        assert np.isin(low.round(12), corners[:, 1].round(12)).all()
    assert len({(line.get_color(), line.get_linestyle()) for line in profiles.get_lines()}) == 3
    better = found.improvements["pg"]
    said = [text.get_text() for text in middles.texts]
    assert said[0] == f"improves on lola: {better.value:.2f} [{better.low:.2f}, {better.high:.2f}]"
    assert len(said) == 2


def test_what_may_be_chance_is_not_told_as_a_finding():
    clear = compare_scores({"base": np.arange(10.0), "better": np.arange(10.0) + 20, "same": np.arange(10.0)})
    told = " ".join(clear.plot().get_suptitle().split())
    assert told == "score: probability of improving on base: better 1.00, same 0.50 (may be chance)"
    alone = compare_scores({"base": [1.0, 2.0]})
    assert alone.plot().get_suptitle() == "score of runs of base"
    assert len(alone.table().notes) == 1


def test_one_run_is_drawn_without_an_interval():
    single = compare_scores({"one": [0.3], "two": [0.5]})
    middles = single.plot().axes[0]
    assert not [line for line in middles.get_lines() if len(line.get_xdata()) == 2]
    assert single.middles["one"].high == np.inf


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: compare_scores({}), "each arm by name"),
        (lambda: compare_scores([[1.0]]), "each arm by name"),
        (lambda: compare_scores({"a": [1.0], "b": [[1.0, 2.0]]}), "same tasks"),
        (lambda: compare_scores({"a": [[1.0, 2.0]]}, tasks=["x"]), "same tasks"),
        (lambda: compare_scores({"a": [[1.0, 2.0]]}, tasks=["x", "x"]), "name of its own"),
        (lambda: compare_scores({"a": [1.0]}, reference="b"), "reference"),
        (lambda: compare_scores({"a": [np.nan]}), "scores of a must be finite"),
        (lambda: compare_scores({"a": [1.0]}, thresholds=[2.0, 1.0]), "must rise"),
        (lambda: compare_scores({"a": [1.0]}, refrence="a"), "did you mean 'reference'"),
        (lambda: ns.figures.draw(compare_scores({"a": [1.0]}), around="bands"), "around"),
    ],
)
def test_what_cannot_be_compared_is_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()
