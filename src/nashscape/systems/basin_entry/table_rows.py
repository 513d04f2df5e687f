"""The published figures beside what the studies found, table by table."""

from collections.abc import Iterator

from nashscape.studies import Findings, one_estimate, one_number
from nashscape.systems.agreement import Row, Spread, counts, mean_of, to_the_digit, within
from nashscape.systems.published import table

REPEATS = 100
"""Repeats behind a published variance, whose number is unknown: they scatter as those of about 60 would."""
KNOWN = 0.002
"""How well shares of random starts are known."""
STARTS = {"normal": "normal:std=1.35", "uniform": "uniform:low=-3,high=3"}


CLAIMS = {
    "noise-free shares": "noise-free-shares",
    "ablation": "stag-hunt-ablation",
    "21×21 maps": "stag-hunt-maps",
    "peer sweep, share": "peer-sweep",
    "peer sweep, mean first hit": "first-hits",
    "annealing": "annealing",
    "estimator variance": "estimator-variance",
    "ablation, iterated Prisoner's Dilemma": "repeated-dilemma-ablation",
    "restarts, Stag Hunt": "stag-hunt-restarts",
    "restarts, iterated Prisoner’s Dilemma": "repeated-dilemma-restarts",
}
"""The claim of the card that the figures of a table are about."""


def noise_free_shares(grids: Findings, random: Findings) -> Iterator[Row]:
    """The columns without noise: two grids to the digit, two distributions of starts within .002."""
    name, rows = "noise-free shares", table("basin_entry", "basin21")
    for size in (21, 51):
        for row in rows:
            ours = one_number(grids, grid=size, rule=row["method"], of="CC")
            yield to_the_digit(name, f"{row['method']}, {size}×{size} grid", row[f"exact_fraction_{size}"], ours)
    for kind, source in STARTS.items():
        for row in rows:
            share = one_estimate(random, starts=source, rule=row["method"], of="CC")
            label = f"{row['method']}, {kind} starts"
            yield within(name, label, row[f"exact_fraction_{kind}_starts"], share, KNOWN)


def ablation(found: Findings) -> Iterator[Row]:
    """Successes of 100 runs from normal starts."""
    for row in table("basin_entry", "table1"):
        if row["game"] == "stag_hunt":
            published = int(row["ablation_successes"]), int(row["ablation_runs"])
            yield counts("ablation", row["method"], published, one_estimate(found, rule=row["method"], of="CC"))


def maps(found: Findings) -> Iterator[Row]:
    """Cooperative cells of one sampled 21×21 map, among single maps of ours."""
    for row in table("basin_entry", "basin21"):
        if row["published_cells"]:
            yield _of_cells(found, "21×21 maps", row["method"], int(row["published_cells"]), int(row["cells"]))


def sweep(found: Findings, noise_free: Findings) -> Iterator[Row]:
    """11×11 maps against the peer coefficient: noise-free share, sampled share, mean first hit."""
    name, cells = "peer sweep, share", 121
    for row in table("basin_entry", "peer_sweep"):
        peer = row["peer_coefficient"]
        label = peer if peer == "pg" else f"peer {peer}"
        ours = one_number(noise_free, rule=label, of="CC")
        yield to_the_digit(name, f"{label}, noise-free", row["exact_fraction_11x11"], ours)
        yield _of_cells(found, name, label, round(float(row["published_fraction_11x11"]) * cells), cells)
        if row["mean_first_hit_step"]:
            hits = spread(found, "map_first_hit", rule=label, of="CC")
            published = float(row["mean_first_hit_step"])
            yield mean_of("peer sweep, mean first hit", label, published, hits, "single maps")


def annealing(found: Findings) -> Iterator[Row]:
    """Constant against two-phase peer coefficient over 2,000 steps."""
    for row in table("basin_entry", "annealing"):
        seeds = int(row["seeds"])
        published = round(float(row["published_success"]) * seeds), seeds
        yield counts("annealing", row["arm"], published, one_estimate(found, rule=row["arm"], of="CC"))


def variances(found: Findings) -> Iterator[Row]:
    """Variance trace of the Meta-MAPG estimator at p = (.58, .58) against the batch size."""
    for row in table("basin_entry", "estimator"):
        batch, published = int(row["batch_size"]), float(row["published_variance_trace"])
        squares = spread(found, "variance", **{"estimator.batch": batch})
        what = f"sets of {REPEATS} repeats"
        yield mean_of("estimator variance", f"batch {batch}", published, squares, what, size=REPEATS)


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


def _of_cells(found: Findings, name: str, label: str, published: int, cells: int) -> Row:
    """Most cells of a map are certain, so that their number varies much less from map to map than a binomial count."""
    shares = spread(found, "map_standing", rule=label, of="CC")
    return mean_of(name, label, published / cells, shares, "single maps", unit=1 / cells)


def spread(found: Findings, quantity: str, **where: object) -> Spread:
    """How single experiments scattered in what a study found."""
    parts = (one_number(found, quantity=f"{quantity}{end}", **where) for end in ("", "_deviation", "_count"))
    mean, deviation, count = parts
    return Spread(mean, deviation, int(count))


def _published(game: str) -> list[dict[str, str]]:
    return [row for row in table("basin_entry", "table1") if row["game"] == game]
