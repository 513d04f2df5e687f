"""A crossing against the same rules played state by state: payoffs, crashes, best responses with any memory, draws."""

import numpy as np
import pytest

from nashscape import environments, populations
from nashscape.core import InputError, wilson

UNLIKE = {"cells": (3, 4), "fastest": (1, 2), "places": 2, "rounds": 4, "slip": 0.2, "crash": 7.0}


def moved(car, cell, speed, action):
    """The rules of one car: its next cells and speeds with their chances; None where it is over the crossing."""
    limits = {0: max(speed - 1, 0), 1: speed, 2: min(speed + 1, car.fastest)}
    found = {}
    for new, chance in ((limits[action], 1 - car.slip), (speed, car.slip)):
        there = (cell + new, new) if cell + new < car.cells else None
        found[there] = found.get(there, 0.0) + chance
    return found


def driving_on(car, where, t, rounds):
    """Rounds that a car takes on average from round t on, where the way is free: over all it could do."""
    if where is None or t == rounds:
        return 0.0
    return 1 + min(
        sum(p * driving_on(car, there, t + 1, rounds) for there, p in moved(car, *where, action).items())
        for action in range(3)
    )


def begins(roads):
    """Pairs of places at the start, each with its number as each car sees it: its own place first."""
    n = roads.places
    return [((n * a + b, n * b + a), ((a, 1), (b, 1))) for a, b in np.ndindex(n, n)]


def played(roads, policies):
    """Costs of both and the chance of a crash, over the joint states of both cars."""
    cost, crash = np.zeros(2), 0.0
    for k, both in begins(roads):
        now = {both: 1.0 / roads.places**2}
        for t in range(roads.rounds):
            after = {}
            for cars, chance in now.items():
                cost += chance
                acts = [int(policies[i][k[i], t, roads.cars[i].state(*cars[i])]) for i in (0, 1)]
                steps = [moved(roads.cars[i], *cars[i], acts[i]).items() for i in (0, 1)]
                for one, p in steps[0]:
                    for other, q in steps[1]:
                        if one is None and other is None:
                            crash += chance * p * q
                            cost += chance * p * q * roads.crash
                        elif one is None or other is None:
                            late = 0 if other is None else 1
                            car, where = roads.cars[late], one or other
                            cost[late] += chance * p * q * driving_on(car, where, t + 1, roads.rounds)
                        else:
                            after[one, other] = after.get((one, other), 0.0) + chance * p * q
            now = after
    return -cost, crash


@pytest.mark.parametrize("told", [UNLIKE, {**UNLIKE, "cells": 3, "fastest": 2, "slip": 0.0}])
def test_payoffs_and_crashes_are_those_of_the_joint_states(told):
    roads, random = environments.crossing(**told), np.random.default_rng(0)
    for _ in range(3):
        policies = [roads.start(side, random) for side in (0, 1)]
        pays, crash = played(roads, policies)
        np.testing.assert_allclose(roads.payoffs(policies), pays, atol=1e-12)
        assert roads.crashes(policies) == pytest.approx(crash, abs=1e-12)


def searched(roads, side, k, own, hidden, t):
    """The least that costs a car from round t on that remembers everything, of hidden (weight, policy, state) of
    others, whose weights sum to how likely all that came so far is."""
    total = sum(weight for weight, _, _ in hidden)
    if t == roads.rounds or not total:
        return 0.0
    ahead = []
    for weight, policy, where in hidden:
        act = int(policy[k[1 - side], t, roads.cars[1 - side].state(*where)])
        ahead += [(weight * q, policy, there) for there, q in moved(roads.cars[1 - side], *where, act).items()]
    passed, left = sum(w for w, _, x in ahead if x is None), [one for one in ahead if one[2] is not None]
    found = []
    for action in range(3):
        cost = total
        for there, p in moved(roads.cars[side], *own, action).items():
            if there is None:
                cost += p * passed * roads.crash
                continue
            cost += p * passed * driving_on(roads.cars[side], there, t + 1, roads.rounds)
            cost += searched(roads, side, k, there, [(p * w, own_policy, x) for w, own_policy, x in left], t + 1)
        found.append(cost)
    return min(found)


@pytest.mark.parametrize("side", [0, 1])
def test_no_driver_does_better_than_the_response_whatever_it_remembers(side):
    """By searching all histories; who is met is one of three, drawn once, who are random."""
    roads, random = environments.crossing(**UNLIKE), np.random.default_rng(1)
    others, weights = [roads.start(1 - side, random) for _ in range(3)], np.array([0.5, 0.3, 0.2])
    least = 0.0
    for k, both in begins(roads):
        hidden = [(w, one, both[1 - side]) for w, one in zip(weights, others, strict=True)]
        least += searched(roads, side, k, both[side], hidden, 0) / roads.places**2
    profiles = tuple((None, own) if side == 0 else (own, None) for own in others)
    begin = roads.start(side, random)
    met = populations.Opponents(profiles, weights)
    answer = roads.respond(side, met, begin, random)
    pair = lambda own, one: (own, one) if side == 0 else (one, own)  # noqa: E731
    got = weights @ [roads.payoffs(pair(answer, one))[side] for one in others]
    assert got == pytest.approx(-least, abs=1e-12)
    had = weights @ [roads.payoffs(pair(begin, one))[side] for one in others]
    assert got > had + 0.1
    alone = populations.Opponents(profiles[:1], np.ones(1))
    only = roads.respond(side, alone, begin, random)
    assert roads.payoffs(pair(only, others[0]))[side] == pytest.approx(roads.best(side, pair(None, others[0])))


def test_what_a_response_need_not_know_stays_as_it_was():
    """Where the other is surely over in the first round, nothing is decided after it."""
    roads = environments.crossing(cells=(4, 1), places=1, rounds=3, slip=0.0)
    go = np.ones(roads.shape(1), int)
    for seed in (0, 1):
        begin = roads.start(0, np.random.default_rng(seed))
        answer = roads.respond(0, populations.Opponents(((None, go),), np.ones(1)), begin, None)
        assert (answer[:, 1:] == begin[:, 1:]).all()


def test_plays_drawn_by_the_rules_come_out_as_computed():
    roads, random = environments.crossing(rounds=8), np.random.default_rng(2)
    policies = [roads.start(side, random) for side in (0, 1)]
    count, crashed, cost = 4000, 0, []
    free = [car.alone(roads.rounds) for car in roads.cars]
    for _ in range(count):
        cells, speeds = [int(own) for own in random.integers(roads.places, size=2)], [1, 1]
        k, over, taken = [roads.places * cells[i] + cells[1 - i] for i in (0, 1)], [False, False], [0.0, 0.0]
        for t in range(roads.rounds):
            for i, car in enumerate(roads.cars):
                taken[i] += 1
                act = int(policies[i][k[i], t, car.state(cells[i], speeds[i])])
                if random.random() >= roads.cars[i].slip:
                    speeds[i] = min(max(speeds[i] + act - 1, 0), car.fastest)
                cells[i] += speeds[i]
                over[i] = cells[i] >= car.cells
            if any(over):
                crashed += all(over)
                taken[0] += roads.crash * all(over)
                taken = [own if done else own + free[i][t + 1, roads.cars[i].state(cells[i], speeds[i])]
                         for i, (own, done) in enumerate(zip(taken, over, strict=True))]  # fmt: skip
                break
        cost.append(taken[0])
    share = wilson(crashed, count, level=0.9999)
    assert share.low <= roads.crashes(policies) <= share.high
    assert abs(np.mean(cost) + roads.payoffs(policies)[0]) < 4 * np.std(cost) / np.sqrt(count)


def test_cars_that_change_sides_change_payoffs():
    roads, back = (
        environments.crossing(cells=own, fastest=speeds) for own, speeds in (((4, 5), (2, 3)), ((5, 4), (3, 2)))
    )
    one, other = (roads.start(side, np.random.default_rng(side)) for side in (0, 1))
    np.testing.assert_allclose(roads.payoffs((one, other)), back.payoffs((other, one))[::-1], atol=1e-12)
    assert roads.crashes((one, other)) == pytest.approx(back.crashes((other, one)), abs=1e-12)


def test_drivers_of_one_pool_are_members_of_both_cars():
    roads = environments.crossing(pool="one", places=2, rounds=6)
    grown = populations.grow(roads, generations=3, until=None, seed=1)
    assert [len(own) for own in grown.members] == [len(set(grown.learnt[0]))]
    np.testing.assert_allclose(grown.payoffs[1], grown.payoffs[0].T, atol=1e-12)
    # who responds to itself and to another one
    begin, other = (roads.start(0, np.random.default_rng(k)) for k in range(2))
    met = populations.Opponents(((None, other),), np.ones(1), oneself=0.3)
    answer = roads.respond(0, met, begin, None)
    both = populations.Opponents(((None, other), (None, begin)), np.array([0.7, 0.3]))
    assert (answer == roads.respond(0, both, begin, None)).all()


def test_it_is_an_arena_in_which_who_goes_first_is_settled():
    roads = environments.crossing(slip=0.0, places=1)
    grown = populations.grow(roads, generations=6, until=1e-9, seed=0)
    assert grown.exploitability < 1e-9
    assert (grown.gains <= grown.limit + 1e-9).all()
    [one], [other] = ([own[int(mix.argmax())]] for own, mix in zip(grown.members, grown.answer, strict=True))
    first, second = sorted(-roads.payoffs((one, other)))
    assert roads.crashes((one, other)) == 0.0
    assert (first, second) == (3.0, 4.0)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: environments.crossing(cells=(3, 4, 5)), "one for each of two cars"),
        (lambda: environments.crossing(fastest=0), "fastest"),
        (lambda: environments.crossing(places=6), "6 places"),
        (lambda: environments.crossing(slip=1.5), "slip"),
        (lambda: environments.crossing(crash=-1), "crash"),
        (lambda: environments.crossing(pool="both"), "pool"),
        (lambda: environments.crossing(fastest=(2, 3), pool="one"), "are alike"),
        (lambda: environments.crossing().payoffs([np.zeros((9, 10, 15)), np.full((9, 10, 15), 3)]), "the west car"),
        (lambda: environments.crossing().crashes([np.zeros((9, 10, 14)), np.zeros((9, 10, 15))]), "the north car"),
    ],
)
def test_wrong_input_is_refused_with_the_reason(ask, reason):
    with pytest.raises(InputError, match=reason):
        ask()
