"""Options of the verbs that run learners: maps, entries, restarts, sweeps, steering, plans, single runs."""

from collections.abc import Iterable

from nashscape.core.options.rows import PROTOCOL, SHARED, Option

DRAWN = "Of random starts, as published, longer than of a grid."
PUBLISHED = "As in published restarts."
SEEN_WHOLE = "In double precision, since single runs are looked at closely."
ON_GRID = ("grid", "kind", "low", "high", "rollouts")
SEARCHED = SHARED["steps"].but(None, "Default: 140 on a grid, 260 from random starts.")
ANYWHERE = SHARED["starts"].but("uniform:low=-3,high=3", PUBLISHED)
DOUBLE = SHARED["precision"].but("float64", SEEN_WHOLE)


def without(rows: Iterable[str | Option], *left_out: str) -> tuple[str | Option, ...]:
    """The rows without some of the shared ones."""
    return tuple(row for row in rows if row not in left_out)


UNAUDITED = without(PROTOCOL, "audit")
"""Of verbs whose results keep no runs of every label."""
ENTERED = ("starts", "n", "targets", "threshold", "level", SHARED["steps"].but(260, DRAWN), "reducers")
SINGLE = ("targets", "threshold", "estimator", "projection", "settling", DOUBLE)
FLOW = (
    "time", "targets", "threshold", "samples", "rtol", "atol", "rest", "settling", DOUBLE, "max_steps",
)  # fmt: skip
STEERED = (
    "target", "at_least", SHARED["rule"].but(None, "Default: by parameter."), "about", "starts", "n", "grid", "region",
    "error", "most_trials", "threshold", "level", SEARCHED, *UNAUDITED,
)  # fmt: skip
EDGE = SHARED["steps"].but(1000, "Many, since the edge of a basin comes near its place as runs grow longer.")

MEASURING: dict[str, tuple[str | Option, ...]] = {
    "simulate": ("rule", "steps", "step_size", "seed", *SINGLE, "optimiser"),
    "flow": (*FLOW, "estimator", "projection", "optimiser"),
    "replicator": FLOW,
    "basin_map": (*ON_GRID, "targets", "threshold", "reducers", "steps", *PROTOCOL),
    "flow_map": (
        SHARED["grid"].but(101), *without(ON_GRID, "grid", "rollouts"), "time",
        Option("step", "float", None, "1/payoff", "Longest step of the solver. Default: by the range of payoffs."),
        "targets", "threshold", "reducers", DOUBLE, "projection", "settling", "chunk", "progress",
    ),
    "entry_probability": (*ENTERED, *PROTOCOL),
    "audit_labels": (
        *ENTERED, *UNAUDITED,
        Option("sample", "int", 32, "runs of every label",
               "Runs of every label that are continued; all of rare ones.", least=1),
    ),
    "restarts": (
        Option("budget", "int", 13, "starts", "Starts that a run may make.", least=1),
        Option("runs", "int", 100, "runs", "Independent runs.", least=1),
        ANYWHERE, "target", "threshold", "level",
        SHARED["steps"].but(120, f"After each start. {PUBLISHED}"), "at_step",
        Option("policy", "Policy", None, "",
               "What a run does after a start that failed: anew, perturbed:std=0.5, from_checkpoint:step=40. Default: "
               "anew."),
        Option("resume", "Restarts", None, "", "An earlier result to go on with."),
        *UNAUDITED,
    ),
    "sweep": (
        SHARED["rule"].but("meta_mapg"), SHARED["parameter"].but(None, "Default: by dial."),
        Option("outcome", "str", None, "", "Whose share. Default: the first target."),
        *ON_GRID, "starts", "n", "level", "targets", "threshold", "reducers", SEARCHED, *PROTOCOL,
    ),
    "steer": (
        Option("parameter", "Dial", "peer", "",
               "What is changed: peer, own, lookahead, inner_lr, coupling, noise, warm_up or restarts; or a parameter "
               "of the game as game:T, a subsidy or tax."),
        Option("low", "float", None, "of the number", "Low end of the range. Default: by parameter."),
        Option("high", "float", None, "of the number", "High end of the range. Default: by parameter."),
        Option("scan", "int", None, "values", "Values tried first. Default: 33, or 9 for chance."),
        Option("tolerance", "float", None, "of the number",
               "Widest bracket. Default: a millionth of the range, or a 64th for chance."),
        *without(STEERED, "starts"),
        SHARED["starts"].but("normal:std=1.35", "Of restarts uniform:low=-3,high=3, as there."),
        SEARCHED.but(None, "Of restarts 120 after each start, as there."),
    ),
    "cheapest_combination": STEERED,
    "plan": (
        Option("failure", "float", 0.05, "probability", "Probability of failing that is allowed."),
        Option("warm_up", "int", None, "updates", "Of the first phase. Default: as long as entering takes."),
        Option("then", "str", "handoff", "", "handoff or anneal."),
        Option("exponents", "tuple", (0.6, 0.7), "", "Of step size and correction, for anneal."),
        "target", ANYWHERE,
        SHARED["n"].but(1000, "Of the pilot and of the measurement, so that the budget is not for want of runs."),
        Option("runs", "int", 200, "runs", "Runs that follow the plan."),
        "threshold", SHARED["steps"].but(260, "After each start, both phases together."), *UNAUDITED,
    ),
    "explain": (
        "target",
        Option("towards", "Sequence", None, "", "Other end of the line of the margin. Default: by outcome."),
        Option("changes", "Any", None, "", "Numbers to change: names, paths, dials. Default: those that the rule has."),
        Option("highest", "float", 10.0, "coefficient", "Largest coefficient that is tried."),
        "threshold", SHARED["steps"].but(400, "Enough for the usual run to settle."),
        "step_size", "projection", "settling", "seed",
    ),
    "corrected_steps_needed": (
        "target",
        Option("then", "Rule", "pg", "", "Learning rule that goes on."),
        Option("handoffs", "Sequence", None, "updates", "When to hand over. Default: every update, or 21 if sampled."),
        "n", SHARED["rollouts"].but(None, "Default here: 100 if sampled."), "threshold", "level",
        SHARED["steps"].but(400, "Both rules together."), DOUBLE, *without(UNAUDITED, "precision"),
    ),
    "phase_diagram": (
        Option("dial", "Dial", None, "", "What varies in a game, or a pair. Default: the coupling of its players."),
        Option("values", "ArrayLike", None, "of the number", "Values of a second number. Default: none."),
        SHARED["parameter"].but(None, "Default: by dial."), "rule", "starts", "n",
        SHARED["grid"].but(None, "Of parameters, from -3 to 3, in place of random starts. Default: none."),
        Option("diagonal", "int", 21, "starts", "Starts between -3 and 3 where all parameters are alike."),
        SHARED["steps"].but(1000, "Many, since runs near a threshold are slow."),
        "targets", "threshold",
        Option("verdicts", "Callable", None, "", "What says whether corners are program equilibria. Default: none."),
        *UNAUDITED,
    ),
    "alignment": (
        "target", Option("at", "Starts", None, "", "Where to look. Default: a grid."),
        SHARED["grid"].but(21), "low", "high", "n", "step", "seed", "level", "step_size", DOUBLE,
    ),
    "along": (
        "target",
        Option("scan", "int", 129, "starts", "Starts tried first, both ends included."),
        Option("tolerance", "float", 1e-9, "share of the way", "Widest bracket."),
        "threshold", EDGE, DOUBLE, *without(UNAUDITED, "precision", "estimator"),
    ),
    "separatrix": (
        "target", SHARED["grid"].but(41, "Nodes, both ends included."), "low", "high",
        Option("tolerance", "float", 1e-6, "probability", "Widest bracket."),
        "threshold", EDGE, DOUBLE, *without(UNAUDITED, "precision", "estimator"),
    ),
    "term_field": (
        SHARED["grid"].but(15, "As many arrows."), SHARED["low"].but(0.0), SHARED["high"].but(1.0), "step",
        "step_size", DOUBLE,
    ),
    "portrait": (
        Option("starts", "Sequence", ((0.55, 0.6), (0.25, 0.35), (0.3, 0.85), (0.8, 0.4), (0.85, 0.75)), "probability",
               "Starts of the runs on the card: one near the middle, the others around it, none on the diagonal."),
        SHARED["grid"].but(41, "Of the basin map."),
        Option("arrows", "int", 12, "cells", "Cells per player of the field of arrows."),
        "low", "high", "steps", "targets", "step_size", "projection",
    ),
    "simulated_bound": (
        Option("target", "str", None, "", "The corner in question. Default: the first that is certified."), "n",
        Option("within", "tuple", None, "", "Part of the region. Default: what the bound is about."),
        "level", "seed", "progress",
    ),
}  # fmt: skip
"""Verb ↦ its options: names of shared ones, and its own."""
