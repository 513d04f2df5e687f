"""Scores over tasks: what rescaling of tasks leaves, percentiles, dominance and their intervals; and bad input."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.special import stdtr
from scipy.stats import binom
from typer.testing import CliRunner

from nashscape.cli.app import app
from nashscape.core import InputError, interquartile_mean
from nashscape.ranking import against_nash, rank, task_scores

ROWS = "agent,task,score,seed\nann,a,1,s1\nann,a,3,s2\nann,b,10,s2\nann,b,30,s1\nbob,a,1,s1\nbob,b,5,s1\n"


def planted(agents=3, runs=4, tasks=9, seed=0):
    draws = np.random.default_rng(seed)
    return {f"p{k}": 1.0 + k + draws.gamma(2.0, size=(runs, tasks)) for k in range(agents)}


def scaled(scores, factors, shifts=0.0):
    return {name: np.asarray(own) * factors + shifts for name, own in scores.items()}


def test_percentiles_do_not_change_with_the_scale_of_a_task_where_means_turn_round():
    # the one agent is better in four tasks of five, the other in the one that is then paid in large numbers
    scores = {"general": [[0.8, 0.8, 0.8, 0.8, 0.2]], "special": [[0.2, 0.2, 0.2, 0.2, 1.0]]}
    factors = np.array([1.0, 0.5, 2.0, 1.0, 1000.0])
    plain, other = task_scores(scores), task_scores(scaled(scores, factors))
    raw = [[own.scores[k].mean() for k in (0, 1)] for own in (plain, other)]
    assert raw[0][0] > raw[0][1]
    assert raw[1][0] < raw[1][1]
    np.testing.assert_allclose(plain.percentiles()[0], other.percentiles()[0], rtol=1e-14)
    np.testing.assert_allclose(plain.normalised, other.normalised, rtol=1e-14)
    assert plain.dominance().here.tolist() == other.dominance().here.tolist() == [[False, True], [False, False]]
    assert not plain.dominance("tasks").here.any()


def test_with_the_worst_as_zero_neither_scales_nor_shifts_of_tasks_change_anything():
    scores, factors, shifts = planted(), np.geomspace(1e-3, 1e4, 9), np.linspace(-50, 50, 9)
    plain, other = task_scores(scores, zero="worst"), task_scores(scaled(scores, factors, shifts), zero="worst")
    for name in ("normalised", "low", "high"):
        np.testing.assert_allclose(getattr(plain, name), getattr(other, name), rtol=1e-9, atol=1e-9)
    for one, two in zip(plain.interquartile_means, other.interquartile_means, strict=True):
        assert (one.low, one.value, one.high) == pytest.approx((two.low, two.value, two.high))
    shifted = task_scores(scaled(scores, 1.0, shifts + 60))
    assert np.abs(shifted.normalised - task_scores(scores).normalised).max() > 0.1


def test_percentiles_are_those_of_straight_lines_between_sorted_tasks():
    scores = planted(tasks=7)
    found = task_scores(scores, reference=np.arange(1.0, 8.0), percentiles=[0, 12.5, 50, 99, 100])
    normalised = np.stack([own.mean(0) for own in scores.values()]) / np.arange(1.0, 8.0)
    np.testing.assert_allclose(found.percentiles()[0], np.percentile(normalised, found.levels, axis=1).T, rtol=1e-12)
    # of four tasks in eighths: the first percentile of a tenth is three tenths of the way from the worst to the next
    exact = sorted([Fraction(1, 8), Fraction(5, 8), Fraction(2, 8), Fraction(8, 8)])
    own = task_scores({"a": [float(x) for x in exact]}, reference=1.0, percentiles=[10]).percentiles()[0][0, 0]
    assert own == pytest.approx(float(exact[0] + Fraction(3, 10) * (exact[1] - exact[0])), rel=1e-15)


def test_interquartile_means_are_of_all_runs_of_all_tasks_whatever_their_number():
    # as reported in scipy/scipy #25757: four does not divide the number of scores
    found = task_scores({"three": [0, 0, 9], "five": [20, 1, 0]}, reference=1.0)
    assert found.interquartile_means[0].value == 1.5
    pooled = task_scores({"a": [[0, 10], [0, 10], [0, 10], [1, 20]]}, reference=1.0, shared_runs=True)
    assert pooled.interquartile_means[0].value == 5.25
    assert pooled.interquartile_means[0] == interquartile_mean([[0, 10], [0, 10], [0, 10], [1, 20]], shared_runs=True)
    assert pooled.means[0].value == pytest.approx((0.25 + 12.5) / 2)
    sums = np.array([10, 10, 10, 21]) / 2
    half = 3.182446 * sums.std(ddof=1) / 2  # Student's of four runs that are one in both tasks
    assert pooled.means[0].high - pooled.means[0].value == pytest.approx(half, rel=1e-5)
    alone = task_scores({"a": [[0, 10], [0, 10], [0, 10], [1, 20]]}, reference=1.0)
    assert alone.means[0].high - alone.means[0].value != pytest.approx(half, rel=0.01)


def test_dominance_needs_every_percentile_and_one_that_is_higher():
    found = task_scores({"a": [1, 2, 3], "same": [3, 1, 2], "b": [2, 2, 3], "c": [0.5, 3, 9]}, reference=1.0,
                        percentiles=[0, 50, 100])  # fmt: skip
    assert found.dominance().here.tolist() == [
        [False, False, False, False], [False, False, False, False], [True, True, False, False],
        [False, False, False, False],
    ]  # fmt: skip
    for own in found.dominance():  # without runs scores are exact
        assert (own == found.dominance().here).all()
    assert found.dominance("tasks").here[2].tolist() == [True, False, False, False]
    with pytest.raises(InputError, match="over"):
        found.dominance("means")


def test_who_surely_dominates_does_so_whatever_the_scores_within_their_intervals():
    draws = np.random.default_rng(3)
    scores = {"low": draws.normal(1, 0.2, (12, 6)), "high": draws.normal(3, 0.2, (9, 6)), "near": draws.normal(
        3.1, 0.2, (6, 6))}  # fmt: skip
    found = task_scores(scores, reference=1.0)
    here, surely, perhaps = found.dominance()
    assert surely[1, 0]
    assert surely[2, 0]
    assert not surely[2, 1]
    assert not surely[1, 2]
    assert (here | ~surely).all()
    assert (perhaps | ~here).all()
    assert perhaps[1, 2]
    assert perhaps[2, 1]
    for _ in range(50):
        drawn = draws.uniform(found.low, found.high)
        own = task_scores(dict(zip(found.agents, drawn, strict=True)), reference=1.0).dominance().here
        assert (own | ~surely).all()
        assert (perhaps | ~own).all()


@pytest.fixture
def without_middles(monkeypatch):
    """Without interquartile means, whose resamples take long and have no part in percentiles."""
    monkeypatch.setattr("nashscape.ranking.scores_over_tasks.interquartile_mean", lambda *_, **__: None)


@pytest.mark.parametrize("kind", ["alike", "apart", "coins"])
def test_intervals_of_percentiles_hold_all_of_them_at_the_level(kind, without_middles):
    draws, level, cases = np.random.default_rng(5), 0.8, 150
    truth = {"alike": np.full(8, 0.5), "apart": np.linspace(0.1, 0.9, 8), "coins": np.linspace(0.05, 0.95, 8)}[kind]
    held = 0
    for _ in range(cases):
        runs = {name: draws.random((15, 8)) < truth if kind == "coins" else draws.normal(truth, 0.3, (15, 8))
                for name in "ab"}  # fmt: skip
        found = task_scores(scaled(runs, 1.0), reference=1.0, level=level, bounds=(0, 1) if kind == "coins" else None,
                            percentiles=[0, 10, 50, 100])  # fmt: skip
        _, low, high = found.percentiles()
        true = np.percentile(truth, found.levels)
        held += bool(((low <= true) & (true <= high)).all())
    assert held >= level * cases


@pytest.mark.parametrize("kind", ["alike", "unlike"])
def test_narrower_intervals_of_many_tasks_hold_percentiles_too(kind, without_middles):
    draws, level, cases, tasks = np.random.default_rng(7), 0.8, 300, 60
    truth = np.full(tasks, 0.5) if kind == "alike" else np.linspace(0.1, 0.9, tasks)
    held, missed = 0, []
    for _ in range(cases):
        spread = truth * (1 - truth) if kind == "unlike" else 0.3
        runs = {name: draws.normal(truth, spread, (8, tasks)) for name in "ab"}
        found = task_scores(runs, reference=1.0, level=level, percentiles=range(0, 101, 5))
        assert found.missed == 2
        _, low, high = found.percentiles()
        true = np.percentile(truth, found.levels)
        held += bool(((low <= true) & (true <= high)).all())
        missed += [(found.most_low > truth).sum(1), (found.most_high < truth).sum(1)]
        assert ((found.low <= found.most_low) & (found.most_high <= found.high)).all()
    assert held >= level * cases - 3 * np.sqrt(cases * level * (1 - level))
    # half of .2 is for these, an eighth of it for each side of each agent, which normal scores use up
    assert (np.array(missed) > 2).mean() == pytest.approx(0.025, abs=4 * np.sqrt(0.025 / 1200))


def test_narrower_intervals_are_looked_up_as_many_tasks_further():
    runs = np.random.default_rng(8).normal(np.arange(60.0), 5.0, (9, 60))
    found = task_scores({"a": runs}, reference=1.0, percentiles=[0, 50, 100 * 30 / 59, 100])
    assert found.missed == 2
    half = found.most_high[0] - found.normalised[0]
    # more than two of sixty miss with probability .05/4, each with a
    a = 1 - stdtr(8, half / (runs.std(0, ddof=1) / 3))
    assert binom.sf(2, 60, a) == pytest.approx(np.full(60, 0.0125), rel=1e-6)
    low, high = (own[0] for own in found.percentiles()[1:])
    lower, upper = np.sort(found.most_low[0]), np.sort(found.most_high[0])
    assert low[2] == pytest.approx(max(lower[28], np.sort(found.low[0])[30]))
    assert high[1] == pytest.approx(min((upper[31] + upper[32]) / 2, np.percentile(found.high[0], 50)))
    assert low[0] == found.low[0].min()  # two tasks below the worst there is none
    assert high[3] == found.high[0].max()
    assert task_scores({"a": runs}, reference=1.0, shared_runs=True).missed == 0  # runs hang on each other


def test_intervals_are_students_or_those_of_bounded_scores():
    runs = np.array([[0.0, 0.2], [1.0, 0.4], [1.0, 0.9]])
    found = task_scores({"a": runs}, reference=1.0)
    assert found.high[0, 1] - 0.5 == pytest.approx(6.205347 * runs[:, 1].std(ddof=1) / np.sqrt(3), rel=1e-6)
    bounded = task_scores({"a": runs}, reference=2.0, bounds=(0, 1))
    least = 2 * bounded.low[0, 0]  # two of three are as likely as half of what .975 leaves
    assert 3 * least**2 - 2 * least**3 == pytest.approx(0.0125, rel=1e-9)
    agreed = task_scores({"a": np.ones((4, 2)), "b": np.zeros((4, 2))})
    assert np.isinf(agreed.low).all()
    assert not agreed.dominance().surely.any()
    assert agreed.dominance().here[0, 1]
    assert "bounds=" in agreed.notes[0]
    assert task_scores({"a": np.ones((40, 2)), "b": np.zeros((40, 2))}, bounds=(0, 1)).dominance().surely[0, 1]


def test_a_file_a_frame_and_rows_say_the_same(tmp_path):
    pandas = pytest.importorskip("pandas")
    text = ROWS.replace("bob,a,1,s1\nbob,b,5,s1\n", "bob,a,1,s1\nbob,b,5,s1\n\n")
    (tmp_path / "scores.csv").write_text(text, encoding="utf-8")
    cells = [line.split(",") for line in ROWS.splitlines()[1:]]
    frame = pandas.DataFrame(cells, columns=["Model", "Level", "points", "trial"])
    wanted = task_scores({"ann": [[1, 30], [3, 10]], "bob": [1, 5]}, tasks=["a", "b"])
    for own in (
        task_scores(tmp_path / "scores.csv"),
        task_scores(cells),
        task_scores(frame, columns=["Model", "Level", "points", "trial"]),
    ):
        assert (own.agents, own.tasks, own.question.key) == (wanted.agents, wanted.tasks, wanted.question.key)
        assert own.normalised.tolist() == [[1, 1], [0.5, 0.25]]
        assert own.runs.tolist() == [2, 1]
    assert np.isinf(wanted.high[1]).all()  # one run, where another agent has two


@pytest.mark.parametrize(
    ("given", "options", "why"),
    [
        ([("a", "t", "much")], {}, "score 0: a score is a finite number; got 'much'"),
        ([("a", "t", float("nan"))], {}, "finite number"),
        ([("a", "", 1)], {}, "the task has no name"),
        ([("a", "t")], {}, "must be"),
        ([("a", "t", 1), ("b", "u", 1)], {}, "a has no score for u"),
        ([("a", "t", 1), ("a", "t", 1), ("a", "u", 1)], {}, "2 of t, 1 of u"),
        ([("a", "t", 1, "s"), ("a", "t", 1, "s")], {}, "score 1: a has a score for run s of t already"),
        ([("a", "t", 1, "s"), ("a", "u", 1, "r")], {}, "other runs of u"),
        ([], {}, "no score"),
        (7, {}, "scores are the path"),
        ({}, {}, "no agent"),
        ({"a": [1, 2], "b": [1]}, {}, "a 2, b 1"),
        ({"a": [1, 2]}, {"tasks": ["t", "t"]}, "2 different names"),
        ({"a": [0, 2]}, {}, "reference of task 1, 0, is not above"),
        ({"a": [1, 2]}, {"reference": [1, 2, 3]}, "2, one for each"),
        ({"a": [1, 2]}, {"reference": {"task 1": 1}}, "see task 2"),
        ({"a": [1, 2]}, {"reference": "beast"}, "'best'"),
        ({"a": [1, 2]}, {"zero": 2}, "not above what counts as zero"),
        ({"a": [1, 2]}, {"bounds": (0, 1)}, "from 1 to 2"),
        ({"a": [1, 2]}, {"percentiles": [50, 10]}, "rise"),
        ({"a": [1, 2]}, {"columns": ["x", "y", "z"]}, "columns are those"),
        ([("a", "t", 1)], {"tasks": ["t"]}, "names for numbers"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(given, options, why):
    with pytest.raises(InputError, match=why):
        task_scores(given, **options)


@pytest.mark.parametrize(
    ("text", "options", "why"),
    [
        ("agent,level,task,score\nx,y,z,1\n", {}, "2 columns of the task"),
        ("agent,points\nx,1\n", {}, "no column of the task"),
        ("a,b,c,d\nx,y,1,2\n", {"columns": ["a", "b", "e"]}, "no 'e'"),
        ("a,b,c,d\nx,y,1,2\n", {"columns": ["a", "b", "c", "b"]}, "perhaps the run"),
        ("agent,task,score\nx,y,1\nx,y\n", {}, "line 3: 2 columns"),
        ("agent,task,score\nx,y,1\nx,z,-\n", {}, "line 3: a score"),
    ],
)
def test_a_file_is_refused_with_the_line(text, options, why, tmp_path):
    (tmp_path / "scores.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=why):
        task_scores(tmp_path / "scores.csv", **options)


def test_the_value_of_a_population_is_what_no_agent_exceeds_and_some_mixture_gets():
    draws = np.random.default_rng(2)
    tables = np.stack([draws.normal(size=(4, 3)), 100 * draws.random((4, 3))])
    found = against_nash(tables)
    for t, table in enumerate(tables):
        # the agents' side by a program of its own
        above = np.hstack([-table.T, np.ones((3, 1))])
        done = linprog([0, 0, 0, 0, -1], A_ub=above, b_ub=np.zeros(3), A_eq=[[1, 1, 1, 1, 0]], b_eq=[1],
                       bounds=[(0, 1)] * 4 + [(None, None)])  # fmt: skip
        assert found.values[t] == pytest.approx(-done.fun, rel=1e-7)
        assert (found.scores[:, t] <= found.values[t] + 1e-12).all()
        assert done.x[:4] @ found.scores[:, t] == pytest.approx(found.values[t], rel=1e-6)
    # a copy of an agent, and a partner who is worse at holding them, change nothing
    more = np.concatenate([tables, tables[:, :1]], axis=1)
    easy = np.concatenate([more, more.max(axis=2, keepdims=True) + 1], axis=2)
    np.testing.assert_allclose(against_nash(easy).values, found.values, rtol=1e-7)
    scores = task_scores(dict(zip("abcd", found.scores, strict=True)), reference=found.values, zero=found.values - 50)
    assert scores.normalised.max() == pytest.approx(1.0)
    for wrong in (np.zeros((2, 2)), np.zeros((0, 2, 2)), [[[np.nan]]]):
        with pytest.raises(InputError):
            against_nash(wrong)


def test_the_command_line_says_the_same_of_a_file_of_scores_and_python_says_where_to_go(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text(ROWS, encoding="utf-8")
    shown = CliRunner().invoke(app, ["rank", str(path), "--level", "0.9", "--json"])
    assert shown.exit_code == 0, shown.output
    assert task_scores(path, level=0.9).question.key in shown.output
    refused = CliRunner().invoke(app, ["rank", str(path), "--by", "elo"])
    assert refused.exit_code == 2
    assert "task_scores" in " ".join(refused.output.split())
    for given in (path, pytest.importorskip("pandas").read_csv(path)):
        with pytest.raises(InputError, match="task_scores"):
            rank(given)
