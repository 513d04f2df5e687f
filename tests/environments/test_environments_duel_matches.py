"""Matches against frames played by hand, their frequencies against exact values, and what there is to exploit."""

import math

import numpy as np
import pytest

from nashscape import environments
from nashscape.core import InputError
from nashscape.environments import duel_exploitability, duel_match
from nashscape.environments.duels.matches import phases_of
from nashscape.theory import duel_minimax

ODD = {
    "attack": environments.Blow(start_up=1, active=2, recovery=2, reach=1, damage=1, stun=2, guarded=1, push=1),
    "throw": environments.Blow(start_up=2, active=1, recovery=3, reach=1, damage=2, stun=3, guarded=0, push=0),
}
USUAL = {"attack": environments.Blow(), "throw": environments.Blow(recovery=4, reach=0, stun=4, guarded=0, push=2)}


def random_policies(duel, seed):
    random = np.random.default_rng(seed)
    return [random.dirichlet(np.full(len(duel.actions), 0.7), size=duel.n_states) for _ in range(2)]


def chosen(doing):
    """The action with which something is begun; of what goes on already any."""
    return {"raise guard": "guard"}.get(doing, doing.split()[0] if not doing.startswith("stun") else "in")


def happened(before, after, other):
    """To one fighter, by hand: who lost health was met by what the other does; who did not, by its stun or break."""
    if after.health < before.health:
        return {"attack": "hit", "throw": "thrown"}[other]
    return ""


@pytest.mark.parametrize(("blows", "widest"), [(USUAL, 3), (ODD, 2)])
def test_matches_go_as_they_do_by_hand(hand, blows, widest):
    duel = environments.duel(health=4, start=1, widest=widest, discount=0.99, **blows)
    close = np.array([0.25, 0.05, 0.1, 0.2, 0.4])
    seen, names = set(), {duel.state(k) for k in range(duel.n_states)}
    for seed in range(40):
        found = duel_match(duel, *[0.3 * own + 0.7 * close for own in random_policies(duel, 1)], seed=seed)
        fighters, distance = [hand.fighter(health=4), hand.fighter(health=4)], 1
        for k, does in enumerate(found.doings):
            assert (distance, [one.health for one in fighters]) == (found.distances[k], found.health[k].tolist())
            assert hand.named(fighters, distance) in names or not any(one.chooses for one in fighters)
            before = fighters
            fighters, distance = hand.frame(fighters, distance, [chosen(own) for own in does], blows, widest)
            for i, event in enumerate(found.events[k]):
                lost = happened(before[i], fighters[i], does[1 - i].split()[0])
                assert lost == (event if event in ("hit", "thrown") else ""), (found, k)
                stun = {"hit": blows["attack"].stun, "guarded": blows["attack"].guarded, "thrown": blows["throw"].stun}
                if event in stun:
                    assert (fighters[i].what, fighters[i].count) == ("stun", stun[event])
                seen.add(event)
        assert (distance, [one.health for one in fighters]) == (found.distances[-1], found.health[-1].tolist())
        assert found.bell == (found.health[-1].min() > 0)
        left, right = found.health[-1]
        assert found.winner == (None if left == right else "left" if left > right else "right")
    assert seen == {"", "hit", "guarded", "thrown", "broke free"}


def test_every_doing_has_its_phase():
    stage = environments.duel(health=1, **ODD).stage
    told = dict(zip(stage.doings.names, phases_of(stage), strict=True))
    attack = ["start-up", "active", "active", "recovery", "recovery"]
    throw = ["start-up", "start-up", "active", "recovery", "recovery", "recovery"]
    assert [told[f"attack {k + 1}"] for k in range(5)] == attack
    assert [told[f"throw {k + 1}"] for k in range(6)] == throw
    assert [told[own] for own in ("in", "out 2", "raise guard", "guard", "stun 1")] == [
        "step", "step", "start-up", "guard", "stun"
    ]  # fmt: skip


def test_matches_are_won_as_often_as_values_say_and_end_by_the_bell_as_often_as_it_rings():
    duel = environments.duel(health=2, start=1, discount=0.9)
    them = environments.duel_characters(duel)
    left, right = them["mixer"], them["counter puncher"]
    runs = [duel_match(duel, left, right, seed=k) for k in range(700)]
    scores = np.array([(own.winner == "left") - (own.winner == "right") for own in runs], float)
    wanted = duel.payoffs(left, right)[0]
    # who read the state in the view of the other would get something else
    assert abs(wanted - duel.payoffs(left, right[duel.tables.mirror])[0]) > 0.2
    assert abs(scores.mean() - wanted) < 4 * scores.std() / math.sqrt(len(runs))
    # every frame but one in which somebody is beaten is followed by the bell with probability .1
    rung = sum(own.bell for own in runs)
    frames = sum(len(own.phases) for own in runs) - sum(not own.bell for own in runs)
    assert abs(rung - 0.1 * frames) < 4 * math.sqrt(0.09 * frames)
    again = duel_match(duel, left, right, seed=7)
    assert (again.doings, again.ending) == (runs[7].doings, runs[7].ending)


def test_exploitability_is_the_value_of_the_best_response_and_of_a_minimax_policy_none():
    duel = environments.duel(health=1, widest=0, start=0, actions=["attack", "guard", "throw"], discount=0.9)
    always = {name: np.tile(np.eye(3)[k], (duel.n_states, 1)) for k, name in enumerate(duel.actions)}
    found = duel_exploitability(duel, {**always, "minimax": duel_minimax(duel)})
    # who always attacks is guarded, and struck γ³ later; who guards is thrown in the second frame, as who throws is hit
    table, values = duel.tables, np.zeros((3, duel.n_states))
    for k in range(3):
        for _ in range(400):
            ahead = table.paid[0] + table.kept * values[k][table.following]
            values[k] = ahead[:, :, k].max(axis=1)
    assert found.exploitability[:3] == pytest.approx(values[:, 0], abs=1e-9)
    assert found.exploitability[:3].min() > 0.5
    assert found.exploitability[3] == pytest.approx(0.0, abs=1e-7)
    for i, one in enumerate(found.names):
        for j, other in enumerate(found.names):
            each = [always.get(name, duel_minimax(duel)) for name in (one, other)]
            assert found.payoffs[i, j] == pytest.approx(duel.payoffs(*each)[0], abs=1e-12)
    assert (found.payoffs <= found.exploitability + 1e-9).all()
    assert found.names[found.order[0]] == "minimax"


@pytest.mark.parametrize(
    ("ask", "wrong"),
    [
        (lambda duel, own: duel_match(duel, own, own[:, :4]), "the right policy"),
        (lambda duel, own: duel_match(duel, own, own, names=["a", "a"]), "two different ones"),
        (lambda duel, own: duel_match(duel, own, own, names="ab"), "two different ones"),
        (lambda duel, own: duel_match(duel, own, own, seed=-1), "seed"),
        (lambda duel, own: duel_exploitability(duel, {}), "one or more"),
        (lambda duel, own: duel_exploitability(duel, [own]), "by name"),
        (lambda duel, own: duel_exploitability(duel, {"x": own * 2}), "the policy 'x'"),
        (lambda duel, own: duel_exploitability(environments.duel(health=1, reward="wins"), {"x": own}), "result"),
    ],
)
def test_what_cannot_be_asked_is_told(ask, wrong):
    duel = environments.duel(health=1)
    with pytest.raises(InputError, match=wrong):
        ask(duel, np.full((duel.n_states, 5), 0.2))
