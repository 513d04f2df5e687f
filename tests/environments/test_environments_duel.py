"""A duel against one played by hand: every state and choice, values, best responses, rewards, and what beats what."""

import itertools

import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError

ODD = {
    "attack": environments.Blow(start_up=1, active=2, recovery=2, reach=1, damage=1, stun=2, guarded=0, push=1),
    "throw": environments.Blow(start_up=2, active=1, recovery=3, reach=1, damage=2, stun=3, guarded=0, push=2),
}
USUAL = {"attack": environments.Blow(), "throw": environments.Blow(recovery=4, reach=0, stun=4, guarded=0, push=2)}


@pytest.fixture(scope="module")
def small():
    return environments.duel(health=1, start=1)


def random_policies(duel, seed):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.full(len(duel.actions), 0.7), size=duel.n_states) for _ in range(2)]


def by_hand(hand, duel, blows, widest, health):
    """Of every state that can be reached, in its order, and every pair of actions: where they lead, and the frames."""
    first = ((hand.fighter(health=health), hand.fighter(health=health)), duel.start)
    known, left = {hand.named(*first): 0}, [first]
    found = {}
    while left:
        fighters, distance = left.pop()
        for actions in itertools.product(duel.actions, repeat=2):
            now, apart, frames = list(fighters), distance, 0
            while True:
                now, apart = hand.frame(now, apart, actions, blows, widest)
                frames += 1
                over = min(one.health for one in now) == 0
                if over or any(one.chooses for one in now):
                    break
            key = (hand.named(fighters, distance), *actions)
            found[key] = (hand.named(now, apart), frames, over)
            if not over and hand.named(now, apart) not in known:
                known[hand.named(now, apart)] = len(known)
                left.append((tuple(now), apart))
    return found, known


@pytest.mark.parametrize(("blows", "widest", "health"), [(USUAL, 3, 2), (ODD, 2, 3)])
def test_every_choice_in_every_state_leads_where_it_does_by_hand(hand, blows, widest, health):
    duel = environments.duel(health=health, start=widest - 1, widest=widest, discount=0.9, **blows)
    found, known = by_hand(hand, duel, blows, widest, health)
    names = [duel.state(k) for k in range(duel.n_states)]
    assert sorted(names) == sorted(known)
    table = duel.tables
    for s, name in enumerate(names):
        for a, b in itertools.product(range(5), repeat=2):
            there, frames, over = found[(name, duel.actions[a], duel.actions[b])]
            assert table.frames[s, a, b] == frames
            assert table.kept[s, a, b] == pytest.approx(0.0 if over else 0.9**frames)
            if not over:
                assert names[table.following[s, a, b]] == there


def test_the_mirror_is_the_state_as_the_other_sees_it():
    duel = environments.duel(health=2)
    for s, other in enumerate(duel.tables.mirror):
        own, his, distance, health = duel.state(s).split(", ")
        one, two = health.removeprefix("health ").split(":")
        assert duel.state(other) == f"{his}, {own}, {distance}, health {two}:{one}"


def test_values_are_those_of_frames_played_by_hand(hand, small):
    """Value iteration over single frames of the game by hand; the bell rings after each with probability .02."""
    own, other = random_policies(small, 3)
    names = {small.state(k): k for k in range(small.n_states)}
    mirror = small.tables.mirror
    frames, order, left = {}, [], [((hand.fighter(), hand.fighter()), 1)]
    seen = {hand.named(*left[0])}
    while left:
        fighters, distance = left.pop()
        s = names.get(hand.named(fighters, distance), 0)
        here = []
        for a, b in itertools.product(range(5), repeat=2):
            chance = (own[s, a] if fighters[0].chooses else a == 0) * (
                other[mirror[s], b] if fighters[1].chooses else b == 0
            )
            now, apart = hand.frame(fighters, distance, (small.actions[a], small.actions[b]), USUAL, 3)
            lost = [one.health == 0 for one in now]
            here.append((chance, hand.named(now, apart), any(lost), float(lost[1]) - float(lost[0])))
            if not any(lost) and hand.named(now, apart) not in seen:
                seen.add(hand.named(now, apart))
                left.append((tuple(now), apart))
        frames[hand.named(fighters, distance)] = here
        order.append(hand.named(fighters, distance))
    value = dict.fromkeys(order, 0.0)
    for _ in range(400):
        value = {
            name: sum(p * (won if over else 0.98 * value[then]) for p, then, over, won in frames[name])
            for name in order
        }
    assert small.payoffs(own, other)[0] == pytest.approx(value[small.state(0)], abs=4e-4)
    assert abs(value[small.state(0)]) > 0.02


def test_a_best_response_is_that_of_value_iteration_and_is_attained(small):
    own, other = random_policies(small, 4)
    table, against = small.tables, other[small.tables.mirror]
    value = np.zeros(small.n_states)
    for _ in range(1500):
        value = np.einsum("sab,sb->sa", table.paid[0] + table.kept * value[table.following], against).max(axis=1)
    best, policy = small.best_response(other)
    assert best == pytest.approx(value[0], abs=1e-9)
    assert small.payoffs(policy, other)[0] == pytest.approx(best, abs=1e-12)
    assert small.payoffs(own, other)[0] < best - 0.1


def test_fighters_change_places_and_payoffs_with_them():
    for reward in ("result", "shaped"):
        duel = environments.duel(health=2, reward=reward)
        own, other = random_policies(duel, 5)
        np.testing.assert_allclose(duel.payoffs(own, other), duel.payoffs(other, own)[::-1], atol=1e-12)


def test_visits_and_worth_are_the_derivative_of_the_value(small):
    own, other = random_policies(small, 6)
    meeting, way = small.meeting(own, other), random_policies(small, 7)[0] - own
    slope = float((meeting.visits[:, None] * way * meeting.worth).sum())
    ends = [small.payoffs(own + step * way, other)[0] for step in (1e-5, 0.0)]
    assert slope == pytest.approx((ends[0] - ends[1]) / 1e-5, rel=1e-3)
    assert abs(slope) > 1e-3


def test_near_each_other_attack_beats_throw_throw_beats_guard_and_guard_beats_attack():
    duel = environments.duel(health=1, widest=0, start=0, actions=["attack", "guard", "throw"], discount=0.9)
    attack, guard, throw = (np.tile(row, (duel.n_states, 1)) for row in np.eye(3))
    assert duel.payoffs(attack, throw)[0] == pytest.approx(0.9)
    assert duel.payoffs(throw, guard)[0] == pytest.approx(0.9)
    # the guard is struck in the second frame, the guarding fighter free in the fourth, and its attack meets in the next
    free = np.array([duel.state(k).split(", ")[1].startswith("attack") for k in range(duel.n_states)])
    late = free & np.array(["attack 2" not in duel.state(k) for k in range(duel.n_states)])
    punisher = np.where(late[:, None], attack, guard)
    assert duel.payoffs(punisher, attack)[0] == pytest.approx(0.9**4)
    assert duel.payoffs(attack, attack).tolist() == [0.0, 0.0]


def test_shaped_pay_is_that_of_the_publication_by_hand():
    duel = environments.duel(health=2, reward="shaped", discount=0.5)
    throw = duel.stage.doings.names.index("throw 2")
    s = next(k for k in range(duel.n_states) if duel.state(k) == "guarding, throw 2, distance 0, health 1:2")
    assert duel.tables.states[s, 1] == throw
    won, lost = 0.001 * (3 * 88 + 3 * 176 ** (177 / 177)), 0.001 * (-88 - 176 ** (177 / 177))
    np.testing.assert_allclose(duel.tables.paid[:, s, 3, 0], [lost, won])
    # a frame in which nothing happens: the bell rings with ½, and health 1:2 is a loss for the one
    s = next(k for k in range(duel.n_states) if duel.state(k) == "free, free, distance 3, health 1:2")
    worth = 176 ** ((176 + 1) / 177)
    np.testing.assert_allclose(duel.tables.paid[:, s, 0, 0], [-0.0005 * worth, 0.0015 * worth])
    even = duel.tables.paid[:, 0, 3, 3]
    np.testing.assert_allclose(even, [0.0005, 0.0005])


def test_shaped_pay_is_not_zero_sum_and_stays_between_its_bounds():
    duel = environments.duel(health=2, reward="shaped")
    for seed in range(5):
        paid = duel.payoffs(*random_policies(duel, seed))
        assert paid.sum() > 0.1
        assert duel.bounds[0] < paid.min()
        assert paid.max() < duel.bounds[1]


def test_the_chance_of_winning_and_of_losing_make_the_result():
    own, other = random_policies(environments.duel(health=2), 8)
    wins = environments.duel(health=2, reward="wins").payoffs(own, other)
    result = environments.duel(health=2).payoffs(own, other)
    assert wins[0] - wins[1] == pytest.approx(result[0], abs=1e-12)
    assert wins.sum() < 1


def test_twelve_characters_differ_and_do_what_is_said():
    duel = environments.duel(health=2)
    them = environments.duel_characters(duel)
    assert len(them) == 12
    for one, other in itertools.combinations(them.values(), 2):
        assert np.abs(one - other)[duel.chooses].max() > 0.3
    distance = duel.tables.states[:, 2]
    assert (them["rusher"][distance <= 1, 2] == 1).all()
    assert (them["rusher"][distance > 1, 0] == 1).all()
    behind = duel.tables.states[:, 3] < duel.tables.states[:, 4]
    assert (them["gambler"][behind, 3] == 0).all()
    helpless = [k for k in range(duel.n_states) if duel.state(k).startswith("free, attack 5, distance 1")]
    assert helpless
    assert (them["counter puncher"][helpless, 3] == 1).all()
    helpless = [k for k in range(duel.n_states) if duel.state(k).startswith("free, throw 4, distance 1")]
    assert helpless
    assert (them["counter puncher"][helpless, 2] == 1).all()
    assert duel.payoffs(them["rusher"], them["grappler"])[0] > 0.9
    assert duel.payoffs(them["grappler"], them["turtle"])[0] > 0.9
    assert duel.payoffs(them["counter puncher"], them["rusher"])[0] > 0.8


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"start": 5}, "no further apart than the widest distance, 3; got 5"),
        ({"discount": 1.0}, "discount must be at least 0 and below 1; got 1"),
        (
            {"actions": ["attack", "kick"]},
            "actions are different ones of in, out, attack, guard, throw; got attack, kick",
        ),
        ({"reward": "points"}, "points"),
        ({"attack": environments.Blow(start_up=0)}, "start_up of attack must be at least 1; got 0"),
        ({"throw": environments.Blow(recovery=-1)}, "recovery of throw must be at least 0; got -1"),
        ({"health": 40}, "more than 50,000"),
    ],
)
def test_wrong_numbers_are_refused(wrong, told):
    with pytest.raises(InputError, match=told):
        environments.duel(**wrong)


def test_wrong_policies_are_refused(small):
    good = random_policies(small, 1)[0]
    with pytest.raises(InputError, match="the other policy has a distribution over in, out, attack, guard, throw"):
        small.payoffs(good, 2 * good)
    with pytest.raises(InputError, match="shape"):
        small.best_response(good[:-1])
    with pytest.raises(InputError, match="this duel has attack"):
        environments.duel_characters(environments.duel(actions=["attack"]))
