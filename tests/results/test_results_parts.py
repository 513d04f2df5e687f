"""Games, semantics, rules and schedules that results hold are made again from values alone."""

import importlib
import json
import pkgutil
from dataclasses import is_dataclass

import numpy as np
import pytest

import nashscape as ns
from nashscape.core.descriptions import describe
from nashscape.core.files.kept_values import is_left_out, read, written
from nashscape.core.files.kinds import PARTS as PARTS_BY_NAME
from nashscape.testing.sameness import unequal

UNEQUAL = ns.games.dense(np.random.default_rng(2).normal(size=(3, 2, 3, 2)))
HUNT, ITERATED = ns.games.stag_hunt(), ns.games.iterated_prisoners_dilemma()
PARTS = {
    "three players": UNEQUAL,
    "fractions": ns.games.bimatrix([["1/3", 0, 2], ["2/7", 1, "1/9"]], [[1, "1/7", 0], [0, 1, 3]]),
    "Markov game": ITERATED,
    "anonymous": ns.games.volunteers_dilemma(4),
    "graph": ns.games.graph_donation("ring:5", benefit=3, cost=1),
    "learners": ns.parametric(UNEQUAL),
    "reading": ns.open_source(HUNT, 0.7),
    "states": ns.parametric(ITERATED),
    "imperfect": ns.semantics.imperfect(ns.semantics.coupled((2, 2), 0.3), noise=1.0, form="uniform", reads=0.5),
    "simplex": ns.semantics.simplex((2, 3)),
    "terms": ns.meta_mapg(peer=ns.schedules.power(2.0, offset=3, exponent=0.5), own=0.1),
    "players": ns.learning.per_player([ns.pg(), ns.lola(), ns.sos()]),
    "delayed": ns.learning.delayed(ns.learning.consensus(), steps=3),
    "solver": ns.learning.pola(),
    "box": ns.box(2.5),
    "regrets": ns.learning.cfr_plus(),
    "mirror descent": ns.learning.magnetic_mirror_descent(0.1, 1.0, magnet_rate=0.05),
    "leader": ns.learning.follow_regularised_leader(),
    "values": ns.neural.q_learning(learning_rate=0.2, target="expected", target_rate=0.5),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_are_made_again(name):
    again = read(json.loads(json.dumps(written(PARTS[name]), allow_nan=False)))
    assert list(unequal(PARTS[name], again)) == []
    # and questions about them are the same questions
    assert describe(again) == describe(PARTS[name])


MADE_OF_CODE = {
    "Networked", "NetworkLogits", "PolicyNetwork", "WeightReading", "Policies", "CoupledPolicies", "SoftValues",
    "GreedyValues", "SharedPolicies", "PolicyOptimisation", "ValueDecomposition", "InOneRound",
}  # fmt: skip
"""Semantics that hold networks, which are functions, the base of these, and rules that hold critics."""


def test_every_rule_and_semantics_that_is_made_of_values_is_a_part():
    for module in pkgutil.walk_packages(ns.__path__, "nashscape."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ahead, found = [ns.learning.Rule, ns.semantics.Semantics], set()
    while ahead:
        below = ahead.pop().__subclasses__()
        ahead += below
        found |= {one.__name__ for one in below if one.__module__.startswith("nashscape.") and is_dataclass(one)}
    assert found - set(PARTS_BY_NAME) == MADE_OF_CODE


def test_of_a_game_of_functions_nothing_is_made_again():
    assert is_left_out(read(written(ns.games.cournot())))
    assert is_left_out(read(written(ns.parametric(ns.games.cournot()))))


def test_equilibria_of_three_unequal_players_and_of_fractions_keep_their_game(tmp_path):
    for name in ("three players", "fractions"):
        found = ns.equilibria(PARTS[name])
        again = ns.load(found.save(tmp_path / "found.json"))
        assert list(unequal(found, again)) == []
        assert (again.form.fractions == PARTS[name].fractions).all()
