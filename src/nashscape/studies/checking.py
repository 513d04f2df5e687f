"""What can be said of a study before anything is run: every name and every value, each fault with its place."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from nashscape.core import InputError, nearest, positive_integer, unknown
from nashscape.learning.keys import check_seed
from nashscape.studies.designs import right_blocks
from nashscape.studies.faults import MOST, Faults, Where, placed
from nashscape.studies.points import RESERVED, Points
from nashscape.studies.readied import Readied

if TYPE_CHECKING:
    from nashscape.studies.study import Study


def check_study(study: "Study") -> None:
    """Nothing for a study that can be run.

    Raises:
        StudyError: with all that is wrong.
    """
    faults = Faults()
    _check_fields(study, faults)
    faults.check()
    with faults.at("vary"):
        _ = study.points
    wrong = len(faults)
    with faults.at("measure"):
        _ = study.measures
    if len(faults) > wrong:  # what may be said hangs on what is measured
        faults.check()
    # by the blocks that are right it is told what else is wrong
    points = Points(tuple(right_blocks(study.vary))) if wrong else study.points
    for measure in study.measures:
        with faults.at("measure", measure.place, "where"):
            points.where(measure.where)
    if len(faults) > wrong:
        faults.check()
    readied = [Readied(own, study.fixed, points, study.folder) for own in study.measures] if wrong else study.readied
    for own in readied:
        with faults.at("measure", own.measure.place):
            own.check_options()
    for name in (*study.fixed, *points.names):
        with faults.at(*_place(study, name)):
            _check_name(name, readied, name in study.fixed and name in points.names)
    _check_values(study, readied, faults)
    faults.check()
    _check_different(study, readied, faults)
    faults.check()


ON_GRID = ("grid", "low", "high", "kind", "rollouts")
"""Settings of maps alone."""


def _check_fields(study: "Study", faults: Faults) -> None:
    with faults.at("name"):
        if not isinstance(study.name, str) or not study.name.replace("-", "").replace("_", "").isalnum():
            raise InputError(f"the name of a study is of letters, digits and hyphens; got {study.name!r}")
    with faults.at("about"):
        if not isinstance(study.about, str):
            raise InputError(f"what a study is about is said in a text; got {study.about!r}")
    with faults.at("seed"):
        check_seed(study.seed)
    with faults.at("replicates"):
        positive_integer(study.replicates, "replicates")
    with faults.at("fixed"):
        if not isinstance(study.fixed, Mapping):
            raise InputError(f"what is fixed is a table of names and values; got {study.fixed!r}")


def _check_name(name: str, readied: Sequence[Readied], twice: bool) -> None:
    """Whether a name is that of something which something measured takes."""
    if name == "seed":
        raise InputError("the seed is the study's own; say seed = 7 there, and replicates = 5 for more of them")
    if twice:
        raise InputError(f"{name} is fixed, and it varies; take it out of one of them")
    if any(own.known(name) and own.concerns(name) for own in readied):
        return
    known = list(dict.fromkeys(other for own in readied for other in own.names()))
    if not any(own.known(name) for own in readied):
        raise unknown("setting", name, known)
    verbs = ", ".join(own.measure.verb for own in readied)
    if name in ON_GRID:
        raise InputError(f"{name} is of maps, and with n or starts runs are random ones: leave one of them out")
    raise InputError(
        f"nothing that is measured takes {name}: {verbs} {'do' if ',' in verbs else 'does'} not{nearest(name, known)}"
    )


def _check_values(study: "Study", readied: Sequence[Readied], faults: Faults) -> None:
    """Every value of every setting; and the first and the last point as a whole, where all values can be."""
    for own in readied:
        for k, point in enumerate(own.points.every_value()):
            with faults.by(partial(_below, study, own, k)):
                own.check(point)
            if len(faults) > MOST:
                break
    faults.check()
    for own in readied:
        for k in {0, len(own.points) - 1}:
            with faults.by(partial(_below, study, own, None)):
                own.check_call(own.points[k], study.seed)


def _check_different(study: "Study", readied: Sequence[Readied], faults: Faults) -> None:
    """No two values that tables tell apart may ask the same: there is one answer, and it would stand at one of them."""
    for own in readied:
        corner = own.points[0]
        for block in own.points.blocks:
            texts = [name for name in block.values if study.varied[name] == "text"]
            seen: dict[str, dict[str, str]] = {}
            for k in range(len(block) if texts else 0):
                point = {**corner, **{name: values[k] for name, values in block.values.items()}}
                said = {name: cell for name, cell in study.cells(point).items() if name in block.values}
                first = seen.setdefault(own.key(point, study.seed), said)
                if unlike := [name for name in said if said[name] != first[name]]:
                    with faults.by(partial(_below, study, own, k)), placed(unlike[0]):
                        raise InputError(
                            f"{first[unlike[0]]!r} and {said[unlike[0]]!r} are the same question, and have one answer; "
                            "leave one of them out"
                        )


def _below(study: "Study", readied: Readied, k: int | None, below: Where) -> Where:
    """The place of a setting of a measure, with the number of its value where it varies over a list."""
    name, *rest = below or ("",)
    if not below or name in readied.measure.options:
        return ("measure", readied.measure.place, *below)
    return (*_place(study, str(name), k), *rest)


def _place(study: "Study", name: str, k: int | None = None) -> Where:
    """Where a setting is said, or would be."""
    for b, block in enumerate(study.vary if isinstance(study.vary, Sequence) else ()):
        if isinstance(block, Mapping) and name in block and name not in RESERVED:
            values = block[name]
            number = (min(k, len(values) - 1),) if isinstance(values, list | tuple) and k is not None else ()
            return ("vary", b, name, *number)
    return ("fixed", name)
