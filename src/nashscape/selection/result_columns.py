"""What runs, and points at which runs were counted, are as columns; see `Result.to_columns`."""

from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import label_names, wilson
from nashscape.core.columns import Columns, estimates, flat, scalars_of
from nashscape.dynamics.playing.curves import GREEDY, curves_of, were_played

VERDICTS = {True: "reached", False: "not reached", None: "open"}


def of_runs(found: Any) -> dict[str, Any]:
    """One row per run of an entry or a map: its start, how it ended, when it first hit, what reducers came to.

    On a map starts are cells, numbered in the order of the grid, with the probability of every player's first action;
    runs from one cell are told apart by `rollout`. Of runs that were played there is what was seen at the last moment,
    player by player; `learning_curves` has all moments.
    """
    runs = found.labels.size
    made = scalars_of(found, "game", "rule")
    layout = getattr(found, "layout", None)
    if layout is None:
        made["start"] = np.arange(runs)
    else:
        rollout, *cell = np.indices(found.labels.shape).reshape(found.labels.ndim, -1)
        made |= {"start": np.ravel_multi_index(tuple(cell), found.labels.shape[1:]), "rollout": rollout}
        made |= {f"p{i + 1}": np.asarray(layout.axis)[own] for i, own in enumerate(cell)}
    made |= {"outcome": outcomes(found.labels, found.targets), "held": _names(found.held, {-1: ""}, found.targets)}
    made |= flat("first_hit", found.first_hit, runs)
    if were_played(found):
        return made | _seen_last(found, runs)
    for name, values in found.reduced.items():
        made |= flat(name, values, runs)
    return made


def _seen_last(found: Any, runs: int) -> dict[str, Any]:
    """Updates made, what was seen after the last, and with likeliest actions, a column for every player who has it."""
    seen = curves_of(found)
    last = {name: own[:, -1] for name, own in seen.means.items()}
    made: dict[str, Any] = {"updates": found.reduced["updates"][:, -1]}
    for name, values in {**last, **{f"{GREEDY}{name}": own for name, own in seen.greedy.items()}}.items():
        made |= _by_player(name, values, seen.players, runs)
    for name, values in seen.others.items():
        made |= flat(name, values, runs)
    return made


def _by_player(name: str, values: npt.NDArray[Any], players: tuple[str, ...], runs: int) -> Columns:
    if values.shape[1:] != (len(players),):
        return flat(name, values, runs)
    return {f"{name}, {player}": values[:, i] for i, player in enumerate(players)}


def of_restarts(found: Any) -> dict[str, Any]:
    """One row per run: the starts that it made, and the first that succeeded, counted from 0; −1 where none did."""
    return {
        **scalars_of(found, "game", "rule", "target", "budget"),
        "run": np.arange(len(found.tried)),
        "succeeded": found.first_success >= 0,
        "first_success": found.first_success,
        "tried": found.tried,
    }


def of_sweep(found: Any) -> dict[str, Any]:
    """One row per value: the share of the outcome."""
    values = found.values[: len(found.estimates)]
    return {**scalars_of(found, "game", "rule", "parameter", "outcome"), "value": values,
            **estimates("share", found.estimates)}  # fmt: skip


def of_steering(found: Any) -> dict[str, Any]:
    """One row per value that was asked about: the share, what it says, what it costs, what players get."""
    return {
        **scalars_of(found, "game", "rule", "parameter", "target", "at_least"),
        "value": found.values,
        **_asked(found),
        "price": found.prices,
        **{f"payoff_{i + 1}": own for i, own in enumerate(found.payoffs.T)},
    }


def of_combination(found: Any) -> dict[str, Any]:
    """One row per combination that was tried, cheapest first: its numbers, as `value_…`, the share and the cost."""
    numbers = {f"value_{name}": found.tried[:, k] for k, name in enumerate(found.parameters)}
    return {**scalars_of(found, "game", "rule", "target", "at_least"), **numbers, **_asked(found), "cost": found.costs}


def of_line(found: Any) -> dict[str, Any]:
    """One row per point of the scan: how far along the line it lies, and how its run ended."""
    return {
        **scalars_of(found, "game", "rule"),
        "target": found.target,
        "way": found.scanned,
        "outcome": outcomes(found.labels, found.targets),
    }


def of_corrected_steps(found: Any) -> dict[str, Any]:
    """One row per run: its start, the steps after which the rule handed over, and how it ended."""
    rollout, start, k = np.indices(found.labels.shape).reshape(3, -1)
    ended = outcomes(found.labels, found.targets)
    return {**scalars_of(found, "game", "rule", "then"), "start": start, "rollout": rollout, "steps": found.at[k],
            "outcome": ended}  # fmt: skip


def of_phase_diagram(found: Any) -> dict[str, Any]:
    """One row per cell: its numbers, its runs, and the share of every target and of all that came about.

    Shares are those of random starts, with Wilson intervals at 95 %; NaN in cells without runs.
    """
    cells = np.indices(found.shape).reshape(len(found.shape), -1)
    counts = found.counts.reshape(-1, found.counts.shape[-1])
    made = {**scalars_of(found, "game", "rule", "parameter"), "coupling": found.couplings[cells[0]]}
    if found.values is not None:
        made["value"] = found.values[cells[1]]
    made["runs"] = counts.sum(axis=1)
    for code, name in label_names(found.targets).items():
        if name in found.targets or counts[:, code].any():
            shares = [wilson(int(own[code]), int(own.sum())) if own.any() else _NOTHING for own in counts]
            made |= estimates(f"share_{name.replace(' ', '_')}", shares)
    return made


def of_distances(found: Any) -> dict[str, Any]:
    """One row per start: its distance from the separatrix, how much that may be off, and that from the rim."""
    numbers = {"distance": found.value, "error": found.error, "rim": found.rim}
    return {"start": np.arange(len(found.value)), **numbers}


def of_label_audit(found: Any) -> dict[str, Any]:
    """One row per label: its runs, those that were continued, and what became of them."""
    counts = {name: getattr(found, name) for name in ("runs", "looked_at", "changed", "unfinished")}
    return {**scalars_of(found, "game", "rule"), "outcome": np.array(found.names, str), **counts}


def of_predictor(found: Any) -> dict[str, Any]:
    """One row per start that has the quantity and counts: the quantity, whether the start is gained, and its change."""
    values = {"value": found.values, "gained": found.gained, "change": found.change}
    return {**scalars_of(found, "game", "rule", "baseline", "outcome", "by", "gain", "among"), **values}


def grid_of_runs(found: Any) -> dict[str, str]:
    """Runs of a map lie along the rollouts and the players' probabilities, those of an entry along their starts."""
    layout = getattr(found, "layout", None)
    names = ["start"] if layout is None else ["rollout", *(f"p{i + 1}" for i in range(layout.players))]
    return {name: name for name in names}


def grid_of_values(found: Any) -> dict[str, str]:
    """What was measured at values of a number lies along this number, by its name."""
    return {found.parameter: "value"}


def grid_of_phase_diagram(found: Any) -> dict[str, str]:
    """Cells lie along the first number and, where there is a second, along that, by their names."""
    return {found.first: "coupling"} | ({} if found.values is None else {found.parameter: "value"})


def grid_of_corrected_steps(found: Any) -> dict[str, str]:
    """Runs lie along their starts, rollouts and the steps after which the rule handed over."""
    return {name: name for name in ("rollout", "start", "steps")}


def outcomes(labels: npt.NDArray[Any], targets: tuple[str, ...]) -> npt.NDArray[np.str_]:
    """Outcome codes as names, run after run."""
    return _names(labels, label_names(targets))


def _names(codes: npt.NDArray[Any], names: dict[int, str], targets: tuple[str, ...] = ()) -> npt.NDArray[np.str_]:
    known = {**names, **dict(enumerate(targets))}
    return np.array([known[code] for code in codes.ravel().tolist()], str)


def _asked(found: Any) -> dict[str, Any]:
    """What steering and combinations say of every value."""
    return {
        **estimates("share", found.shares),
        "verdict": np.array([VERDICTS[own] for own in found.verdicts], str),
        "runs": found.trials,
        "unsettled": found.unsettled,
        "movable": found.movable,
    }


class _Nothing:
    """The share of no runs."""

    value = low = high = np.nan


_NOTHING: Any = _Nothing()
