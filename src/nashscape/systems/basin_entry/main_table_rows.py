"""The rest of the main table beside what the studies found: the repeated dilemma, and restarts in both games."""

from collections.abc import Iterator

from nashscape.studies import Findings, one_estimate
from nashscape.systems.agreement import Row, counts, mean_of
from nashscape.systems.basin_entry.stag_hunt_rows import spread
from nashscape.systems.published import table


def repeated_ablation(found: Findings) -> Iterator[Row]:
    """Successes in the iterated game from normal starts: of the published 100 runs, and of 400 pooled seeds."""
    for row in _published("ipd"):
        ours = one_estimate(found, rule=row["method"], of="CC")
        for kind in ("ablation", "pooled"):
            published = int(row[f"{kind}_successes"]), int(row[f"{kind}_runs"])
            label = f"{row['method']}, {published[1]} runs"
            yield counts("ablation, iterated Prisoner's Dilemma", label, published, ours)


def restarts(game: str, found: Findings) -> Iterator[Row]:
    """Successes within the budget, and the mean number of restarts with censored runs counted as 12."""
    name = f"restarts, {'Stag Hunt' if game == 'stag_hunt' else 'iterated Prisoner’s Dilemma'}"
    for row in _published(game):
        method, runs = row["method"], int(row["restart_runs"])
        published = int(row["restart_successes"]), runs
        yield counts(name, f"{method}, successes", published, one_estimate(found, quantity="success", rule=method))
        mean, label = float(row["mean_restarts"]), f"{method}, mean restarts"
        yield mean_of(name, label, mean, spread(found, "run_restarts", rule=method), f"means of {runs}", size=runs)


def _published(game: str) -> list[dict[str, str]]:
    return [row for row in table("basin_entry", "table1") if row["game"] == game]
