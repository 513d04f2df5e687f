"""Coverage: what is proved against what a map shows."""

import dataclasses

import numpy as np
import pytest

from nashscape import basin_map, games
from nashscape.core import InputError, Status
from nashscape.figures.certificates import certificate_figure
from nashscape.learning import box, meta_mapg, pg, sampled
from nashscape.selection.coverages import coverage
from nashscape.selection.separatrices import separatrix
from nashscape.semantics import open_source
from nashscape.theory.certification.certifying import certify

GAME = games.stag_hunt()


@pytest.fixture(scope="module")
def proved():
    return certify(GAME, pg(), "CC", resolution=1 / 512)


@pytest.fixture(scope="module")
def shown():
    return basin_map(GAME, pg(), grid=101, steps=600)


def test_the_empirical_basin_is_covered_and_nothing_contradicts(proved, shown):
    found = coverage(proved, shown)
    assert found.target == "CC"
    assert found.empirical == pytest.approx(0.2548, abs=0.002)
    assert found.certified >= 0.985
    assert found.decided >= 0.99
    assert len(found.contradictions) == 0
    assert found.inside == 1.0
    # by hand: the cells of the map that lie in certified cells
    starts = np.stack(np.meshgrid(shown.axis, shown.axis, indexing="ij"), -1).reshape(-1, 2)
    reached = shown.reached("CC")[0].ravel()
    cells = np.flatnonzero(proved.label == 0)
    mine = [((proved.low[cells] <= p) & (p <= proved.high[cells])).all(axis=1).any() for p in starts[reached]]
    assert found.certified == pytest.approx(np.mean(mine))
    sets = found.cells
    assert (sum(mask.astype(int) for mask in sets.values()) == 1).all()
    np.testing.assert_array_equal((sets["certified"] | sets["reached"]).ravel(), reached)
    np.testing.assert_array_equal(sets["certified"].ravel()[reached], mine)
    assert found.status is Status.COMPLETE
    assert found.provenance.configuration["kind"] == "coverage"
    assert found.provenance.configuration_hash != coverage(proved, shown, target="DD").provenance.configuration_hash
    assert found.to_dict()["claims"] == ["CC", "DD"]


def test_a_false_claim_is_seen(proved, shown):
    swapped = dataclasses.replace(proved, trap=np.where(proved.trap == 0, 1, proved.trap).astype(np.int32))
    found = coverage(swapped, shown)
    assert found.certified == 0.0
    assert len(found.contradictions) > 1000
    assert found.cells["contradicted"].sum() == len(found.contradictions)
    assert not found.cells["certified"].any()
    assert (coverage(swapped, shown, target="DD").decided) > 0.99


def test_a_false_claim_about_something_the_map_does_not_list_is_seen(proved, shown):
    """Cells that go to cooperation, said to come to rest where one player defects."""
    elsewhere = {"target": "rest at (8, 0)", "corner": np.array([8.0, -8.0])}
    traps = tuple(dataclasses.replace(trap, **elsewhere) if trap.target == "CC" else trap for trap in proved.traps)
    false = dataclasses.replace(proved, traps=traps, targets=("rest at (8, 0)", "DD"))
    assert len(coverage(false, shown, target="DD").contradictions) > 1000


def test_other_targets_and_maps_with_few_steps(proved, shown):
    assert coverage(proved, shown, target="DD").certified > 0.99
    few = coverage(proved, basin_map(GAME, pg(), grid=51, steps=5))
    assert few.short > 1000
    assert few.cells["short"].sum() == few.short
    assert few.status is Status.UNRESOLVED
    assert len(few.contradictions) == 0


def test_coupled_players_are_compared_in_parameters():
    learners = open_source(games.donation(benefit=3, cost=1), 0.8)
    clip = box(2.0)
    proved = certify(learners, pg(), "CC", (-1.0, 1.0), projection=clip, resolution=1 / 8, steps=1500)
    shown = basin_map(learners, pg(), grid=21, steps=1500, projection=clip, targets=["CC", "DD"])
    found = coverage(proved, shown)
    assert found.certified == 1.0
    assert 0.05 < found.inside < 0.9
    assert found.cells["outside"].mean() == pytest.approx(1 - found.inside)
    assert len(found.contradictions) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rules": meta_mapg()}, "inner_lr"),
        ({"game": games.chicken()}, "payoffs"),
        ({"step_size": 0.3}, "step_size"),
        ({"projection": box(6.0)}, "projection"),
        ({"estimator": sampled(batch=16)}, "sampled"),
    ],
)
def test_maps_of_other_questions_are_refused(proved, change, message):
    asked = {"game": GAME, "rules": pg(), "grid": 5, **change}
    with pytest.raises(InputError, match=message):
        coverage(proved, basin_map(asked.pop("game"), asked.pop("rules"), **asked))


def test_only_targets_of_both_are_compared(proved, shown):
    with pytest.raises(InputError, match="not a target of both"):
        coverage(proved, shown, target="CD")
    with pytest.raises(InputError, match="compares"):
        coverage(shown, proved)


def test_the_figure_shows_every_share(proved):
    figure = certificate_figure(proved, separatrix(GAME, pg(), grid=11))
    axes = figure.axes[0]
    texts = [text.get_text() for text in axes.get_legend().get_texts()]
    assert [text.split(":")[0] for text in texts] == ["provably CC", "provably DD", "undecided"]
    sizes = [len(drawn.get_paths()) for drawn in axes.collections]
    assert sizes == [int((proved.label == k).sum()) for k in (0, 1, -1)]
    assert axes.get_xlim() == (0.05, 0.95)
    with pytest.raises(InputError, match="expected a Certificate"):
        certificate_figure(None)
