"""Arms of runs that were played, checked before anything is computed of them: entries, moments, a target in common."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, unknown
from nashscape.dynamics.playing.behaviours import Behaviour, is_behaviour
from nashscape.dynamics.playing.curves import Curves, were_played


def arms_of(entries: Any) -> dict[str, Any]:
    """The entries by the names of the arms.

    Raises:
        InputError: for none, and for what was not played.
    """
    arms = dict(entries) if hasattr(entries, "items") else {getattr(entries, "rule", ""): entries}
    if not arms:
        raise InputError("there are no entries; give one, or several by name, such as {'ppo': entry}")
    for name, one in arms.items():
        if not were_played(one):
            raise InputError(
                f"learning curves are of what was seen in play, at several moments; {name or repr(one)} is "
                f"{'of a game that is computed' if hasattr(one, 'reduced') else 'no entry'}. Give what "
                "entry_probability makes of policies in an environment; runs of a game have reducers instead"
            )
        if not one.labels.size:
            raise InputError(f"{name} has no runs; it was interrupted before the first")
    return {str(name): one for name, one in arms.items()}


def moments_of(seen: Mapping[str, Curves]) -> npt.NDArray[np.int64]:
    """The moments that all arms have in common.

    Raises:
        InputError: where they are not the same.
    """
    told = {name: own.updates.tolist() for name, own in seen.items()}
    name, first = next(iter(told.items()))
    for other, own in told.items():
        if own != first:
            raise InputError(
                f"arms are looked at after the same numbers of updates; {name} was after {first}, {other} after {own}. "
                "Run them with the same steps and the same observing(moments=…)"
            )
    return np.asarray(first, np.int64)


def goal_of(arms: Mapping[str, Any], target: Any) -> Behaviour:
    """The target of that name, which is the same in all arms; a behaviour as it is.

    Raises:
        InputError: for a name that some arm does not have, or that means something else there.
    """
    if is_behaviour(target):
        given: Behaviour = target
        return given
    names = [own.name for own in fields(Behaviour)]
    found: list[Behaviour] = []
    for name, one in arms.items():
        known = {own["name"]: own for own in one.question.get("targets", ())}
        if target not in known:
            raise unknown(f"target of {name}", target, known)
        found.append(Behaviour(**{part: known[target][part] for part in names}))
    if len(set(found)) > 1:
        raise InputError(f"{target} has other bounds in other arms; give a behaviour(…) of which all are counted")
    return found[0]
