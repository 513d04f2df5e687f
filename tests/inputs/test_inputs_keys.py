"""Another question has another key, and the same question the same one, for every verb and option of the table.

For every verb there are small calls, and for every option another value of it. What may change the answer must change
the key in one of the calls; what only says how the answer is computed, or who is told of it, must do so in none.
"""

import inspect

import optax
import pytest

import nashscape as ns
from nashscape import dynamics, proofs, selection, theory
from nashscape.core.options import VERBS, taken
from nashscape.learning.dial import Dial

ROOMS = (selection, proofs, theory, dynamics)
HUNT = ns.games.stag_hunt()
READ = ns.open_source(HUNT, 0.5)
START = [0.4, 0.6]
SIZE = Dial("size", lambda case, value: case.but(step_size=value), 0.1, 0.9)
STAG = Dial("stag", lambda case, value: case.but(game=ns.parametric(ns.games.stag_hunt(R=value))), 4.0, 6.0)
READING = Dial("reading", lambda case, value: case.but(game=ns.open_source(HUNT, value)), 0.0, 1.0)
SHORT = {"steps": 2}


def corners(games, box):
    """What is said of corners: nothing for sure."""
    return {"CC": ["undecided"] * len(games)}


GRID = {**SHORT, "grid": 3}
FEW = {**SHORT, "n": 2}
DRAWN = {**SHORT, "starts": ns.starts.normal(std=1.0), "most_trials": 4}
NOISY = {**SHORT, "estimator": ns.sampled(4), "most_trials": 4}
FLOWING = {"time": 0.1, "samples": 2, "rtol": 1e-5, "atol": 1e-5}
CALLS = {
    "simulate": [((HUNT, ns.pg(), START), SHORT)],
    "flow": [((HUNT, ns.pg(), START), FLOWING)],
    "replicator": [((HUNT, START), FLOWING)],
    "basin_map": [((HUNT, ns.pg()), GRID), ((HUNT, ns.pg()), {**GRID, "estimator": ns.sampled(4)})],
    "flow_map": [((HUNT,), {"time": 0.1, "grid": 3})],
    "entry_probability": [((HUNT, ns.pg()), FEW)],
    "audit_labels": [((HUNT, ns.pg()), FEW)],
    "restarts": [((HUNT, ns.pg()), {**SHORT, "runs": 2, "budget": 2})],
    "sweep": [
        ((HUNT, "peer", [0.0, 1.0]), GRID), ((HUNT, "peer", [0.0]), FEW),
        ((HUNT, "peer", [0.0]), {**GRID, "estimator": ns.sampled(4)}),
    ],
    "steer": [
        ((HUNT, "peer", "CC", 0.5), {**GRID, "scan": 3, "tolerance": 1.0}),
        ((HUNT, "peer", "CC", 0.5), {**FEW, "scan": 3, "tolerance": 5.0}),
        ((HUNT, "peer", "CC", 0.5), {**NOISY, "scan": 3, "tolerance": 5.0}),
        ((HUNT, "peer", "CC", 0.5), {**DRAWN, "scan": 3, "tolerance": 5.0}),
        ((HUNT, "restarts", "CC", 0.5), {**FEW, "low": 1, "high": 3}),
    ],
    "cheapest_combination": [
        ((HUNT, {"peer": [0, 1]}, {"peer": 1}, "CC", 0.1), GRID),
        ((HUNT, {"peer": [0, 1]}, {"peer": 1}, "CC", 0.1), FEW),
        ((HUNT, {"peer": [0, 1]}, {"peer": 1}, "CC", 0.1), NOISY),
        ((HUNT, {"peer": [0, 1]}, {"peer": 1}, "CC", 0.1), DRAWN),
    ],
    "plan": [((HUNT, ns.meta_mapg(), "CC"), {"steps": 60, "n": 40, "runs": 4, "failure": 0.5, "warm_up": 20})],
    "explain": [
        ((HUNT, ns.pg(), [0.5, 0.4], "CC"), {"steps": 4, "changes": SIZE}),
        ((HUNT, ns.meta_mapg(), [0.5, 0.4], "CC"), {"steps": 4, "changes": "peer"}),
    ],
    "corrected_steps_needed": [
        ((HUNT, ns.meta_mapg(), ns.starts.normal(std=1.0)), {**FEW, "handoffs": [0, 1]}),
        ((HUNT, ns.meta_mapg(), [[0.8, 0.8]]), {**SHORT, "handoffs": [0], "rollouts": 1, "estimator": ns.sampled(4)}),
    ],
    "phase_diagram": [
        ((HUNT, [0.0, 0.5]), {**FEW, "diagonal": 3}), ((HUNT, [0.5]), {**SHORT, "grid": 2, "diagonal": 3}),
        ((HUNT, [0.5]), {**FEW, "diagonal": 3, "dial": ("coupling", "peer"), "values": [0.0, 1.0]}),
    ],
    "alignment": [((HUNT, ns.pg()), {"grid": 3}), ((HUNT, ns.pg()), {"at": ns.starts.normal(std=1.0), "n": 4})],
    "along": [((HUNT, ns.pg(), [0.1, 0.1], [0.9, 0.9]), {"steps": 40, "scan": 3, "tolerance": 0.1})],
    "separatrix": [((HUNT, ns.pg()), {"steps": 40, "grid": 3, "tolerance": 0.1})],
    "term_field": [((HUNT, ns.meta_mapg()), {"grid": 3})],
    "portrait": [((HUNT, ns.pg()), {**GRID, "arrows": 2, "starts": [[0.2, 0.3]]})],
    "certify": [((HUNT, ns.pg(), "CC"), {"resolution": 0.25})],
    "certify_escape": [((HUNT, ns.pg(), "CC"), {"resolution": 0.25})],
    "certify_in_probability": [((HUNT, ns.pg(), "CC"), {"estimator": ns.sampled(64), "resolution": 0.25})],
    "program_equilibria": [((READ,), {"starts": 2})],
    "existence_report": [((READ,), {})],
    "boundary_test": [((READ, "CC"), {"starts": 2})],
    "fixed_points": [((ns.pg(), READ), {"starts": 2})],
    "continuation": [
        ((HUNT,), {"starts": 2, "max_points": 3, "max_branches": 1, "switch": False, "high": 0.2}),
        ((HUNT,), {"starts": 2, "max_points": 3, "max_branches": 1, "switch": False, "dial": STAG, "rule": ns.pg()}),
    ],
    "coupling_threshold": [((HUNT,), {})],
    "threshold": [((HUNT,), {"dial": STAG}), ((HUNT,), {"dial": STAG, "rule": ns.meta_mapg()})],
    "equilibria": [((HUNT,), {})],
    "drift_constants": [((ns.lookahead(), ns.games.matching_pennies(), [0.0, 0.0]), {})],
}  # fmt: skip
ELSEWHERE = {"verify_certificate", "simulated_bound", "boundary_tests", "critical_box"}
"""They take what others made, or several of what another takes, or give numbers without a question."""
OTHER = {
    "rule": ns.lola(), "then": ns.lola(), "starts": ns.starts.uniform(-1.0, 1.0), "seed": 1, "n": 3, "grid": 4,
    "kind": "endpoints", "low": 0.07, "high": 0.93, "region": (0.1, 0.9), "rollouts": 3, "steps": 3, "step_size": 0.3,
    "step": 1, "optimiser": optax.adam(1.0), "estimator": ns.sampled(8), "projection": ns.box(5.0), "bound": 4.0,
    "target": "DD", "targets": ["CC"], "threshold": 0.9, "settling": dynamics.Settling(regret=0.5), "audit": 3,
    "at_step": True, "reducers": [ns.reducers.payoffs()], "level": 0.9, "error": 0.1, "most_trials": 3, "at_least": 0.4,
    "about": "distribution", "time": 0.2, "samples": 3, "rtol": 1e-7, "atol": 1e-7, "rest": 1e-3, "max_steps": 5000,
    "chunk": 1, "progress": lambda done, of: None, "seconds": 50.0, "resolution": 0.5, "coordinates": "parameters",
    "parameter": "other", "sample": 5, "budget": 3, "runs": 3, "tolerance": 1e-5, "scan": 5,
}  # fmt: skip
"""Another value of every option that verbs share."""
OWN = {
    "explain": {"changes": Dial("size", SIZE.turn, 0.1, 0.8), "towards": [0.9, 0.9], "highest": 5.0},
    "sweep": {"outcome": "DD"},
    "steer": {"parameter": "own", "low": 2.0, "high": 5.0, "tolerance": 2.5},
    "restarts": {"policy": selection.perturbed(0.5)},
    "plan": {"n": 50, "failure": 0.4, "warm_up": 30, "then": "anneal", "exponents": (0.7, 0.8), "steps": 50},
    "corrected_steps_needed": {"handoffs": [0, 2]},
    "phase_diagram": {"dial": READING, "values": [0.0, 2.0], "diagonal": 5, "verdicts": corners},
    "along": {"tolerance": 0.2},
    "separatrix": {"tolerance": 0.2},
    "portrait": {"starts": [[0.2, 0.4]], "arrows": 3},
    "alignment": {"at": ns.starts.normal(std=0.5)},
    "flow_map": {"step": 0.01},
    "certify": {"time_step": 0.1},
    "certify_escape": {"time_step": 0.1},
    "certify_in_probability": {"confidence": 0.9, "horizon": 20},
    "program_equilibria": {"epsilon": 1e-5, "starts": 3},
    "equilibria": {"method": "pure", "logit": "raw", "most": 1, "concept": "correlated"},
    "boundary_test": {"starts": 3},
    "fixed_points": {"starts": 3, "prove": True},
    "continuation": {
        "low": 0.05, "high": 0.3, "dial": Dial("stag", STAG.turn, 4.1, 6.0), "start": [0.66, 0.66],
        "theta": [0.1, 0.1], "at": 0.1, "step": 0.1,
        "starts": 3, "switch": True, "max_points": 4, "max_branches": 2,
    },
    "coupling_threshold": {"low": 0.1, "high": 1.5, "at": [0.3, 0.4]},
    "threshold": {"low": 4.5, "high": 5.5, "dial": Dial("stag", STAG.turn, 4.2, 6.0), "at": [0.3, 0.4], "samples": 9,
                  "degree": 3, "rule": ns.lola()},
    "drift_constants": {"share": 0.4},
}  # fmt: skip
"""Values of what verbs take on their own."""
QUIET = {"chunk", "progress"}
"""How it is computed, and who is told: the answer is the same."""
LIMITS = {"seconds"}
"""After which a search is cut short, which the status of the result says; the question stays the same."""
REFUSED = {("flow", "estimator"), ("flow", "optimiser"), ("certify", "estimator"), ("certify_escape", "estimator")}
"""Options of which any other value is refused."""
UNASKED = {("restarts", "resume")}
"""What was found before, on which the answer does not depend."""
CHEAP = ("boundary_test", "coupling_threshold", "equilibria")
"""Verbs that are looked at each time; all others take minutes together."""


def function(verb):
    return next(getattr(room, verb) for room in ROOMS if hasattr(room, verb))


def key_of(verb, arguments, options, **other):
    """The key of a call in which some arguments are others."""
    called = function(verb)
    asked = {**inspect.signature(called).bind(*arguments, **options).arguments}
    names = {"rule": "rules"} if "rules" in inspect.signature(called).parameters else {}
    changed = {names.get(name, name): value for name, value in other.items()}
    return called(**{**asked, **changed}).provenance.question.key


def another(verb, name):
    """Another value of an option than those of the calls."""
    if name == "precision":
        return "float32" if taken(verb)[name].default == "float64" else "float64"
    return OWN.get(verb, {}).get(name, OTHER.get(name))


def changes(verb):
    """Every option, and in which of the calls that take it another value changes the key."""
    usual = [key_of(verb, *one) for one in CALLS[verb]]
    assert None not in usual
    for name in taken(verb):
        if (verb, name) not in REFUSED | UNASKED:
            value, found = another(verb, name), []
            assert value is not None, f"give another {name} of {verb}"
            for (arguments, options), before in zip(CALLS[verb], usual, strict=True):
                try:
                    found.append(key_of(verb, arguments, options, **{name: value}) != before)
                except ns.InputError:  # an option of the other calls
                    continue
            yield name, found


@pytest.mark.parametrize("verb", [pytest.param(one, marks=[] if one in CHEAP else pytest.mark.long) for one in CALLS])
def test_another_question_has_another_key_and_the_same_question_the_same(verb):
    for name, found in changes(verb):
        if name in QUIET | LIMITS:
            assert not any(found), f"{verb}: {name} changes the key, and not the answer"
        else:
            assert any(found), f"{verb}: another {name} is another question, with the same key"


def test_every_verb_is_looked_at():
    assert set(CALLS) | ELSEWHERE == set(VERBS)


@pytest.mark.long
def test_what_is_varied_within_another_range_is_another_question():
    hunt = {"steps": 4, "step_size": 0.5}
    near, far = (
        ns.explain(HUNT, ns.pg(), [0.5, 0.4], "CC", changes=Dial("size", SIZE.turn, 0.1, high), **hunt)
        for high in (0.3, 0.8)
    )
    assert near.question.differs(far.question) == ("searched",)
    assert near.changes[0].searched == (0.1, 0.3)
