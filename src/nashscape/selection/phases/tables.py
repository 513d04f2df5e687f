"""Phase diagrams as tables: shares over the coupling, or thresholds over another number."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from nashscape.core.provenance import cost_of
from nashscape.core.tables import Table, one_by_one, standing, under
from nashscape.selection.phases.phase_forms import ClosedForms
from nashscape.selection.phases.phase_results import PhaseDiagram

NAMES = {"defection": "κ_D", "cooperation": "κ_C", "half": "κ_½", "global_threshold": "global"}
MOST_ROWS = 16
MOST_COLUMNS = 40
"""Characters that the columns of targets may take of a line of 80; of more all shares are words of one column."""
OTHERS, SHARES = "other outcomes", "outcomes"


@one_by_one
def phase_table(found: PhaseDiagram) -> Table:
    """A row per coupling; with a second number the thresholds at some of its values, where they are known."""
    if found.values is None:
        return _by_coupling(found)
    notes = _costs([found])
    if found.closed is None:
        return Table(f"{found!r}, {_kept(found)}", (), (), notes=notes)
    some = np.unique(np.linspace(0, len(found.values) - 1, MOST_ROWS).round().astype(int))
    closed = found.closed
    rows = [
        (f"{found.values[v]:g}", closed.kinds[v], *(_number(closed.threshold(name)[v]) for name in NAMES)) for v in some
    ]
    columns = (str(found.parameter), "kind", *NAMES.values())
    table = Table(f"Thresholds of κ in {found.game}", columns, tuple(rows), left=("kind",), notes=notes)
    return Table(f"{found!r}, {_kept(found)}", (), (), below=(table,))


def _by_coupling(found: PhaseDiagram) -> Table:
    columns, shares, closed = *_shares(found, 4), found.closed
    rows = [
        (f"{coupling:g}", *own, *(() if closed is None else (closed.regime[k, 0],)))
        for k, (coupling, own) in enumerate(zip(found.couplings.tolist(), shares, strict=True))
    ]
    words = [] if closed is None else [f"{closed.kinds[0]}: {_in_words(closed)}"]
    first = "κ" if found.first == "coupling" else found.first
    return Table(
        f"{found.rule} on {found.game}: share of {_runs(found)} starts per outcome, {_kept(found)}",
        (first, *columns, *(() if closed is None else ("on the diagonal",))),
        tuple(rows),
        left=(OTHERS, SHARES, "on the diagonal"),
        wrap=(OTHERS, SHARES),
        notes=(*words, *_costs([found])),
    )


def games_table(found: Mapping[str, PhaseDiagram]) -> Table:
    """Thresholds of several games side by side, and the shares of each at every coupling.

    Args:
        found: phase diagrams without a second number, by the names of their games.
    """
    closed = {name: one.closed for name, one in found.items() if one.closed is not None}
    rows = [
        (name, one.kinds[0], *(_number(one.threshold(key)[0]) for key in NAMES), _number(one.leaving[0]))
        for name, one in closed.items()
    ]
    columns = ("game", "kind", *NAMES.values(), "p° repels from")
    first = next(iter(found.values()))
    said = f"Share of {_runs(first)} starts per outcome, by {first.rule}, {_kept(first)}"
    head = Table("Symmetric games of two players: thresholds of κ", columns, tuple(rows), left=("kind",), notes=(said,))
    costs = Table("", (), (), notes=_costs(list(found.values())))
    return under([head, *(_of_game(name, one) for name, one in found.items()), costs])


def _of_game(title: str, found: PhaseDiagram) -> Table:
    columns, shares = _shares(found, 3)
    rows = tuple((f"{coupling:g}", *own) for coupling, own in zip(found.couplings.tolist(), shares, strict=True))
    return Table(title, ("κ", *columns), rows, left=(OTHERS, SHARES), wrap=(OTHERS, SHARES))


def _shares(found: PhaseDiagram, digits: int) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Columns, and their texts at every coupling: one per target, where these fit, and one for all other outcomes."""
    inside = sum(2 + max(len(name), digits + 2) for name in found.targets) <= MOST_COLUMNS
    apart = list(found.targets) if inside else []
    known = [name for name in dict.fromkeys([*found.targets, *found.outcomes]) if name not in apart]
    others = [name for name in known if np.nanmax(found.fraction(name), initial=0.0) > 0]
    numbers = {name: [f"{share:.{digits}f}" for share in found.fraction(name)] for name in [*apart, *others]}
    zero = f"{0.0:.{digits}f}"
    rows = []
    for k in range(len(found.couplings)):
        told = ", ".join(f"{name} {numbers[name][k]}" for name in others if numbers[name][k] != zero)
        rows.append((*(numbers[name][k] for name in apart), *([told or "–"] if others else [])))
    return (*apart, *([OTHERS if apart else SHARES] if others else [])), rows


def _in_words(closed: ClosedForms) -> str:
    return ", ".join(f"{sign} {_number(closed.threshold(name)[0])}" for name, sign in NAMES.items())


def _number(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.4f}"


def _runs(found: PhaseDiagram) -> int:
    return int(found.counts.sum(axis=-1).max())


def _kept(found: PhaseDiagram) -> str:
    low, high = found.bounds
    return "no bounds" if math.isinf(high) else f"parameters in [{low:g}, {high:g}]"


def _costs(found: Sequence[PhaseDiagram]) -> tuple[str, ...]:
    cost = cost_of(one.provenance for one in found)
    return (f"{cost['compile_seconds']:.1f} s to compile, {cost['run_seconds']:.1f} s to run.", *standing(found))
