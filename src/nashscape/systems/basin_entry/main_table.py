"""The main table of *opponent-aware basin entry*: ablation and restarts, in Stag Hunt and the iterated game."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape import games
from nashscape.core import Estimate
from nashscape.dynamics import starts
from nashscape.games import DenseGame, MarkovGame
from nashscape.learning import Estimator, TermRule, episodes, sampled
from nashscape.selection import Entry, Restarts, entry_probability, restarts
from nashscape.systems.agreement import Row, counts, resampled
from nashscape.systems.basin_entry.published_methods import STANDING
from nashscape.systems.published import table

BATCH = 384
BUDGET = 13

Rules = Mapping[str, TermRule]


@dataclass(frozen=True)
class MainTable:
    """Both games under the four methods, by the published protocol.

    Attributes:
        rules: the four methods by name.
        seed: of everything random.
        ipd_runs: runs of every ablation arm of the iterated game.
        restart_runs: runs of every restart arm, by game.
        room: plays that the compiled one-shot program has room for.
    """

    rules: Rules
    seed: int
    ipd_runs: int
    restart_runs: Mapping[str, int]
    room: int

    def played(self) -> dict[str, tuple[DenseGame | MarkovGame, Estimator]]:
        """The two games, and how their terms are sampled."""
        return {
            "stag_hunt": (games.stag_hunt(), sampled(BATCH, capacity=self.room)),
            "ipd": (games.iterated_prisoners_dilemma(), episodes(BATCH)),
        }

    def ipd_ablation(self, entries: Mapping[str, Entry]) -> Iterator[Row]:
        """Successes in the iterated game from normal starts: of the published 100 runs, and of 400 pooled seeds."""
        for row in _published("ipd"):
            measure = self._success(row["method"], {self.ipd_runs: entries[row["method"]]})
            for kind in ("ablation", "pooled"):
                published = int(row[f"{kind}_successes"]), int(row[f"{kind}_runs"])
                label = f"{row['method']}, {published[1]} runs"
                yield counts("ablation, iterated Prisoner's Dilemma", label, published, measure, self.ipd_runs)

    def ipd_entries(self) -> dict[str, Entry]:
        """Entry probabilities in the iterated game, for the figure."""
        return {name: self._entry(rule, self.ipd_runs) for name, rule in self.rules.items()}

    def restarts(self, game: str) -> dict[str, Restarts]:
        """Runs with restarts of the four methods."""
        return {name: self._restarts(game, rule, self.restart_runs[game]) for name, rule in self.rules.items()}

    def restart_rows(self, game: str, found: Mapping[str, Restarts]) -> Iterator[Row]:
        """Successes within the budget, and the mean number of restarts with censored runs counted as 12."""
        name = f"restarts, {'Stag Hunt' if game == 'stag_hunt' else 'iterated Prisoner’s Dilemma'}"
        for row in _published(game):
            method = row["method"]

            def again(runs: int, method: str = method) -> Restarts:
                enough = len(found[method].first_success) == runs
                return found[method] if enough else self._restarts(game, self.rules[method], runs)

            def success(runs: int, again: Callable[[int], Restarts] = again) -> Estimate:
                return again(runs).success()

            def used(runs: int, again: Callable[[int], Restarts] = again) -> npt.NDArray[np.float64]:
                first = again(runs).first_success
                return np.where(first < 0, BUDGET - 1, first).astype(np.float64)

            published = int(row["restart_successes"]), int(row["restart_runs"])
            yield counts(name, f"{method}, successes", published, success, self.restart_runs[game])
            mean = float(row["mean_restarts"])
            yield resampled(name, f"{method}, mean restarts", mean, used, self.restart_runs[game], published[1])

    def _restarts(self, game: str, rule: TermRule, runs: int) -> Restarts:
        played, estimator = self.played()[game]
        found: Restarts = restarts(
            played, rule, budget=BUDGET, runs=runs, steps=120, target="CC", estimator=estimator, seed=self.seed,
            at_step=True,
        )  # fmt: skip
        return found

    def _success(self, method: str, known: dict[int, Entry]) -> Callable[[int], Estimate]:
        def measure(runs: int) -> Estimate:
            if runs not in known:
                known[runs] = self._entry(self.rules[method], runs)
            return known[runs].at_step("CC")

        return measure

    def _entry(self, rule: TermRule, runs: int) -> Entry:
        game, estimator = self.played()["ipd"]
        found: Entry = entry_probability(
            game, rule, n=runs, steps=260, starts=starts.normal(std=1.35), targets="CC", estimator=estimator,
            seed=self.seed, settling=STANDING,
        )  # fmt: skip
        return found


def _published(game: str) -> list[dict[str, str]]:
    return [row for row in table("basin_entry", "table1") if row["game"] == game]
