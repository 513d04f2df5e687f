"""What `nashscape phase` prints and writes."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from nashscape.cli import output

if TYPE_CHECKING:
    from nashscape.selection import PhaseDiagram
    from nashscape.selection.phase_forms import ClosedForms

NAMES = {"defection": "κ_D", "cooperation": "κ_C", "half": "κ_½", "global_threshold": "global"}
MOST_ROWS = 16


def canonical_games() -> list[str]:
    """The named games that are symmetric games of two players and two actions, as they are by default."""
    from nashscape.core import InputError
    from nashscape.games import NAMED
    from nashscape.theory import symmetric_thresholds

    found = []
    for name, make in NAMED.items():
        try:
            symmetric_thresholds(make())  # type: ignore[arg-type, unused-ignore]
        except InputError:
            continue
        found.append(name)
    return found


def data(found: "PhaseDiagram") -> dict[str, Any]:
    """A phase diagram as data."""
    return {
        "command": "phase",
        "game": found.game,
        "rule": found.rule,
        "parameter": found.parameter,
        "couplings": found.couplings,
        "values": found.values,
        "bounds": found.bounds,
        "outcomes": found.outcomes,
        "counts": found.counts,
        "diagonal": found.diagonal,
        "closed": None if found.closed is None else _closed(found.closed),
        "program_equilibrium": found.program_equilibrium,
        "status": output.status_data(found.status),
        "provenance": found.provenance,
    }


def _closed(closed: "ClosedForms") -> dict[str, Any]:
    return {
        "kinds": closed.kinds,
        **{name: closed.threshold(name) for name in NAMES},
        "leaving": closed.leaving,
        "regime": closed.regime,
        "transverse_at": closed.transverse_at,
        "transverse_rate": closed.transverse_rate,
    }


def canonical_data(found: "Mapping[str, PhaseDiagram]") -> dict[str, Any]:
    """Phase diagrams of several games as data."""
    return {"command": "phase", "canonical": {name: data(one) for name, one in found.items()}}


def print_one(found: "PhaseDiagram") -> None:
    """One phase diagram: a row per coupling, or the thresholds of some values."""
    screen = output.console()
    if found.values is None:
        names = _occurring(found)
        rows = [
            (f"{coupling:g}", *(f"{share:.4f}" for share in shares), *_regime(found, k))
            for k, (coupling, *shares) in enumerate(
                zip(found.couplings.tolist(), *(found.fraction(name) for name in names), strict=True)
            )
        ]
        screen.print(f"Share of {_runs(found)} starts per outcome, {_kept(found)}\n")
        columns = ("κ", *names, *(("on the diagonal",) if found.closed is not None else ()))
        output.show(screen, f"{found.rule} on {found.game}", columns, rows, left=("on the diagonal",))
        if found.closed is not None:
            screen.print(f"{found.closed.kinds[0]}: " + _in_words(found.closed))
    else:
        screen.print(repr(found) + f", {_kept(found)}")
        if found.closed is not None:
            _print_columns(screen, found, found.closed)
    _print_cost(screen, [found])


def _print_columns(screen: Any, found: "PhaseDiagram", closed: "ClosedForms") -> None:
    assert found.values is not None, "columns are those of values"
    some = np.unique(np.linspace(0, len(found.values) - 1, MOST_ROWS).round().astype(int))
    rows = [
        (f"{found.values[v]:g}", closed.kinds[v], *(_number(closed.threshold(name)[v]) for name in NAMES)) for v in some
    ]
    columns = (str(found.parameter), "kind", *NAMES.values())
    output.show(screen, f"Thresholds of κ in {found.game}", columns, rows, left=("kind",))


def print_canonical(found: "Mapping[str, PhaseDiagram]") -> None:
    """Thresholds of every game, and shares at every coupling."""
    screen = output.console()
    closed = {name: one.closed for name, one in found.items() if one.closed is not None}
    rows = [
        (name, one.kinds[0], *(_number(one.threshold(key)[0]) for key in NAMES), _number(one.leaving[0]))
        for name, one in closed.items()
    ]
    columns = ("game", "kind", *NAMES.values(), "p° repels from")
    output.show(screen, "Symmetric games of two players: thresholds of κ", columns, rows, left=("kind",))
    first = next(iter(found.values()))
    screen.print(f"Share of {_runs(first)} starts per outcome, by {first.rule}, {_kept(first)}\n")
    for name, one in found.items():
        names = _occurring(one)
        shares = [
            (f"{coupling:g}", *(f"{share:.3f}" for share in each))
            for coupling, *each in zip(one.couplings.tolist(), *(one.fraction(key) for key in names), strict=True)
        ]
        output.show(screen, name, ("κ", *names), shares)
    _print_cost(screen, list(found.values()))


def _occurring(found: "PhaseDiagram") -> list[str]:
    """The targets, then every other outcome in which some run ended."""
    others = [name for name in found.outcomes if name not in found.targets]
    return [*found.targets, *(name for name in others if np.nanmax(found.fraction(name), initial=0.0) > 0)]


def _regime(found: "PhaseDiagram", k: int) -> tuple[str, ...]:
    return () if found.closed is None else (str(found.closed.regime[k, 0]),)


def _in_words(closed: "ClosedForms") -> str:
    return ", ".join(f"{sign} {_number(closed.threshold(name)[0])}" for name, sign in NAMES.items())


def _number(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.4f}"


def _runs(found: "PhaseDiagram") -> int:
    return int(found.counts.sum(axis=-1).max())


def _kept(found: "PhaseDiagram") -> str:
    low, high = found.bounds
    return "no bounds" if math.isinf(high) else f"parameters in [{low:g}, {high:g}]"


def _print_cost(screen: Any, found: "Sequence[PhaseDiagram]") -> None:
    costs = [one.provenance for one in found]
    compiling, running = (sum(getattr(cost, name) for cost in costs) for name in ("compile_seconds", "run_seconds"))
    screen.print(f"{compiling:.1f} s to compile, {running:.1f} s to run.")
    for line in output.standing(found):
        screen.print(line)
