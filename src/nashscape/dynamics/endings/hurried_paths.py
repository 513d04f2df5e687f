"""Hurried paths: where runs are going, along their mean field at unit speed of log-odds."""

import itertools
import math
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from nashscape.dynamics.endings.looking import Found, Path
from nashscape.dynamics.endings.path_steps import STEP, TURNING, clock_of_step, growth, solved
from nashscape.dynamics.endings.programs import Looks

Floats = npt.NDArray[np.float64]

EXPLICIT_STEP = 0.25
"""Log-odds by which a step without a Jacobian moves the fastest of them."""

SMALLER, LARGER = 0.25, 1.5
"""Without a Jacobian, a step after which the field has turned round is followed by one of a quarter of its clock;
others may grow by half."""

AT_ONCE = 12
"""Looks of many compiled paths before those that have ended make room for the others."""


@dataclass(frozen=True, eq=False)
class Followed:
    """The paths of N runs.

    Attributes:
        path: what they have seen, `[…, N]`.
        found: what their last places showed, `[…, N]`.
        clock: clock until the path left the target of the run, or until its end, `[N]`.
        left: whether it left the target, `[N]`.
    """

    path: Path
    found: Found
    clock: Floats
    left: npt.NDArray[np.bool_]


def begun(theta: Floats, lower: Floats, upper: Floats, moved: Floats | None = None) -> Path:
    """Paths of N runs before their first look; `theta` is `[N, d]`, the bounds of their targets are `[N, Σ a_i]`, and
    `moved`, `[N]`, is how far their strategies have moved since their ends, by default not at all."""
    count, zeros = len(theta), np.zeros_like(lower.T)
    place = np.array(theta.T, np.float64, order="C")
    return Path(
        theta=place, before=place.copy(), lower=np.array(lower.T, order="C"), upper=np.array(upper.T, order="C"),
        ending=zeros, stays=np.zeros(count, bool), pure=np.zeros(count, bool),
        drift=np.zeros(count) if moved is None else moved.copy(),
        rose=np.zeros((2, count), bool), rises=np.zeros((2, count), bool), mixed=np.zeros(count, bool),
        last=np.zeros((2, count)),
    )  # fmt: skip


def follow(looks: Looks, path: Path, move: Any, length: float) -> Followed:
    """Follow the paths of N runs until nothing that matters moves, or for so many log-odds.

        step = (I − τ J)⁻¹ τ F,   τ = min(c / fastest log-odds, ½ / max Re λ(J))

    With more parameters than a Jacobian is made for the steps are `τ F`, shorter after the field has turned round.

    Args:
        looks: the compiled look.
        path: before the first look; it is taken over.
        move: `move(theta [n, d], change [n, d])`, the places after a change, kept where they may be.
        length: of the path, in log-odds.
    """
    if looks.walks:
        return _walked(looks, path, math.ceil(length / STEP))
    count, runs = path.theta.shape[1], np.arange(path.theta.shape[1])
    clock, left = np.zeros(count), np.zeros(count, bool)
    pace = _Pace(path)
    kept = None
    for step in itertools.count():
        found = looks.at(path, runs, first=step == 0)
        kept = found if kept is None else _put(kept, runs, found)
        left[runs] |= ~path.stays[runs]
        going = (found.pace > 0.0) & np.isfinite(found.pull).all(axis=0)
        runs, found = runs[going], _pick(found, going)
        if not len(runs) or step >= pace.steps(found, length):
            return Followed(path, kept, clock, left)
        took, change = pace.step(runs, found)
        path.before[:, runs] = path.theta[:, runs]
        path.theta[:, runs] = move(path.theta[:, runs].T, change).T
        clock[runs] += np.where(left[runs], 0.0, took)
    raise AssertionError


def _walked(looks: Looks, path: Path, steps: int) -> Followed:
    """The same where whole paths are compiled."""
    runs = np.arange(path.theta.shape[1])
    walk = looks.beginning(path)
    at_once = steps + 1 if looks.in_one_call else AT_ONCE
    for first in range(0, steps + 1, at_once):
        last = min(first + at_once, steps + 1)
        looks.walk(walk, runs, first=first == 0, places=last - first, moves=last - first - (last > steps))
        runs = runs[~walk.done[runs]]
        if not len(runs):
            break
    return Followed(walk.path, walk.found, walk.clock, walk.left)


class _Pace:
    """How far each path goes in a step, and how that changes along it."""

    def __init__(self, path: Path) -> None:
        self._pull = np.zeros_like(path.theta)
        self._took, self._cap = (np.full(path.theta.shape[1], value) for value in (0.0, np.inf))

    def steps(self, found: Found, length: float) -> int:
        """Steps of a path of so many log-odds."""
        return math.ceil(length / (STEP if found.jacobian.shape[0] else EXPLICIT_STEP))

    def step(self, runs: npt.NDArray[np.int64], found: Found) -> tuple[Floats, Floats]:
        """Clock `[n]` and change `[n, d]` of the next step of these paths."""
        if found.jacobian.shape[0]:
            return _implicit(found)
        turned = (self._pull[:, runs] * found.pull).sum(axis=0) < 0.0
        cap = np.where(turned, SMALLER * self._took[runs], LARGER * self._cap[runs])
        took = np.minimum(EXPLICIT_STEP / found.pace, cap)
        self._cap[runs], self._took[runs], self._pull[:, runs] = cap, took, found.pull
        return took, (took * found.pull).T


def _implicit(found: Found) -> tuple[Floats, Floats]:
    """Clock `[n]` and change `[n, d]` of one implicit step for each of n places."""
    jacobian = np.moveaxis(found.jacobian, -1, 0)
    with np.errstate(all="ignore"):
        # growth matters where it makes the step shorter than the pace does
        took = clock_of_step(np, found.jacobian, found.pace, growth(jacobian, found.pace * (TURNING / STEP)))
        change = solved(np.eye(jacobian.shape[1]) / took[:, None, None] - jacobian, found.pull.T)
    return took, np.where(np.isfinite(change), change, 0.0)


def _pick(found: Found, where: npt.NDArray[np.bool_]) -> Found:
    made: Found = jax.tree.map(lambda leaf: leaf[..., where], found)
    return made


def _put(kept: Found, runs: npt.NDArray[np.int64], found: Found) -> Found:
    for old, new in zip(jax.tree.leaves(kept), jax.tree.leaves(found), strict=True):
        old[..., runs] = new
    return kept
