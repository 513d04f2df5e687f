"""What simulation says beside a certificate in probability: a lower bound of its own, under its own name."""

from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import (
    Estimate,
    InputError,
    Provenance,
    Result,
    Status,
    citations,
    clopper_pearson,
    finite_array,
    finite_number,
    positive_integer,
    record,
)
from nashscape.core.calls import verb
from nashscape.core.overriding import override
from nashscape.core.provenance import cost_of
from nashscape.dynamics import Progress, Reducer, Seen, configuration, make_setup, run_starts
from nashscape.dynamics.setup import sources_of
from nashscape.dynamics.starts import parameters
from nashscape.learning import sampled
from nashscape.learning.sampling import MOST_PLAYS
from nashscape.proofs.certification.probable_certificates import ProbableCertificate
from nashscape.proofs.certification.questions import in_parameters

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SimulatedBound(Result):
    """How many simulated runs were in a trap from some step on. Made by `simulated_bound`.

    It is no proof about any start: it is about the mean over the random starts it was made from.

    Attributes:
        target: the corner.
        starts: the starts, in the coordinates of the certificate, `[n, d]`.
        coordinates: "strategies" (probabilities of the first action) or "parameters".
        success: whether the run was in a trap of the corner at the horizon, and, where its start is certified, at all
            steps from the certified one on, `[n]`.
        since: the step from which on each run was in the trap, −1 where it was not at the horizon, `[n]`.
        promised: the probability that the certificate gives to each start; None for starts of which some are undecided.
        level: of the bound.
        status: COMPLETE.
        provenance: what was asked, versions, cost.
    """

    question_kind: ClassVar[str] = "simulated bound"
    picture: ClassVar[str] = "nashscape.figures.simulated_bounds:simulated_bound_figure"
    as_table: ClassVar[str] = "nashscape.selection.comparing.tables:simulated_bound_table"
    computed: ClassVar[tuple[str, ...]] = ("simulated", "lower", "contradicts")

    target: str
    starts: Floats
    coordinates: str
    success: npt.NDArray[np.bool_]
    since: npt.NDArray[np.int32]
    promised: float | None
    level: float
    status: Status
    provenance: Provenance

    @property
    def simulated(self) -> Estimate:
        """The share of successes with its Clopper–Pearson interval, whose lower end alone holds at `level`."""
        return clopper_pearson(int(self.success.sum()), len(self.success), 2 * self.level - 1)

    @property
    def lower(self) -> float:
        """The lower bound, at `level`, of the probability of success from a random start."""
        return self.simulated.low

    @property
    def contradicts(self) -> bool:
        """Whether so few successes would have a probability below 1 − level if the certificate were right."""
        return self.promised is not None and self.simulated.high < self.promised

    def __repr__(self) -> str:
        """The counts and the bound, as one line."""
        promised = "" if self.promised is None else f", certified {self.promised:g}"
        return (
            f"<SimulatedBound {self.target}: {int(self.success.sum())} of {len(self.success)} runs, simulated at least "
            f"{self.lower:.4f} (Clopper–Pearson {100 * self.level:g} %){promised}>"
        )


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class LastOutside(Reducer):
    """The last step at which a run was outside each of some boxes, −1 where never; ends `[M, d]`."""

    low: Any
    high: Any
    name = "last_outside"

    @override
    def init(self, seen: Seen) -> Any:
        return jnp.full(self.low.shape[0], -1, jnp.int32)

    def add(self, carried: Any, seen: Seen) -> Any:
        """Look once more; where a run diverged it is outside."""
        inside = ((seen.theta >= self.low) & (seen.theta <= self.high)).all(axis=1)
        return jnp.where(inside, carried, seen.step.astype(jnp.int32))

    @override
    def finish(self, carried: Any) -> jax.Array:
        return jnp.asarray(carried)


@verb()
def simulated_bound(
    certificate: ProbableCertificate,
    target: str | None = None,
    *,
    n: int = 400,
    within: Any = None,
    level: float = 0.95,
    seed: int = 0,
    progress: Progress | None = None,
) -> SimulatedBound:
    """Run sampled updates from random starts and bound from below how probably they end in a trap of a corner.

    By default the starts are uniform over the cells that are certified for the corner. Where the certificate is
    vacuous, say where from, with `within`.

    Args:
        certificate: as `certify_in_probability` makes them; all of its question is taken over.
        target: a corner; by default the first.
        n: runs; by default 400.
        within: low and high end of a box of starts, in the certificate's coordinates and inside its region.
        level: of the bound, above one half; by default 0.95.
        seed: of starts and plays; by default 0.
        progress: called with (runs done, runs in all).

    Raises:
        InputError: where nothing is certified for the corner and `within` is missing, for a box outside the region, and
            for batches too large to be simulated.

    Example:
        >>> from nashscape import games, sampled
        >>> from nashscape.learning import pg
        >>> from nashscape.proofs.certification.probable_certifying import certify_in_probability
        >>> proved = certify_in_probability(games.stag_hunt(), pg(), "DD", estimator=sampled(384), resolution=1 / 8)
        >>> simulated_bound(proved, n=100).contradicts
        False

    Source: Clopper and Pearson (1934).
    """
    if not isinstance(certificate, ProbableCertificate):  # class: what is simulated is what such a proof says
        raise InputError(f"expected a certificate of certify_in_probability; got {type(certificate).__name__}")
    if certificate.batch > MOST_PLAYS:
        raise InputError(f"batches of {certificate.batch} are too large to simulate; at most {MOST_PLAYS}")
    number = certificate.number(target)
    n, level = positive_integer(n, "n"), finite_number(level, "level", 0.5, 1.0, low_open=True, high_open=True)
    starts, cells = _starts(certificate, number, n, within, seed)
    asked = certificate.asked
    traps = [k for k, trap in enumerate(certificate.traps) if trap.target == certificate.targets[number]]
    low, high = certificate.trap_ends
    setup = make_setup(
        asked.learners, asked.rule, estimator=sampled(certificate.batch, form=certificate.form),
        step_size=asked.step_size, projection=asked.box, reducers=LastOutside(low, high),
    )  # fmt: skip
    theta = in_parameters(certificate.coordinates)(starts, starts)[0]
    endings, cost = run_starts(
        setup, parameters(theta), np.arange(n), steps=certificate.horizon, seed=seed,
        progress=progress,
    )  # fmt: skip
    outside = endings.reduced["last_outside"]
    since = outside[:, traps].min(axis=1) + 1
    proved = np.where(cells >= 0, certificate.label[cells] == number, False)
    # where a start is certified, the trap and the step that the certificate names
    claimed = outside[np.arange(n), certificate.trap[cells]] < certificate.steps[cells]
    arrived = since <= certificate.horizon
    return SimulatedBound(
        target=certificate.targets[number],
        starts=starts,
        coordinates=certificate.coordinates,
        success=np.where(proved, claimed, arrived),
        since=np.where(arrived, since, -1).astype(np.int32),
        promised=certificate.confidence if proved.all() else None,
        level=level,
        status=Status.COMPLETE,
        provenance=record(
            "simulated bound",
            {**configuration(setup), "n": n, "steps": certificate.horizon, "within": within},
            seed=seed,
            precision=cost.precision,
            notes=cost.notes,
            sources=[*sources_of(setup), citations.CLOPPER_PEARSON],
            **cost_of([cost]),
        ),
    )


def _starts(
    certificate: ProbableCertificate, number: int, n: int, within: Any, seed: int
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """Random starts, and the certified cell of each, −1 where there is none."""
    random = np.random.default_rng(seed)
    if within is None:
        mine = np.flatnonzero(certificate.label == number)
        if not len(mine):
            raise InputError(
                f"nothing is certified for {certificate.targets[number]} with a batch of {certificate.batch}; say with "
                "within=(low, high) where the simulated runs should start"
            )
        chance = certificate.shares[mine]
        cells = random.choice(mine, size=n, p=chance / chance.sum())
        low, high = certificate.low[cells], certificate.high[cells]
        return low + (high - low) * random.uniform(size=low.shape), cells
    ends = [np.broadcast_to(finite_array(end, "within"), certificate.region.shape[1:]) for end in within]
    if len(ends) != 2 or (ends[0] < certificate.region[0]).any() or (ends[1] > certificate.region[1]).any():
        raise InputError("within is a pair of low and high ends inside the certificate's region")
    starts = ends[0] + (ends[1] - ends[0]) * random.uniform(size=(n, len(ends[0])))
    inside = (starts[:, None] >= certificate.low) & (starts[:, None] <= certificate.high)
    held = inside.all(axis=2) & (certificate.label == number)
    return starts, np.where(held.any(axis=1), held.argmax(axis=1), -1)
