"""The studies of the tables run, each once, two beside each other; and what they found."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any

from nashscape.core import Status
from nashscape.selection import Entry, Restarts
from nashscape.studies import Findings, Study
from nashscape.systems.basin_entry import tables
from nashscape.systems.basin_entry.published_methods import Effort

ABLATION, IPD_ABLATION, HUNT_RESTARTS, IPD_RESTARTS = (
    "ablation", "ablation, iterated", "restarts, hunt", "restarts, iterated",
)  # fmt: skip


@dataclass
class Tables:
    """What the studies of the tables have found so far.

    Attributes:
        effort: how much is run.
        seed: of everything random.
        whole: the results of studies that are drawn, by study and rule.
    """

    effort: Effort
    seed: int = 0
    whole: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self, study: Study, name: str = "", **fixed: int) -> Findings:
        """What a study finds at this effort; its results by rule are kept under a name.

        Raises:
            KeyboardInterrupt: where somebody has asked to stop.
            RuntimeError: where one of its calls has failed.
        """
        asked = study.but(fixed, seed=self.seed)
        found = asked.run(seen=self._keeper(name)) if name else asked.run()
        if found.status is Status.INTERRUPTED:
            raise KeyboardInterrupt
        if found.failures:
            raise RuntimeError(f"{study.name}: {next(iter(found.failures.values()))}")
        return found

    def _keeper(self, name: str) -> Callable[[Mapping[str, Any], Any], None]:
        kept = self.whole.setdefault(name, {})

        def keep(_: Mapping[str, Any], result: Any) -> None:
            kept[result.rule] = result

        return keep

    def entries(self, name: str) -> Mapping[str, Entry]:
        """Entries that were kept, by rule."""
        return self.whole.get(name, {})

    def restarts(self) -> Mapping[str, Mapping[str, Restarts]]:
        """Restarts that were kept, by game and rule."""
        named = {"stag_hunt": HUNT_RESTARTS, "ipd": IPD_RESTARTS}
        return {game: self.whole[name] for game, name in named.items() if name in self.whole}

    def sampled(self, pool: ThreadPoolExecutor) -> dict[str, "Future[Findings]"]:
        """The studies whose programs take long to make or to run, one after the other in another thread."""
        effort = self.effort

        def submit(study: Study, name: str, **fixed: int) -> "Future[Findings]":
            return pool.submit(copy_context().run, lambda: self.run(study, name, **fixed))

        return {
            ABLATION: submit(tables.ABLATION, ABLATION, n=effort.runs),
            IPD_ABLATION: submit(tables.IPD_ABLATION, IPD_ABLATION, n=effort.ipd_runs),
            IPD_RESTARTS: submit(tables.IPD_RESTARTS, IPD_RESTARTS, runs=effort.ipd_restarts),
        }
