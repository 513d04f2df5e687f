"""The Stag Hunt figures of *opponent-aware basin entry*, table by table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape import games
from nashscape.core import Estimate
from nashscape.dynamics import starts
from nashscape.learning import Rule, TermRule, sampled
from nashscape.selection import BasinMap, Entry, basin_map, entry_probability
from nashscape.semantics import parametric
from nashscape.systems.agreement import Row, counts, map_share, repeats, to_the_digit, within
from nashscape.systems.basin_entry.estimator_variance import variance_traces
from nashscape.systems.basin_entry.published_methods import METHODS, ROOM, STANDING, Effort, methods, rule
from nashscape.systems.published import table

GRIDS = (11, 21, 51)
"""Starts on each side of the published grids."""

Maps = Callable[[int], BasinMap]
"""Sampled maps, by how many."""


@dataclass(frozen=True)
class Study:
    """The study at a level of effort; each table is a method that yields its rows."""

    effort: Effort
    seed: int = 0
    game: games.DenseGame = field(default_factory=games.stag_hunt)
    ablated: dict[str, Entry] = field(default_factory=dict)
    """What was found of the ablation, by method."""

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
        """Sampled entry probabilities of the four methods under the ablation's protocol."""
        self.ablated.update(
            self._entries(methods(), self.effort.runs, steps=260, estimator=sampled(384, capacity=ROOM))
        )
        return self.ablated

    def exact_shares(self) -> Iterator[Row]:
        """The columns without noise: two grids to the digit, two distributions of starts within .002."""
        name = "noise-free shares"
        rows = {row["method"]: row for row in table("basin_entry", "basin21")}
        shares_of = self._grid_shares(methods())
        for size in (21, 51):
            for method in METHODS:
                ours = shares_of[method][size]
                yield to_the_digit(name, f"{method}, {size}×{size} grid", rows[method][f"exact_fraction_{size}"], ours)
        kinds = {"normal": (starts.normal(std=1.35), 260), "uniform": (starts.uniform(-3.0, 3.0), 120)}
        for kind, (source, steps) in kinds.items():
            shares = cache(lambda runs, source=source, steps=steps: self._entries(
                methods(), runs, starts=source, steps=steps, estimator=None
            ))  # fmt: skip
            for method in METHODS:
                published, label = rows[method][f"exact_fraction_{kind}_starts"], f"{method}, {kind} starts"

                def share(runs: int, shares: Any = shares, method: str = method) -> Estimate:
                    found: Estimate = shares(runs)[method].at_step("CC")
                    return found

                yield within(name, label, published, share, self.effort.starts, 0.002)

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
                self._success(rule(*coefficients), batch=384, steps=260, known=self.ablated.get(method)),
                self.effort.runs,
                exact[method],
            )

    def maps(self) -> Iterator[Row]:
        """Cooperative cells of sampled 21×21 maps."""
        for row in table("basin_entry", "basin21"):
            if row["published_cells"]:
                published = int(row["published_cells"]), int(row["cells"])
                maps = self._maps_of(rule(*METHODS[row["method"]]), 21)
                yield map_share("21×21 maps", row["method"], published, _cells(maps), self.effort.maps)

    def sweep(self) -> Iterator[Row]:
        """11×11 maps against the peer coefficient: sampled share, noise-free share, mean first hit."""
        name, cells = "peer sweep, share", 121
        rows = [(_swept(row["peer_coefficient"]), row) for row in table("basin_entry", "peer_sweep")]
        exact = self._grid_shares([learner for learner, _ in rows])
        for learner, row in rows:
            label = learner.name
            yield to_the_digit(name, f"{label}, noise-free", row["exact_fraction_11x11"], exact[label][11])
            published = round(float(row["published_fraction_11x11"]) * cells), cells
            maps = self._maps_of(learner, 11)
            yield map_share(name, label, published, _cells(maps), self.effort.maps)
            if row["mean_first_hit_step"]:
                yield repeats(
                    "peer sweep, mean first hit",
                    label,
                    float(row["mean_first_hit_step"]),
                    _first_hits(maps),
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
            yield counts("annealing", row["arm"], published, measure, self.effort.annealed)

    def variances(self) -> Iterator[Row]:
        """Variance trace of the Meta-MAPG estimator at p = (.58, .58) against the batch size."""
        for row in table("basin_entry", "estimator"):
            batch = int(row["batch_size"])

            def measure(experiments: int, batch: int = batch) -> npt.NDArray[np.float64]:
                return variance_traces(self.game, rule(0.35, 1.5), 0.58, batch, ROOM, experiments, seed=self.seed)

            published = float(row["published_variance_trace"])
            label = f"batch {batch}"
            yield repeats("estimator variance", label, published, measure, self.effort.variances, "sets of 100 repeats")

    def _grid_shares(self, rules: list[TermRule]) -> dict[str, dict[int, float]]:
        """Without noise, the share of every published grid that stands in cooperation, by rule and size.

        All grids are run as one, whatever the rules, so that one program does for all of them.
        """
        players = parametric(self.game)
        grids = [starts.endpoint_grid(2, size) for size in GRIDS]
        theta = [grid.parameters(players, np.arange(grid.size), 0) for grid in grids]
        every = starts.parameters(np.concatenate(theta))
        ends = np.cumsum([grid.size for grid in grids])
        found = self._entries(rules, ends[-1], starts=every, steps=140, estimator=None)
        return {
            name: {
                size: float((own == 0).mean()) for size, own in zip(GRIDS, np.split(one.held, ends[:-1]), strict=True)
            }
            for name, one in found.items()
        }

    def _entries(self, rules: Any, runs: int, **options: Any) -> Any:
        options = {"settling": STANDING, **options}
        return entry_probability(self.game, rules, n=int(runs), targets=["CC", "DD"], seed=self.seed, **options)

    def _success(
        self, learner: Rule, *, batch: int, steps: int, known: Entry | None = None
    ) -> Callable[[int], Estimate]:
        estimator = sampled(batch, capacity=ROOM)
        source = starts.normal(std=1.35)

        def measure(runs: int) -> Estimate:
            if known is not None and known.labels.size == runs:
                return known.at_step("CC")
            entry: Entry = self._entries(learner, runs, starts=source, steps=steps, estimator=estimator)
            return entry.at_step("CC")

        return measure

    def _maps_of(self, learner: Rule, size: int) -> Maps:
        """Sampled maps of a rule, each number of them made once."""

        @cache
        def maps(count: int) -> BasinMap:
            found: BasinMap = basin_map(
                self.game,
                learner,
                grid=size,
                kind="endpoints",
                targets=["CC", "DD"],
                estimator=sampled(192, capacity=ROOM),
                rollouts=count,
                settling=STANDING,
                seed=self.seed,
            )
            return found

        return maps


def _swept(peer: str) -> TermRule:
    """A rule of the sweep, by the text of its peer coefficient: policy gradient, or Meta-MAPG."""
    return rule(0.0, 0.0).renamed("pg") if peer == "pg" else rule(0.35, float(peer)).renamed(f"peer {peer}")


def _cells(maps: Maps) -> Callable[[int], npt.NDArray[np.float64]]:
    """How many cells of each of a number of maps stand in cooperation."""

    def cells(count: int) -> npt.NDArray[np.float64]:
        return (maps(count).held == 0).reshape(count, -1).sum(axis=1).astype(np.float64)

    return cells


def _first_hits(maps: Maps) -> Callable[[int], npt.NDArray[np.float64]]:
    """The mean first hit of the cells that hit, of each of a number of maps."""

    def means(count: int) -> npt.NDArray[np.float64]:
        return np.array([row[row >= 0].mean() for row in maps(count).first_hit.reshape(count, -1)])

    return means


ROWS = 16 + 4 + 2 + 26 + 3 + 5
"""Rows of all tables, for progress."""
