"""Proved signs of the alignment condition against the same products at points, by another road."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.core import InputError, Status
from nashscape.theory.alignment_proofs import proved_alignment

HUNT, DILEMMA = ns.games.stag_hunt(), ns.games.prisoners_dilemma()


def random_game(players, seed):
    return ns.games.dense(np.random.default_rng(seed).normal(size=(players, *(2,) * players)))


@pytest.mark.long
@pytest.mark.parametrize(
    ("game", "rule", "term", "region"),
    [
        (random_game(2, 0), ns.peer_only(), "peer", (0.1, 0.8)),
        (random_game(2, 1), ns.meta_mapg(), "total", (0.1, 0.8)),
        (ns.open_source(random_game(2, 2), [[0.0, 0.7], [-0.4, 0.0]]), ns.lola(), "lookahead", (-1.0, 1.5)),
        (random_game(3, 3), ns.peer_only(), "peer", (0.3, 0.6)),
        (ns.games.random_game((2, 3), seed=4), ns.pg(), "base", (-0.5, 0.5)),
    ],
    ids=["peer", "total", "coupled", "three players", "softmax"],
)
def test_products_at_points_lie_in_the_bounds_of_their_boxes(game, rule, term, region):
    learners = ns.parametric(game)
    profile = (1, *(0,) * (learners.game.n_players - 1))
    found = proved_alignment(game, rule, profile, region, term=term, resolution=1 / 16, boxes=6000)
    assert found.shares.sum() == pytest.approx(1.0)
    random = np.random.default_rng(7)
    # anywhere in boxes, and on their corners
    box = random.integers(len(found.low), size=300)
    where = random.uniform(size=(300, learners.dimension))
    where[::3] = np.rint(where[::3])
    theta = found.low[box] + where * (found.high[box] - found.low[box])
    at = ns.alignment(game, rule, profile, at=ns.starts.parameters(theta))
    product = at.projections[term] * at.length
    assert (product >= found.bounds[box, 0] - 1e-12).all()
    assert (product <= found.bounds[box, 1] + 1e-12).all()
    signed = found.sign[box] != 0
    assert signed.any()
    assert (np.sign(product) == found.sign[box])[signed].all()


@pytest.mark.long
def test_the_condition_holds_in_the_stag_hunt_and_fails_in_one_shot_dilemmas():
    for game, verdict in ((HUNT, "positive"), (DILEMMA, "negative"), (ns.games.chicken(), "negative")):
        found = proved_alignment(game, ns.peer_only(), (0, 0))
        assert found.verdict == verdict
        assert (found.positive, found.negative) == ((1.0, 0.0) if verdict == "positive" else (0.0, 1.0))
        least = np.abs(found.bounds).min()
        assert least > 0
        # the region is the usual square, and not less than it
        assert (found.low.min(axis=0) <= np.log(0.05 / 0.95)).all()
        assert (found.high.max(axis=0) >= np.log(0.95 / 0.05)).all()
    assert "negative on 1.0000" in repr(found)
    assert found.status is Status.COMPLETE
    assert found.question.kind == "alignment proof"
    assert len(found.to_dict()["sign"]) == len(found.sign)
    volunteers = proved_alignment(
        ns.games.volunteers_dilemma(), ns.peer_only(), (0, 0, 0), (0.3, 0.7), resolution=1 / 32
    )
    assert volunteers.verdict == "negative"


def test_it_holds_in_a_part_of_the_square_where_players_differ():
    # player 1 is pushed up and player 2 down, at every profile
    game = ns.games.dense([[[3.0, 0.0], [5.0, 1.0]], [[4.0, 3.0], [0.0, 2.0]]])
    found = proved_alignment(game, ns.peer_only(), (0, 0))
    assert found.verdict == "both"
    at = ns.alignment(game, ns.peer_only(), (0, 0), grid=101)
    # in logits the square is larger towards its corners; of points inside boxes the signs agree
    theta = at.theta.reshape(-1, 2)
    product = at.projections["peer"].reshape(-1)
    for sign in (1, -1):
        boxes = np.flatnonzero(found.sign == sign)[:200]
        for k in boxes:
            inside = ((theta >= found.low[k]) & (theta <= found.high[k])).all(axis=1)
            assert (np.sign(product[inside]) == sign).all()
    assert found.positive + found.negative > 0.85
    few = proved_alignment(game, ns.peer_only(), (0, 0), boxes=1)
    assert few.verdict == "undecided"
    assert few.status is Status.UNDECIDED
    assert len(few.low) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"term": "own"}, "term"),
        ({"region": (0.0, 0.5)}, "low end"),
        ({"region": (0.6, 0.5)}, "below its high end"),
        ({"region": 0.5}, "pair"),
        ({"target": "XY"}, "XY"),
        ({"resolution": 0}, "resolution"),
        ({"game": ns.games.iterated_prisoners_dilemma()}, "one-shot"),
        ({"rule": ns.pg()}, "term"),
    ],
)
def test_bad_questions_are_refused(change, message):
    asked = {"game": HUNT, "rule": ns.peer_only(), "target": "CC", **change}
    with pytest.raises(InputError, match=message):
        proved_alignment(asked.pop("game"), asked.pop("rule"), asked.pop("target"), **asked)


def test_a_schedule_is_refused_for_what_is_proved_holds_at_every_step():
    with pytest.raises(InputError, match="'peer' is a schedule"):
        proved_alignment(HUNT, ns.peer_only(peer=ns.schedules.handoff(1.5, at=1, after=-1.5)), "CC")
