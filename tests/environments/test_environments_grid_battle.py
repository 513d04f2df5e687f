"""Battles on a grid against a player of the rules by hand: every turn, values, best responses of teams and members."""

from itertools import product

import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError

MOVES = {"forward": (0, 1), "back": (0, -1), "up": (-1, 0), "down": (1, 0)}


def options(units, k, rows, columns, reach):
    """What a unit may do; units are (team, row, column, points), in order."""
    team, r, c, points = units[k]
    if not points:
        return ["hold"]
    found = ["hold"]
    for name, (dr, dc) in MOVES.items():
        if 0 <= r + dr < rows and 0 <= c + (dc if team == 0 else -dc) < columns:
            found.append(name)
    return found + ["attack"] * (aim(units, k, reach) is not None)


def aim(units, k, reach):
    team, r, c, _ = units[k]
    for j, (other, a, b, points) in enumerate(units):
        if other != team and points and abs(a - r) + abs(b - c) <= reach:
            return j
    return None


def turn(units, actions, rows, columns, force, reach):
    """The units after one turn."""
    there = {(r, c) for _, r, c, points in units if points}
    wishes = {}
    for k, (team, r, c, points) in enumerate(units):
        if points and actions[k] in MOVES:
            dr, dc = MOVES[actions[k]]
            wishes[k] = (r + dr, c + (dc if team == 0 else -dc))
    arrives = {k: to for k, to in wishes.items() if to not in there and list(wishes.values()).count(to) == 1}
    blows = [aim(units, k, reach) for k, own in enumerate(units) if own[3] and actions[k] == "attack"]
    after = []
    for k, (team, r, c, points) in enumerate(units):
        hurt = points > 0 and k not in arrives and blows.count(k) >= force
        after.append((team, *arrives.get(k, (r, c)), points - hurt))
    return after


def over(units):
    return any(all(points == 0 for team, _, _, points in units if team == side) for side in (0, 1))


def units_of(battle, number):
    cells, points = np.split(battle.tables.states[number], 2)
    columns, n = battle.tables.field.columns, battle.members
    return [(int(k >= n), *divmod(int(c), columns), int(p)) for k, (c, p) in enumerate(zip(cells, points, strict=True))]


def known(units):
    """Where the fallen lie does not matter."""
    return tuple((team, r, c, p) if p else (team, 0) for team, r, c, p in units)


class Hand:
    """Battles played by the rules alone; numbers of states are looked up by what is seen."""

    def __init__(self, battle):
        self.battle, field = battle, battle.tables.field
        self.rules = (field.rows, field.columns, field.force, field.reach)
        self.first = battle.tables.first.tolist()
        self.numbers = {(t, known(units_of(battle, s))): s for t in range(battle.turns + 1)
                        for s in range(self.first[t], self.first[t + 1])}  # fmt: skip

    def options(self, units):
        rows, columns, _, reach = self.rules
        return [options(units, k, rows, columns, reach) for k in range(len(units))]

    def after(self, units, actions):
        return turn(units, actions, *self.rules)

    def seen(self, t, units, side):
        """The number of a state as a team sees it."""
        columns, n = self.rules[1], len(units) // 2
        if side == 0:
            return self.numbers[t, known(units)]
        swapped = [(1 - team, r, columns - 1 - c, p) for team, r, c, p in units[n:] + units[:n]]
        return self.numbers[t, known(swapped)]

    def chance(self, policy, t, units, side, actions):
        s, n = self.seen(t, units, side), self.battle.members
        names = self.battle.actions
        return float(np.prod([policy[k, s, names.index(actions[side * n + k])] for k in range(n)]))

    def held(self, units, actions):
        return sum((1 - 2 * u[0]) for u, a in zip(units, actions, strict=True) if a == "hold" and u[3])

    def value(self, t, units, choose):
        """`choose(t, units, worth)` makes one number of what pairs of joint actions are worth."""
        lead = sum((1 - 2 * team) * p for team, _, _, p in units)
        if t == self.battle.turns or over(units):
            return float(lead)
        key = (t, known(units))
        if key not in self.memory:
            n, choices = self.battle.members, self.options(units)
            worth = {}
            for own, other in product(product(*choices[:n]), product(*choices[n:])):
                actions = own + other
                paid = self.battle.ground * self.held(units, actions)
                worth[own, other] = paid + self.value(t + 1, self.after(units, actions), choose)
            self.memory[key] = choose(t, units, worth)
        return self.memory[key]

    def solved(self, choose):
        self.memory = {}
        return self.value(0, units_of(self.battle, 0), choose)


def drawn(battle, seed):
    random = np.random.default_rng(seed)
    powers = battle.allowed * random.exponential(size=battle.allowed.shape)
    return powers / powers.sum(axis=-1, keepdims=True)


ODD = {"rows": 2, "columns": 3, "health": 2, "turns": 3, "ground": 0.07}
# of the second some have fallen while others still act
SMALL = {"rows": 3, "columns": 2, "turns": 2, "reach": 1, "force": 1, "ground": 0.2}


@pytest.fixture(scope="module", params=[ODD, SMALL])
def battle(request):
    return environments.grid_battle(**request.param)


def test_every_turn_leads_where_it_does_by_hand(battle):
    hand, tables, names = Hand(battle), battle.tables, battle.actions
    n, size = battle.members, len(battle.actions) ** battle.members
    entries = {}
    for own, other, ahead in zip(tables.own.tolist(), tables.other.tolist(), tables.following.tolist(), strict=True):
        assert own // size == other // size
        digits = [np.unravel_index(joint % size, (len(names),) * n) for joint in (own, other)]
        actions = tuple(names[int(k)] for each in digits for k in each)
        entries[own // size, actions] = ahead
    count = 0
    for t in range(battle.turns):
        for s in range(hand.first[t], hand.first[t + 1]):
            units = units_of(battle, s)
            assert tables.ends[s] == over(units)
            if over(units):
                continue
            for actions in product(*hand.options(units)):
                count += 1
                assert entries[s, actions] == hand.numbers[t + 1, known(hand.after(units, actions))]
    assert count == len(entries)


def test_the_mirror_is_what_the_other_team_sees(battle):
    hand = Hand(battle)
    for t in range(battle.turns + 1):
        for s in range(hand.first[t], hand.first[t + 1]):
            assert battle.tables.mirror[s] == hand.seen(t, units_of(battle, s), 1)


def test_values_and_best_responses_are_those_by_hand(battle):
    hand, own, other = Hand(battle), drawn(battle, 1), drawn(battle, 2)

    def mean(t, units, worth, ours=True):
        return sum((hand.chance(own, t, units, 0, a + b) if ours else 1.0) * hand.chance(other, t, units, 1, a + b) * w
                   for (a, b), w in worth.items())  # fmt: skip

    def team(t, units, worth):
        firsts = {a for a, _ in worth}
        return max(mean(t, units, {(a, b): w for (a, b), w in worth.items() if a == one}, False) for one in firsts)

    def second(t, units, worth):
        found = []
        for one in {a[1] for a, _ in worth}:
            s = hand.seen(t, units, 0)
            found.append(sum(own[0, s, battle.actions.index(a[0])] * hand.chance(other, t, units, 1, a + b) * w
                             for (a, b), w in worth.items() if a[1] == one))  # fmt: skip
        return max(found)

    paid = battle.payoffs(own, other)
    assert paid[0] == pytest.approx(hand.solved(mean), abs=1e-12)
    assert paid.sum() == 0
    best, alone = battle.best_response(other), battle.best_alone(own, other, 1)
    assert best.value == pytest.approx(hand.solved(team), abs=1e-12)
    assert alone.value == pytest.approx(hand.solved(second), abs=1e-12)
    for found in (best, alone):
        assert battle.payoffs(found.policy, other)[0] == pytest.approx(found.value, abs=1e-12)
    np.testing.assert_array_equal(alone.policy[0], own[0])
    assert paid[0] + 0.05 < alone.value < best.value - 0.05


def test_a_best_response_is_the_best_of_all_policies_there_are():
    battle = environments.grid_battle(rows=1, columns=3, members=1, turns=2, force=1, health=2, ground=0.3)
    other = drawn(battle, 5)
    going = np.flatnonzero(~battle.tables.ends)
    every = [np.flatnonzero(battle.allowed[0, s]) for s in going]
    assert 500 < np.prod([len(own) for own in every]) < 20_000
    paid = []
    for actions in product(*every):
        policy = battle.even()
        policy[0, going] = np.eye(6)[list(actions)]
        paid.append(battle.payoffs(policy, other)[0])
    assert battle.best_response(other).value == pytest.approx(max(paid), abs=1e-12)


def test_battles_played_by_hand_and_drawn_ones_pay_what_is_exact(battle):
    hand, random = Hand(battle), np.random.default_rng(3)
    own, other = drawn(battle, 3), drawn(battle, 4)
    exact, names, n = battle.payoffs(own, other)[0], battle.actions, battle.members
    by_hand = []
    for _ in range(1500):
        units, paid, t = units_of(battle, 0), 0.0, 0
        while t < battle.turns and not over(units):
            actions = [
                names[random.choice(6, p=policy[k, hand.seen(t, units, side)])]
                for side, policy in enumerate((own, other)) for k in range(n)
            ]  # fmt: skip
            paid += battle.ground * hand.held(units, actions)
            units, t = hand.after(units, actions), t + 1
        by_hand.append(paid + sum((1 - 2 * team) * p for team, _, _, p in units))
    played = battle.play(own, other, 40_000, random)
    np.testing.assert_array_equal(played[:, 0], -played[:, 1])
    for found in (np.array(by_hand), played[:, 0]):
        assert abs(found.mean() - exact) < 4 * found.std() / np.sqrt(len(found))
    low, high = battle.bounds
    assert low <= played.min() <= played.max() <= high


def test_teams_change_places_and_payoffs_with_them(battle):
    own, other = drawn(battle, 6), drawn(battle, 7)
    np.testing.assert_allclose(battle.payoffs(own, other), battle.payoffs(other, own)[::-1], atol=1e-12)
    assert abs(battle.payoffs(own, other)[0]) > 1e-3
    assert battle.payoffs(own, own)[0] == pytest.approx(0.0, abs=1e-12)


def test_visits_and_worth_are_the_derivative_of_the_value(battle):
    own, other, way = (drawn(battle, seed) for seed in (8, 9, 10))
    meeting = battle.meeting(own, other)
    assert meeting.visits[battle.tables.ends].sum() == pytest.approx(1.0)
    joint = meeting.worth.reshape(-1, 6, 6)
    worth = np.stack([np.einsum("sab,sb->sa", joint, own[1]), np.einsum("sab,sa->sb", joint, own[0])])
    slope = float((meeting.visits[:, None] * (way - own) * worth).sum())
    ends = [battle.payoffs(own + step * (way - own), other)[0] for step in (1e-6, 0.0)]
    assert slope == pytest.approx((ends[0] - ends[1]) / 1e-6, rel=1e-3)
    assert abs(slope) > 1e-2


def test_three_in_a_team_and_what_mates_do_by_hand():
    battle = environments.grid_battle(rows=3, columns=2, members=3, turns=1, force=3, ground=0.0)
    own, other = drawn(battle, 1), drawn(battle, 2)
    hand = Hand(battle)

    def first(t, units, worth):
        def chance(a):
            return np.prod([own[k, 0, battle.actions.index(a[k])] for k in (0, 2)])

        return max(sum(chance(a) * hand.chance(other, t, units, 1, a + b) * w
                       for (a, b), w in worth.items() if a[1] == one)
                   for one in {a[1] for a, _ in worth})  # fmt: skip

    assert battle.best_alone(own, other, 1).value == pytest.approx(hand.solved(first), abs=1e-12)


def test_bad_input_is_refused_with_what_to_do():
    battle = environments.grid_battle(rows=2, columns=3, turns=1)
    for wrong, said in (
        ({"rows": 0}, "rows"), ({"columns": 1}, "columns"), ({"members": 3}, "more rows"), ({"force": 3}, "take less"),
        ({"ground": -1}, "ground"), ({"rows": 4, "columns": 6, "turns": 5}, "smaller grid"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=said):
            environments.grid_battle(**wrong)
    even = battle.even()
    with pytest.raises(InputError, match="distribution over hold"):
        battle.payoffs(even, 2 * even)
    with pytest.raises(InputError, match=r"lets member 0 back in state 0, turn 0: left 0:0 \(1\)"):
        battle.payoffs(np.broadcast_to(np.eye(6)[2], even.shape), even)
    with pytest.raises(InputError, match="numbered from 0 to 1"):
        battle.best_alone(even, even, 2)
