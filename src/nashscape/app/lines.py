"""What is drawn over a map: where updates push, the border of a basin, a run, and equilibria with their stability."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from nashscape.app.parts import Part
from nashscape.app.places import logits
from nashscape.app.players import changes, how_of, is_map, learners_of, players_in, rules_of
from nashscape.app.scenes import Scene
from nashscape.core import InputError, Outcome, label_names
from nashscape.dynamics import simulate, starts
from nashscape.selection import explain, separatrix, terms_at
from nashscape.semantics import parametric
from nashscape.theory import equilibria

ARROWS = 17
"""Places along each side at which the push is computed."""

MEANINGS = {names: one.meaning for one in Outcome if (names := label_names(()).get(int(one)))}
"""What the outcomes mean that are no targets, by their names."""

DECIDED = 400
"""Updates of the runs that a border is looked for with, at least."""

NODES = 33
"""Nodes along each side from which the border of a basin is looked for."""


def flat(scene: Scene) -> bool:
    """Whether there are two players with two actions, so that all fits on a square."""
    return is_map(scene) and players_in(scene) == 2


def field_of(scene: Scene) -> Part:
    """Where the first update of every rule pushes, `[side, side, 2]`: `q_i (1 − q_i) c_i` with `q_i = σ(θ_i)`.

    Told in units of the longest push of the rule, `longest`.

    Of players who read nobody q is the probability of the first action.
    """
    if not flat(scene):
        raise InputError("the push of updates is drawn for two players with two actions")
    learners, axis = parametric(learners_of(scene)), (np.arange(ARROWS) + 0.5) / ARROWS
    q = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    made, longest = {}, {}
    for rule in rules_of(scene):
        push = q * (1 - q) * np.asarray(terms_at(learners, rule, logits(q))["total"], np.float64)
        most = float(np.abs(push).max()) or 1.0
        made[rule.name] = (push / most).reshape(ARROWS, ARROWS, 2).round(6).tolist()
        longest[rule.name] = most
    return Part({"axis": axis.round(5).tolist(), "fields": made, "longest": longest})


def borders_of(scene: Scene) -> Part:
    """The border of the basin of the first target, for each rule: points joined to lines.

    It is looked for with exact updates, and at least `DECIDED` of them, since near it runs are slow.
    """
    if scene.coupling or not flat(scene):
        raise InputError("borders are drawn for two players with two actions who do not read each other")
    steps = max(scene.steps, DECIDED)
    found = separatrix(learners_of(scene), rules_of(scene), grid=NODES, steps=steps)
    lines = {name: [np.asarray(line).round(5).tolist() for line in one.lines] for name, one in found.items()}
    return Part({"target": next(iter(found.values())).target, "borders": lines, "steps": steps})


def run_of(scene: Scene) -> Part:
    """The run of each rule from the start that was chosen, as `σ(θ_i)` of every player, `[T + 1, n]`.

    Of players who read nobody these are the probabilities of first actions.
    """
    if scene.start is None or not is_map(scene):
        return Part({"runs": {}})
    begin = starts.parameters(logits([_start(scene)]))
    made = {}
    for rule in rules_of(scene):
        run = simulate(learners_of(scene), rule, begin, **how_of(scene))
        path = 1 / (1 + np.exp(-np.asarray(run.theta, np.float64)))
        made[rule.name] = {
            "path": path.round(4).tolist(), "outcome": run.outcome, "meaning": MEANINGS.get(run.outcome, ""),
            "hit": run.first_hit,
        }  # fmt: skip
    return Part({"runs": made})


def reasons_of(scene: Scene) -> Part:
    """Why the runs without noise from that start end where they end, in words."""
    if scene.start is None or not is_map(scene):
        return Part({"reasons": {}})
    learners = parametric(learners_of(scene))
    theta = jnp.asarray(logits(_start(scene)), jnp.float32)
    begin = [np.asarray(own, np.float64) for own in learners.strategies(theta)]
    found = {rule.name: explain(learners, rule, begin, steps=scene.steps).text for rule in rules_of(scene)}
    return Part({"reasons": found, "exact": not scene.batch})


def _start(scene: Scene) -> list[float]:
    start = list(scene.start or ())
    if len(start) != players_in(scene):
        raise InputError(f"the start has {len(start)} probabilities, and the game {players_in(scene)} players")
    return start


def equilibria_of(scene: Scene) -> Part:
    """All Nash equilibria of the game, and of two actions each whether they attract under every rule."""
    learners = learners_of(scene)
    game = getattr(learners, "game", learners)
    plain = not scene.coupling and is_map(scene)
    by_rule: Mapping[str, Any] = {rule.name: equilibria(game, rule=rule) for rule in rules_of(scene) if plain}
    found = next(iter(by_rule.values()), None) or equilibria(game)
    made = []
    for k, one in enumerate(found):
        stable = {name: verdict(own[k]) for name, own in by_rule.items()}
        strategies = [np.asarray(own, float).ravel().round(5).tolist() for own in one.strategies]
        made.append({
            "name": one.name, "strategies": strategies, "payoffs": np.asarray(one.payoffs, float).tolist(),
            "labels": [own for own in one.labels if " under " not in own], "stability": stable,
        })  # fmt: skip
    return Part({
        "equilibria": made, "complete": found.status.value, "coupled": bool(scene.coupling), "first": changes(scene),
    })  # fmt: skip


def verdict(one: Any) -> str:
    """Whether an equilibrium attracts runs of the rule that it was looked at with, in a word."""
    found = one.stability
    return "not determined" if found is None or found.verdict is None else str(found.verdict)
