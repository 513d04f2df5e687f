"""One learner in one game: what every predictor says of held-out seeds, and what baselines say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nashscape.learning import Rule
from nashscape.semantics import ParametricGame, parametric
from nashscape.systems.selection_prediction import networks, predictors, study
from nashscape.systems.selection_prediction.predictors import Floats, Truths
from nashscape.systems.selection_prediction.study import GAMES, RULES, Sample
from nashscape.systems.selection_prediction.tiny_hanabi import optimum

FIRST, FIRST_OF_NETWORKS = 1_000_000, 2_000_000
"""Seeds of the card begin here, apart from those with which the protocol was chosen."""

KINDS = {"repeated dilemma": "repeated", "networks": "networks"}


@dataclass(frozen=True)
class Runs:
    """Runs of a learner in a game.

    Attributes:
        game: its name.
        learner: its name.
        training: runs that baselines are fitted to.
        held_out: runs that are predicted.
    """

    game: str
    learner: str
    training: Sample
    held_out: Sample


@dataclass(frozen=True)
class Slice(Runs):
    """A learner with a rule whose terms are looked at, in one of `study.GAMES`, or "networks".

    Attributes:
        rule: whose terms.
    """

    rule: Rule

    @property
    def hanabi(self) -> bool:
        """Whether it is a game of Tiny Hanabi."""
        return self.game.startswith("hanabi")

    @property
    def played(self) -> Any:
        """The game; of networks the one that they play."""
        return GAMES["stag hunt" if self.game == "networks" else self.game]

    @property
    def known(self) -> tuple[str, ...]:
        """The predictors of the start that it has."""
        basin = () if self.hanabi else ("basin",)
        peer = () if self.learner == "PG" else ("peer",)
        return (*basin, "margin", "alignment", *peer)

    def at_start(self) -> dict[str, Truths]:
        """What predictors say of held-out seeds by their starts, by name."""
        learners, place = self._noise_free()
        terms = predictors.projections(learners, self.rule, place, self._target())
        margin = self._margin(self.held_out.start) > 0
        said = {"margin": margin, "alignment": terms["total"] > 0, "peer": terms["peer"] > 0}
        if not self.hanabi:
            said["basin"] = study.noise_free(learners, self.rule, place)
        return {name: said[name] for name in self.known}

    def early(self) -> Truths:
        """What the margin says of them when a twentieth of the updates is made."""
        return np.asarray(self._margin(self.held_out.early) > 0)

    def _noise_free(self) -> tuple[ParametricGame, Floats]:
        """The learners without sampling, and their parameters at the starts of held-out seeds."""
        if self.held_out.weights is not None:
            return networks.in_one_round(), self.held_out.weights
        return parametric(self.played), self.held_out.start

    def _margin(self, theta: Floats) -> Floats:
        game = self.played
        strategies = predictors.strategies_of(parametric(game), theta)
        if self.hanabi:
            return predictors.convention_gap(np.asarray(game.payoffs), strategies[0], optimum(self.game[-1]))
        p = np.stack([own.reshape(len(own), -1)[:, 0] for own in strategies], axis=1)
        alone = self.game == "repeated dilemma"
        return predictors.margin(p, [0.5, 0.5] if alone else predictors.indifferent(game.payoffs))

    def _target(self) -> Sequence[Floats]:
        """The actions of which the target is made."""
        if self.hanabi:
            return predictors.optimal_actions(np.asarray(self.played.payoffs))
        return predictors.first_actions(self.played.strategy_shapes)


def slices(name: str, count: int, seed: int, peers: list[float]) -> Iterator[Slice]:
    """Every learner of a game, run with a seed for training and with another for what is held out.

    Args:
        name: of the game, or "networks".
        count: runs with either seed.
        seed: of the card.
        peers: coefficients of networks.
    """

    def run(own: int) -> Mapping[str, Sample]:
        whole = (FIRST_OF_NETWORKS if name == "networks" else FIRST) + 2 * seed + own
        return networks.samples(peers, count, whole) if name == "networks" else study.samples(name, count, whole)

    rules = networks.exact_rules(peers) if name == "networks" else {own.name: own for own in RULES}
    training, held_out = run(0), run(1)
    for learner, rule in rules.items():
        yield Slice(name, learner, training[learner], held_out[learner], rule)


def kind(name: str) -> str:
    """Under which name the protocol has the number of runs of a game."""
    return "hanabi" if name.startswith("hanabi") else KINDS.get(name, "matrix")
