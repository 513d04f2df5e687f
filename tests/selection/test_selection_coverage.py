"""Coverage: what is proved against what a map shows."""

import dataclasses

import numpy as np
import pytest

from nashscape import basin_map, games
from nashscape.core import InputError, Status
from nashscape.dynamics import Target
from nashscape.figures.certificates import certificate_figure
from nashscape.learning import box, meta_mapg, pg, sampled
from nashscape.proofs.certification.certifying import certify
from nashscape.proofs.certification.resting_traps import RestTrap
from nashscape.selection.comparing.same_questions import described_game
from nashscape.selection.edges.separatrices import separatrix
from nashscape.selection.maps.coverages import coverage
from nashscape.semantics import open_source

GAME = games.stag_hunt()


def anonymous(payoffs):
    """From what is paid at CC, CD, DC and DD."""
    cc, cd, dc, dd = payoffs
    return games.anonymous([[[cd, cc], [dd, dc]]] * 2, actions=["C", "D"])


def polymatrix(payoffs):
    # of a symmetric game: own actions are rows in both
    table = np.reshape(payoffs, (2, 2))
    return games.polymatrix({(0, 1): (table, table)}, actions=["C", "D"])


@pytest.fixture(scope="module")
def proved():
    return certify(GAME, pg(), "CC", resolution=1 / 512)


@pytest.fixture(scope="module")
def shown():
    return basin_map(GAME, pg(), grid=101, steps=600)


@pytest.mark.long
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
    assert found.question.kind == "coverage"
    assert found.question.key != coverage(proved, shown, target="DD").question.key
    assert found.to_dict()["claims"] == ["CC", "DD"]


@pytest.mark.long
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


def rest_in_the_place_of(proved, place, radius):
    """The same cells, said to come to rest where cooperation attracts."""
    at = np.array(place)
    trap = RestTrap(f"rest at ({at[0]:g}, {at[1]:g})", np.zeros(2), at, at, at, np.eye(2), radius, 0.5, 0.0, 1.0)
    traps = tuple(trap if own.target == "CC" else own for own in proved.traps)
    return dataclasses.replace(proved, traps=traps, targets=(trap.target, "DD"))


def test_what_is_proved_to_rest_within_a_target_is_neither_reached_nor_contradicted(proved, shown):
    found = coverage(rest_in_the_place_of(proved, [2.0, 2.0], 0.25), shown, target="CC")
    plain = coverage(proved, shown)
    assert (found.certified, found.resting + found.escaping, len(found.contradictions)) == (0.0, found.decided, 0)
    assert found.resting == pytest.approx((plain.ends == 1).mean())
    np.testing.assert_array_equal(found.cells["resting"], plain.cells["certified"])
    np.testing.assert_array_equal(found.cells["elsewhere"], plain.cells["elsewhere"])
    assert certificate_coverage_texts(found)["resting"].startswith("certified to rest where CC is or may be played")
    # of several targets the first that both know, though it is the map's alone
    alone = rest_in_the_place_of(proved, [2.0, 2.0], 0.25)
    alone = dataclasses.replace(alone, traps=alone.traps[:1], targets=alone.targets[:1], trap=np.minimum(alone.trap, 0))
    assert coverage(alone, shown).target == "CC"
    # where a player's action may be played with less than .82, or surely is
    assert coverage(rest_in_the_place_of(proved, [1.6, 2.0], 0.25), shown, target="CC").resting == found.resting
    outside = coverage(rest_in_the_place_of(proved, [1.2, 2.0], 0.25), shown, target="CC")
    assert (outside.resting, outside.escaping) == (0.0, found.decided)
    assert len(outside.contradictions) == plain.cells["certified"].sum()


def certificate_coverage_texts(found):
    figure = found.plot()
    texts = [text.get_text() for text in figure.legends[0].get_texts()] if figure.legends else [
        text.get_text() for text in figure.axes[0].get_legend().get_texts()
    ]  # fmt: skip
    return {"resting": next(text for text in texts if "rest" in text)}


def test_of_a_profile_without_a_trap_the_escape_is_shown(proved, shown):
    targets = [*shown.question["targets"], Target("CD", (0, 1))]
    record = shown.provenance.asking("basin map", targets=targets)
    listed = dataclasses.replace(shown, targets=("CC", "DD", "CD"), provenance=record)
    found = coverage(proved, listed, target="CD")
    assert (found.empirical, found.resting, found.escaping) == (0.0, 0.0, found.decided)
    assert np.isnan(found.certified)
    escape = dataclasses.replace(proved, provenance=proved.provenance.asking("certificate", escape="CD"))
    assert coverage(escape, listed).target == "CD"


@pytest.mark.long
def test_other_targets_and_maps_with_few_steps(proved, shown):
    assert coverage(proved, shown, target="DD").certified > 0.99
    few = coverage(proved, basin_map(GAME, pg(), grid=51, steps=5))
    assert few.short > 1000
    assert few.cells["short"].sum() == few.short
    assert few.status is Status.UNRESOLVED
    assert len(few.contradictions) == 0


@pytest.mark.long
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
        ({"game": games.dense(GAME.payoffs, actions=[["X", "Y"]] * 2), "targets": ["XX"]}, "actions"),
        ({"step_size": 0.3}, "step_size"),
        ({"projection": box(6.0)}, "projection"),
        ({"estimator": sampled(batch=16)}, "sampled"),
    ],
)
def test_maps_of_other_questions_are_refused(proved, change, message):
    asked = {"game": GAME, "rules": pg(), "grid": 5, **change}
    with pytest.raises(InputError, match=message):
        coverage(proved, basin_map(asked.pop("game"), asked.pop("rules"), **asked))


@pytest.mark.parametrize("form", [anonymous, polymatrix])
def test_games_are_compared_by_what_is_paid_whatever_their_form(form, proved, shown):
    asked = shown.provenance.asking("basin map", game=form([4.0, 0.0, 3.0, 2.0]))
    shown = dataclasses.replace(shown, provenance=asked)
    assert len(coverage(proved, shown).contradictions) == 0
    other = dataclasses.replace(
        proved, problem={**proved.problem, "game": described_game(form([4.0, 0.0, 3.0, 0.5]).to_dict())}
    )
    with pytest.raises(InputError, match="differ in payoffs"):
        coverage(other, shown)


def test_games_over_states_are_compared_by_how_they_move():
    dilemma = games.prisoners_dilemma()
    one, other = (described_game(games.repeated(dilemma, discount=discount).to_dict()) for discount in (0.9, 0.8))
    assert one["kind"] == "markov"
    assert {name for name in one if one[name] != other[name]} == {"discount"}
    moves = [np.tile([share, 1 - share], (2, 2, 2, 1)) for share in (0.5, 0.25)]
    one, other = (described_game(games.markov(np.ones((2, 2, 2, 2)), own, discount=0.9).to_dict()) for own in moves)
    assert {name for name in one if one[name] != other[name]} == {"kernel"}


def test_a_description_that_does_not_say_what_is_paid_is_refused():
    with pytest.raises(InputError, match="does not say what is paid"):
        described_game({"name": "a stranger's", "players": ["one"], "actions": [["a", "b"]]})


def test_only_targets_of_both_are_compared(proved, shown):
    with pytest.raises(InputError, match="not a target of both"):
        coverage(proved, shown, target="CD")
    with pytest.raises(InputError, match="compares"):
        coverage(shown, proved)


@pytest.mark.long
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
