"""Networks and basins: what arms are made of, whose coins are taken, and which terms are the same."""

from types import SimpleNamespace

import numpy as np
import pytest

import nashscape as ns
from nashscape.environments import coin_game
from nashscape.learning.from_texts import rule_from_text
from nashscape.systems.basin_entry_neural import coins, measuring, sampled_terms, study

PROTOCOL = study.PROTOCOL


def test_arms_are_the_terms_by_their_names():
    texts = study.corrected(PROTOCOL["arms"], rounds=12)
    rules = dict(zip(PROTOCOL["arms"], map(rule_from_text, texts), strict=True))
    found = {
        name: tuple(float(getattr(own, term)(update)) for term in ("own", "peer", "lookahead") for update in (0, 149))
        for name, own in rules.items()
    }
    assert found == {
        "policy gradient": (0, 0, 0, 0, 0, 0),
        "own": (0.35, 0.35, 0, 0, 0, 0),
        "peer": (0, 0, 1.5, 1.5, 0, 0),
        "Meta-MAPG": (0.35, 0.35, 1.5, 1.5, 0, 0),
        "handoff": (0, 0, 1.5, 0, 0, 0),
        "early handoff": (0, 0, 1.5, 0, 0, 0),
        "look-ahead": (0, 0, 0, 0, 1.5, 1.5),
    }
    assert [float(own.inner_lr) for own in rules.values()] == pytest.approx([0.55 / 12] * len(rules), rel=1e-5)
    assert not any(own.normalise for own in rules.values())


@pytest.mark.parametrize("name", ["stag-hunt", "repeated-dilemma", "coin-game"])
def test_the_games_of_the_protocol_can_be_asked(name):
    part = PROTOCOL[name]
    asked = study.played(name, PROTOCOL["arms"], 3, 0)
    assert asked.n_items == len(PROTOCOL["arms"])
    assert set(part.get("quick", part["arms"])) <= set(part["arms"]) <= set(PROTOCOL["arms"])
    assert set(part["n"]) == set(measuring.EFFORTS)
    horizon = {"stag-hunt": 1, "repeated-dilemma": 12, "coin-game": 16}[name]
    assert part["rounds"] == horizon  # η is divided by it


def test_whose_coins_are_taken():
    """Against counting in the game itself, round by round, for strategies that prefer the owner's coin."""
    env = coin_game(egocentric=True)
    random = np.random.default_rng(5)
    assert coins.own_shares([(np.full((128, 4), 0.25),) * 2]) == pytest.approx(0.5, abs=1e-6)
    profile = tuple(random.dirichlet(np.full(4, 0.3), size=128) for _ in range(2))
    own, others = counted_coins(env, profile)
    assert coins.own_shares([profile]) == pytest.approx(own / (own + others), abs=1e-5)
    assert abs(own / (own + others) - 0.5) > 1e-4  # a share that says something


def counted_coins(env, profile):
    """Discounted numbers of coins that owners and others take: the chain of states, and what a round measures."""
    game = env.exact()
    joint = np.einsum("sa,sb->sab", *profile)
    moves = np.einsum("sab,sabz->sz", joint, np.asarray(game.transitions, np.float64))
    visits = np.linalg.solve((np.eye(128) - game.discount * moves).T, np.asarray(game.initial, np.float64))
    free = np.asarray(coin_game(egocentric=True, penalty=0.0).exact().payoffs, np.float64)
    paid = np.asarray(game.payoffs, np.float64)
    # a round pays the taker 1; who is robbed in it has 2 less
    robbed = np.einsum("s,sab,nsab->", visits, joint, (free - paid) / 2.0)
    taken = np.einsum("s,sab,nsab->", visits, joint, free)
    return taken - robbed, robbed


@pytest.mark.long
def test_peer_and_look_ahead_are_apart_unless_payoffs_are_common():
    random = np.random.default_rng(2)
    common = np.broadcast_to(random.normal(size=(2, 3, 4)), (3, 2, 3, 4))
    apart = [random.normal(size=(3, 2, 3, 4)), common]
    unlike, alike = (sampled_terms.difference(sampled_terms.players_of(own), 256, 1) for own in apart)
    assert alike < 1e-6
    assert unlike > 0.1


@pytest.mark.long
def test_cosines_are_one_for_a_term_and_none_for_noise():
    found = sampled_terms.cosines(sampled_terms.hunters(), 4096, range(3, 6))
    assert min(own.mean for own in found.values()) > 0.9
    few = sampled_terms.cosines(sampled_terms.coin_players(), 8, range(3, 6))
    assert abs(few["peer"].mean) < 0.5


def test_cosines_are_of_pairs_at_the_same_weights(monkeypatch):
    """Of two drawings of weights: estimates of the first agree, of the second are at right angles."""
    made = np.array([[[1.0, 0.0], [2.0, 0.0]], [[1.0, 0.0], [0.0, 3.0]]])
    monkeypatch.setattr(sampled_terms, "estimates", lambda *_: {"peer": made})
    found = sampled_terms.cosines(None, 1, range(2), 2)["peer"]
    assert (found.mean, found.count) == (0.5, 2)
    assert found.deviation == pytest.approx(np.sqrt(0.5))


def seen(last, told=()):
    """A result of which runs hunt so often in the end, `[N, 2]`."""
    curve = np.stack([np.zeros_like(last), last], axis=1)
    return SimpleNamespace(reduced={"share of C": curve, "told peer": np.asarray(told)}, labels=np.zeros(len(last)))


def test_both_hunt_where_the_one_who_hunts_less_does():
    entry = seen(np.array([[0.9, 0.5], [0.8, 0.95], [1.0, 1.0]]))
    assert measuring.at_least(entry, 0.8).value == pytest.approx(2 / 3)
    assert measuring.at_least(entry, 0.85).value == pytest.approx(1 / 3)


def test_the_length_of_a_correction_is_that_of_the_first_quarter():
    told = np.ones((2, 8, 2))
    told[:, 2:] = 1e6
    told[0, 0, 0] = 5.0
    assert measuring.length(seen(np.ones((2, 2)), told), "peer") == 1.0


@pytest.mark.long
def test_the_card_stands():
    assert ns.systems.reproduce("basin-entry-neural", effort="quick").stands
