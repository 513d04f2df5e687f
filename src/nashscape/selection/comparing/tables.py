"""What tells rules, and runs and proofs, apart, as tables: comparisons, predictors, coverages, simulated bounds."""

from collections.abc import Mapping

from nashscape.core.tables import Table, ends, facts, interval, one_by_one, results_by_rule, standing
from nashscape.selection.comparing.comparisons import Comparison
from nashscape.selection.maps.coverages import Coverage
from nashscape.selection.maps.probable_coverages import SimulatedBound
from nashscape.selection.predictors import Predictor


def comparison_table(found: Comparison | Mapping[str, Comparison]) -> Table:
    """The share that each rule gains and loses against the baseline, and the difference with its interval."""
    every = results_by_rule(found)
    first = next(iter(every.values()))
    rows = [
        (
            name,
            f"{one.gained_share:.4f}",
            f"{one.lost_share:.4f}",
            interval(one.difference),
            "–" if one.test is None else f"{one.test.p_value:.2g}",
            one.status.value,
        )
        for name, one in every.items()
    ]
    told = (
        "No p-values: these starts are no sample."
        if first.test is None
        else f"{first.difference.method}; p by the exact McNemar test."
    )
    return Table(
        f"{first.game}: starts that reach {first.outcome}, against {first.baseline}",
        ("rule", "gained", "lost", "difference", "p", "status"),
        tuple(rows),
        notes=(f"{told[0].upper()}{told[1:]}", *standing(every.values())),
    )


@one_by_one
def predictor_table(found: Predictor) -> Table:
    """How well a quantity of starts tells which of them are gained."""
    both = {"area under the ROC curve": found.auc, "rank correlation": found.spearman}
    return facts(
        f"{found.by} as a predictor of what {found.rule} gains over {found.baseline} on {found.game}, {found.outcome}",
        {
            **{name: "none" if one is None else f"{one.value:.4f} {ends(one)}" for name, one in both.items()},
            "gained": f"{int(found.gained.sum())} of {found.gained.size} starts ({found.among})",
            "what is gained": found.gain,
            "without a value": str(found.left_out),
        },
        standing([found]),
    )


@one_by_one
def coverage_table(found: Coverage) -> Table:
    """How much of an empirical basin is certified, and how many cells of the map are of each kind."""
    counts = ", ".join(f"{int(cells.sum())} {name}" for name, cells in found.cells.items() if cells.any())
    return facts(
        f"{found.rule} on {found.game}: the basin of {found.target}, by runs and proved",
        {
            "of the map, reached": f"{found.empirical:.4f}",
            "of those, certified": f"{found.certified:.4f}",
            "of the map, decided": f"{found.decided:.4f}",
            "of the map, provably elsewhere": f"{found.escaping:.4f}",
            "of the map, provably at rest": f"{found.resting:.4f}",
            "of the map, inside the region": f"{found.inside:.4f}",
            "contradictions": str(len(found.contradictions)),
        },
        (f"Cells: {counts}.", *standing([found])),
    )


@one_by_one
def simulated_bound_table(found: SimulatedBound) -> Table:
    """How many runs were in the trap, and the bound that follows."""
    certified = "some starts are undecided" if found.promised is None else f"{found.promised:g}"
    return facts(
        f"Runs that stay in the trap of {found.target}",
        {
            "runs": f"{int(found.success.sum())} of {len(found.success)}",
            "probability at least": f"{found.lower:.4f} (Clopper–Pearson {100 * found.level:g} %)",
            "certified for each start": certified,
            "contradicts the certificate": "yes" if found.contradicts else "no",
        },
        standing([found]),
    )
