"""What a certificate speaks of, as plain data from which anybody can build the update map again."""

import dataclasses
from typing import Any

import numpy as np

from nashscape.core import plain
from nashscape.learning import Box, TermRule
from nashscape.semantics import Coupled, ParametricGame
from nashscape.theory.box_runs import coefficients_of


def problem_data(learners: ParametricGame, rule: TermRule, step_size: Any, clip: Box) -> dict[str, Any]:
    """Payoffs `[n, 2, …, 2]`, logits `K θ + c`, terms and schedules with their numbers, and the box."""
    game: Any = learners.game
    semantics, d = learners.semantics, learners.dimension
    linear = isinstance(semantics, Coupled)
    described: dict[str, Any] = plain({
        "actions": game.actions,
        "payoffs": np.asarray(game.payoffs, np.float64),
        "matrix": np.asarray(semantics.matrix, np.float64) if isinstance(semantics, Coupled) else np.eye(d),
        "bias": np.asarray(semantics.bias, np.float64) if isinstance(semantics, Coupled) else np.zeros(d),
        "coupled": linear,
        "inner_lr": float(rule.inner_lr),
        "coefficients": {name: schedule_data(own) for name, own in coefficients_of(rule).items()},
        "step_size": schedule_data(step_size),
        "box": {"low": float(clip.low), "high": float(clip.high), "escape": float(clip.escape)},
    })  # fmt: skip
    return described


def schedule_data(schedule: Any) -> dict[str, Any]:
    """A schedule's kind and numbers, such as `{"kind": "Constant", "value": 1.5}`."""
    numbers = {field.name: float(getattr(schedule, field.name)) for field in dataclasses.fields(schedule)}
    return {"kind": type(schedule).__name__, **numbers}
