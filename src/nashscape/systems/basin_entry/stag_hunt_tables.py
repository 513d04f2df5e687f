"""The Stag Hunt figures of *opponent-aware basin entry*, table by table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape import games
from nashscape.core import Estimate
from nashscape.dynamics import Settling, starts
from nashscape.learning import Rule, sampled
from nashscape.selection import BasinMap, Entry, basin_map, entry_probability
from nashscape.systems.agreement import Row, counts, map_share, repeats, to_the_digit, within
from nashscape.systems.basin_entry.estimator_variance import variance_traces
from nashscape.systems.basin_entry.published_methods import METHODS, ROOM, STANDING, Effort, methods, rule
from nashscape.systems.published import table


@dataclass(frozen=True)
class Study:
    """The study at a level of effort; each table is a method that yields its rows."""

    effort: Effort
    seed: int = 0
    game: games.DenseGame = field(default_factory=games.stag_hunt)

    def tables(self) -> dict[str, Callable[[], Iterator[Row]]]:
        """The tables by name, in the order in which they are made."""
        return {
            "noise-free shares": self.exact_shares,
            "ablation": self.ablation,
            "21×21 maps": self.maps,
            "peer sweep": self.sweep,
            "annealing": self.annealing,
            "estimator variance": self.variances,
        }

    def entries(self) -> dict[str, Entry]:
        """Sampled entry probabilities of the four methods under the ablation's protocol, for the figure."""
        estimator = sampled(384, capacity=ROOM)
        how = {"steps": 260, "estimator": estimator, "settling": Settling()}
        found: dict[str, Entry] = self._entries(methods(), self.effort.runs, **how)
        return found

    def exact_shares(self) -> Iterator[Row]:
        """The columns without noise: two grids to the digit, two distributions of starts within .002."""
        name = "noise-free shares"
        rows = {row["method"]: row for row in table("basin_entry", "basin21")}
        for size in (21, 51):
            for method, found in self._grid(methods(), size).items():
                ours = found.at_step("CC").value
                yield to_the_digit(name, f"{method}, {size}×{size} grid", rows[method][f"exact_fraction_{size}"], ours)
        kinds = {"normal": (starts.normal(std=1.35), 260), "uniform": (starts.uniform(-3.0, 3.0), 120)}
        for kind, (source, steps) in kinds.items():
            shares = self._entries(methods(), self.effort.starts, starts=source, steps=steps, estimator=None)
            for method, entry in shares.items():
                published = rows[method][f"exact_fraction_{kind}_starts"]
                yield within(name, f"{method}, {kind} starts", published, entry.at_step("CC"), 0.002)

    def ablation(self) -> Iterator[Row]:
        """Successes of 100 runs from normal starts, each tested against its noise-free probability too."""
        exact = {row["method"]: float(row["exact_fraction_normal_starts"]) for row in table("basin_entry", "basin21")}
        published = {row["method"]: row for row in table("basin_entry", "table1") if row["game"] == "stag_hunt"}
        for method, coefficients in METHODS.items():
            row = published[method]
            yield counts(
                "ablation",
                method,
                (int(row["ablation_successes"]), int(row["ablation_runs"])),
                self._success(rule(*coefficients), batch=384, steps=260),
                self.effort.runs,
                exact[method],
            )

    def maps(self) -> Iterator[Row]:
        """Cooperative cells of sampled 21×21 maps."""
        for row in table("basin_entry", "basin21"):
            if row["published_cells"]:
                published = int(row["published_cells"]), int(row["cells"])
                cells = self._map_cells(rule(*METHODS[row["method"]]), 21)
                yield map_share("21×21 maps", row["method"], published, cells, self.effort.maps)

    def sweep(self) -> Iterator[Row]:
        """11×11 maps against the peer coefficient: sampled share, noise-free share, mean first hit."""
        name, cells = "peer sweep, share", 121
        for row in table("basin_entry", "peer_sweep"):
            plain = row["peer_coefficient"] == "pg"
            learner = rule(0.0, 0.0) if plain else rule(0.35, float(row["peer_coefficient"]))
            label = "pg" if plain else f"peer {row['peer_coefficient']}"
            exact = self._grid(learner, 11).at_step("CC").value
            yield to_the_digit(name, f"{label}, noise-free", row["exact_fraction_11x11"], exact)
            published = round(float(row["published_fraction_11x11"]) * cells), cells
            yield map_share(name, label, published, self._map_cells(learner, 11), self.effort.maps)
            if row["mean_first_hit_step"]:
                yield repeats(
                    "peer sweep, mean first hit",
                    label,
                    float(row["mean_first_hit_step"]),
                    self._first_hits(learner, 11),
                    self.effort.maps,
                    "single maps",
                )

    def annealing(self) -> Iterator[Row]:
        """Constant against two-phase peer coefficient over 2000 steps."""
        arms = {
            "pg": rule(0.0, 0.0),
            "meta_mapg_constant": rule(0.35, 1.5),
            "meta_mapg_two_phase": rule(0.35, 1.5, warm_up=100, exponent=0.7, decay_steps=30),
        }
        for row in table("basin_entry", "annealing"):
            seeds = int(row["seeds"])
            published = round(float(row["published_success"]) * seeds), seeds
            measure = self._success(arms[row["arm"]], batch=256, steps=int(row["steps"]))
            yield counts("annealing", row["arm"], published, measure, min(self.effort.runs, 1536))

    def variances(self) -> Iterator[Row]:
        """Variance trace of the Meta-MAPG estimator at p = (.58, .58) against the batch size."""
        for row in table("basin_entry", "estimator"):
            batch = int(row["batch_size"])

            def measure(experiments: int, batch: int = batch) -> npt.NDArray[np.float64]:
                return variance_traces(self.game, rule(0.35, 1.5), 0.58, batch, ROOM, experiments, seed=self.seed)

            published = float(row["published_variance_trace"])
            label = f"batch {batch}"
            yield repeats("estimator variance", label, published, measure, self.effort.variances, "sets of 100 repeats")

    def _grid(self, rules: Any, size: int) -> Any:
        return basin_map(self.game, rules, grid=size, kind="endpoints", targets=["CC", "DD"], settling=STANDING)

    def _entries(self, rules: Any, runs: int, **options: Any) -> Any:
        options = {"settling": STANDING, **options}
        return entry_probability(self.game, rules, n=runs, targets=["CC", "DD"], seed=self.seed, **options)

    def _success(self, learner: Rule, *, batch: int, steps: int) -> Callable[[int], Estimate]:
        estimator = sampled(batch, capacity=ROOM)
        source = starts.normal(std=1.35)

        def measure(runs: int) -> Estimate:
            entry: Entry = self._entries(learner, runs, starts=source, steps=steps, estimator=estimator)
            return entry.at_step("CC")

        return measure

    def _sampled_maps(self, learner: Rule, size: int, maps: int) -> BasinMap:
        found: BasinMap = basin_map(
            self.game,
            learner,
            grid=size,
            kind="endpoints",
            targets=["CC", "DD"],
            estimator=sampled(192, capacity=ROOM),
            rollouts=maps,
            settling=STANDING,
            seed=self.seed,
        )
        return found

    def _map_cells(self, learner: Rule, size: int) -> Callable[[int], npt.NDArray[np.float64]]:
        def cells(maps: int) -> npt.NDArray[np.float64]:
            inside = self._sampled_maps(learner, size, maps).held == 0
            return inside.reshape(maps, -1).sum(axis=1).astype(np.float64)

        return cells

    def _first_hits(self, learner: Rule, size: int) -> Callable[[int], npt.NDArray[np.float64]]:
        def means(maps: int) -> npt.NDArray[np.float64]:
            hits = self._sampled_maps(learner, size, maps).first_hit.reshape(maps, -1)
            return np.array([row[row >= 0].mean() for row in hits])

        return means


ROWS = 16 + 4 + 2 + 26 + 3 + 5
"""Rows of all tables, for progress."""
