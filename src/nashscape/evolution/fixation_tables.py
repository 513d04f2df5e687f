"""Who is left of a population, mean shares and weak selection, as tables and columns."""

import numpy as np

from nashscape.core.columns import Columns, estimates
from nashscape.core.tables import Table, interval, one_by_one, shortened, standing
from nashscape.evolution.fixation_results import Fixation, MeanShares
from nashscape.evolution.weak_selection_results import WeakSelection


def columns_of_fixation(found: Fixation) -> Columns:
    """A row for every type."""
    return {
        "type": np.array(found.types),
        "start": found.start,
        **estimates("probability", [found.of(name) for name in found.types]),
        "neutral": found.neutral,
    }


@one_by_one
def fixation_table(found: Fixation) -> Table:
    """Every type with its members at the beginning, and how likely it is left."""
    rows = [
        (
            name,
            f"{found.start[k]}",
            interval(found.of(name)) if found.runs else f"{found.probabilities[k]:.6g}",
            f"{found.probabilities[k] / found.neutral[k]:.4g}" if found.neutral[k] else "",
        )
        for k, name in enumerate(found.types)
    ]
    how = f"{found.runs} runs" if found.runs else "exact"
    ended = (f"In {found.open} runs several types were left when they were ended.",) if found.open else ()
    return Table(
        f"Which type is left of {found.size} members ({found.process}, {how})",
        ("type", "members at the start", "probability", "times neutral"),
        shortened(rows),
        notes=(*ended, *standing([found])),
    )


def columns_of_mean_shares(found: MeanShares) -> Columns:
    """A row for every type."""
    return {"type": np.array(found.types), **estimates("share", [found.of(name) for name in found.types])}


@one_by_one
def mean_shares_table(found: MeanShares) -> Table:
    """Every type with its mean share."""
    return Table(
        f"{found.size} members with mutation {found.mutation:g} ({found.process}, {len(found.means)} runs)",
        ("type", "mean share"),
        shortened([(name, interval(found.of(name))) for name in found.types]),
        notes=(
            f"Of each run of {found.changes} changes the second half counts; runs begin at each type in turn.",
            *(() if found.forgotten else ("Runs from different starts still differ: take more changes.",)),
            *standing([found]),
        ),
    )


def columns_of_weak_selection(found: WeakSelection) -> Columns:
    """One row."""
    return {
        "nodes": np.array([len(found.weights)]),
        "process": np.array([found.process]),
        "critical_ratio": np.array([found.critical_ratio]),
        "structure": np.array([found.structure]),
        "benefit": np.array([found.benefit]),
        "cost": np.array([found.cost]),
    }


@one_by_one
def weak_selection_table(found: WeakSelection) -> Table:
    """The critical ratio, the structure coefficient, and what each unit of benefit and cost does."""
    row = (
        f"{len(found.weights)}", f"{found.critical_ratio:.6g}", f"{found.structure:.6g}", f"{found.benefit:.6g}",
        f"{-found.cost:.6g}",
    )  # fmt: skip
    return Table(
        f"Weak selection by {found.process}: {found.told}",
        ("nodes", "critical ratio", "structure coefficient", "per benefit", "per cost"),
        [row],
        notes=(
            "Per benefit, per cost: how fast the chance of one cooperator to take over grows with the intensity.",
            *standing([found]),
        ),
    )
