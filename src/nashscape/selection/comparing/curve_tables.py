"""Learning curves as a table and as columns, with a row for every arm and moment."""

from typing import Any

import numpy as np

from nashscape.core.columns import estimates
from nashscape.core.tables import Table, interval, one_by_one, shortened, standing
from nashscape.selection.comparing.curve_results import LearningCurves

NORMS = ("lower_quartile", "median", "upper_quartile")
NOTHING = "–"
MOST_MOMENTS = 12
"""Of all arms together, of which there are rows; four of an arm at least."""


@one_by_one
def curve_table(found: LearningCurves) -> Table:
    """What the runs of every arm come to at the moments, of many the first and the last ones."""
    most = max(4, MOST_MOMENTS // len(found.curves))
    norms = any(found.corrections.values())
    rows = [row for name in found.curves for row in shortened(_rows(found, name, norms), most)]
    level = f"{100 * found.level:g} %"
    first = next(iter(found.curves.values()))[0]
    told = [f"IQM: the mean of the middle half of the runs; {first.method}, {level}, at every moment by itself."]
    if found.target:
        told.append(f"In target: share of runs within the bounds of {found.target} at that moment; Wilson, {level}.")
    if norms:
        told.append("Relative norm: of a correction over the policy gradient, median and quartiles over runs, players.")
    return Table(
        f"{found.quantity}: what runs come to",
        (
            *("arm", "updates", "n", "IQM"),
            *(("in target",) if found.target else ()),
            *(("relative norm",) if norms else ()),
        ),
        rows,
        notes=(*told, *standing([found])),
    )


def _rows(found: LearningCurves, name: str, norms: bool) -> list[tuple[str, ...]]:
    """The moments of an arm."""
    return [
        (
            *(name, str(found.updates[k]), str(one.trials), interval(one)),
            *((interval(found.shares[name][k]),) if found.target else ()),
            *((_norms(found, name, k),) if norms else ()),
        )
        for k, one in enumerate(found.curves[name])
    ]


def _norms(found: LearningCurves, name: str, moment: int) -> str:
    own = {name: tuple(values[:, moment]) for name, values in found.corrections[name].items()}
    told = [f"{term} {middle:.3g} [{low:.3g}, {high:.3g}]" for term, (low, middle, high) in own.items()]
    return "\n".join(told) or NOTHING


def columns_of_curves(found: LearningCurves) -> dict[str, Any]:
    """One row per arm and moment: the interquartile mean, the share in the target, quartiles of relative norms."""
    arms, moments = list(found.curves), len(found.updates)
    every = [one for own in found.curves.values() for one in own]
    made: dict[str, Any] = {
        "measure": found.measure,
        "of": found.of,
        "target": found.target,
        "arm": np.repeat(arms, moments),
        "updates": np.tile(found.updates, len(arms)),
        "runs": np.array([one.trials for one in every]),
        **estimates("iqm", every),
    }
    if found.target:
        made |= estimates("share", [one for own in found.shares.values() for one in own])
    nothing = np.full((len(NORMS), moments), np.nan)
    for term in dict.fromkeys(term for own in found.corrections.values() for term in own):
        values = np.concatenate([found.corrections[name].get(term, nothing) for name in arms], axis=1)
        made |= {f"norm_{term}_{part}": row for part, row in zip(NORMS, values, strict=True)}
    return made


def grid_of_curves(found: LearningCurves) -> dict[str, str]:
    """Curves lie along arms and updates."""
    return {"arm": "arm", "updates": "updates"}
