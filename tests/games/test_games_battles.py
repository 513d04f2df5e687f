"""Battles of teams against a battle played out rule by rule in fractions; types, symmetry, and what is refused."""

from fractions import Fraction
from functools import cache
from itertools import permutations, product

import numpy as np
import pytest

import nashscape as ns
from nashscape import games
from nashscape.games import Creature, Move, random_roster, team_battle, team_battles, team_meetings
from nashscape.games.families.battle_plays import follows
from nashscape.games.families.battle_values import met_values, solve, worst_values
from nashscape.populations import Opponents, grow
from nashscape.theory import zero_sum_value
from nashscape.theory.nash.matrix_games import matrix_game

TRIO = (
    Creature("fire", 0, 2, 2, (Move(0, 1), Move(1, 1))),
    Creature("leaf", 1, 3, 1, (Move(1, 1),)),
    Creature("water", 2, 1, 1, (Move(2, 2), Move(0, 1))),
    Creature("ember", 0, 2, 3, (Move(0, 2), Move(2, 1))),
)


class PlayedOut:
    """A battle rule by rule: a side is the points of its members by name, and its order with who is in play first."""

    def __init__(self, roster, types, critical):
        self.by_name, self.types, self.critical = {one.name: one for one in roster}, types, Fraction(critical)
        self.worth = cache(self._worth)

    def taken(self, move, target):
        if (move.kind + 1) % self.types == target.kind:
            return 2 * move.power
        return (move.power + 1) // 2 if (target.kind + 1) % self.types == move.kind else move.power

    @staticmethod
    def choices(side):
        """Moves are numbers; who comes in is a name."""
        return [name for name, points in side[1:] if points > 0]

    @staticmethod
    def comes_in(side, name):
        k = [own for own, _ in side].index(name)
        return side[k:] + side[:k]

    @staticmethod
    def loses(side, points):
        (name, had), *rest = side
        turned = [(name, max(had - points, 0)), *rest]
        for _ in side:
            if turned[0][1] > 0:
                break
            turned = [*turned[1:], turned[0]]
        return tuple(turned)

    def strikes(self, attacker, move, side):
        """(how likely, the side after it, whether who was in play fell)"""
        for more, chance in ((0, 1 - self.critical), (1, self.critical)):
            lost = self.taken(self.by_name[attacker].moves[move], self.by_name[side[0][0]]) + more
            yield chance, self.loses(side, lost), side[0][1] <= lost

    def turn(self, one, two, a, b):
        """(how likely, what it is worth) for all that can happen."""
        if isinstance(a, str) and isinstance(b, str):
            yield 1, self.worth(self.loses(self.comes_in(one, a), 1), self.loses(self.comes_in(two, b), 1))
        elif isinstance(a, str):
            for chance, after, _ in self.strikes(two[0][0], b, self.comes_in(one, a)):
                yield chance, self.worth(after, two)
        elif isinstance(b, str):
            for chance, after, _ in self.strikes(one[0][0], a, self.comes_in(two, b)):
                yield chance, self.worth(one, after)
        else:
            speeds = [self.by_name[side[0][0]].speed for side in (one, two)]
            first = Fraction(1, 2) if speeds[0] == speeds[1] else Fraction(int(speeds[0] > speeds[1]))
            for chance, after, fell in self.strikes(one[0][0], a, two):
                for back, hurt, _ in self.strikes(two[0][0], b, one):
                    yield first * chance * back, self.worth(one if fell else hurt, after)
            for chance, after, fell in self.strikes(two[0][0], b, one):
                for back, hurt, _ in self.strikes(one[0][0], a, two):
                    yield (1 - first) * chance * back, self.worth(after, two if fell else hurt)

    def _worth(self, one, two):
        left = [sum(points for _, points in side) for side in (one, two)]
        if not all(left):
            return Fraction((left[0] > 0) - (left[1] > 0))
        acts = [[*range(len(self.by_name[side[0][0]].moves)), *self.choices(side)] for side in (one, two)]
        table = [[sum(chance * value for chance, value in self.turn(one, two, a, b) if chance) for b in acts[1]]
                 for a in acts[0]]  # fmt: skip
        return matrix_game(np.array(table, dtype=object)).value

    def value(self, *teams):
        return self.worth(*(tuple((name, self.by_name[name].health) for name in team) for team in teams))


@pytest.mark.parametrize(
    ("roster", "types", "members", "critical"),
    [
        (TRIO, 3, 1, "1/4"),
        (TRIO, 4, 2, "0"),
        (TRIO[:3], 3, 2, "1/4"),
        (TRIO[1:], 5, 3, "0"),
        (random_roster(3, types=4, health=(2, 3), seed=14), 4, 2, "1/8"),
    ],
)
def test_values_are_those_of_battles_played_out_rule_by_rule(roster, types, members, critical):
    found = team_battles(roster, types=types, members=members, critical=float(Fraction(critical)))
    told = PlayedOut(roster, types, critical)
    teams = list(permutations([one.name for one in roster], members))
    assert list(found.names) == ["+".join(team) for team in teams]
    expected = np.array([[float(told.value(one, other)) for other in teams] for one in teams])
    np.testing.assert_allclose(found.values(), expected, atol=1e-12)


class Fixed(PlayedOut):
    """The first side plays its two moves and the switch with given chances, the first move where it cannot switch."""

    def __init__(self, chances, others, *rules):
        super().__init__(*rules)
        self.chances, self.others = chances, others

    @staticmethod
    def likely(side, chances):
        switch = PlayedOut.choices(side)
        acts = {0: chances[0], 1: chances[1]}
        acts[switch[0] if switch else 0] = chances[2] + (0 if switch else chances[0])
        return acts

    def _worth(self, one, two):
        left = [sum(points for _, points in side) for side in (one, two)]
        if not all(left):
            return Fraction((left[0] > 0) - (left[1] > 0))
        own, other = self.likely(one, self.chances), self.likely(two, self.others or (1, 1, 1))
        values = {b: sum(p * chance * value for a, p in own.items() for chance, value in self.turn(one, two, a, b))
                  for b in other}  # fmt: skip
        return sum(p * values[b] for b, p in other.items()) if self.others else min(values.values())


@pytest.mark.parametrize("others", [None, (Fraction(1, 8), Fraction(5, 8), Fraction(1, 4))])
def test_policies_are_worth_what_battles_played_out_say(others):
    """Against the best reply, and against another policy."""
    roster, chances = (
        random_roster(3, types=4, health=(2, 3), seed=14),
        (Fraction(1, 4), Fraction(1, 4), Fraction(1, 2)),
    )
    found = team_battles(roster, types=4)
    pairs = [((0, 1), (1, 2)), ((2, 0), (0, 1))]
    strength, size = found.strength(pairs), len(found.side.active)
    own, other = (np.broadcast_to(np.array(one or chances, float), (2, size, size, 3)) for one in (chances, others))
    values = met_values(found.side, strength, own, other) if others else worst_values(found.side, strength, own)
    told = Fixed(chances, others, roster, 4, "1/8")
    for (one, two), got in zip(pairs, values, strict=True):
        expected = told.value(*([roster[k].name for k in team] for team in (one, two)))
        assert got[found.begins(one), found.begins(two)] == pytest.approx(float(expected), abs=1e-12)


def test_battles_are_worth_the_opposite_to_the_other_side_and_nothing_to_equals():
    found = team_battles(random_roster(5, seed=3))
    table = found.values()
    np.testing.assert_allclose(table, -table.T, atol=1e-12)
    assert np.ptp(table) > 1
    # pairs of two creatures, whoever leads, against pairs
    assert found.solved == 10 * 11 // 2
    apart = team_battles(random_roster(5, seed=3))
    assert apart.value(3, 11) == pytest.approx(table[3, 11], abs=1e-12)
    assert apart.value(11, 3) == pytest.approx(table[11, 3], abs=1e-12)
    assert apart.solved == 1


@pytest.mark.parametrize(("members", "health"), [(1, 5), (2, 3)])
def test_turning_all_types_around_the_circle_changes_nothing(members, health):
    roster = random_roster(4, types=4, health=(2, health), seed=6)
    turned = [one._replace(kind=(one.kind + 2) % 5, moves=tuple(Move((m.kind + 2) % 5, m.power) for m in one.moves))
              for one in roster]  # fmt: skip
    values = [team_battles(own, types=5, members=members).values() for own in (roster, turned)]
    np.testing.assert_array_equal(*values)
    assert np.abs(team_battles(roster, types=4, members=members).values() - values[0]).max() > 0.1


def test_types_decide_between_equals():
    """Of three of the same strength each beats the next."""
    trio = [Creature(name, k, 4, 0, (Move(k, 1),)) for k, name in enumerate(("fire", "leaf", "water"))]
    table = team_battles(trio, types=3, members=1, critical=0).values()
    np.testing.assert_array_equal(table, [[0, 1, -1], [-1, 0, 1], [1, -1, 0]])


def test_the_faster_of_equals_wins_and_more_health_outweighs_speed():
    slow, fast = (Creature(name, 0, 3, speed, (Move(0, 1),)) for speed, name in enumerate(("slow", "fast")))
    assert team_battles([slow, fast], members=1, critical=0).value(1, 0) == 1
    tougher = slow._replace(health=4)
    assert team_battles([tougher, fast], members=1, critical=0).value(1, 0) == -1


def test_the_choice_of_teams_is_a_game_that_verbs_take():
    found = team_battles(random_roster(4, seed=0))
    game = found.game()
    assert game.actions[0][:2] == ("c1+c2", "c1+c3")
    assert float(zero_sum_value(found.game([0, 3, 5])).value) == pytest.approx(0, abs=1e-12)
    np.testing.assert_array_equal(np.asarray(game.payoffs[0]), found.values())


@pytest.mark.parametrize(
    ("roster", "options", "said"),
    [
        (TRIO, {"types": 2}, "types"),
        (TRIO, {"types": 3, "members": 5}, "5 members, and the roster 4"),
        (TRIO, {"critical": 1.0}, "critical"),
        ((*TRIO, TRIO[0]), {"types": 3}, "two are called 'fire'"),
        (TRIO[:2], {"types": 3, "members": 0}, "members"),
        ((TRIO[0]._replace(kind=3),), {"types": 3, "members": 1}, "numbered from 0 to 2; the creature 'fire' has 3"),
        ((TRIO[0]._replace(health=9),), {"members": 1}, "at most 8; the creature 'fire' has 9"),
        ((TRIO[0]._replace(moves=()),), {"members": 1}, "from 1 to 4 moves"),
        ((TRIO[0]._replace(moves=(Move(0, 0),)),), {"members": 1}, "power"),
        (("fire", "leaf"), {}, "list of games.Creature"),
        (random_roster(3, health=(6, 6)), {"members": 3}, "take fewer members or points"),
    ],
)
def test_what_cannot_battle_is_refused_with_the_reason(roster, options, said):
    with pytest.raises(ns.InputError, match=said):
        team_battles(roster, **options)


def test_teams_and_limits_of_what_is_drawn_are_checked():
    found = team_battles(random_roster(3))
    with pytest.raises(ns.InputError, match="from 0 to 5; got 6"):
        found.values([6])
    with pytest.raises(ns.InputError, match="in order"):
        random_roster(3, health=(4, 3))
    assert random_roster(6, seed=1) == random_roster(6, seed=1) != random_roster(6, seed=2)


def test_rosters_that_are_drawn_are_within_their_limits():
    roster = random_roster(40, types=4, health=(2, 5), power=(1, 3), seed=9)
    assert {one.health for one in roster} == {2, 3, 4, 5}
    assert {move.power for one in roster for move in one.moves} == {1, 2, 3}
    assert sorted(one.speed for one in roster) == list(range(40))
    assert all(one.moves[0].kind == one.kind != one.moves[1].kind for one in roster)
    assert games.team_battles(roster[:3], types=4)


def test_a_team_that_responds_is_the_best_against_what_others_bring():
    found = team_battles(random_roster(5, seed=2))
    table, random = found.values(), np.random.default_rng(0)
    for side in range(2):
        others = [3, 7, 16]
        profiles = tuple((None, k) if side == 0 else (k, None) for k in others)
        for weights, oneself in (([0.2, 0.5, 0.3], 0.0), ([0.1, 0.3, 0.2], 0.4), ([], 1.0)):
            met = Opponents(profiles[: len(weights)], np.array(weights), oneself)
            worth = table[:, [*others[: len(weights)], 11]] @ np.array([*weights, oneself])
            chosen = found.respond(side, met, 11, random)
            assert worth[chosen] == pytest.approx(worth.max(), abs=1e-12)
            assert (worth[:chosen] < worth.max() - 1e-12).all()
    np.testing.assert_allclose(found.payoffs((2, 9)), [table[2, 9], -table[2, 9]])


def test_double_oracle_finds_what_no_team_of_all_gains_against_and_looks_at_some_battles():
    seed = 1
    found = team_battles(random_roster(7, seed=seed))
    grown = grow(found, generations=40, seed=seed)
    solved = found.solved
    assert solved < 21 * 22 // 2
    brought = np.zeros(len(found.teams))
    np.add.at(brought, list(grown.members[0]), grown.answer[0])
    # gains that were told are those of the whole table, which is computed only now
    assert (found.values() @ brought).max() == pytest.approx(grown.gains[-1].max(), abs=1e-12)
    assert (found.values() @ brought).max() < 1e-8
    assert found.solved == 21 * 22 // 2


class Following(PlayedOut):
    """What a turn leads to, in place of what that is worth."""

    def _worth(self, one, two):
        return one, two


def numbered(found, team, side):
    """The number of a state of a team, given by name and who is in play first."""
    points = dict(side)
    if not sum(points.values()):
        return 0
    names = [found.roster[k].name for k in team]
    return found.side.number([points[name] for name in names], names.index(side[0][0]))


@pytest.mark.parametrize(
    ("roster", "types", "members", "critical"),
    [(TRIO, 3, 2, "1/4"), (TRIO[1:], 5, 3, "0"), (random_roster(3, types=4, health=(2, 3), seed=14), 4, 2, "1/8")],
)
def test_turns_lead_where_they_do_rule_by_rule_and_as_likely(roster, types, members, critical):
    found = team_battles(roster, types=types, members=members, critical=float(Fraction(critical)))
    told, moves = Following(roster, types, critical), max(len(one.moves) for one in roster)
    teams = [found.teams[0], found.teams[-1]]
    strength, several = found.strength([teams]), 0
    left = [tuple((roster[k].name, roster[k].health) for k in team) for team in teams]
    known, todo = {tuple(left)}, [tuple(left)]
    while todo:
        state = todo.pop()
        numbers = tuple(numbered(found, team, side) for team, side in zip(teams, state, strict=True))
        acts = []
        for team, side in zip(teams, state, strict=True):
            names, alive = [roster[k].name for k in team], PlayedOut.choices(side)
            ahead = {name: (names.index(name) - names.index(side[0][0])) % members for name in alive}
            own = [(k, k) for k in range(len(told.by_name[side[0][0]].moves))]
            acts.append([*own, *((name, moves + ahead[name] - 1) for name in alive)])
        for (a, action), (b, other) in product(*acts):
            wanted = {}
            for chance, (one, two) in told.turn(*state, a, b):
                key = (numbered(found, teams[0], one), numbered(found, teams[1], two))
                wanted[key] = wanted.get(key, 0) + chance
                if chance and 0 not in key and (one, two) not in known and len(known) < 150:
                    known.add((one, two))
                    todo.append((one, two))
            wanted = {key: float(chance) for key, chance in wanted.items() if chance}
            assert follows(found.side, strength, numbers, (action, other)) == pytest.approx(wanted, abs=1e-12)
            several += len(wanted) > 1
    assert several or critical == "0"


def test_battles_are_won_as_often_as_they_are_worth_and_say_what_happens():
    roster = random_roster(4, types=4, health=(2, 3), seed=14)
    found, names = team_battles(roster, types=4), {one.name: one for one in roster}
    one, other = "c2+c3", "c4+c2"
    runs = [team_battle(found, one, other, seed=k) for k in range(200)]
    wanted = found.value(found.names.index(one), found.names.index(other))
    last = np.array([own.values[-1] for own in runs])
    assert abs(last.mean() - wanted) < 4 * last.std() / np.sqrt(len(runs))
    assert last.std() > 0.02
    # best play in the first turn, found by a game of what its choices lead to
    teams = [found.teams[found.names.index(name)] for name in (one, other)]
    solved, begun = solve(found.side, found.strength([teams])), tuple(found.begins(team) for team in teams)
    for side, mixture in enumerate((solved.one[0][begun], solved.two[0][begun])):
        switched = [own.choices[0][side].startswith("to ") for own in runs]
        assert abs(np.mean(switched) - mixture[2]) < 4 * np.sqrt(mixture[2] * (1 - mixture[2]) / len(runs))
        assert {round(own.chances[0, side], 9) for own in runs} == set(mixture.round(9).tolist()) - {0.0}
    for own in runs:
        assert own.values[0] == pytest.approx(wanted, abs=1e-12)
        assert own.points[0].tolist() == [[names[k].health for k in team.split("+")] for team in (one, other)]
        assert own.chances.min() > 0
        fallen = own.points[-1].sum(axis=1) == 0
        assert own.values[-1] == int(fallen[1]) - int(fallen[0])
        assert (np.diff(own.points.sum(axis=(1, 2))) < 0).all()
        for turn, (active, choices) in enumerate(zip(own.active, own.choices, strict=True)):
            for side in range(2):
                team = own.members[side]
                assert own.points[turn, side, team.index(active[side])] > 0
                if choices[side].startswith("to "):
                    into = choices[side].removeprefix("to ")
                    assert own.points[turn, side, team.index(into)] > 0
                    stands = own.points[turn + 1, side, team.index(into)] > 0
                    assert turn + 1 == len(own.active) or not stands or own.active[turn + 1][side] == into
                else:
                    assert int(choices[side].removeprefix("move ")) <= len(names[active[side]].moves)
    assert {own.ending for own in runs} <= {f"{one} wins", f"{other} wins", "both fall together"}


def test_no_team_beats_what_is_brought_and_the_order_is_by_that():
    found = team_meetings(team_battles(random_roster(5, seed=3)))
    assert (found.chances @ found.values).min() > -1e-7
    assert found.chances.sum() == pytest.approx(1)
    assert float((found.chances > 1e-6).sum()) > 1
    assert (np.diff(found.chances[found.order].round(9)) <= 0).all()
    some = team_meetings(team_battles(random_roster(5, seed=3)), ["c2+c1", 4])
    assert some.names == ("c2+c1", found.names[4])
    assert some.values[0, 1] == pytest.approx(found.values[found.names.index("c2+c1"), 4], abs=1e-12)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda found: team_battle(found, "c1+c9", 0), "unknown team 'c1.c9'"),
        (lambda found: team_battle(found, 0, 6), "from 0 to 5; got 6"),
        (lambda found: team_battle(found, 0, 1, seed=-1), "seed"),
        (lambda found: team_meetings(found, []), "from 1 to 400 teams meet; got 0"),
        (lambda found: team_meetings(found, [0.5]), "from 0 to 5; got 0.5"),
    ],
)
def test_teams_that_there_are_not_are_refused(ask, said):
    with pytest.raises(ns.InputError, match=said):
        ask(team_battles(random_roster(3)))
