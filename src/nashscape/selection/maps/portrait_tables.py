"""What a rule does at many places, as tables: portraits, fields of its terms, alignments."""

import numpy as np

from nashscape.core.tables import Table, interval, one_by_one, standing
from nashscape.selection.alignments import Alignment
from nashscape.selection.maps.portraits import Portrait
from nashscape.selection.maps.term_fields import TermField
from nashscape.selection.run_tables import advice, outcome_names


@one_by_one
def portrait_table(found: Portrait) -> Table:
    """The share of starts that end in each outcome, and the runs that are followed."""
    basin = found.basin
    grid = "×".join(str(size) for size in basin.labels.shape[1:])
    ends = [
        (
            ", ".join(f"{own[0, 0]:.2f}" for own in run.strategies),
            run.outcome,
            "–" if run.first_hit is None else str(run.first_hit),
        )
        for run in found.runs
    ]
    hit = f"first at {basin.targets[0]}" if basin.targets else "first hit"
    notes = (f"Direction: {found.formula}.", *advice({found.rule.name: basin}))
    return Table(
        f"{found.rule.name} on {found.game}: share of {grid} starts",
        ("outcome", "share"),
        tuple((outcome, interval(basin.fraction(outcome))) for outcome in outcome_names([basin])),
        below=(Table("Runs", ("start", "outcome", hit), tuple(ends), left=("outcome",), notes=notes),),
    )


@one_by_one
def field_table(found: TermField) -> Table:
    """The greatest and the mean speed of every term over the grid."""
    rows = []
    for term in found.terms:
        speed = np.nan_to_num(found.speed(term))
        rows.append((term, f"{speed.max():.4g}", f"{speed.mean():.4g}"))
    size = len(found.axis)
    return Table(
        f"{found.rule} on {found.game}: speed of every term on {size}×{size} profiles, in probability per step size",
        ("term", "greatest", "mean"),
        tuple(rows),
        notes=standing([found]),
    )


@one_by_one
def alignment_table(found: Alignment) -> Table:
    """Of every term the mean projection, and at how many starts it pushes towards the target."""
    some = found.undefined < found.length.size
    rows = []
    for term in found.terms:
        signs = found.signs(term)
        both = [interval(found.positive(term)), interval(found.mean(term))] if some else ["–", "–"]
        rows.append((term, *both, *(str(signs[name]) for name in ("positive", "negative", "zero", "undefined"))))
    return Table(
        f"{found.rule} on {found.game}: projections on the direction of {found.target} at {found.length.size} starts",
        ("term", "share positive", "mean", "positive", "negative", "zero", "undefined"),
        tuple(rows),
        notes=standing([found]),
    )
