"""Measures by name: which verb they ask, with what, and the numbers that its result holds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, unknown
from nashscape.core.user_files import FILE, from_file
from nashscape.studies.files_named import located
from nashscape.studies.measuring import of_results, of_runs
from nashscape.studies.measuring.rows import Number, numbers_in

RUNS = ("entry_probability", "basin_map")


@dataclass(frozen=True)
class Kind:
    """A measure.

    Attributes:
        verbs: those whose results have it; the first one is asked where nothing else says which.
        numbers: of a result.
        reducers: what has to be computed along runs.
        usual: options of the verb that studies take unless they say otherwise, since results of studies may not hang
            on how fast they were made.
    """

    verbs: tuple[str, ...]
    numbers: Callable[[Any], Iterator[Number]]
    reducers: tuple[str, ...] = ()
    usual: Mapping[str, Any] = field(default_factory=dict)


CUT = MappingProxyType({"seconds": 1e6, "resolution": 1 / 32})
"""Of certificates: cells are cut as far as this, however long that takes, and no further."""

MEASURES: Mapping[str, Kind] = MappingProxyType({
    "outcomes": Kind((*RUNS, "flow_map"), of_runs.outcomes),
    "standing": Kind(RUNS, of_runs.standing),
    "first_hit": Kind(RUNS, of_runs.first_hit),
    "label_audit": Kind(RUNS, of_runs.label_audit),
    "welfare": Kind(RUNS, of_runs.welfare, ("payoffs:over=end",)),
    "fairness": Kind(RUNS, of_runs.fairness, ("payoffs:over=end",)),
    "reduced": Kind(RUNS, of_runs.reduced),
    "single_maps": Kind(("basin_map",), of_runs.single_maps),
    "restarts": Kind(("restarts",), of_results.restarts),
    "single_runs": Kind(("restarts",), of_results.single_runs),
    "update_noise": Kind(("update_noise",), of_results.update_noise),
    "alignment": Kind(("alignment",), of_results.alignment),
    "thresholds": Kind(("coupling_threshold", "threshold", "transverse_threshold"), of_results.thresholds),
    "certificates": Kind(("certify",), of_results.certificates, usual=CUT),
    "equilibria": Kind(("equilibria",), of_results.equilibria, usual={"seconds": 1e6}),
    "program_equilibria": Kind(("program_equilibria",), of_results.program_equilibria),
    "separatrix_distance": Kind(("separatrix_distance",), of_results.distances),
    "gain": Kind(("gain",), of_results.gain, ("payoffs:over=end",)),
    "predictors": Kind(("prediction",), of_results.predictors),
    "corrected_steps": Kind(("corrected_steps_needed",), of_results.corrected_steps),
    "steering": Kind(("steer",), of_results.steering),
    "peer_direction": Kind(("peer_direction",), of_results.peer_directions),
    "numbers": Kind((), numbers_in),
})  # fmt: skip
"""By name; "numbers" are those among the fields of any result."""


def kind_of(name: str) -> Kind:
    """A measure by its name, or by "mine.py:function" from a result to numbers by name.

    >>> kind_of("outcomes").verbs[0]
    'entry_probability'

    Raises:
        InputError: for an unknown name, with the nearest known ones.
    """
    if name in MEASURES:
        return MEASURES[name]
    if not FILE.fullmatch(name):
        raise unknown("measure", name, MEASURES)
    function = from_file(name)
    if not callable(function):
        raise InputError(f"{name} is no function from a result to numbers by name")
    return Kind((), lambda result: numbers_in(function(result)))


def verb_of(what: Sequence[str], verb: str = "", folder: str = "") -> str:
    """The one verb that all of these measures are taken from; files that they name are in a folder.

    Raises:
        InputError: where there is none.
    """
    kinds = {name: kind_of(located(name, folder)) for name in what}
    shared = common(tuple(kinds.values()))
    if verb:
        for name, kind in kinds.items():
            if kind.verbs and verb not in kind.verbs:
                raise InputError(f"{name} is measured by {' or '.join(kind.verbs)}, not by {verb}")
        return verb
    if not shared:
        said = "; ".join(f"{name}: {' or '.join(kind.verbs) or 'any verb'}" for name, kind in kinds.items())
        raise InputError(f"one block measures what one verb gives; name a verb, or make blocks of their own ({said})")
    return shared[0]


def common(kinds: Sequence[Kind]) -> tuple[str, ...]:
    """The verbs of which all of these can be taken."""
    known = [kind.verbs for kind in kinds if kind.verbs]
    return tuple(own for own in (known[0] if known else ()) if all(own in verbs for verbs in known))
