"""What type checkers know of what verbs take and give: nothing here is ever run, all of it is checked by mypy.

One rule gives one result, a list of rules a mapping of results by name; and an option that a verb does not take, or one
of another type, is an error. Lines with `type: ignore` say so: where mypy sees no error in them it complains.
"""

from typing import Any, assert_type

import nashscape as ns
from nashscape.core import Result
from nashscape.dynamics import hosted as hosted_players
from nashscape.dynamics.label_audits import LabelAudit
from nashscape.learning.by_rule import ByRule
from nashscape.selection.alignments import Alignment
from nashscape.selection.edges.crossings import Line
from nashscape.selection.edges.separatrices import Separatrix
from nashscape.selection.entries import Entry
from nashscape.selection.maps.basin_maps import BasinMap
from nashscape.selection.maps.term_fields import TermField
from nashscape.selection.phases.phase_results import PhaseDiagram
from nashscape.selection.plans.handoffs import CorrectedSteps
from nashscape.selection.predictors import Predictor, predictor
from nashscape.selection.steering.combinations import Combination
from nashscape.selection.steering.steering_results import Steering
from nashscape.selection.sweeps import Sweep
from nashscape.selection.waiting.restart_results import Restarts
from nashscape.theory.continuous.results import PointEquilibria
from nashscape.theory.following.branches import Continuation
from nashscape.theory.nash.results import Equilibria
from nashscape.theory.thresholds import Threshold


def measured(game: ns.games.Game, one: ns.learning.Rule, several: list[ns.learning.Rule]) -> None:
    """Verbs that run many starts."""
    assert_type(ns.entry_probability(game, one, n=50, estimator=ns.sampled(batch=4), seed=1), Entry)
    assert_type(ns.entry_probability(game, several, starts=ns.starts.normal(std=1.0)), ByRule[Entry])
    assert_type(ns.basin_map(game, one, grid=21, projection=ns.box(8.0)), BasinMap)
    assert_type(ns.basin_map(game, [ns.pg(), ns.lola()]), ByRule[BasinMap])
    assert_type(ns.flow_map(game), BasinMap)
    assert_type(ns.flow_map(game, one, time=50.0), BasinMap)
    assert_type(ns.flow_map(game, several), ByRule[BasinMap])
    assert_type(ns.audit_labels(game, one, sample=8, n=50), LabelAudit)
    assert_type(ns.audit_labels(game, several), ByRule[LabelAudit])
    assert_type(ns.restarts(game, one, budget=4, step_size=0.1), Restarts)
    assert_type(ns.restarts(game, several, resume=ns.restarts(game, several)), ByRule[Restarts])
    assert_type(ns.corrected_steps_needed(game, one, ns.starts.normal(std=1.0)), CorrectedSteps)
    assert_type(ns.corrected_steps_needed(game, several, [[0.5, 0.5]], "CC"), ByRule[CorrectedSteps])


def steered(game: ns.games.Game, one: ns.learning.Rule, several: list[ns.learning.Rule]) -> None:
    """Verbs that turn a number, whose rule is usual where none is given."""
    assert_type(ns.sweep(game, "peer", [0, 1]), Sweep)
    assert_type(ns.sweep(game, "peer", [0, 1], rule=one, grid=21), Sweep)
    assert_type(ns.sweep(game, "peer", [0, 1], rule=several, outcome="CC"), ByRule[Sweep])
    assert_type(ns.steer(game), Steering)
    assert_type(ns.steer(game, "peer", "CC", 0.5, rule=one, tolerance=0.1), Steering)
    assert_type(ns.steer(game, "peer", rule=several), ByRule[Steering])
    assert_type(ns.cheapest_combination(game, {"peer": [1, 2]}, {"peer": 1.0}), Combination)
    assert_type(ns.cheapest_combination(game, {"peer": [1, 2]}, {"peer": 1.0}, rule=several), ByRule[Combination])
    assert_type(ns.phase_diagram(game, [0.0, 0.5], n=64, diagonal=None), PhaseDiagram)
    assert_type(ns.phase_diagram(game, [0.0, 0.5], rule=several), ByRule[PhaseDiagram])
    assert_type(ns.threshold(game, 0.0, 1.0, rule=one), Threshold)
    assert_type(ns.threshold(game, dial="peer", rule=several), ByRule[Threshold])
    assert_type(ns.theory.transverse_threshold(game, low=0.0), Threshold)
    assert_type(ns.theory.transverse_threshold(game, rule=several), ByRule[Threshold])
    assert_type(ns.theory.continuation(game, 0.1, 0.5, start=[0.5, 0.5]), Continuation)
    assert_type(ns.theory.continuation(game, rule=several), ByRule[Continuation])


def looked_at(game: ns.games.Game, one: ns.learning.Rule, several: list[ns.learning.Rule]) -> None:
    """Verbs that look closely: boundaries, terms, alignment."""
    assert_type(ns.selection.along(game, one, [0.1, 0.1], [0.9, 0.9], steps=100), Line)
    assert_type(ns.selection.along(game, several, [0.1, 0.1], [0.9, 0.9]), ByRule[Line])
    assert_type(ns.separatrix(game, one, "CC", grid=21), Separatrix)
    assert_type(ns.separatrix(game, several), ByRule[Separatrix])
    assert_type(ns.selection.term_field(game, one, step=3), TermField)
    assert_type(ns.selection.term_field(game, several), ByRule[TermField])
    assert_type(ns.alignment(game, one, "CC", at=ns.starts.normal(std=1.0)), Alignment)
    assert_type(ns.alignment(game, several), ByRule[Alignment])


def solved(game: ns.games.Game, points: ns.games.DifferentiableGame, one: ns.learning.Rule) -> None:
    """Equilibria, whose results differ by the game and by the concept."""
    assert_type(ns.equilibria(game, rule=one, most=2), Equilibria)
    assert_type(ns.equilibria(points), PointEquilibria)
    assert_type(ns.equilibria(game, concept="nash"), Equilibria)
    assert_type(ns.equilibria(game, concept="logit:precision=2"), Result)


def predicted(ours: Entry, theirs: Entry, early: ns.dynamics.Reducer) -> None:
    """Quantities of starts, one or several."""
    assert_type(predictor(ours, theirs, early.name), Predictor)
    assert_type(predictor(ours, theirs, [0.0, 1.0], among="missed"), Predictor)
    assert_type(predictor(ours, theirs, {"first": [0.0, 1.0]}), dict[str, Predictor])


def hosted(game: ns.games.Game, make: Any) -> None:
    """Players in plain Python, where a verb takes them."""
    players = hosted_players(make)
    assert_type(ns.entry_probability(game, players), Entry)
    assert_type(ns.restarts(game, [players, hosted_players(make)]), ByRule[Restarts])
    assert_type(ns.sweep(game, "steps", [10, 20], rule=players), Sweep)
    assert_type(ns.steer(game, "restarts", rule=players), Steering)


def refused(game: ns.games.Game, one: ns.learning.Rule) -> None:
    """What no verb takes."""
    ns.entry_probability(game, one, stepsize=0.1)  # type: ignore[call-overload]
    ns.entry_probability(game, one, seed="first")  # type: ignore[call-overload]
    ns.basin_map(game, one, n=400)  # type: ignore[call-overload]
    ns.flow_map(game, one, steps=140)  # type: ignore[call-overload]
    ns.separatrix(game, one, estimator=ns.sampled(batch=4))  # type: ignore[call-overload]
    ns.steer(game, "peer", rule=one, prices={})  # type: ignore[call-overload]
    ns.alignment(game, "pg")  # type: ignore[arg-type]
    ns.threshold(game, steps=100)  # type: ignore[call-overload]
