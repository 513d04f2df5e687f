"""Asking for a certificate in probability, for sampled updates."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, citations, finite_number, positive_integer, record
from nashscape.core.calls import verb
from nashscape.core.interrupts import beside
from nashscape.games import MarkovGame
from nashscape.learning import Box, Estimator, Rule, Sampled, check_rule
from nashscape.proofs.certification.certifying import certify
from nashscape.proofs.certification.probable_cells import LARGEST_EXPONENT, Lattice, decide, enough
from nashscape.proofs.certification.probable_certificates import ProbableCertificate, trap_ends
from nashscape.proofs.certification.probable_tubes import noisy_map
from nashscape.proofs.certification.problem_data import problem_data
from nashscape.proofs.certification.questions import PLAIN, asked_of, in_parameters
from nashscape.proofs.certification.traps import Trap
from nashscape.semantics import Coupled, Independent, ParametricGame, Playable, parametric

Floats = npt.NDArray[np.float64]
FINEST = {1: 2.0**-8, 2: 2.0**-6, 3: 2.0**-3}
MOST_PLAYERS = 3


@verb(**PLAIN)
def certify_in_probability(
    game: "Playable",
    rule: Rule,
    target: Any = None,
    region: Any = None,
    *,
    estimator: Any,
    confidence: float = 0.95,
    horizon: int = 140,
    coordinates: str | None = None,
    step_size: Any = None,
    projection: Box | None = None,
    resolution: float | None = None,
    seconds: float = 120.0,
    progress: Callable[[int, int], None] | None = None,
) -> ProbableCertificate:
    """Prove, for as many starts of a region as possible, where sampled updates of a rule probably take them.

    A start is certified for a profile when a run from it is, with probability at least `confidence` over the plays,
    inside a trap of that profile at some step and at all later ones up to the horizon. This holds for each start
    separately. The bias of products of means is covered. Where nothing can be proved the certificate says so, with the
    smallest batch, a power of two, that would be enough for something.

    Args:
        game: a one-shot game of two or three players with two actions, with independent or coupled sigmoids.
        rule: a sum of terms: `pg`, `meta_pg`, `peer_only`, `meta_mapg`, `lookahead` or `lola`, with numbers or
            `nashscape.schedules` for coefficients.
        target: a profile such as "CC", or a list; by default all that attract.
        region: low and high end, each a number or one per player; by default 0.05 and 0.95 for strategies, −3 and 3 for
            parameters.
        estimator: `sampled(batch)`, or a number of plays per update, of any size, in the published form.
        confidence: above 0 and below 1; by default 0.95.
        horizon: the number of updates, at most 10 000; by default 140.
        coordinates: whether the region is one of "strategies" (the default for independent players) or of "parameters".
        step_size: as in `certify`; by default `0.9/(t+10)^0.24`.
        projection: a finite box; by default `box(8.0)`.
        resolution: least side of a cell, as a share of the region's; by default 1/64 for two players, 1/8 for three.
        seconds: how long cells may be followed, compilation aside; what is undecided then stays so. By default 120.
        progress: called with (cells done, cells known so far).

    Raises:
        InputError: for input that does not fit, a target that does not attract, and what no such certificate covers.

    Example:
        >>> from nashscape import games, sampled
        >>> from nashscape.learning import pg
        >>> found = certify_in_probability(games.stag_hunt(), pg(), "CC", estimator=sampled(384), resolution=1 / 16)
        >>> found.verdict, 0.01 < found.fraction("CC") < 0.25
        ('certified', True)

    Source: the argument is this library's own; see docs/certificates.md. Inequalities: Hoeffding (1963), Bernstein,
    Ville (1939).
    """
    batch, form = _plays(estimator)
    confidence = finite_number(confidence, "confidence", low=0.0, high=1.0, low_open=True, high_open=True)
    horizon = positive_integer(horizon, "horizon")
    if horizon > 10_000:
        raise InputError(f"horizon must be at most 10000 updates; got {horizon}")
    learners = _sampled_game(parametric(game), rule)
    asked = asked_of(learners, rule, step_size, projection, coordinates, region)
    resolution = finite_number(
        FINEST[asked.learners.dimension] if resolution is None else resolution,
        "resolution", low=0.0, high=1.0, low_open=True,
    )  # fmt: skip
    seconds = finite_number(seconds, "seconds", low=0.0)
    began = time.perf_counter()
    # the corners that attract are those of the exact update; nothing is followed here
    exact = certify(
        asked.learners, asked.rule, target, list(asked.region), coordinates=asked.coordinates,
        step_size=asked.step_size, projection=asked.box, resolution=1.0, seconds=0.0,
    )  # fmt: skip
    traps = tuple(trap for trap in exact.traps if isinstance(trap, Trap))
    boxes = trap_ends(traps, asked.box)
    update = noisy_map(
        asked.learners, asked.rule, asked.step_size, asked.box, horizon, _failure(confidence), form == "unbiased"
    )
    lattice = Lattice(*asked.region, in_parameters(asked.coordinates))
    # compiled before the clock runs
    beside(lambda: update.run(*lattice.in_parameters(lattice.low[None], lattice.high[None]), boxes, batch))
    ready = time.perf_counter()
    levels = max(0, math.floor(-math.log2(resolution) + 1e-9))
    found = decide(update, boxes, lattice, batch, levels=levels, ends=ready + seconds, progress=progress)
    vacuous = found.finished and not (found.trap >= 0).any()
    needed = enough(update, boxes, lattice, batch, level=levels, ends=ready + seconds) if vacuous else None
    question = {
        "region": asked.region, "coordinates": asked.coordinates, "batch": batch,
        "problem": problem_data(asked.learners, asked.rule, asked.step_size, asked.box, 0.0), "form": form,
        "confidence": confidence, "horizon": horizon, "targets": exact.targets, "resolution": resolution,
    }  # fmt: skip
    return ProbableCertificate(
        game=asked.learners.name,
        rule=asked.rule.name,
        targets=tuple(dict.fromkeys(trap.target for trap in traps)),
        batch=batch,
        form=form,
        horizon=horizon,
        confidence=confidence,
        coordinates=asked.coordinates,
        region=np.stack(asked.region),
        low=found.low,
        high=found.high,
        trap=found.trap,
        steps=found.steps,
        traps=traps,
        resolution=resolution,
        enough_batch=needed,
        asked=asked,
        status=Status.COMPLETE if found.finished else Status.INTERRUPTED,
        provenance=record(
            "probable certificate",
            question,
            sources=[*asked.rule.sources, *asked.learners.semantics.sources, citations.HOEFFDING],
            compile_seconds=ready - began,
            run_seconds=time.perf_counter() - ready,
        ),
    )


def _failure(confidence: float) -> float:
    """The probability with which the bounds may fail; not rounded upwards."""
    return (1.0 - confidence) * (1 - 1e-12)


def _plays(estimator: Any) -> tuple[int, str]:
    """The batch and the form of an estimator."""
    if isinstance(estimator, Sampled):
        if estimator.baseline is not None:
            raise InputError(
                "certificates in probability bound means of independent plays; a baseline makes plays depend on each "
                "other: leave baseline out"
            )
        return int(estimator.batch), estimator.form
    if isinstance(estimator, Estimator):
        better = "for exact updates use certify" if estimator.exact else "give sampled(batch)"
        raise InputError(
            f"certificates in probability are for means over a batch of plays of a one-shot game, sampled(batch); got "
            f"{type(estimator).__name__}: {better}"
        )
    batch = positive_integer(estimator, "estimator, where it is not sampled(batch), is the plays per update and")
    if batch > 2**LARGEST_EXPONENT:
        raise InputError(f"a batch is at most 2**{LARGEST_EXPONENT}; got {batch}: use certify, for exact updates")
    return batch, "published"


def _sampled_game(learners: ParametricGame, rule: Any) -> ParametricGame:
    """A game of which the noise of sampled updates can be bounded."""
    semantics, name = learners.semantics, learners.name
    if isinstance(learners.game, MarkovGame):
        raise InputError(
            f"certificates in probability are for one-shot games; {name} is played over states: use certify for exact "
            "updates, or entry_probability for a confidence interval from simulation"
        )
    inner = semantics.inner if isinstance(semantics, Coupled) else semantics
    if not isinstance(inner, Independent) or set(inner.forms) != {"sigmoid"} or learners.dimension > MOST_PLAYERS:
        raise InputError(
            f"certificates in probability are for up to {MOST_PLAYERS} players with two actions and a sigmoid each, "
            f"independent or coupled; {name} has {type(semantics).__name__} semantics of {learners.dimension} "
            "parameters: use entry_probability for a confidence interval from simulation"
        )
    check_rule(rule)
    return learners
