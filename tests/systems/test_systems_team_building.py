"""Policies relative to types, by hand and turned around the circle, and the card of building teams."""

import numpy as np
import pytest

import nashscape as ns
from nashscape.games import Creature, Move, random_roster, team_battles
from nashscape.systems.team_building.carrying_over import CHANCE, STRONGEST, carried, drawn, untaught
from nashscape.systems.team_building.measuring import BEATEN, in_circles
from nashscape.systems.team_building.relative_policies import FALLEN, LOOKS, Learnt, learnt, left, lesson, played, seen

NOTHING = Learnt(np.zeros(0, np.int64), np.zeros((0, 3)))
ROSTER = (
    Creature("fire", 0, 3, 1, (Move(0, 1), Move(1, 1))),
    Creature("leaf", 1, 4, 2, (Move(1, 1), Move(2, 2))),
    Creature("water", 2, 3, 3, (Move(2, 2), Move(0, 1))),
    Creature("ember", 0, 3, 4, (Move(0, 1), Move(1, 2))),
)
PAIR = [((0, 1), (2, 3))]


def test_what_a_policy_sees_of_a_state_by_hand():
    """Fire and leaf, with leaf in play, against water and ember, with water in play."""
    found = team_battles(ROSTER, types=3)
    one, two = found.begins((0, 1), lead=1), found.begins((2, 3))
    look = seen(found.side, found.strength(PAIR), 4)
    # strikes until the other falls less one, of the other until it falls itself less one; all here are slower
    meetings = [
        (2 - 1) * 9 + (2 - 1) * 3 + 0,  # leaf takes 2 of water's 3 points, water by its second move 2 of 4
        (2 - 1) * 9 + (1 - 1) * 3 + 0,  # fire takes 2 of water by its second move, water 4 of 3
        (1 - 1) * 9 + (2 - 1) * 3 + 0,  # leaf takes 4 of ember's 3 by its second move, ember 2 of 4
        (3 - 1) * 9 + (3 - 1) * 3 + 0,  # fire takes 1 of ember's 3, ember 1 of fire's 3
    ]
    code = 0
    for meeting in meetings:
        code = code * (FALLEN + 1) + meeting
    assert look.codes[0, one, two] == code
    # both of leaf's moves take as much; without another member there is no switch
    assert look.own[0, one, two].tolist() == [0, 1, 2]
    alone = found.side.number((0, 4), 1)
    assert look.own[0, alone, two].tolist() == [0, 1, 0]
    coarse = seen(found.side, found.strength(PAIR), 2)
    assert coarse.codes[0, alone, two] == meetings[0] * (FALLEN + 1) + FALLEN


def test_who_has_learnt_nothing_plays_as_it_is_told():
    found = team_battles(ROSTER, types=3)
    strength = found.strength(PAIR)
    one, two = found.begins((0, 1)), found.begins((2, 3))
    strongest = played(found, strength, NOTHING, 2, STRONGEST)
    assert strongest[0, one, two].tolist() == [0, 1, 0]  # fire's move against leaves takes two of water, its own one
    alone = found.side.number((3, 0), 0)
    np.testing.assert_allclose(played(found, strength, NOTHING, 2, CHANCE)[0, alone, two], [1 / 3, 2 / 3, 0])


def test_who_learnt_from_one_battle_leaves_little_there():
    found = team_battles(random_roster(4, health=(3, 4), seed=5))
    pairs = [((0, 1), (2, 3))]
    values = left(found, pairs, learnt(lesson(found, pairs), 4), 4, CHANCE)
    assert -1e-12 <= values.to_exact[0] <= values.to_best[0] + 1e-12
    assert values.to_best[0] < 0.05 < left(found, pairs, NOTHING, 4, CHANCE).to_best[0]


def test_what_is_learnt_is_the_equilibrium_of_the_mean_of_states_that_look_alike():
    """Averaged by hand, over the states of two battles; states with more points than at first are left out."""
    found = team_battles(random_roster(4, health=(2, 4), seed=3))
    pairs = [((0, 1), (2, 3)), ((2, 0), (1, 3))]
    taught = lesson(found, pairs)
    codes = seen(found.side, taught.strength, 2).codes[:, taught.one, taught.two]
    health = [[found.roster[k].health for k in team] for pair in pairs for team in pair]
    points, place = found.side.points, 0
    sums = {}
    for n in range(2):
        for k, (s, t) in enumerate(zip(taught.one, taught.two, strict=True)):
            if (points[s] <= health[2 * n]).all() and (points[t] <= health[2 * n + 1]).all():
                sums.setdefault(int(codes[n, k]), []).append(taught.ahead[place])
                place += 1
    assert place == len(taught.ahead)
    policy = learnt(taught, 2)
    assert policy.codes.tolist() == sorted(sums)
    for code, own in zip(policy.codes.tolist(), policy.plays, strict=True):
        table = np.mean(sums[code], axis=0)
        value = ns.theory.zero_sum_value(ns.games.bimatrix(table, -table)).value
        assert (own @ table).min() == pytest.approx(float(value), abs=1e-9)


def test_what_is_learnt_carries_over_to_teams_that_are_the_same_but_for_the_names_of_types():
    roster = random_roster(4, types=4, health=(3, 3), seed=1)
    turned = [one._replace(kind=(one.kind + 1) % 4, moves=tuple(Move((m.kind + 1) % 4, m.power) for m in one.moves))
              for one in roster]  # fmt: skip
    here, there = team_battles(roster, types=4), team_battles(turned, types=4)
    for meetings in LOOKS.values():
        policies = [learnt(lesson(own, PAIR), meetings) for own in (here, there)]
        gained = [left(here, PAIR, own, meetings, CHANCE).to_best[0] for own in policies]
        assert gained[0] == gained[1] < left(here, PAIR, NOTHING, meetings, CHANCE).to_best[0] - 0.1


def test_gaps_are_of_teams_that_were_met_and_others():
    teams = drawn((0, 3), 4)
    assert len({*teams.known, *(team for pair in teams.held for team in pair)}) == 4 + 4
    [one] = carried(teams, 1, [2], (0,))
    assert -1e-9 <= one.exact <= one.met + 1e-12 < 0.1 < one.exact_new < one.new
    assert untaught(teams, CHANCE) > one.new - 0.2


def test_in_rosters_of_circles_every_team_is_beaten():
    for battles in in_circles(2, 0):
        assert battles.values().max(axis=0).min() > BEATEN


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("team-building", effort="quick").stands
