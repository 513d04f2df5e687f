"""What strangers' plug-ins are refused for, before anything is compiled: shapes of directions, and probabilities."""

from dataclasses import dataclass, field
from typing import ClassVar

import jax
import jax.numpy as jnp
import pytest

import nashscape as ns
from nashscape.core import InputError
from nashscape.learning import Rule
from nashscape.semantics import Semantics, parametric

HUNT = ns.games.stag_hunt()


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Cut(Rule):
    """Policy gradient of which a part is given back."""

    part: str = field(metadata={"static": True})
    name: str = field(default="cut", metadata={"static": True})
    sources = ()

    def init(self, theta):
        return ()

    def update(self, oracle, state, step):
        base = oracle.terms().base
        return {"first": base[:1], "one": base[0], "column": base[:, None]}[self.part], state


RUNS = {
    "map": lambda rule: ns.basin_map(HUNT, rule, grid=3, steps=5),
    "entry": lambda rule: ns.entry_probability(HUNT, rule, n=3, steps=5, estimator=ns.sampled(8)),
    "run": lambda rule: ns.simulate(HUNT, rule, [0.4, 0.6], steps=5),
    "flow": lambda rule: ns.flow(HUNT, rule, [0.4, 0.6], time=1.0),
    "each": lambda rule: ns.simulate(HUNT, ns.learning.per_player([ns.pg(), rule]), [0.4, 0.6], steps=5),
}


@pytest.mark.parametrize(("part", "shape"), [("first", r"\(1,\)"), ("one", r"\(\)"), ("column", r"\(2, 1\)")])
def test_directions_of_another_shape_than_the_parameters_are_refused(part, shape):
    for run in RUNS.values() if part == "first" else [RUNS["run"]]:
        with pytest.raises(InputError, match=rf"rule cut gives a direction of shape {shape}.*every parameter.*\(2,\)"):
            run(Cut(part))


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Scaled(Semantics):
    """Sigmoids of which the second player's add up to another number."""

    scale: float
    shift: float
    sizes: ClassVar = (1, 1)

    def strategies(self, theta):
        p = jax.nn.sigmoid(theta)
        both = jnp.stack([p, 1 - p], axis=1)
        return both[0], self.scale * both[1] + self.shift * jnp.array([1.0, -1.0])

    def parameters(self, strategies):
        raise NotImplementedError


@pytest.mark.parametrize(
    ("scale", "shift", "said"), [(0.9, 0.0, "of sum 0.9:"), (1.0, 2.0, "of sum 1:"), (float("nan"), 0.0, "of sum nan")]
)
def test_strategies_that_are_no_probabilities_are_refused(scale, shift, said):
    with pytest.raises(InputError, match=f"strategies of player 2 must be probabilities.*{said}"):
        parametric(HUNT, Scaled(scale, shift))


def test_strategies_that_are_probabilities_are_played():
    learners = parametric(HUNT, Scaled(1.0, 0.0))
    assert learners.utilities(jnp.zeros(2)).tolist() == [2.25, 2.25]


def test_points_of_continuous_games_are_no_probabilities():
    @jax.tree_util.register_dataclass
    @dataclass(frozen=True)
    class Points(Scaled):
        domain = "points"

    assert parametric(HUNT, Points(0.9, 0.0)).semantics.scale == 0.9


SETTINGS = {"reads": 0.0}


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Leaning(Scaled):
    """The second player leans towards what the first one does, as far as a setting says."""

    def strategies(self, theta):
        return super().strategies(theta + SETTINGS["reads"] * jnp.stack([0.0 * theta[0], theta[0]]))


@dataclass(frozen=True)
class Unknown(Scaled):
    """One that JAX does not know."""


@pytest.mark.long
def test_who_reads_is_asked_again_once_a_setting_has_changed(monkeypatch):
    players = Leaning(1.0, 0.0)
    assert not players.reads_others
    monkeypatch.setitem(SETTINGS, "reads", 0.5)
    assert players.reads_others
    monkeypatch.setitem(SETTINGS, "reads", 0.0)
    assert not players.reads_others
    with pytest.raises(InputError, match="Unknown is not known to JAX"):
        _ = Unknown(1.0, 0.0).reads_others
