"""Outcomes of trees as targets: what is on the way counts, and nothing else."""

import numpy as np
import pytest

from nashscape import InputError, entry_probability, games, pg
from nashscape.dynamics import as_target, choose_targets
from nashscape.games import chance, decision, ending, extensive_game


def entry():
    answer = decision("firm", {"fight": ending(-1, -1), "yield": ending(1, 1)})
    return extensive_game(
        decision("entrant", {"enter": answer, "stay out": ending(0, 2)}), players=("entrant", "firm"), name="entry"
    )


def signals():
    """A sender of two kinds, and a receiver who sees what it says."""

    def said(kind):
        pays = {"beer": 0, "quiche": 1} if kind == "weak" else {"beer": 1, "quiche": 0}
        branches = {}
        for what, own in pays.items():
            after = {"fight": ending(own, int(kind == "weak")), "yield": ending(own + 2, int(kind == "strong"))}
            branches[what] = decision(1, after, knows=what)
        return decision(0, branches, knows=kind)

    return extensive_game(chance({"weak": ("1/10", said("weak")), "strong": ("9/10", said("strong"))}))


def test_the_usual_targets_are_all_outcomes_where_they_are_few():
    assert [one.name for one in choose_targets(entry(), None)] == ["enter yield", "stay out", "enter fight"]
    # two pooling with two answers each, and two separating with four
    found = choose_targets(signals(), None)
    assert len(found) == 12
    assert "weak beer yield; strong beer yield" in [one.name for one in found]
    pooling = next(one for one in found if one.name == "weak beer yield; strong beer yield")
    game = signals()
    assert game.rows == (("weak", "strong"), ("beer", "quiche"))
    assert pooling.profile == ((0, 0), (1, None))
    assert choose_targets(games.kuhn_poker(), None) == ()


def test_what_is_not_on_the_way_is_left_open():
    game = entry()
    region = as_target(game, "stay out").region(game.strategy_shapes)
    inside = [np.array([[0.1, 0.9]]), np.array([[0.5, 0.5]])]
    assert bool(region.contains(inside))
    assert not bool(region.contains([inside[1], inside[1]]))
    assert as_target(game, "*/yield").profile == ((None,), (1,))
    assert as_target(game, "enter/yield").profile == as_target(game, "enter yield").profile == ((0,), (1,))
    assert as_target(game, as_target(game, "stay out")).profile == ((1,), (None,))
    both = as_target(signals(), "weak beer fight; strong quiche yield")
    assert both.profile == ((0, 1), (0, 1))


def test_learners_reach_the_credible_outcome_and_now_and_then_stay_out():
    found = entry_probability(entry(), pg(), n=200, steps=2000, seed=2)
    assert found.probability("enter yield").value > 0.9
    assert not {"enter fight", "passing enter fight"} & set(found.outcomes())
    assert sum(found.outcomes().values()) == 200


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("enter", "unknown play of entry 'enter'"),
        ("weak beer", "unknown play"),
        (("a", "b", "c"), "is no outcome of entry; name plays, such as 'enter fight'"),
        ("enter/yield yield", "firm has 1 rows, enter; give one action for all or one each"),
        ("enter/run", "action of firm"),
    ],
)
def test_what_is_no_outcome_is_refused(value, says):
    with pytest.raises(InputError, match=says):
        as_target(entry(), value)


def test_plays_that_need_two_things_at_once_are_no_outcome():
    with pytest.raises(InputError, match="player 2 would do two things at 'beer'"):
        as_target(signals(), "weak beer fight; strong beer yield")
    uneven = extensive_game(decision(0, {
        "a": decision(1, {"x": ending(1, 1), "y": ending(0, 0), "z": ending(0, 0)}),
        "b": decision(1, {"x": ending(1, 1), "y": ending(0, 0)}),
    }))  # fmt: skip
    with pytest.raises(InputError, match="player 2 cannot do 'z' at 'b'"):
        as_target(uneven, "a/* z")
