"""What a certificate speaks of, as plain data from which anybody can build the update map again."""

import dataclasses
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import plain
from nashscape.games import MarkovGame
from nashscape.learning import Box, TermRule
from nashscape.proofs.certification.box_runs import coefficients_of
from nashscape.proofs.certification.exact_games import exact_shares
from nashscape.semantics import Coupled, ParametricGame, Restricted


def problem_data(
    learners: ParametricGame, rule: TermRule, step_size: Any, clip: Box, time_step: float
) -> dict[str, Any]:
    """The game, how parameters become strategies, terms and schedules with their numbers, and the box."""
    game: Any = learners.game
    semantics: Any = learners.semantics
    d, flow = learners.dimension, step_size is None
    forms = getattr(semantics, "forms", None) or ("sigmoid",) * len(learners.sizes)
    matrix, bias = np.eye(d), np.zeros(d)
    if isinstance(semantics, Coupled):
        matrix, bias = np.asarray(semantics.matrix, np.float64), np.asarray(semantics.bias, np.float64)
    elif isinstance(semantics, Restricted):
        matrix, bias = semantics.matrix, np.asarray(semantics.origin, np.float64)
    described: dict[str, Any] = plain({
        "dynamics": "flow" if flow else "updates",
        "game": game_data(game),
        "actions": game.actions,
        "players": [{"actions": len(own), "form": form} for own, form in zip(game.actions, forms, strict=True)],
        "sizes": learners.sizes,
        "matrix": matrix,
        "bias": bias,
        "inner_lr": float(rule.inner_lr),
        "coefficients": {name: schedule_data(own) for name, own in coefficients_of(rule).items()},
        "step_size": None if flow else schedule_data(step_size),
        "time_step": time_step if flow else None,
        "box": {"low": float(clip.low), "high": float(clip.high), "escape": float(clip.escape)},
    })  # fmt: skip
    return described


def game_data(game: Any) -> dict[str, Any]:
    """Payoffs, and for a game over states its exact probabilities."""
    payoffs = np.asarray(game.payoffs, np.float64)
    if not isinstance(game, MarkovGame):
        return {"kind": "one-shot", "payoffs": payoffs}
    states = range(game.n_states)
    moves = game.transitions if game.successors is None else np.eye(game.n_states)[np.asarray(game.successors)]
    return {
        "kind": "markov",
        "payoffs": payoffs,
        "kernel": [[_written(exact_shares(row)) for row in state.reshape(-1, len(states))] for state in moves],
        "initial": _written(exact_shares(game.initial)),
        "discount": float(game.discount),
    }


def _written(shares: Sequence[Fraction]) -> list[float | str]:
    """Doubles where they are the numbers themselves, and ratios elsewhere."""
    return [float(x) if Fraction(float(x)) == x else f"{x.numerator}/{x.denominator}" for x in shares]


def schedule_data(schedule: Any) -> dict[str, Any]:
    """A schedule's kind and numbers, such as `{"kind": "Constant", "value": 1.5}`."""
    numbers = {field.name: float(getattr(schedule, field.name)) for field in dataclasses.fields(schedule)}
    return {"kind": type(schedule).__name__, **numbers}
