"""A population game with a dynamic: where starts are after a time, and how long is usual."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import finite_number
from nashscape.evolution.mean_dynamics import IMITATIVE, checked_dynamic, field_of
from nashscape.evolution.population_games import PopulationGame
from nashscape.evolution.reply_flows import replied
from nashscape.evolution.share_flows import Accuracy, followed

Floats = npt.NDArray[np.float64]

USUAL = 200.0
"""Usual time, in units of the dynamic."""

BY_PAYOFFS = ("replicator", "smith", "bnn")
SLOWER = {"bnn": 5.0}

FAR = 1e-100
"""Shares that come back from less than this may be lost under imitation."""


@dataclass(frozen=True)
class Motion:
    """How a population moves.

    Attributes:
        game: what it plays.
        dynamic: name of the mean dynamic.
        noise: of the two with a logit.
        time: how long starts are followed.
    """

    game: PopulationGame
    dynamic: str
    noise: float | None
    time: float

    @property
    def imitates(self) -> bool:
        """Whether types that are gone stay away."""
        return self.dynamic in IMITATIVE

    def velocity(self, shares: Floats) -> Floats:
        """How fast shares change."""
        return field_of(self.game, self.dynamic, self.noise)(shares)

    def slopes(self, shares: Floats) -> Floats:
        """Of the logit, whose choice is p, the slopes of the velocity in each share, `(diag p − p pᵀ) A / η − I`."""
        assert self.noise is not None
        p = self.velocity(shares) + shares
        made: Floats = (np.diag(p) - np.outer(p, p)) @ self.game.payoffs / self.noise - np.eye(len(shares))
        return made

    def after(self, starts: Floats, time: float | None = None) -> Floats:
        """Where starts `[N, types]` are after the time, or another."""
        long = self.time if time is None else time
        if self.dynamic == "best_response":
            return replied(self.game, starts, long)
        accuracy = Accuracy(FAR) if self.imitates else Accuracy()
        return followed(field_of(self.game, self.dynamic, self.noise), starts, long, accuracy)

    @property
    def near(self) -> float:
        """How far from a rest point, in shares, it is tried whether it attracts; BNN becomes slow on the way."""
        return 1e-2 if self.dynamic == "bnn" else 1e-3

    @property
    def asked(self) -> dict[str, Any]:
        """What it is, for questions."""
        return {"game": self.game, "dynamic": self.dynamic, "noise": self.noise, "time": self.time}


def motion(game: PopulationGame, dynamic: Any, noise: Any, time: Any) -> Motion:
    """What was asked for, checked.

    Without a time it is 200 over the range of payoffs, in which the fastest type grows by e^200 at most, and five times
    as long of BNN, which nears pure equilibria as 1/t does; of dynamics by a logit, and of best response, 50 times as
    long as members take between two revisions, or more where the noise is larger than the range.
    """
    name, level = checked_dynamic(dynamic, noise)
    width = float(game.payoffs.max() - game.payoffs.min()) or 1.0
    slow = max(1.0, (level or 0.0) / width) if name == "imitative_logit" else 1.0
    usual = SLOWER.get(name, 1.0) * USUAL / width if name in BY_PAYOFFS else USUAL / 4 * slow
    long = usual if time is None else finite_number(time, "time", low=0.0, low_open=True)
    return Motion(game, name, level, long)
