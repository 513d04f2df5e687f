"""Networks and the rules that train them, by name: each is what Python makes, and what is wrong is said at the door."""

import numpy as np
import pytest

import nashscape as ns
from nashscape import InputError, environments, neural
from nashscape.core.descriptions import describe, digest
from nashscape.learning import handoff, played
from nashscape.learning.from_texts import estimator_from_text, rule_from_text
from nashscape.learning.rule_table import FOR_POLICIES, NAMED_RULES
from nashscape.learning.rule_texts import rule_catalogue
from nashscape.semantics.from_texts import SEMANTICS, semantics_from_text
from nashscape.semantics.recoupling import coupling_name, coupling_of, recoupled

ENV = environments.of_game(ns.games.iterated_prisoners_dilemma(), limit=4)


def told(value):
    return digest(describe(value).data)


PLAYERS = {
    "perceptrons": lambda: neural.perceptrons(ENV),
    "perceptrons:hidden=8,last=1,activation=relu": lambda: neural.perceptrons(ENV, (8,), "relu", last=1.0),
    "perceptrons:hidden=(4,3),drawn=lecun": lambda: neural.perceptrons(ENV, (4, 3), drawn="lecun"),
    "perceptrons:hidden=((4,3),(2))": lambda: neural.perceptrons(ENV, ((4, 3), (2,))),
    "perceptrons:hidden=()": lambda: neural.perceptrons(ENV, ()),
    "perceptrons:hidden=4,coupling=0.5": lambda: neural.coupled(neural.perceptrons(ENV, (4,)), 0.5),
    "perceptrons:hidden=4,temperature=2": lambda: neural.soft_values(neural.perceptrons(ENV, (4,)), 2.0),
    "recurrent:units=3": lambda: neural.recurrent(ENV, 3),
    "recurrent:units=(3,2)": lambda: neural.recurrent(ENV, (3, 2)),
    "reservoirs:units=3": lambda: neural.reservoirs(ENV, 3),
    "reservoirs:units=(3,2),radius=0.5,leak=0.4,inputs=0.2": lambda: neural.reservoirs(
        ENV, (3, 2), radius=0.5, leak=0.4, inputs=0.2),
    "reservoirs:bias=0.1,seed=7,drawn=lecun,last=1": lambda: neural.reservoirs(
        ENV, bias=0.1, seed=7, drawn="lecun", last=1.0),
    "recurrent:units=3,coupling=-1": lambda: neural.coupled(neural.recurrent(ENV, 3), -1.0),
}  # fmt: skip


@pytest.mark.parametrize("text", PLAYERS)
def test_players_by_name_are_those_of_python(text):
    made, wanted = semantics_from_text(text)(ENV), PLAYERS[text]()
    assert made.game is ENV
    assert told(made.semantics) == told(wanted)
    assert made.sizes == wanted.sizes


def test_each_text_makes_other_players():
    assert len({told(make()) for make in PLAYERS.values()}) == len(PLAYERS)


RULES = {
    "ppo:peer=1.5,inner_lr=0.1": lambda: neural.ppo(peer=1.5, inner_lr=0.1),
    "ppo:peer=handoff(3,at=40),inner_lr=0.1": lambda: neural.ppo(peer=handoff(3, at=40), inner_lr=0.1),
    "ppo:clip=none,max_norm=none,epochs=2,optimiser=sgd": lambda: neural.ppo(
        clip=None, max_norm=None, epochs=2, optimiser="sgd"),
    "ppo:critics=central,critic_hidden=(8,4),normalise=false": lambda: neural.ppo(
        critics="central", critic_hidden=(8, 4), normalise=False),
    "ppo:scale_rewards=each,episodes=8": lambda: neural.ppo(scale_rewards="each", episodes=8),
    "a2c:learning_rate=0.02/(t+1)^0.5": lambda: neural.a2c(
        learning_rate=ns.learning.power(0.02, offset=1, exponent=0.5)),
    "reinforce:critics=own": lambda: neural.reinforce(critics="own"),
    "reinforce": neural.reinforce,
    "a2c:critics=none": lambda: neural.a2c(critics=None),
    "mappo:entropy=0.01": lambda: neural.mappo(entropy=0.01),
    "vdn:max_norm=none,target_rate=0.1": lambda: neural.vdn(max_norm=None, target_rate=0.1),
}  # fmt: skip


@pytest.mark.parametrize("text", RULES)
def test_rules_by_name_are_those_of_python(text):
    assert repr(rule_from_text(text)) == repr(RULES[text]())
    assert told(rule_from_text(text)) == told(RULES[text]())


def test_the_estimator_has_a_name():
    assert estimator_from_text("played:batch=64,rounds=32,fresh=false") == played(64, rounds=32, fresh=False)
    assert estimator_from_text("played:batch=64,baseline=none,form=published") == played(
        64, baseline=None, form="published"
    )


def test_names_of_ours_count_as_ours_and_are_listed():
    listed = {row.name: row for row in rule_catalogue()}
    for name in FOR_POLICIES:
        assert NAMED_RULES.find(name).is_ours
        assert listed[name].sampled
        assert listed[name].sources
    assert listed["a2c"].formula == "mean A_i ∇ log π_i"
    assert listed["vdn"].source.startswith("Sunehag et al. (2018)")
    assert SEMANTICS.find("recurrent").is_ours


REFUSED = {
    "a coefficient": ("ppo:pear=1", "unknown coefficient of ppo 'pear'; did you mean 'peer'"),
    "a word": ("ppo:optimiser=sdg", "unknown optimiser 'sdg'; did you mean 'sgd'"),
    "no number": ("ppo:learning_rate=fast", "coefficient of ppo 'learning_rate' must be a number; got 'fast'"),
    "nothing where there must be something": ("ppo:trace=none", "coefficient of ppo 'trace' must be a number"),
    "a correction without a step": ("a2c:peer=1", "an inner_lr of 0 is nothing"),
    "a correction that is none of its own": ("mappo:peer=1", "unknown coefficient of mappo 'peer'"),
    "a name": ("a3c", "unknown rule 'a3c'; did you mean 'a2c'"),
    "of ours as before": ("meta_mapg:peer=none", "coefficient of meta_mapg 'peer' must be a number"),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_rules_that_cannot_be_are_refused(text, said):
    with pytest.raises(InputError, match=said):
        rule_from_text(text)


def test_players_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="unknown option of perceptrons 'hiden'; did you mean 'hidden'"):
        semantics_from_text("perceptrons:hiden=8")
    with pytest.raises(InputError, match=r"stag_hunt offers .*; environments.of_game plays it .* played:game="):
        semantics_from_text("perceptrons")(ns.games.stag_hunt())
    with pytest.raises(InputError, match="unknown drawn 'normal'"):
        semantics_from_text("perceptrons:drawn=normal")(ENV)


def test_the_coupling_of_networks_is_a_dial():
    """`φ_i = θ_i + κ Σ_j θ_j`, whatever κ was before; own weights and who reads whom stay."""
    bare = ns.parametric(ENV, neural.perceptrons(ENV, (2,)))
    assert coupling_of(bare) == 0.0
    turned = recoupled(bare, 0.5)
    assert coupling_of(turned) == 0.5
    theta = np.arange(bare.dimension, dtype=np.float32)
    first, second = np.split(theta, 2)
    wanted = np.concatenate([first - 2 * second, second - 2 * first])
    np.testing.assert_allclose(recoupled(turned, -2.0).semantics.acting(theta), wanted, rtol=1e-6)
    assert told(recoupled(bare, 0.5).semantics) == told(neural.coupled(bare.semantics, 0.5))
    three = environments.of_game(ns.games.volunteers_dilemma(3))
    some = np.array([[0.0, 0.3, 0.0], [0.0, 0.0, 0.3], [0.6, 0.0, 0.0]])
    uneven = ns.parametric(three, neural.coupled(neural.perceptrons(three, ()), some, own=2.0))
    assert (coupling_name(uneven), coupling_of(uneven)) == ("multiple of the given coupling", 1.0)
    np.testing.assert_allclose(recoupled(uneven, 0.5).semantics.reading, 2 * np.eye(3) + some / 2)
    line = ns.parametric(three, neural.coupled(neural.perceptrons(three, ()), 0.2, graph="ring:3"))
    assert coupling_of(line) == 0.2


def test_networks_that_differ_are_not_coupled_by_a_dial():
    uneven = ns.parametric(ENV, neural.perceptrons(ENV, ((4,), (2,))))
    with pytest.raises(InputError, match="players who read each other have networks alike"):
        recoupled(uneven, 0.5)


def test_coefficients_of_rules_that_train_are_dials():
    from nashscape.dynamics.case import case_of
    from nashscape.learning.dials import dial_of

    case = case_of(
        ns.parametric(ENV, neural.perceptrons(ENV, ())), neural.ppo(inner_lr=0.1), estimator=played(4), steps=9
    )
    turned = dial_of("peer")(case, 2.0)
    assert turned.rule.peer(0) == 2.0
    assert turned.rule.needs == neural.ppo(inner_lr=0.1, peer=2.0).needs
    assert dial_of("peer").now(turned) == 2.0
    assert dial_of("inner_lr")(turned, 0.3).rule.inner_lr == 0.3
    with pytest.raises(InputError, match="ppo has inner_lr = 0, under which peer does nothing"):
        dial_of("peer")(case.but(rule=neural.ppo()), 1.0)
    with pytest.raises(InputError, match="vdn has no peer coefficient"):
        dial_of("peer")(case.but(rule=neural.vdn()), 1.0)
