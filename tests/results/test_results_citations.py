"""What a result says is to be cited: this library, and the publications of what it was made with, no others."""

import dataclasses

import pytest

import nashscape as ns
from nashscape.core import citations
from nashscape.core.provenance import Provenance

GAME = ns.games.stag_hunt()
START = [0.4, 0.7]
NAIVE = ["gradient_dynamics"]
PEER = ["meta_mapg", "lola"]


def simulated(rule, **options):
    return ns.simulate(options.pop("game", GAME), rule, START, steps=2, **options)


def few(rule, **options):
    return ns.entry_probability(options.pop("game", GAME), rule, n=2, steps=2, audit=False, **options)


@pytest.mark.long
@pytest.mark.parametrize(
    ("found", "keys"),
    [
        (lambda: simulated(ns.pg()), NAIVE),
        (lambda: ns.basin_map(GAME, ns.pg(), grid=3, steps=2, audit=False), NAIVE),
        (lambda: few(ns.meta_mapg()), PEER),
        (lambda: few(ns.pg(), estimator=ns.sampled(4)), [*NAIVE, "policy_gradient", "threefry"]),
        (lambda: simulated(ns.pg(), game=ns.open_source(GAME, 0.5)), [*NAIVE, "open_source"]),
        (lambda: ns.selection.term_field(GAME, ns.meta_mapg(), grid=3), PEER),
        # the measurement itself is from there
        (lambda: ns.restarts(GAME, ns.pg(), runs=2, steps=2), [*NAIVE, "basin_entry"]),
        (lambda: ns.theory.fixed_points(ns.meta_mapg(), GAME), [*PEER, "basin_entry"]),
        (lambda: ns.certify(GAME, ns.pg(), "CC", resolution=1.0), NAIVE),
    ],
)
def test_a_result_cites_what_it_was_made_with(found, keys):
    made = found()
    assert sorted(source.key for source in made.provenance.sources) == sorted(keys)
    library, *others = made.citation.splitlines()
    assert library == str(citations.library(ns.__version__))
    assert others == [str(source) for source in made.provenance.sources]


def test_the_version_is_that_which_computed(tmp_path):
    run = simulated(ns.pg())
    older = dataclasses.replace(run, provenance=dataclasses.replace(run.provenance, version="0.0.7"))
    again = ns.load(older.save(tmp_path / "run.json"))
    assert "nashscape, version 0.0.7." in again.citation.splitlines()[0]


def test_sources_that_are_added_are_there_once():
    run = simulated(ns.pg()).provenance
    more = run.citing(citations.GRADIENT_DYNAMICS, citations.WILSON)
    assert isinstance(more, Provenance)
    assert [one.key for one in more.sources] == [*NAIVE, "wilson"]


def test_a_study_cites_the_rules_of_all_its_points():
    fixed = {"game": "stag_hunt", "n": 2, "steps": 2}
    vary = [{"rule": ["pg", "meta_mapg"]}]
    study = ns.Study("cited", fixed=fixed, vary=vary, measure="outcomes")
    assert {source.key for source in study.sources} == {"gradient_dynamics", "meta_mapg", "lola"}
