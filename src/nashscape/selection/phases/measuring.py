"""Phase diagrams: how learning ends over a coupling and a payoff."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack, overload

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, citations, positive_integer, record, target_code
from nashscape.core.calls import given, verb
from nashscape.core.interrupts import beside, until_stopped
from nashscape.core.options.rows import NO_AUDIT, PROTOCOL
from nashscape.core.provenance import cost_of
from nashscape.core.sizes import check_size
from nashscape.dynamics import Cost, Progress, Setup, Starts
from nashscape.dynamics.case import Case, case_of
from nashscape.dynamics.cell_batches import Block, run_cells
from nashscape.dynamics.cells import Cells, stacked
from nashscape.dynamics.endings.settling import Settling
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.room import bytes_of_run
from nashscape.dynamics.scales import scale_notes
from nashscape.dynamics.setup import sources_of
from nashscape.dynamics.starts import MOST_CELLS
from nashscape.dynamics.targets import THRESHOLD
from nashscape.dynamics.usual_targets import choose_targets
from nashscape.learning import Box, Estimator, Rule, Schedule
from nashscape.learning.by_rule import ByRule, usual_or_many
from nashscape.selection.edges.diagonals import OnDiagonal, on_diagonal, stays
from nashscape.selection.option_types import PhaseOptions
from nashscape.selection.phases.phase_families import Family, Watched, centres, digest, family_of, starting, starts_of
from nashscape.selection.phases.phase_results import Counts, PhaseDiagram, status_of_counts
from nashscape.semantics import ParametricGame

Verdicts = Callable[[Sequence[ParametricGame], Any], Mapping[str, Sequence[str]]]
"""From games and the projection to a verdict per game ("yes", "no", "undecided") for every corner by name."""


@overload
def phase_diagram(
    family: Any, couplings: npt.ArrayLike, *, rule: Rule | None = None, **options: Unpack[PhaseOptions]
) -> PhaseDiagram: ...
@overload
def phase_diagram(
    family: Any, couplings: npt.ArrayLike, *, rule: Sequence[Rule], **options: Unpack[PhaseOptions]
) -> ByRule[PhaseDiagram]: ...
@verb(**NO_AUDIT)
def phase_diagram(
    family: Any,
    couplings: npt.ArrayLike,
    *,
    dial: Any = None,
    values: npt.ArrayLike | None = None,
    parameter: str | None = None,
    rule: Rule | Sequence[Rule] | None = None,
    starts: Starts | None = None,
    n: int | None = None,
    grid: int | None = None,
    diagonal: int | None = 21,
    steps: int = 1000,
    targets: Any = None,
    threshold: float = THRESHOLD,
    verdicts: Verdicts | None = None,
    estimator: Estimator | None = None,
    step_size: float | Schedule | None = None,
    optimiser: Any = None,
    projection: Box | None = None,
    settling: Settling | Observing | None = None,
    seed: int = 0,
    precision: str = "float32",
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Any:
    """Measure how runs end in every game of a family, over a coupling or another number and, if wanted, a second one.

    The games and rules differ in numbers alone and share one compiled program, two with runs along the diagonal. All
    cells have the same starts. What is measured is the rule's discrete updates on the box that is given, or without
    one.

    Args:
        family: a game, with or without semantics, in which one dial or two are turned; or a function from a coupling,
            or a coupling and a value, to a game with a semantics, such as
            `lambda kappa, T: open_source(games.prisoners_dilemma(T=T), kappa)`.
        couplings: `[C]`, or values of another first dial.
        dial: what varies in a game or its rule: see `sweep`; a pair of dials where there are `values`, such as
            `("coupling", "peer")`. By default "coupling".
        values: of the second number, `[V]`.
        parameter: its name, for tables and figures; by default that of its dial, or "value".
        rule: how the players learn, or a list of rules; by default the usual one of the dials, else policy gradient.
        starts: where runs start; by default `starts.normal(std=1.35)` of the parameters. Strategies need not have
            parameters at every coupling: at κ = 1 two players have the same logit.
        n: number of starts drawn; by default 400, or every one of given points.
        grid: in place of `starts`, the centres of so many cells per parameter between −3 and 3. One in `grid` of them
            lies on the diagonal, for two players with one parameter each.
        diagonal: how many starts between −3 and 3 on the line where all players have the same parameters (for
            softmaxes, the same first logit) are run along the diagonal; None for none. By default 21.
        steps: updates of each run; by default 1000.
        targets: profiles to look for; by default all pure profiles of small games, else the first game's strict pure
            equilibria.
        threshold: probability of the target's actions that counts as reached; by default 0.82.
        verdicts: what says of many games at once whether corners are program equilibria: from games and the
            projection to `{"CC": ["yes", …]}`, such as
            `lambda games, box: {"CC": boundary_tests(games, "CC", bound=box.high).verdicts}`; not asked where the
            measuring was interrupted.
        estimator: where directions come from: `exact()` (default), or `sampled(batch)`.
        step_size: of every update, a number or a schedule; by default `0.9/(t+10)^0.24`.
        optimiser: what stands between directions and steps, such as `optax.adam(0.05)`; the step size is then 1 unless
            given. By default none.
        projection: where parameters may be; by default `box(8.0)`.
        settling: when a run counts as settled; by default `Settling()`.
        seed: of everything random; by default 0.
        precision: "float32" (default) or "float64"; raised where payoffs would not survive rounding, which notes say.
        chunk: is for one game with many starts, and refused here.
        progress: called with (cells done, cells in all).

    Returns:
        A `PhaseDiagram`; for a list of rules `ByRule`, a mapping from their names.

    Raises:
        InputError: for input that does not fit, and games of different structure, before anything is compiled.

    Example:
        >>> from nashscape import games, starts, unbounded
        >>> found = phase_diagram(
        ...     games.donation(benefit=3, cost=1), couplings=[0.0, 0.5, 0.7], starts=starts.normal(std=1.0), n=128,
        ...     projection=unbounded(), step_size=0.3, steps=2000,
        ... )
        >>> found.fraction("CC").tolist(), found.fraction("CD", "DC").tolist(), found.fraction("DD").tolist()
        ([0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0])
        >>> found.closed.regime[:, 0].tolist(), found.closed.threshold("global_threshold").round(4).tolist()
        (['defection', 'cooperation', 'cooperation'], [0.5774])

    Source: arXiv 2606.27068 for couplings and their thresholds.
    """
    options = given(locals(), PROTOCOL)
    if verdicts is not None and not callable(verdicts):
        raise InputError(f"verdicts is a function of games and the projection; got {verdicts!r}")
    if options.get("chunk") is not None:
        raise InputError("chunk is for one game with many starts; a phase diagram has many games: leave it out")
    own = {"targets": targets, "threshold": threshold, "steps": steps}

    def run(learned: Rule | None) -> PhaseDiagram:
        made = family_of(family, dial, couplings, values, learned, parameter)
        game = made.game(0)
        where, count = starting(game, starts, n, grid)
        goals = choose_targets(game, targets, threshold)
        case = case_of(game, made.member(0).rule, options, **{**own, "starts": where, "targets": goals})
        check_size("runs of a cell", count, bytes_of_run(case), lambda most: f"n = {most:,} fits")
        kept = 8 * (target_code(len(goals)) + sum(np.size(leaf) for leaf in jax.tree.leaves(case.setup)))
        check_size(
            "cells", made.count, kept, lambda most: f"{math.isqrt(most)} × {math.isqrt(most)} cells fit",
            most=MOST_CELLS,
        )  # fmt: skip
        return _measured(made, case, count, diagonal, verdicts)

    return usual_or_many(rule, run)


def _measured(family: Family, asked: Case, count: int, diagonal: int | None, verdicts: Verdicts | None) -> PhaseDiagram:
    assert asked.starts is not None, "chosen when the question is asked"
    setup, goals, where = asked.setup, asked.goals, asked.starts
    watched = Watched(family)
    cells = beside(lambda: stacked(watched.played(), family.count, setup, asked.precision))
    line = _line(diagonal) if watched.alike and stays(setup) else None
    span: dict[str, Any] = {"steps": asked.steps, "settling": asked.settling, "seed": asked.seed}
    runs = [run_cells(cells, starts_of(where, family, count, asked.seed), count, goals, **span)]
    if line is not None:
        runs.append(run_cells(_tied(cells, setup), on_diagonal(asked.game, line), len(line), goals, **span))
    counts, cost = _counted(runs, family, len(goals), asked.progress)
    status = status_of_counts(counts[0])
    told: dict[str, Any] = {
        "couplings": family.couplings,
        "values": family.values,
        "games": digest(cells),
        "diagonal": line,
    }
    if family.dials:
        told["dials"] = family.dials
    if verdicts is not None:  # what is said of corners is part of the answer
        told["verdicts"] = verdicts
    return PhaseDiagram(
        game=asked.game.name,
        rule=asked.rule.name,
        first=family.first,
        parameter=None if family.values is None else family.parameter,
        couplings=family.couplings,
        values=family.values,
        targets=tuple(goal.name for goal in goals),
        counts=counts[0],
        diagonal=counts[1] if line is not None else None,
        bounds=_bounds(setup.projection),
        closed=watched.closed(),
        program_equilibrium=_judged(None if status is Status.INTERRUPTED else verdicts, family, setup.projection),
        status=status,
        provenance=record(
            "phase diagram",
            {**asked.parts, **told, "parameter": family.parameter, "runs": count},
            seed=asked.seed,
            precision=cells.precision,
            notes=(*cells.notes, *scale_notes(setup, asked.steps)),
            devices=cost.devices,
            sources=dict.fromkeys([citations.OPEN_SOURCE, *sources_of(setup)]),
            **cost_of([cost]),
            form=cost.form,
        ),
    )


def _line(diagonal: int | None) -> npt.NDArray[np.float64] | None:
    return None if diagonal is None else centres(positive_integer(diagonal, "diagonal", at_least=2))


def _tied(cells: Cells, setup: Setup) -> Cells:
    return cells.with_projection(OnDiagonal(setup.projection, len(setup.game.sizes)))


def _counted(
    runs: Sequence[Iterator[Block]], family: Family, targets: int, progress: Progress | None
) -> tuple[list[Counts], Cost]:
    """Counts by outcome code, `[cells…, codes]`, one array per kind of runs, and what they took together.

    Interrupted, cells that were not reached have none.
    """
    codes = target_code(targets)
    counts = [np.zeros((family.count, codes), np.int32) for _ in runs]
    costs: list[Cost] = []
    began = time.perf_counter()
    with until_stopped(lambda: not costs):
        for blocks in zip(*runs, strict=True):
            for own, block in zip(counts, blocks, strict=True):
                own[block.cells] = (block.codes[:, :, None] == np.arange(codes, dtype=np.int8)).sum(axis=1)
                costs.append(block.cost)
            if progress is not None:
                progress(blocks[0].cells.stop, family.count)
    cost = replace(costs[0], **cost_of(costs))
    # by the clock: what comes between the blocks counts
    cost = replace(cost, run_seconds=time.perf_counter() - began - cost.compile_seconds)
    return [own.reshape(*family.shape, codes) for own in counts], cost


def _bounds(projection: Any) -> tuple[float, float]:
    low, high = (np.asarray(getattr(projection, end, np.nan), dtype=np.float64) for end in ("low", "high"))
    return float(low.min()), float(high.max())


def _judged(verdicts: Verdicts | None, family: Family, projection: Any) -> dict[str, npt.NDArray[np.str_]]:
    """For every corner the verdict of each cell, `[cells…]`; the games of one coupling are judged together."""
    if verdicts is None:
        return {}
    row = family.count // len(family.couplings)
    found: dict[str, list[str]] = {}
    for first in range(0, family.count, row):
        for corner, each in verdicts([family.game(k) for k in range(first, first + row)], projection).items():
            found.setdefault(corner, []).extend(each)
    return {corner: np.array(each, dtype=np.str_).reshape(family.shape) for corner, each in found.items()}
