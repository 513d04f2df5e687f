"""Semantics by name, and in files of one's own: a function of the game, a class, an object."""

from pathlib import Path

import pytest

import nashscape as ns
from nashscape import InputError, games
from nashscape.semantics.from_texts import SEMANTICS, semantics_from_text

HUNT = games.stag_hunt()
MINE = """from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import nashscape as ns

def readers(game, coupling=0.5):
    return ns.semantics.coupled(game.shape, coupling)

def learners(game, coupling=0.5):
    return ns.open_source(game, coupling)

@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Half(ns.semantics.Semantics):
    coupling: Any = 0.5
    sizes = (1, 1)

    @property
    def matrix(self):
        return np.array([[1.0, self.coupling], [self.coupling, 1.0]])

    def strategies(self, theta):
        first = jax.nn.sigmoid(theta + self.coupling * theta[::-1])
        return tuple(jnp.stack([p, 1 - p]) for p in first)

    def parameters(self, strategies):
        raise NotImplementedError

held = ns.semantics.coupled((2, 2), 0.5)

def nothing(game):
    return game.payoffs
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(MINE)


@pytest.mark.parametrize("name", [name for name, own in SEMANTICS.ours.items() if callable(own)])
def test_names_of_ours_make_players_of_a_game(name):
    game = games.iterated_prisoners_dilemma() if name == "policy_network" else HUNT
    made = semantics_from_text(name)(game)
    assert made.game is game
    assert made.semantics.strategy_shapes == game.strategy_shapes


@pytest.mark.parametrize("text", ["readers", "readers:coupling=0.5", "learners", "Half", "Half:coupling=0.5", "held"])
def test_a_file_may_have_a_function_of_the_game_a_class_or_a_semantics(text):
    made = semantics_from_text(f"mine.py:{text}")(HUNT)
    assert made.semantics.matrix.tolist() == ns.open_source(HUNT, 0.5).semantics.matrix.tolist()


REFUSED = {
    "unknown": ("open_sauce", "unknown semantics 'open_sauce'; did you mean 'open_source'"),
    "an option": ("weight_reading:strenght=2", "unknown option of weight_reading 'strenght'; did you mean 'strength'"),
    "an option of a function": ("mine.py:readers:copling=1", "unknown option of readers 'copling'; did you mean 'coup"),
    "an option of a class": ("mine.py:Half:copling=1", "unknown option of Half 'copling'; did you mean 'coupling'"),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_before_there_is_a_game(text, said):
    with pytest.raises(InputError, match=said):
        semantics_from_text(text)


def test_what_is_no_semantics_or_none_of_the_game_is_refused_where_it_comes_from():
    with pytest.raises(InputError, match=r"mine\.py:nothing: expected a semantics, or the game with one, got ndarray"):
        semantics_from_text("mine.py:nothing")(HUNT)
    with pytest.raises(InputError, match=r"mine\.py:held: the semantics gives strategies of shapes"):
        semantics_from_text("mine.py:held")(games.shapley())
    with pytest.raises(InputError, match=r"mine\.py:held is no function"):
        semantics_from_text("mine.py:held:coupling=1")(HUNT)
