"""Runs of a game that is only played, group by group: what was seen of behaviour, and labels of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Outcome
from nashscape.core.interrupts import beside, until_stopped
from nashscape.dynamics.batches import Cost, Progress, Staged
from nashscape.dynamics.endings.accounts import Labelled
from nashscape.dynamics.endings.settling import Endings
from nashscape.dynamics.observed_labels import observed_labels
from nashscape.dynamics.playing.behaviours import Behaviour
from nashscape.dynamics.playing.curves import ERROR, GREEDY, TOLD
from nashscape.dynamics.playing.measures import by_name
from nashscape.dynamics.playing.observing import Observing
from nashscape.dynamics.playing.program import Programs, programs
from nashscape.dynamics.playing.refusals import check_playing
from nashscape.dynamics.setup import Setup, check_step_sizes, in_precision
from nashscape.dynamics.starts import Starts
from nashscape.learning import seed_words

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

TOGETHER = 16
"""Runs that are begun together on every device; who stops waits for no more than these."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What was seen of N runs at M moments.

    Attributes:
        updates: made at every moment, `[M]`.
        means: of every measure over the episodes of a moment, `[N, M, …]`.
        errors: their standard errors.
        greedy: means over episodes of likeliest actions, at the end, `[N, …]`.
        told: what the rule told of its updates, means between the moments, `[N, M, …]`.
        theta: parameters after the last update, `[N, d]`.
    """

    updates: Whole
    means: Mapping[str, Floats]
    errors: Mapping[str, Floats]
    greedy: Mapping[str, Floats]
    told: Mapping[str, Floats]
    theta: npt.NDArray[Any]


def played_in_stages(
    setup: Setup,
    starts: Starts,
    indices: Whole,
    goals: Sequence[Behaviour],
    *,
    steps: int,
    how: Observing,
    seed: int,
    keys: Whole | None = None,
    precision: str = "float32",
    progress: Progress | None = None,
    in_part: bool = False,
) -> Staged:
    """Run the starts with these indices and give `(Labelled, Endings, Cost)`; see `label_in_stages`."""
    game: Any = setup.game.game
    if game.horizon is None:
        raise InputError(
            f"nobody knows when episodes of {game.name} end; give it a limit, after which they are cut off"
        )
    check_step_sizes(setup, steps)
    check_playing(game, setup, goals, how, precision)
    keys = indices if keys is None else keys
    setup = in_precision(setup, precision)
    made = programs(how)
    yield
    yield
    began = time.perf_counter()
    width = len(jax.devices()) * min(TOGETHER, -(-len(indices) // len(jax.devices())))
    groups: list[Seen] = []
    yield
    with until_stopped(lambda: not (in_part and groups)):
        for first in range(0, len(indices), width):
            here = slice(first, first + width)
            theta = starts.parameters(setup.game, indices[here], seed)
            group = _Group(game, setup, made, how, seed, steps, precision, keys[here], theta)
            groups.append(group.run(_told(progress, first, len(indices))))
    seen = _joined(groups)
    labelled, endings = judged(game, goals, seen)
    done = len(seen.theta)
    cost = Cost(
        devices=len(jax.devices()), compile_seconds=0.0, run_seconds=time.perf_counter() - began,
        trajectory_steps=done * steps, precision=precision,
    )  # fmt: skip
    return labelled, endings, cost


def _told(progress: Progress | None, first: int, every: int) -> Callable[[float, int], None]:
    """Tells how many runs are done, those that are under way by their share."""

    def tell(share: float, runs: int) -> None:
        if progress is not None:
            progress(first + int(share * runs), every)

    return tell


@dataclass(frozen=True, eq=False)
class _Group:
    """Runs that advance together, filled up with the last to a whole number for every device."""

    game: Any
    setup: Setup
    programs: Programs
    how: Observing
    seed: int
    steps: int
    precision: str
    keys: Whole
    theta: Floats

    def run(self, tell: Callable[[float, int], None]) -> Seen:
        """All updates of the group, block by block, and what is seen in between."""
        count, devices = len(self.theta), len(jax.devices())
        more = -count % devices
        words = seed_words(self.seed)
        runs = np.pad(self.keys.astype(np.uint32), (0, more), mode="edge")
        with jax.enable_x64(self.precision == "float64"):
            start = np.pad(self.theta, ((0, more), (0, 0)), mode="edge").astype(self.precision)
            state = beside(partial(self.programs.begin, self.setup, start))
            views, accounts, before = [], [], 0
            for after in self.how.updates(self.steps).tolist():
                here = np.int32(before), np.int32(after - before)
                state, account = beside(partial(self.programs.block, self.setup, words, *here, state, runs))
                view = beside(partial(self.programs.look, self.setup, words, np.int32(after), state.theta, runs))
                views.append(jax.device_get(view))
                accounts.append(jax.device_get(account))
                before = after
                tell(after / self.steps, count)
            last = np.int32(self.steps)
            likeliest = {}
            if self.how.greedy:
                likeliest = jax.device_get(
                    beside(partial(self.programs.greedy, self.setup, words, last, state.theta, runs))
                )
        means, errors = (
            {name: np.stack([view[name][k] for view in views], axis=1)[:count] for name in views[0]} for k in (0, 1)
        )
        return Seen(
            updates=self.how.updates(self.steps),
            means=by_name(self.game, means),
            errors=by_name(self.game, errors),
            greedy=by_name(self.game, {name: own[0][:count] for name, own in likeliest.items()}),
            told={name: np.stack([one[name] for one in accounts], axis=1)[:count] for name in accounts[0]},
            theta=np.asarray(state.theta)[:count],
        )


def _joined(groups: list[Seen]) -> Seen:
    """The runs of all groups, one after the other."""

    def joined(field: str) -> dict[str, Floats]:
        first = getattr(groups[0], field)
        return {name: np.concatenate([getattr(one, field)[name] for one in groups]) for name in first}

    theta = np.concatenate([one.theta for one in groups])
    return Seen(groups[0].updates, joined("means"), joined("errors"), joined("greedy"), joined("told"), theta)


def judged(game: Any, goals: Sequence[Behaviour], seen: Seen) -> tuple[Labelled, Endings]:
    """Labels of runs by what was seen of them, see `observing`, and what is kept of each."""
    count, moments = len(seen.theta), len(seen.updates)
    inside = np.array([goal.holds(game, seen.means, axes=2) for goal in goals]).reshape(len(goals), count, moments)
    codes, held = observed_labels(inside)
    broken = ~np.isfinite(seen.theta).all(axis=1)
    codes[broken], held[broken] = int(Outcome.DIVERGED), -1
    hits = np.where(inside.any(axis=2), seen.updates[inside.argmax(axis=2)], -1).astype(np.int32)
    endings = Endings(
        theta=np.zeros((count, 0)),
        strategies=(),
        regret=np.full(count, np.nan),
        first_hit=hits[0] if len(goals) else np.full(count, -1, np.int32),
        largest=np.zeros(count),
        reduced=kept(goals, seen, hits),
    )
    return Labelled(codes, held, np.zeros((count, 0)), 0, 0.0), endings


def kept(goals: Sequence[Behaviour], seen: Seen, hits: npt.NDArray[np.int32]) -> dict[str, npt.NDArray[Any]]:
    """What is kept of every run, by name: curves of all measures `[N, M, …]` with errors, and what rules told."""
    return {
        "updates": np.broadcast_to(seen.updates, (len(seen.theta), len(seen.updates))),
        **dict(seen.means),
        **{f"{ERROR}{name}": own for name, own in seen.errors.items()},
        **{f"{GREEDY}{name}": own for name, own in seen.greedy.items()},
        **{f"{TOLD}{name}": own for name, own in seen.told.items()},
        **{f"first_hit_{goal.name}": own for goal, own in zip(goals, hits, strict=True)},
    }
