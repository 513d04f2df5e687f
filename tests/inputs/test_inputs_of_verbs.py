"""Whatever a verb is given that it cannot use is told in one `InputError`, whichever verb and option it is.

For every verb of the table of options: every option with values that are none of its type, games that are none, rules
that are none. What follows from several values together is tested where the verb is.
"""

import math

import pytest

import nashscape as ns
from nashscape import dynamics, games, proofs, selection, theory
from nashscape.core.options import VERBS, taken

ROOMS = (selection, proofs, theory, dynamics)
HUNT = games.stag_hunt()
READ = ns.open_source(HUNT, 0.5)
START, SHORT = [0.4, 0.6], {"steps": 2}
CALLS = {
    "simulate": ((HUNT, ns.pg(), START), SHORT),
    "flow": ((HUNT, ns.pg(), START), {"time": 0.1}),
    "replicator": ((HUNT, START), {"time": 0.1}),
    "basin_map": ((HUNT, ns.pg()), {**SHORT, "grid": 3}),
    "flow_map": ((HUNT,), {"time": 0.1, "grid": 3}),
    "entry_probability": ((HUNT, ns.pg()), {**SHORT, "n": 2}),
    "audit_labels": ((HUNT, ns.pg()), {**SHORT, "n": 2}),
    "restarts": ((HUNT, ns.pg()), {**SHORT, "runs": 2, "budget": 1}),
    "sweep": ((HUNT, "peer", [0.0, 1.0]), {**SHORT, "grid": 3}),
    "steer": ((HUNT, "peer", "CC", 0.5), {**SHORT, "grid": 3}),
    "cheapest_combination": ((HUNT, {"peer": [0, 1]}, {"peer": 1}, "CC", 0.5), {**SHORT, "grid": 3}),
    "plan": ((HUNT, ns.meta_mapg(), "CC"), {"steps": 4, "n": 20, "runs": 2}),
    "explain": ((HUNT, ns.pg(), [0.5, 0.5], "CC"), SHORT),
    "corrected_steps_needed": ((HUNT, ns.pg(), [[0.8, 0.8]]), SHORT),
    "phase_diagram": ((HUNT, [0.0, 0.5]), {**SHORT, "n": 2}),
    "alignment": ((HUNT, ns.pg()), {"grid": 3}),
    "along": ((HUNT, ns.pg(), [0.1, 0.1], [0.9, 0.9]), {**SHORT, "scan": 3}),
    "separatrix": ((HUNT, ns.pg()), {**SHORT, "grid": 3}),
    "term_field": ((HUNT, ns.meta_mapg()), {"grid": 3}),
    "portrait": ((HUNT, ns.pg()), {**SHORT, "grid": 3}),
    "certify": ((HUNT, ns.pg(), "CC"), {"resolution": 0.5}),
    "certify_escape": ((HUNT, ns.pg(), "CC"), {"resolution": 0.5}),
    "certify_in_probability": ((HUNT, ns.pg(), "CC"), {"estimator": ns.sampled(64), "resolution": 0.5}),
    "program_equilibria": ((READ,), {}),
    "existence_report": ((READ,), {}),
    "boundary_test": ((READ, "CC"), {}),
    "boundary_tests": (([READ], "CC"), {}),
    "fixed_points": ((READ, ns.pg()), {}),
    "continuation": ((HUNT,), {}),
    "critical_box": ((READ, "CC"), {}),
    "coupling_threshold": ((HUNT,), {}),
    "threshold": ((HUNT,), {}),
    "equilibria": ((HUNT,), {}),
    "drift_constants": ((READ, ns.pg()), {}),
}
"""A call of every verb that is right, and that is never made: what is wrong takes the place of one of its arguments."""
ELSEWHERE = {"verify_certificate", "simulated_bound"}
"""These take what another verb made."""

NAN, INF = math.nan, math.inf
WRONG = {
    "int": [-1, 1.5, "x", NAN],
    "float": [NAN, "x", INF, [1, 2]],
    "str": [5],
    "Schedule": [-1.0, NAN, "x", [1], ns.schedules.handoff],
    "Starts": ["normal", 3, ns.starts.normal],
    "Rule": ["pg", ns.pg, 3, [], [ns.pg(), ns.pg()]],
    "Estimator": ["exact", 192, ns.exact, ns.sampled],
    "Box": ["8", 8.0, (1, 2), ns.box],
    "Optimiser": ["adam", 0.05, object()],
    "Settling": [5, "fast", ns.Settling],
    "Target": ["XX", 5, ["CC", "XX"], {"CC": 1}, [["C", "X"]], ""],
    "Reducer": ["welfare", ns.reducers.welfare, 3, [ns.reducers.welfare(), "x"]],
    "Callable": [True, 5, "print"],
    "bool": ["yes", 2],
    "int | bool": [-1, 1.5, "x", NAN],
    "tuple": ["x", 3, (0.1,), (NAN, 1.0)],
    "Policy": ["anew", 3],
    "Restarts": ["x", 3],
    "Dial": [3, "nonsense", []],
}
"""By the type in the table of options."""
NO_GAMES = ["stag_hunt", 3, games.stag_hunt, object()]
FREE = {("flow", "samples"), ("replicator", "samples"), ("certify", "target"), ("plan", "exponents")}
"""Options of several types, whose values are tested where they are looked at."""
UNITS = {"precision": ["nonsense", "float16"], "kind": ["nonsense"], "about": ["nonsense"], "coordinates": ["nonsense"]}
"""Texts of which there are only some; any other text is a name."""


def rows(verb):
    arguments, options = CALLS[verb]
    for value in NO_GAMES:
        yield f"game={value!r}", (value, *arguments[1:]), options
    if len(arguments) > 1 and hasattr(arguments[1], "name"):
        for value in WRONG["Rule"]:
            if not (isinstance(value, list) and len(value) == 2):
                yield f"rule={value!r}", (arguments[0], value, *arguments[2:]), options
    for name, row in taken(verb).items():
        for value in [*WRONG.get(row.type, []), *UNITS.get(name, [])]:
            if (verb, name) not in FREE:
                yield f"{name}={value!r}", arguments, {**options, name: value}


def told(verb, arguments, options):
    """What comes of the call: the message of an `InputError`, or None and what came instead."""
    function = next(getattr(room, verb) for room in ROOMS if hasattr(room, verb))
    try:
        return None, function(*arguments, **options)
    except ns.InputError as error:
        return str(error), None
    except Exception as error:
        return None, error


@pytest.mark.parametrize("verb", CALLS)
def test_what_cannot_be_used_is_told_in_one_error(verb):
    found = {label: told(verb, arguments, options) for label, arguments, options in rows(verb)}
    assert len(found) >= 8
    assert {label: instead for label, (message, instead) in found.items() if message is None} == {}
    for label, (message, _) in found.items():
        assert len(message) > 20, (label, message)
        assert "Traceback" not in message


def test_every_verb_is_there_and_the_table_is_long():
    assert set(CALLS) | ELSEWHERE == set(VERBS)
    assert sum(len(list(rows(verb))) for verb in CALLS) > 1200
