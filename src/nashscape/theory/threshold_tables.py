"""Thresholds as tables: brackets of what is measured, and the closed forms beside."""

from collections.abc import Mapping
from typing import Any

from nashscape.core import Bracket
from nashscape.core.tables import Table, one_by_one, standing
from nashscape.theory.symmetric import KINDS, SymmetricThresholds
from nashscape.theory.thresholds import Threshold

Corners = Mapping[str, Mapping[str, tuple[Bracket, ...]]]

MEANING = {
    "defection": ("κ_D", "above it full defection is not first-order stable"),
    "cooperation": ("κ_C", "above it full cooperation is first-order stable"),
    "half": ("κ_½", "above it the first step from ½ is towards cooperation"),
    "leaving_the_diagonal": ("left at", "there runs near the mixture of the diagonal begin, or cease, to leave it"),
    "global_threshold": ("global", "above it every start ends in cooperation, without bounds"),
}
NOT = {
    "defection": "not defined: see below",
    "cooperation": "not defined: see below",
    "half": "not defined: see below",
    "leaving_the_diagonal": "the diagonal has no stable mixture, or the same transverse sign along all of it",
    "global_threshold": "the conditions under which it is known do not hold",
}


@one_by_one
def threshold_table(found: Threshold) -> Table:
    """The brackets in which the sign changes and, where they are known, the closed forms.

    Args:
        found: a threshold, or several by rule.
    """
    where = ", ".join(f"{own.ravel()[0]:g}" for own in found.strategies)
    rows = [
        (f"{one.middle:.10g}", f"± {one.width / 2:.0e}", "grows above it" if one.rises else "falls above it")
        for one in found.brackets
    ]
    closed = found.closed
    return Table(
        f"{found.target} in {found.game}: where the first step from {where} turns, as brackets",
        (found.parameter, "", found.target),
        tuple(rows) or (("none", "", ""),),
        left=(found.target,),
        notes=(f"{'Complete' if found.complete else 'Perhaps others'}: {found.promise}.", *standing([found])),
        below=() if closed is None else (_closed_table(closed, found.corners),),
    )


def _closed_table(closed: SymmetricThresholds, corners: Corners) -> Table:
    every = closed.thresholds()
    rows = [
        (sign, _number(every[name]), NOT[name] if every[name] in (None, ()) else meaning)
        for name, (sign, meaning) in MEANING.items()
    ]
    rows += [
        (f"{letter} of ±{bound}", _number(found), "first-order threshold of that corner")
        for bound, each in corners.items()
        for letter, found in each.items()
    ]
    return Table(
        f"On the diagonal: {closed.kind}. {KINDS[closed.kind].capitalize()}.",
        ("", "coupling", "meaning"),
        tuple(rows),
        left=("meaning",),
        notes=tuple(f"not defined: {line}" for line in closed.degenerate),
    )


def _number(value: Any) -> str:
    """A number, brackets by their middles, or that there is none."""
    if value in (None, ()):
        return "none"
    return ", ".join(f"{one:.6g}" for one in ([value] if isinstance(value, float) else [one.middle for one in value]))
