"""Program equilibria as tables: what was found, what exists, and what can be gained."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from nashscape.core.tables import Table, one_by_one, standing
from nashscape.theory.programs.boundary import BoundaryTest
from nashscape.theory.programs.existence import ExistenceReport
from nashscape.theory.programs.finding import ProgramEquilibria, ProgramEquilibrium


@one_by_one
def program_table(found: ProgramEquilibria) -> Table:
    """Every equilibrium and every point that is none, with the largest gain of any player."""
    return Table(
        f"{found.game}{_coupling(found)}, parameters in [-{found.bound:g}, {found.bound:g}]",
        ("profile", "parameters", "strategies", "payoffs", "equilibrium", "largest gain", "ascent"),
        tuple(map(_row, (*found.equilibria, *found.rejected))),
        notes=(*_said(found), *standing([found])),
    )


@one_by_one
def existence_table(found: ExistenceReport) -> Table:
    """Whether utilities are quasi-concave, and the mixtures from which next to nothing can be gained."""
    notes = []
    if found.mixed is None:
        notes.append("In mixed parameters an equilibrium exists; it is computed for two players only.")
    else:
        both = zip(found.players, found.mixed.parameters, found.mixed.weights, strict=True)
        for own, parameters, weights in both:
            mixture = ", ".join(f"{t:.4f} ({w:.3f})" for t, w in zip(parameters, weights, strict=True))
            notes.append(f"{own.player} mixes parameters {mixture}.")
        epsilon = found.mixed.epsilon
        notes.append(f"Against these mixtures nobody gains more than {epsilon:.2e} by any parameter (proved).")
    return Table(
        f"{found.game}{_coupling(found)}: utility quasi-concave in the own parameter",
        ("player", "quasi-concave"),
        tuple((own.player, own.verdict) for own in found.players),
        notes=(*notes, *standing([found])),
    )


@one_by_one
def boundary_table(found: BoundaryTest) -> Table:
    """What every player can gain by another parameter."""
    rows = [(own.player, own.verdict, _gain(own.gain), _numbers(own.deviation), own.method) for own in found.players]
    where = found.corner or _numbers(found.theta)
    return Table(
        f"{where} of {found.game}{_coupling(found)}: a program equilibrium on [-{found.bound:g}, {found.bound:g}]? "
        f"{found.verdict}",
        ("player", "nobody gains", "largest gain", "at", "how it was looked for"),
        tuple(rows),
        left=("how it was looked for",),
        notes=standing([found]),
    )


def _said(found: ProgramEquilibria) -> Iterator[str]:
    """Whether there is an equilibrium at all, what nearly is one, and what may be missing."""
    if found.rejected and not found.equilibria:
        open_ones = any(one.verdict != "no" for one in found.rejected)
        near = [one for one in found.rejected if one.verdict == "no" and one.gain[1] <= found.epsilon]
        nearly = ", ".join(f"{one.name or _numbers(one.theta)} nearly (gain {one.gain[1]:.1e})" for one in near)
        none = f"None of these is {'known to be ' if open_ones else ''}an equilibrium"
        yield f"{none}; {nearly}." if near else f"{none}."
    if any(one.verdict == "within ε" for one in found.equilibria):
        yield f"Within ε: nobody gains more than {found.epsilon:.1e}, which is next to nothing."
    yield "The list of corners is complete; of other points there may be more than those found."


def _row(one: ProgramEquilibrium) -> tuple[str, ...]:
    return (
        one.name or one.kind,
        _numbers(one.theta),
        _numbers(own.ravel()[0] for own in one.strategies),
        _numbers(one.utilities),
        one.verdict,
        _gain(one.gain),
        "attracts" if one.attracting else "leaves",
    )


def _gain(gain: tuple[float, float]) -> str:
    low, high = gain
    return f"{low:.4g}" if low > 0 else "0" if high <= 0 else "–" if math.isinf(high) else f"≤ {high:.1e}"


def _numbers(values: Iterable[float]) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


def _coupling(found: Any) -> str:
    """The coupling of players who all read each other alike, as the question has it."""
    game = found.question.get("game")
    matrix = game.get("semantics", {}).get("matrix") if isinstance(game, dict) else None
    if matrix is None:
        return ""
    apart = np.asarray(matrix)[~np.eye(len(matrix), dtype=bool)]
    return f", κ = {apart[0]:g}" if apart.size and (apart == apart[0]).all() else ""
