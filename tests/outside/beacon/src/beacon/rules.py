"""A rule that remembers."""

from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

import nashscape as ns

POLYAK = ns.core.Source(
    "polyak",
    "Polyak: Some Methods of Speeding Up the Convergence of Iteration Methods. USSR Computational Mathematics and "
    "Mathematical Physics 4, 1–17, 1964.",
)


@dataclass(frozen=True)
class HeavyBall(ns.learning.Rule):
    """The gradient and a share of the last direction."""

    momentum: Any = 0.5
    name: str = "heavy_ball"

    sources: ClassVar = (POLYAK,)

    def init(self, theta):
        return jnp.zeros_like(theta)

    def update(self, oracle, state, step):
        direction = oracle.terms().base + self.momentum * state
        return direction, direction


# rules that differ in their names alone share a compiled program
jax.tree_util.register_dataclass(HeavyBall, ["momentum"], [], drop_fields=["name"])
