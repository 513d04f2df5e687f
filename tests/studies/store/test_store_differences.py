"""Two stores figure by figure: tests of counts with Holm's correction, intervals, exact values, what only one has."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import fisher_exact

from nashscape.studies.headers import Header
from nashscape.studies.items import Finished
from nashscape.studies.store import Store, differences
from nashscape.studies.store.comparing import holm
from nashscape.testing import check_result

NAN = float("nan")
LAST_BIT = np.nextafter(1.5, 2)


def row(quantity, of="", value=NAN, low=NAN, high=NAN, successes=NAN, trials=NAN, text="", status="COMPLETE"):
    return dict(locals())


def count(of, k, n):
    return row("share", of, k / n, k / n - 0.1, k / n + 0.1, k, n)


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
        2.0: [row("entry", value=0.5, low=0.4, high=0.6), row("hit", value=3.0, low=2.0, high=4.0), row("gap")],
        3.0: [row("welfare", value=1.0), row("gap", status="DIVERGED")],
    }  # fmt: skip
    other = {
        1.0: [count("CC", 1, 10), count("DD", 4, 10), row("welfare", value=LAST_BIT), row("rule", text="lola")],
        2.0: [row("entry", value=0.7, low=0.6, high=0.8), row("hit", value=6.0, low=5.0, high=7.0), row("gap")],
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
        "shares: gap at peer=3.0, replicate 0": ("exact", True),  # of another status
    }
    assert found.only_one == ("shares: welfare at peer=3.0, replicate 0",)
    assert found.only_other == ("shares: welfare at peer=4.0, replicate 0",)
    assert found.study == ("seed",)
    assert found.makers == (f"code: {'0' * 16} and {'f' * 16}",)
    assert str(found) == "5 of 8 figures differ; 2 are in one store alone"


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
