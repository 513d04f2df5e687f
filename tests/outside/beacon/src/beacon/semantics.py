"""Hands that tremble: every action is taken now and then, whatever was meant."""

from dataclasses import dataclass, field
from typing import Any

import jax
import jax.numpy as jnp

import nashscape as ns


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Trembling(ns.semantics.Semantics):
    """In every row a softmax with probability `1 − tremble`, else any action alike.

    Attributes:
        shapes: of the strategies, `[rows, actions]` for every player.
        tremble: the probability.
    """

    shapes: tuple = field(metadata={"static": True})
    tremble: Any = 0.1

    normalised = True
    reads_others = False

    @property
    def sizes(self):
        return tuple(rows * actions for rows, actions in self.shapes)

    def strategies(self, theta):
        meant = [
            jax.nn.softmax(own.reshape(shape), axis=1)
            for own, shape in zip(self.split(theta), self.shapes, strict=True)
        ]
        return tuple((1 - self.tremble) * own + self.tremble / own.shape[1] for own in meant)

    def parameters(self, strategies):
        meant = [(jnp.asarray(own) - self.tremble / own.shape[1]) / (1 - self.tremble) for own in strategies]
        return jnp.concatenate([jnp.log(own).ravel() for own in meant])


def trembling(game, tremble=0.1):
    """The trembling hands of a game's players."""
    return Trembling(tuple(map(tuple, game.strategy_shapes)), tremble)
