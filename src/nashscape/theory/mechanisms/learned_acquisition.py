"""A principal who knows neither what agents find out nor what it costs them: it explores, then commits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, finite_number, positive_integer
from nashscape.core.calls import public
from nashscape.core.provenance import record
from nashscape.theory.mechanisms.acquisition import HIRING
from nashscape.theory.mechanisms.acquisition_problems import AcquisitionProblem, decided
from nashscape.theory.mechanisms.cost_searches import searched_costs
from nashscape.theory.mechanisms.deviations import gains_of
from nashscape.theory.mechanisms.incentive_programs import program_of
from nashscape.theory.mechanisms.inviting import Inviting, Offer, inviting, offer_at
from nashscape.theory.mechanisms.learned_results import LearnedAcquisition

Floats = npt.NDArray[np.float64]

ROUNDS = (10_000, 31_623, 100_000, 316_228, 1_000_000)
RUNS, EXPLORING, CAUTION = 20, 4.0, 1.0

TIE = 1e-9
"""Of the largest payment: the gain that makes nobody leave its orders."""


@public()
def learned_acquisition(
    problem: AcquisitionProblem,
    *,
    rounds: Sequence[int] = ROUNDS,
    runs: int = RUNS,
    exploring: float = EXPLORING,
    caution: float = CAUTION,
    seed: int = 0,
) -> LearnedAcquisition:
    """What a principal loses against the best mechanism while it learns it: explore for `T^(2/3)` rounds, then commit.

    It knows sizes, worths, and one mechanism that recommends all joint efforts equally often and that agents follow by
    a margin. With that it explores for `exploring · T^(2/3)` rounds, and estimates how likely signals and states are.
    What efforts cost it finds by binary search: it scales an agent's payments down until that goes over to another
    effort, which it sees after the round, though it cannot pay on it. Then it commits to the best mechanism for what it
    believes in which other efforts, and lies, lose by `caution · most_paid · √(ln T / rounds explored)`; where that is
    more than the margin of the known one, to that. Its regret grows as `T^(2/3) √ln T`.

    Regret is counted on average over states and signals of each round, and too high rather than too low: while it
    explores and searches, the principal decides blindly; a mechanism that some agent would leave brings the least that
    there can be, in every round.

    Args:
        problem: the truth, which agents know.
        rounds: T, of each length that is looked at.
        runs: of each length.
        exploring: rounds of exploring are so many times `T^(2/3)`.
        caution: of the margin.
        seed: of what is seen while exploring.

    Raises:
        InputError: for fewer than two runs or rounds, and where no mechanism is followed by a margin.

    Example:
        >>> from nashscape.theory import acquisition_problem
        >>> coin = [[["1", "0"], ["1", "0"]], [["3/4", "1/4"], ["1/4", "3/4"]]]
        >>> one = acquisition_problem(coin, [[0, "1/10"]], [[4, 0], [0, 4]], prior=["1/2", "1/2"], most_paid=1)
        >>> found = learned_acquisition(one, rounds=[10_000, 100_000, 1_000_000])
        >>> bool(found.obeyed.all()), bool(0.5 < found.slope.value < 0.77)
        (True, True)

    Source: Cacciamani, Castiglioni, Gatti (2024), of which this is a reconstruction.
    """
    lengths = [positive_integer(one, "rounds", at_least=2) for one in rounds]
    count = positive_integer(runs, "runs", at_least=2)
    share = finite_number(exploring, "exploring", low=0.0, low_open=True)
    care = finite_number(caution, "caution", low=0.0)
    if len(set(lengths)) < 2:
        raise InputError(f"rounds must hold two lengths or more, to see how regret grows; got {lengths}")
    learner, unit = _Learner.of(problem.in_payments, share, care), float(problem.most_paid)
    drawn = [[learner.run(own, np.random.default_rng((seed, own, k))) for k in range(count)] for own in lengths]
    asked = {"problem": problem, "rounds": lengths, "runs": count, "exploring": share, "caution": care}
    return LearnedAcquisition(
        problem=problem.name,
        rounds=np.array(lengths),
        spent=np.array([[one.spent for one in own] for own in drawn]),
        regrets=unit * np.array([[one.regret for one in own] for own in drawn]),
        obeyed=np.array([[one.obeyed for one in own] for own in drawn]),
        best=unit * learner.best,
        margin=unit * learner.first.margin,
        status=Status.COMPLETE,
        provenance=record("learned acquisition", asked, seed=seed, sources=[HIRING]),
    )


@dataclass(frozen=True)
class _Run:
    """What one run loses against the best mechanism, in all; whether what it committed to was obeyed; rounds before."""

    regret: float
    obeyed: bool
    spent: int


@dataclass(frozen=True)
class _Learner:
    """What is the same in every run: the truth, the value of the best mechanism, and the offer to explore with.

    Everything is in units of the largest payment.
    """

    problem: AcquisitionProblem
    information: Floats
    worth: Floats
    costs: tuple[Floats, ...]
    best: float
    first: Inviting
    exploring: float
    caution: float

    @classmethod
    def of(cls, problem: AcquisitionProblem, exploring: float, caution: float) -> "_Learner":
        information, worth = problem.information, problem.worth.astype(float)
        costs = tuple(np.array(own, dtype=float) for own in problem.costs)
        best = program_of(information, decided(information, worth), costs, 1.0).solved()
        assert best is not None, "to recommend what costs least and to pay nothing is a mechanism"
        return cls(problem, information, worth, costs, best.value, inviting(problem), exploring, caution)

    def run(self, rounds: int, random: np.random.Generator) -> _Run:
        explored = min(rounds, int(np.ceil(self.exploring * rounds ** (2 / 3))))
        believed = self._seen(explored, random)
        costs, searching = self._searched(believed, int(np.ceil(np.log2(rounds))))
        spent = min(rounds, explored + searching)
        margin = self.caution * np.sqrt(np.log(rounds) / explored)
        offer = self._committed(believed, costs, margin)
        gains = gains_of(self.problem, offer.chances, offer.paid)
        obeyed = max(float(own.max()) for own in gains) <= TIE
        later = self._worth_of(offer, believed) if obeyed else self._least()
        lost = spent * (self.best - self._blindly()) + (rounds - spent) * (self.best - later)
        return _Run(float(lost), obeyed, spent)

    def _often(self, chances: Floats) -> Floats:
        return chances.reshape(*chances.shape, *[1] * (len(self.costs) + 1)) * self.information

    def _seen(self, explored: int, random: np.random.Generator) -> Floats:
        """How often signals and states were seen with efforts, all alike where efforts never were."""
        n, shape = len(self.costs), self.information.shape
        chances = self._often(self.first.offer.chances).ravel()
        counts = random.multinomial(explored, chances / chances.sum()).reshape(shape)
        total = counts.sum(axis=tuple(range(n, 2 * n + 1)), keepdims=True)
        return np.where(total > 0, counts / np.maximum(total, 1), 1 / np.prod(shape[n:]))

    def _searched(self, believed: Floats, halvings: int) -> tuple[list[Floats], int]:
        """What efforts are found to cost, and the rounds that this takes: those in which another effort is told too."""
        offer, costs, searching = self.first.offer, [], 0.0
        for i, own in enumerate(self.costs):
            found = searched_costs(self.information, believed, offer, own, i, halvings=halvings)
            costs.append(found.costs)
            searching += float(found.offers.sum()) * len(own)  # each is told in one of so many rounds
        return costs, int(np.ceil(searching))

    def _committed(self, believed: Floats, costs: Sequence[Floats], margin: float) -> Offer:
        if margin > self.first.margin:
            return self.first.offer
        values = decided(believed, self.worth)
        found = program_of(believed, values, costs, 1.0, margin=margin).solved()
        return self.first.offer if found is None else offer_at(found.point, believed.shape)

    def _worth_of(self, offer: Offer, believed: Floats) -> float:
        """What the principal gets of honest agents in a round, by decisions that are best for what it believes."""
        decisions = np.stack([(believed * row).sum(axis=-1) for row in self.worth]).argmax(axis=0)
        paid = sum(float((self.information * own).sum()) for own in offer.paid)
        return float((self._often(offer.chances) * self.worth[decisions]).sum()) - paid

    def _blindly(self) -> float:
        """What exploring brings to who always takes the decision that is worst by itself."""
        paid = sum(float((self.information * own).sum()) for own in self.first.offer.paid)
        states = self._often(self.first.offer.chances).sum(axis=tuple(range(self.information.ndim - 1)))
        return float((self.worth @ states).min()) - paid

    def _least(self) -> float:
        """What a round brings at least, whatever agents do: the worst decisions and all payments at their largest."""
        return -float(decided(self.information, -self.worth).max()) - len(self.costs)
