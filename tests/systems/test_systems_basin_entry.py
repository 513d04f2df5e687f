"""The study: published data, protocols, every figure in its quick form."""

import hashlib
from dataclasses import replace
from importlib import resources
from types import SimpleNamespace

import numpy as np
import pytest

import nashscape as ns
from nashscape.studies.measuring.update_noises import update_noise
from nashscape.systems.basin_entry import table_rows, tables
from nashscape.systems.basin_entry.published_methods import FULL, METHODS, QUICK, methods
from nashscape.systems.basin_entry.reproduction import ROWS, reproduce
from nashscape.systems.basin_entry.running import Tables
from nashscape.systems.published import table


def test_published_tables_are_shipped_with_their_source():
    assert len(table("basin_entry", "table1")) == 8
    assert [row["method"] for row in table("basin_entry", "basin21")] == list(METHODS)
    source = resources.files("nashscape.systems").joinpath("basin_entry", "published", "SOURCE.md").read_text()
    assert "2605.18078" in source


COPIED = {
    "annealing.csv": "fbb8d8b10cf49d091019ec712cf51b9e70b345e6d94c206b99e40cecc59739ce",
    "basin21.csv": "bebf4e227cd719fadcc8341b5ad9703d384818aeff1ff16a8c4e153349784a20",
    "estimator.csv": "c591f96758f4a928c1e04a8b2de6db2ecc9e486d714ed911e141063714d46fe0",
    "peer_sweep.csv": "a7b0a06eaaca1ee450faef0e45001f07d081074a4287a5f8e37de04572a7365a",
    "table1.csv": "b6636ff70720c9035f1c3b8ca94b94ff397e7195cfe53f97e20d5f9dd4e88401",
}
"""SHA-256 of the published figures as they were copied: none is edited unnoticed."""


def test_published_figures_are_those_that_were_copied():
    folder = resources.files("nashscape.systems").joinpath("basin_entry", "published")
    found = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir()}
    assert {name: digest for name, digest in found.items() if name.endswith(".csv")} == COPIED


def test_intervals_of_ours_are_a_third_of_the_published_ones_wherever_runs_are_cheap():
    """By the published numbers of runs: of Stag Hunt; of the iterated game ours are no wider, which the docs say."""
    for effort in (QUICK, FULL):
        assert effort.runs >= 9 * 100
        assert effort.annealed >= 9 * 80
        assert effort.hunt_restarts >= 9 * 100
        assert effort.ipd_runs >= 2 * 100
    assert FULL.ipd_restarts >= 100


def test_protocols_are_the_published_ones():
    """What every study asks, as its calls are made: of Stag Hunt and the repeated dilemma, of 100 and more runs."""

    def asked(study, *names):
        call = study.readied[0].call(study.points[0], 0)
        return [getattr(call.options[name], "batch", call.options[name]) for name in names]

    assert asked(tables.ABLATION, "estimator", "steps", "n") == [384, 260, FULL.runs]
    assert asked(tables.IPD_ABLATION, "estimator", "steps", "n") == [384, 260, FULL.ipd_runs]
    assert asked(tables.ANNEALING, "estimator", "steps", "n") == [256, 2000, FULL.annealed]
    assert asked(tables.MAPS, "estimator", "steps", "grid", "kind") == [192, 140, 21, "endpoints"]
    assert asked(tables.SWEEP, "estimator", "steps", "grid", "kind") == [192, 140, 11, "endpoints"]
    for study, runs in ((tables.RESTARTS, FULL.hunt_restarts), (tables.IPD_RESTARTS, FULL.ipd_restarts)):
        assert asked(study, "estimator", "steps", "budget", "at_step", "runs") == [384, 120, 13, True, runs]
    assert asked(tables.RANDOM_STARTS, "steps", "n") == [260, FULL.starts]


def test_rules_of_the_studies_are_the_methods_by_their_names():
    steps = (0, 1, 99, 100, 130, 1999)
    for found, wanted in zip(tables.METHODS, methods(), strict=True):
        assert found.name == wanted.name
        for one in ("own", "peer"):
            assert [float(getattr(found, one)(k)) for k in steps] == [float(getattr(wanted, one)(k)) for k in steps]
    assert [one.name for one in tables.PEER[1:]] == [f"peer {float(one.peer(0)):g}" for one in tables.PEER[1:]]
    assert {float(one.own(0)) for one in tables.PEER[1:]} == {0.35}
    assert float(tables.ARMS[2].peer(130)) == pytest.approx(1.5 / 2**0.7)


@pytest.mark.parametrize(
    ("status", "failures", "error", "words"),
    [
        (ns.Status.INTERRUPTED, {}, KeyboardInterrupt, "^$"),
        (ns.Status.UNRESOLVED, {"key": "it broke"}, RuntimeError, "it broke"),
    ],
)
def test_a_study_that_was_stopped_or_has_failed_is_no_table(status, failures, error, words, monkeypatch):
    asked = []

    def run(study, **_):
        asked.append((study.seed, study.fixed["n"]))
        return SimpleNamespace(status=status, failures=failures)

    monkeypatch.setattr("nashscape.studies.Study.run", run)
    with pytest.raises(error, match=words):
        Tables(QUICK, seed=7).run(tables.ABLATION, n=99)
    assert asked == [(7, 99)]


def test_a_run_without_success_counts_as_twelve_restarts():
    small = tables.RESTARTS.but({"runs": 10, "steps": 1, "estimator": "exact"}, {"rule": [tables.PG]})
    found = small.but({"starts": "uniform:low=-3,high=-2.9"}).run()
    [successes, mean] = list(table_rows.restarts("stag_hunt", by_every_method(found)))[:2]
    assert (successes.ours, mean.ours) == (0.0, 12.0)


def by_every_method(found):
    """Findings of one rule as if all four had found them."""
    rows = {name: np.tile(column, 4) for name, column in found.rows.items()}
    rows["rule"] = np.repeat(list(METHODS), len(found))
    return replace(found, rows=rows)


@pytest.mark.long
def test_one_structure_for_all_methods_does_not_change_them():
    game = ns.games.stag_hunt()
    unified = ns.basin_map(game, methods(), grid=9)
    plain = ns.basin_map(game, [ns.pg(), ns.meta_pg(), ns.peer_only(), ns.meta_mapg()], grid=9)
    for name in METHODS:
        np.testing.assert_array_equal(unified[name].labels, plain[name].labels)


@pytest.mark.long
def test_variance_of_the_estimator_against_enumeration():
    # batch 2 in a 2×2 game: ten count vectors, so the exact covariance of the direction is a finite sum
    from itertools import product
    from math import factorial

    import jax.numpy as jnp

    game = ns.games.stag_hunt()
    rule, p, batch = ns.meta_mapg(), 0.58, 2
    estimator = ns.sampled(batch)
    theta = jnp.full(2, np.log(p / (1 - p)))
    chances = np.outer([p, 1 - p], [p, 1 - p]).ravel()
    directions, weights = [], []
    for counts_ in product(range(batch + 1), repeat=4):
        if sum(counts_) == batch:
            terms = estimator.from_counts(ns.parametric(game), theta, jnp.asarray(counts_, jnp.float32).reshape(2, 2))
            parts = rule.parts(terms, jnp.int32(0))
            directions.append(np.asarray(sum(parts.values()), dtype=np.float64))
            ways = factorial(batch) / np.prod([factorial(k) for k in counts_])
            weights.append(ways * np.prod(chances**counts_))
    weights, directions = np.array(weights), np.array(directions)
    mean = weights @ directions
    exact = float(weights @ ((directions - mean) ** 2).sum(axis=1))
    squares = update_noise(game, rule, at=[p, p], estimator=ns.sampled(batch, capacity=128), n=20_000, seed=1).squares
    assert squares.mean() == pytest.approx(exact, abs=4 * squares.std(ddof=1) / np.sqrt(len(squares)))


@pytest.mark.long
def test_every_noise_free_figure_agrees_to_the_digit():
    random = tables.RANDOM_STARTS.but({"n": 20_000}).run()
    rows = [*table_rows.noise_free_shares(tables.GRIDS.run(), random)]
    exact = [row for row in rows if row.rule == "every digit"]
    assert (len(rows), len(exact)) == (16, 8)
    assert all(row.agrees for row in rows)


@pytest.mark.long
@pytest.mark.parametrize("effort", ["quick", "thorough"])
def test_the_study_agrees_with_what_was_published(effort, tmp_path):
    """The full one is asked with the whole card."""
    from nashscape.report.basin_entry import write_basin_entry

    study = reproduce(effort=effort)
    assert len(study.rows) == ROWS
    assert study.status is ns.Status.COMPLETE
    assert study.disagreements() == []
    sources = [row.source for row in study.rows]
    assert (sources.count("published"), sources.count("closed form")) == (31 + 24, 25)
    written = {path.name for path in write_basin_entry(study, tmp_path)}
    assert {"report.html", "results.json", "basins.png", "published.png", "restarts_ipd.png"} <= written


@pytest.mark.long
def test_an_interrupted_study_keeps_its_rows():
    def stop(_, done, __):
        if done == 5:
            raise KeyboardInterrupt

    study = reproduce(effort="quick", progress=stop)
    assert study.status is ns.Status.INTERRUPTED
    assert len(study.rows) == 5
