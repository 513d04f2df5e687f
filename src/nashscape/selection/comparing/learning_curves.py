"""Learning curves: what runs of games that are only played come to, moment by moment, arm by arm."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Status, finite_number, interquartile_mean, record, wilson
from nashscape.core.calls import public
from nashscape.core.statistics.interquartile_means import EXPANDED, PRECIPICE
from nashscape.dynamics.playing.behaviours import Behaviour
from nashscape.dynamics.playing.curves import Curves, curves_of
from nashscape.learning.term_rules import COEFFICIENTS
from nashscape.selection.comparing.curve_results import LearningCurves
from nashscape.selection.comparing.played_arms import arms_of, goal_of, moments_of
from nashscape.selection.entries import Entry

Floats = npt.NDArray[np.float64]
QUARTILES = (0.25, 0.5, 0.75)


@public()
def learning_curves(
    entries: Entry | Mapping[str, Entry],
    measure: str = "return",
    *,
    of: str | int = "mean",
    target: str | Behaviour | None = None,
    level: float = 0.95,
    interval: str = "expanded",
    resamples: int = 4000,
    seed: int = 0,
) -> LearningCurves:
    """What runs come to moment by moment: interquartile means over runs, shares in a target, sizes of corrections.

    Every run counts once at every moment, by what it was seen to do in the evaluation episodes there. The share in a
    target is that of the runs within its bounds at that moment, whatever they do later; to be *reached* it has to hold
    for half of the moments. How long a correction is, `‖η λ c‖ / ‖g‖` with g the policy gradient, says whether it has
    been tried: the median over runs and players, and the quartiles, of means since the moment before.

    Args:
        entries: what `entry_probability` gives of a game that is only played, of one rule, or of several arms by name.
        measure: of what, see `behaviour`.
        of: of whom, where every player has one: "mean" (default), "sum", "least" or "most" of all, or a player.
        target: of which shares are counted: one of the entries' targets by name, or a `behaviour`. By default none.
        level: confidence level.
        interval: of the interquartile means, "expanded" or "percentile", see `interquartile_mean`.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Raises:
        InputError: for entries whose game is not only played, arms that were looked at after other numbers of updates,
            an unknown measure, player or target, and an arm of whose runs none has a number.

    Example:
        >>> import nashscape as ns
        >>> from nashscape import environments, neural
        >>> env = environments.of_game(ns.games.stag_hunt())
        >>> learners = ns.parametric(env, neural.perceptrons(env, hidden=(2,)))
        >>> how = {"estimator": ns.learning.played(4), "settling": ns.dynamics.observing(4, moments=2, greedy=0)}
        >>> found = learning_curves(ns.entry_probability(learners, ns.pg(), n=3, steps=6, **how), "share of C")
        >>> found.updates.tolist(), found.quantity, len(found.curves["pg"])
        ([3, 6], 'share of C, mean of players', 2)

    Source: Agarwal et al. (2021).
    """
    arms = arms_of(entries)
    seen = {name: curves_of(one) for name, one in arms.items()}
    updates = moments_of(seen)
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    looked_at = Behaviour("", measure, -np.inf, np.inf, of)
    values = {name: np.asarray(looked_at.value(own, own.means, 2), np.float64) for name, own in seen.items()}
    goal = None if target is None else goal_of(arms, target)
    inside = {} if goal is None else {name: goal.holds(own, own.means, 2) for name, own in seen.items()}
    drawn: dict[str, Any] = {"interval": interval, "resamples": resamples}
    asked = {"arms": {name: one.question for name, one in arms.items()}, "values": values, "measure": measure, "of": of}
    own_sources = [PRECIPICE, EXPANDED] if interval == "expanded" else [PRECIPICE]
    stopped = any(one.status is Status.INTERRUPTED for one in arms.values())
    return LearningCurves(
        measure=measure,
        of=_whose(of, measure, next(iter(seen.values()))),
        target="" if goal is None else goal.name,
        updates=updates,
        curves={
            name: tuple(_middle(column, name, measure, level=level, seed=seed, **drawn) for column in own.T)
            for name, own in values.items()
        },
        shares={
            name: tuple(wilson(int(column.sum()), column.size, level) for column in own.T)
            for name, own in inside.items()
        },
        corrections={name: _corrections(own) for name, own in seen.items()},
        level=level,
        status=Status.INTERRUPTED if stopped else Status.COMPLETE,
        provenance=record(
            "learning curves",
            {**asked, "target": goal, "level": level, **drawn},
            seed=seed,
            sources=[*own_sources, *dict.fromkeys(own for one in arms.values() for own in one.provenance.sources)],
            notes=[
                *_left_out(values, measure),
                *(f"{name}: {told}" for name, one in arms.items() for told in one.notes),
            ],
        ),
    )


def _whose(of: str | int, measure: str, seen: Curves) -> str:
    """Of whom the measure is, in a word."""
    if seen.means[measure].ndim == 2:
        return ""
    return seen.players[of] if isinstance(of, int) else str(of)


def _middle(values: Floats, name: str, measure: str, **how: Any) -> Estimate:
    """The interquartile mean over the runs that have a number."""
    known = values[np.isfinite(values)]
    if not known.size:
        raise InputError(f"no run of {name} has a number for {measure} at some moment; look at another measure or of")
    return interquartile_mean(known, **how)


def _corrections(seen: Curves) -> dict[str, Floats]:
    """The quartiles over runs and players of the length of every correction in use, `[3, M]`."""
    made = {}
    for name in COEFFICIENTS:
        if name in seen.told:
            each = np.moveaxis(np.asarray(seen.told[name], np.float64), 1, 0).reshape(len(seen.updates), -1)
            known = [own[np.isfinite(own)] for own in each]
            made[name] = np.array([np.quantile(own, QUARTILES) if own.size else [np.nan] * 3 for own in known]).T
    return made


def _left_out(values: Mapping[str, Floats], measure: str) -> list[str]:
    """A note for every arm of which some runs have no number."""
    made = []
    for name, own in values.items():
        broken = int((~np.isfinite(own)).any(axis=1).sum())
        if broken:
            made.append(
                f"{name}: {broken} of {len(own)} runs have no number for {measure} at some moments, left out there"
            )
    return made
