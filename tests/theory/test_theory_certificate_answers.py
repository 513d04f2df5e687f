"""What certificates say of themselves: files, interruptions, what is undecided and why, names, and what is refused."""

import json
import math

import jax
import numpy as np
import pytest

from nashscape import games
from nashscape.core import InputError, Status, load
from nashscape.learning import box, meta_mapg, per_player, pg, schedules, sos, unbounded
from nashscape.proofs.certification import certifying, tubes
from nashscape.proofs.certification.certifying import certify, certify_escape
from nashscape.proofs.certification.files import checksum
from nashscape.semantics import open_source


@pytest.mark.long
def test_a_certificate_reads_back_and_a_changed_file_is_refused(tmp_path):
    found = certify(games.stag_hunt(), meta_mapg(), "CC", resolution=1 / 32)
    path = found.save(tmp_path / "proof.json")
    again = load(path)
    for name in ("low", "high", "trap", "steps", "region", "label"):
        np.testing.assert_array_equal(getattr(found, name), getattr(again, name))
    assert again.to_dict() == found.to_dict()
    assert repr(again) == repr(found)
    document = json.loads(path.read_text())
    assert document["problem"]["game"]["payoffs"] == games.stag_hunt().payoffs.tolist()
    assert document["problem"]["step_size"] == {"kind": "Power", "scale": 0.9, "offset": 10.0, "exponent": 0.24}
    document["traps"][0]["margin"] *= 2
    path.write_text(json.dumps(document))
    with pytest.raises(InputError, match="checksum"):
        load(path)
    document["checksum"] = checksum(document)
    path.write_text(json.dumps(document))
    assert load(path).margin >= found.margin
    path.write_text("[]")
    with pytest.raises(InputError, match="holds no result"):
        load(path)


@pytest.mark.long
def test_a_certificate_from_before_questions_were_described_is_read_with_what_was_asked(tmp_path):
    found = certify(games.stag_hunt(), meta_mapg(), "CC", resolution=1 / 32)
    path = found.save(tmp_path / "proof.json")
    assert load(path).question == found.question
    document = json.loads(path.read_text())
    del document["provenance"]["question"]
    document["provenance"]["configuration"] = {"resolution": 1 / 32, "escape": None}
    path.write_text(json.dumps(document | {"checksum": checksum(document)}))
    again = load(path)
    assert (again.question.kind, again.question["resolution"]) == ("certificate", 1 / 32)
    assert again.fraction() == found.fraction()
    path.write_text(json.dumps(document | {"version": 9}))
    with pytest.raises(InputError, match=r"proof.json: this is a certificate of version 9; versions 2 and 3 are read"):
        load(path)


@pytest.mark.long
def test_no_time_gives_a_certificate_that_says_nothing_but_is_valid():
    found = certify(games.stag_hunt(), pg(), "CC", seconds=0)
    assert found.status is Status.INTERRUPTED
    assert found.undecided == 1.0


def test_progress_and_interruption_leave_what_was_proved():
    seen = []

    def stop(done, total):
        seen.append((done, total))
        if done > 200:
            raise KeyboardInterrupt

    found = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 256, progress=stop)
    assert found.status is Status.INTERRUPTED
    assert all(done <= total for done, total in seen)
    assert 0 < found.fraction("CC") < 0.2548
    assert math.isclose(found.shares.sum(), 1.0, rel_tol=1e-12)


def test_an_interruption_in_the_middle_of_a_turn_loses_no_cell_and_counts_none_twice(monkeypatch):
    whole, turns = tubes._Search._leave, []

    def stop(search, *cells):
        whole(search, *cells)
        turns.append(len(cells[0]))
        if len(turns) == 9:
            raise KeyboardInterrupt

    monkeypatch.setattr(tubes._Search, "_leave", stop)
    found = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 64)
    assert found.status is Status.INTERRUPTED
    assert math.isclose(found.shares.sum(), 1.0, rel_tol=1e-12)
    assert len(np.unique(np.hstack([found.low, found.high]), axis=0)) == len(found.low)
    np.testing.assert_allclose(found.curve[-1, 1:], [found.fraction(name) for name in found.targets], atol=1e-12)


@pytest.mark.long
def test_what_is_undecided_says_why_and_what_would_help():
    """Coupled by .2 policy gradient drifts to defection for thousands of updates."""
    learners, how = open_source(games.prisoners_dilemma(), 0.2), {"projection": box(4.0), "resolution": 1 / 16}
    found = certify(learners, pg(), "DD", **how)
    assert found.undecided_by["steps"] > 0.5
    assert "more steps" in found.advice
    assert f"{found.undecided_by['steps']:.4f} by steps" in repr(found)
    assert math.isclose(sum(found.undecided_by.values()), found.undecided, rel_tol=1e-12)
    longer = certify(learners, pg(), "DD", steps=6000, **how)
    assert longer.fraction("DD") > 0.5
    assert "resolution" in longer.advice
    assert found.fraction("CD") == 0.0
    none = certify(games.stag_hunt(), pg(), "CC", seconds=0)
    assert none.undecided_by == {"time": 1.0, "steps": 0.0, "resolution": 0.0}


@pytest.mark.long
def test_where_only_places_of_rest_attract_an_escape_is_proved():
    learners = open_source(games.prisoners_dilemma(), 0.6)
    found = certify_escape(learners, pg(), "CC", projection=box(4.0), resolution=1 / 32)
    assert all(name.startswith("rest at") for name in found.targets)
    assert found.escaping("CC") > 0.01
    assert f"{found.escaping('CC'):.4f} never ends in CC" in repr(found)


def test_an_escape_names_corners_in_the_order_of_a_certificate():
    one = certify(games.stag_hunt(), pg(), resolution=1 / 16)
    other = certify_escape(games.stag_hunt(), pg(), "DD", resolution=1 / 16)
    assert one.targets == other.targets == ("CC", "DD")
    assert "never ends in DD" in repr(other)


def test_a_corner_is_called_by_a_profile_only_where_that_is_mostly_played():
    """In the box from −1 to 1 nobody plays an action with more than .73."""
    with pytest.raises(InputError, match=r"probability of 0\.82 or more"):
        certify(games.prisoners_dilemma(), pg(), "CC", (0.4, 0.7), projection=box(1.0))
    found = certify(games.prisoners_dilemma(), pg(), None, (0.4, 0.7), projection=box(1.0), resolution=1 / 4)
    assert found.targets == ("--",)
    assert found.fraction("--") == 1.0
    # the lowest corner, at which C has .73, attracts, and not the one at which it is played
    with pytest.raises(InputError, match="CC does not attract"):
        certify(games.prisoners_dilemma(), pg(), "CC", (0.75, 0.95), projection=box(8.0, low=1.0))


@pytest.mark.long
def test_four_numbers_in_a_small_box_have_traps_as_well():
    payoffs = np.random.default_rng(0).normal(size=(2, 3, 3)) + 3 * np.eye(3)
    found = certify(games.dense(payoffs), pg(), None, (-0.4, 0.4), projection=box(2.5), resolution=0.25)
    assert {"AA", "BB", "CC"} == set(found.targets)
    for trap in found.traps:
        assert trap.margin > 0
        assert (trap.least < 5.0).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": sos()}, "sums of terms"),
        ({"rule": per_player([pg(), pg()])}, "sums of terms"),
        ({"rule": meta_mapg(peer=lambda step: 1.0 + 0 * step)}, "later values are not known"),
        ({"step_size": schedules.power(0.9, exponent=1.5)}, "exponent of at most 1"),
        ({"step_size": schedules.handoff(0.5, at=10)}, "positive at every step"),
        ({"projection": unbounded()}, "finite box"),
        ({"game": games.matching_pennies(), "target": None}, "no corner"),
        ({"game": games.dense(np.ones((2, 3, 4)))}, "up to 4 free parameters"),
        ({"game": games.iterated_prisoners_dilemma()}, "restricted ones of games over states"),
        ({"time_step": 0.1, "step_size": 0.5}, "a flow has no step sizes"),
        ({"time_step": 0.1, "rule": meta_mapg(peer=schedules.handoff(1.0, at=5))}, "do not depend on the step"),
        ({"game": games.random_game((2,) * 5, 0)}, "up to 4 free parameters"),
        ({"region": (0.5, 0.2)}, "below its high end"),
        ({"region": (0.0, 0.9)}, "within the box"),
        ({"region": (1e-5, 0.9)}, "within the box"),
        ({"region": (0.1, 0.2, 0.3)}, "pair"),
        ({"game": open_source(games.stag_hunt(), 0.1), "coordinates": "strategies"}, "in 'parameters'"),
        ({"target": "CD"}, "CD does not attract"),
        ({"target": "XY"}, "XY"),
        ({"resolution": 0.0}, "resolution"),
        ({"steps": 0}, "steps"),
        ({"optimiser": (len, len)}, "certify takes no optimiser: proofs are of plain updates"),
        ({"second": 3.0}, "unknown option of certify 'second'; did you mean 'seconds'"),
    ],
)
def test_bad_questions_are_refused(change, message):
    asked = {"game": games.stag_hunt(), "rule": pg(), "target": "CC", **change}
    with pytest.raises(InputError, match=message):
        certify(asked.pop("game"), asked.pop("rule"), **asked)


def test_an_escape_takes_the_options_of_a_certificate_and_no_others():
    with pytest.raises(InputError, match="takes no optimiser: proofs are of plain updates"):
        certify_escape(games.prisoners_dilemma(), pg(), "CC", optimiser=(len, len))


@pytest.mark.long
def test_the_time_for_cells_begins_when_all_is_compiled(monkeypatch):
    compiled, during = [], []
    jax.monitoring.register_event_duration_secs_listener(
        lambda event, *_, **__: compiled.append(event) if event.endswith("backend_compile_duration") else None
    )

    def followed(*args, **options):
        before = len(compiled)
        found = tubes.decide_cells(*args, **options)
        during.append(len(compiled) - before)
        return found

    monkeypatch.setattr(certifying, "decide_cells", followed)
    # no other test takes so many steps, which are part of the program
    game = games.dense([[[3.0, 0.0, 1.0], [0.0, 2.0, 0.0]], [[2.0, 0.0, 0.0], [1.0, 3.0, 0.0]]])
    found = certify(game, pg(), resolution=1 / 2, steps=83)
    assert found.status is Status.COMPLETE
    assert compiled
    assert during == [0]
