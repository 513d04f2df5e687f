"""What learns in which environment, as a study, and what is kept of it: scores early, and how runs end."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from nashscape.dynamics import observing
from nashscape.dynamics.playing.behaviour_texts import behaviour_from_text
from nashscape.environments import jaxmarl
from nashscape.studies import Study
from nashscape.systems.protocols import protocol_of
from nashscape.systems.selection_prediction.predictors import Floats
from nashscape.systems.selection_prediction.study import Sample, entries

PROTOCOL = protocol_of("nashscape.systems.selection_jaxmarl")
"""What was written down before the runs."""

LEARNER = "PPO"


def learning(name: str, count: int, seed: int) -> Study:
    """Runs of all updates, and beside them runs of the first twentieth alone.

    Args:
        name: of the environment, in the protocol.
        count: runs.
        seed: of first weights and plays; both kinds of runs share it.
    """
    part, learners = PROTOCOL[name], PROTOCOL["learners"]
    return Study(
        f"selection-{name}",
        about="Which outcome networks come to, and how they do when a twentieth of the updates is made.",
        fixed={
            "game": jaxmarl(part["environment"], **part["options"]),
            "semantics": learners["semantics"],
            "rule": learners["rule"],
            "estimator": f"played:batch={part['batch']}",
            "settling": observing(episodes=learners["episodes"], moments=2, greedy=0),
            "targets": [behaviour_from_text(f"reached: {part['reached']}")],
            "n": count,
        },
        vary=[{"steps": [part["early"], part["updates"]]}],
        measure=["reduced"],
        seed=seed,
    )


def samples(name: str, count: int, seed: int) -> Sample:
    """Of every run what is seen early, the score first, and whether it ends in the outcome.

    Where a sample has what is known at the start, it has here what is seen when half of that is made.
    """
    part = PROTOCOL[name]
    found = {steps: entry for (steps, _), entry in entries(learning(name, count, seed)).items()}
    early, whole = found[part["early"]], found[part["updates"]]
    return Sample(
        seen(early.reduced, part["score"], 0), seen(early.reduced, part["score"], -1),
        np.asarray(whole.stands("reached")),
    )  # fmt: skip


def seen(reduced: Mapping[str, Any], score: str, moment: int) -> Floats:
    """What is seen in play at a moment, means over players: score, rounds, shares of actions, `[N, m]`."""
    names = [score, "rounds", *sorted(_shares(reduced))]
    columns = [np.asarray(reduced[name], np.float64)[:, moment] for name in names]
    return np.stack([own.reshape(len(own), -1).mean(axis=1) for own in columns], axis=1)


def _shares(reduced: Iterable[str]) -> list[str]:
    return [name for name in reduced if name.startswith("share of ")]
