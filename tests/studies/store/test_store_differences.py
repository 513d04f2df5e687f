"""Two stores figure by figure: tests of counts with Holm's correction, intervals, exact values, what only one has."""

import itertools
import types
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import fisher_exact

from nashscape.core.statistics.several_tests import holm
from nashscape.studies.headers import Header
from nashscape.studies.items import Finished
from nashscape.studies.measuring.of_runs import mean
from nashscape.studies.store import Store, differences
from nashscape.testing import check_result

NAN = float("nan")
LAST_BIT = np.nextafter(1.5, 2)


def row(
    quantity, of="", value=NAN, low=NAN, high=NAN, successes=NAN, trials=NAN, text="", status="COMPLETE", level=NAN
):
    return dict(locals())


def count(of, k, n):
    return row("share", of, k / n, k / n - 0.1, k / n + 0.1, k, n, level=0.95)


def chancy(quantity, value, low=NAN, high=NAN, text=""):
    return row(quantity, value=value, low=low, high=high, level=0.95, text=text)


def store_of(small, folder, points, header=None):
    """A store with the rows of some values of what is varied."""
    header = header or Header({"name": "small"}, "1" * 32, {"peer": "number"}, small.MAKER)
    with Store.create(folder, header) as store:
        for number, (peer, rows) in enumerate(points.items()):
            columns = {name: np.array([one[name] for one in rows]) for name in rows[0]}
            for name, value in {"measure": "shares", "replicate": 0, "seed": number, "peer": peer}.items():
                columns[name] = np.full(len(rows), value)
            store.add([Finished(small.key(number), {"values": columns})])
    return folder


@pytest.fixture
def found(small, tmp_path):
    one = {
        1.0: [count("CC", 8, 10), count("DD", 2, 10), row("welfare", value=1.5), row("rule", text="pg")],
        2.0: [chancy("entry", 0.5, 0.4, 0.6), chancy("hit", 3.0, 2.0, 4.0), row("gap")],
        3.0: [row("welfare", value=1.0), row("gap", status="DIVERGED")],
    }  # fmt: skip
    other = {
        1.0: [count("CC", 1, 10), count("DD", 4, 10), row("welfare", value=LAST_BIT), row("rule", text="lola")],
        2.0: [chancy("entry", 0.7, 0.6, 0.8), chancy("hit", 6.0, 5.0, 7.0), row("gap")],
        3.0: [row("gap")],
        4.0: [row("welfare", value=1.0)],
    }  # fmt: skip
    maker = replace(small.MAKER, code="f" * 16)
    header = Header({"name": "small", "seed": 3}, "2" * 32, {"peer": "number"}, maker)
    stores = store_of(small, tmp_path / "one", one), store_of(small, tmp_path / "other", other, header)
    return differences(*stores)


def test_every_figure_is_compared_in_its_way(found):
    told = {
        figure: (kind, bool(differs))
        for figure, kind, differs in zip(found.figures, found.kinds, found.differs, strict=True)
    }
    assert told == {
        "shares: share of CC at peer=1.0, replicate 0": ("count", True),
        "shares: share of DD at peer=1.0, replicate 0": ("count", False),
        "shares: welfare at peer=1.0, replicate 0": ("exact", True),  # by one unit in the last place
        "shares: rule at peer=1.0, replicate 0": ("exact", True),
        "shares: entry at peer=2.0, replicate 0": ("interval", False),  # which touch
        "shares: hit at peer=2.0, replicate 0": ("interval", True),
        "shares: gap at peer=2.0, replicate 0": ("exact", False),
        "shares: gap at peer=3.0, replicate 0": ("exact", False),  # of another status, which is of the whole result
    }
    assert found.only_one == ("shares: welfare at peer=3.0, replicate 0",)
    assert found.only_other == ("shares: welfare at peer=4.0, replicate 0",)
    assert found.study == ("seed",)
    assert found.makers == (f"code: {'0' * 16} and {'f' * 16}",)
    assert str(found) == "4 of 8 figures differ; 2 are in one store alone"


def test_counts_are_tested_exactly_and_corrected_for_all(found):
    p_values = dict(zip(found.figures, zip(found.p_values, found.corrected, strict=True), strict=True))
    first = p_values["shares: share of CC at peer=1.0, replicate 0"]
    second = p_values["shares: share of DD at peer=1.0, replicate 0"]
    assert first[0] == pytest.approx(fisher_exact([[8, 2], [1, 9]]).pvalue, rel=1e-12)
    assert first[1] == pytest.approx(2 * first[0], rel=1e-12)
    assert second[0] == second[1] == pytest.approx(fisher_exact([[2, 8], [4, 6]]).pvalue, rel=1e-12)
    assert np.isnan(found.p_values).sum() == 6


def test_the_result_is_one(found):
    check_result(found)
    axes = found.plot().axes[0]
    numbered = {text.get_text() for text in axes.texts}
    assert numbered == {"2", "3", "4"}  # of five, two have no number: a text, and NaN
    assert [len(line.get_xdata()) for line in axes.lines[1:]] == [2, 3]


def test_a_store_does_not_differ_from_itself(small, tmp_path):
    folder = small.made(tmp_path / "store", range(12))
    found = differences(folder, folder)
    assert len(found.figures) == len(Store.open(folder).columns("values")["value"])
    assert not found.differs.any()
    assert found.only_one == found.only_other == found.study == found.makers == ()


def pair(small, folder, one, other, varied=None):
    header = Header({"name": "small"}, "1" * 32, varied or {"peer": "number"}, small.MAKER)
    stores = [store_of(small, folder / name, {1.0: rows}, header) for name, rows in (("a", one), ("b", other))]
    found = differences(*stores)
    words = [figure.split(": ")[1].split(" at")[0] for figure in found.figures]
    return found, dict(zip(words, zip(found.kinds, found.differs.tolist(), strict=True), strict=True))


def test_what_a_measure_does_not_depend_on_is_no_reason_to_be_in_one_store_alone(small, tmp_path):
    """Cells of what varies are blank there: NaN, which is no key twice, and an empty text."""
    header = Header({"name": "small"}, "1" * 32, {"peer": "number", "steps": "number", "rule": "text"}, small.MAKER)
    rows = {NAN: [row("equilibria", value=3.0, low=3.0, high=3.0), row("complete", text="yes")]}
    found = differences(*(store_of(small, tmp_path / name, rows, header) for name in "ab"))
    assert found.figures == ("shares: complete, replicate 0", "shares: equilibria, replicate 0")
    assert not found.differs.any()
    assert found.only_one == found.only_other == ()


def test_exact_maps_differ_by_their_values_and_not_by_what_their_resolution_leaves_open(small, tmp_path):
    one = [row("share", "CC", 0.44, 0.2, 0.7), row("bounds", low=0.1, high=0.2), row("own", value=2.0)]
    other = [row("share", "CC", 0.46, 0.2, 0.7), row("bounds", low=0.1, high=0.3), row("own", value=2.0)]
    _, told = pair(small, tmp_path, one, other)
    assert told == {"share of CC": ("exact", True), "bounds": ("exact", True), "own": ("exact", False)}


def test_what_chance_had_a_part_in_is_never_compared_bit_by_bit(small, tmp_path):
    one = [chancy("p_value", 0.03), chancy("mean", 1.0, 0.8, 1.2), chancy("few", 1.0), chancy("said", NAN, text="a")]
    exactly = row("mean", value=1.1, low=0.0, high=2.0)
    other = [chancy("p_value", 0.04), exactly, chancy("few", 9.0, 8.0, 10.0), chancy("said", NAN, text="b")]
    found, told = pair(small, tmp_path, one, other)
    assert told == {
        "p_value": ("none", False), "mean": ("interval", False), "few": ("none", False), "said": ("none", True)
    }  # fmt: skip
    assert np.isnan(found.p_values).all()
    # an exact value is itself: its bracket is no matter of chance
    far = row("mean", value=1.3, low=0.0, high=2.0)
    assert pair(small, tmp_path / "far", [one[1]], [far])[1] == {"mean": ("interval", True)}


@pytest.mark.parametrize("rollouts", [2, 3])
def test_two_seeds_of_one_study_seldom_differ(small, tmp_path, rollouts):
    """Means over 25 cells with few rollouts each, 500 of them drawn twice: one in twenty may be a false alarm."""

    def drawn(seed):
        draws = np.random.default_rng(seed)
        values = 5.0 * (draws.random((500, rollouts, 25)) < np.linspace(0.0, 1.0, 25)) + np.arange(25)
        found = types.SimpleNamespace(labels=np.zeros((rollouts, 25)), layout="grid", is_sample=True, level=0.95)
        return [mean("welfare", own, found, str(k))._asdict() for k, own in enumerate(values)]

    found, _ = pair(small, tmp_path, *([{**row(""), **own} for own in drawn(seed)] for seed in (1, 2)))
    assert set(found.kinds) == {"interval"}
    assert found.differs.mean() <= 0.05


def test_holm_against_the_definition():
    """Of an ordered hypothesis: the largest (m − j + 1) p_(j) up to it, at most 1; and it controls errors."""
    draws = np.random.default_rng(5)
    for size in (1, 2, 5):
        given = draws.uniform(size=size) ** 3
        given[0] = given[-1]  # a tie
        ordered = sorted(given)
        for p, mine in zip(given, holm(given), strict=True):
            place = ordered.index(p)
            assert mine == min(1.0, max((size - j) * ordered[j] for j in range(place + 1)))
    every = [holm(order).tolist() for order in itertools.permutations([0.01, 0.04, 0.03])]
    assert {tuple(sorted(one)) for one in every} == {(0.03, 0.06, 0.06)}
    false = sum((holm(draws.uniform(size=6)) <= 0.05).any() for _ in range(4000)) / 4000
    # one of six at least is below .05 / 6 with probability .049; four standard errors of 4,000 draws are .014
    assert abs(false - (1 - (1 - 0.05 / 6) ** 6)) < 0.014
