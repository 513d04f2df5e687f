"""What learns where, as data, and what is kept of it: where runs start, where 5 % of the updates lead, how they end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape import games
from nashscape.dynamics import Settling, reducers, starts
from nashscape.learning import Rule, episodes, meta_mapg, sampled, two_phase
from nashscape.selection import entry_probability
from nashscape.studies import Study
from nashscape.systems.protocols import protocol_of
from nashscape.systems.selection_prediction.tiny_hanabi import TABLES, optimum, tiny_hanabi

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def protocol() -> Mapping[str, Any]:
    """What was fixed before the runs."""
    return protocol_of("nashscape.systems.selection_prediction")


def rule(peer: float, own: float) -> Rule:
    """A rule of the one structure that both learners have, so that one compiled program does for both."""
    return meta_mapg(own=own, peer=two_phase(peer, warm_up=0.0, exponent=0.0))


PG, META = rule(0.0, 0.0).renamed("PG"), rule(1.5, 0.35).renamed("Meta-MAPG")
RULES = (PG, META)

GAMES: Mapping[str, Any] = {
    "stag hunt": games.stag_hunt(),
    "unequal abilities": games.bimatrix(
        [[4, 0], [3, 2]], [[4, 2], [0, 1]], actions=("C", "D"), name="unequal abilities"
    ),
    "heterogeneous rewards": games.payoff_mixing(games.stag_hunt(), [["0", "1/2"], ["0", "0"]]),
    "repeated dilemma": games.iterated_prisoners_dilemma(),
    **{f"hanabi {letter}": tiny_hanabi(letter) for letter in TABLES},
}
"""By name. Of unequal abilities, the second player catches hares half as well as the first; of heterogeneous rewards,
the first is also paid half of what the second gets."""


def learning(name: str, count: int, seed: int) -> Study:
    """Runs of both learners in a game: of all updates, and beside them runs of the first twentieth alone.

    Args:
        name: of the game.
        count: runs.
        seed: of starts and samples; both kinds of runs share it.
    """
    told = protocol()["hanabi" if name.startswith("hanabi") else "tabular"]
    early, steps = told["early"], told["updates"]
    fixed: dict[str, Any] = {
        "game": GAMES[name],
        "starts": f"normal:std={told['spread']}",
        "n": count,
        "settling": Settling(follow=False),
        "reducers": [reducers.path_at([0, early], "parameters"), reducers.welfare(over="end")],
    }
    if name.startswith("hanabi"):
        fixed["step_size"] = told["step"]
    else:
        fixed["targets"] = ["CC"]
        fixed["estimator"] = (episodes if name == "repeated dilemma" else sampled)(told["batch"])
    return Study(
        f"selection-{name.replace(' ', '-')}",
        about="Which outcome learners select, and where they are when a twentieth of the updates is made.",
        fixed=fixed,
        vary=[{"steps": [early, steps]}, {"rule": list(RULES)}],
        measure=["reduced"],
        seed=seed,
    )


@dataclass(frozen=True)
class Sample:
    """Runs of one learner in one game.

    Attributes:
        start: parameters at the start, `[N, d]`.
        early: parameters when a twentieth of the updates is made, `[N, d]`, from runs that end there.
        reached: whether the runs of all updates end in the target, `[N]`.
        weights: of networks at the start, `[N, d]`, of which `start` and `early` hold the log-odds; else None.
    """

    start: Floats
    early: Floats
    reached: Truths
    weights: Floats | None = None


def samples(name: str, count: int, seed: int) -> dict[str, Sample]:
    """Of every learner in a game."""
    told = protocol()["hanabi" if name.startswith("hanabi") else "tabular"]
    found = entries(learning(name, count, seed))
    made = {}
    for own in RULES:
        path = np.asarray(found[told["early"], own.name].reduced["path_at_of_parameters"], np.float64)
        reached = ended(name, found[told["updates"], own.name])
        made[own.name] = Sample(path[:, 0], path[:, 1], reached)
    return made


def noise_free(game: Any, learner: Rule, start: Floats) -> Truths:
    """Whether updates without noise lead from each of the starts `[N, d]` to the target, `[N]`: on which side of the
    border of the basin they are."""
    found = entry_probability(
        game, learner, n=len(start), starts=starts.parameters(start), steps=protocol()["tabular"]["updates"],
        targets=["CC"], settling=Settling(follow=False),
    )  # fmt: skip
    return np.asarray(found.stands("CC"))


def entries(study: Study) -> dict[tuple[int, str], Any]:
    """The results of a study, by number of updates and name of the learner."""
    found: dict[tuple[int, str], Any] = {}

    def keep(point: Mapping[str, Any], entry: Any) -> None:
        found[int(point["steps"]), str(entry.rule)] = entry

    study.run(seen=keep)
    return found


def ended(name: str, entry: Any) -> Truths:
    """Whether runs end in the target: stand in CC after the last update, or get the optimum of Tiny Hanabi."""
    if name.startswith("hanabi"):
        near = optimum(name[-1]) - protocol()["hanabi"]["near"]
        return np.asarray(entry.reduced["end_welfare"], np.float64) / 2 >= near
    return np.asarray(entry.stands("CC"))
