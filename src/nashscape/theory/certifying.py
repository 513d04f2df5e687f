"""Asking for a certificate: what is checked, which corners have traps, and which cells lead into them."""

import itertools
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, choice, finite_number, positive_integer, record
from nashscape.games import Game
from nashscape.learning import Box, Rule
from nashscape.semantics import ParametricGame
from nashscape.theory import schedule_bounds
from nashscape.theory.box_runs import MOST_TRAPS, Map, coefficients_of, map_of
from nashscape.theory.certificate_questions import Question, asked_of, in_parameters
from nashscape.theory.certificates import Certificate
from nashscape.theory.problem_data import problem_data
from nashscape.theory.traps import Trap, corner_traps
from nashscape.theory.tubes import decide_cells

Floats = npt.NDArray[np.float64]
FINEST = {1: 2.0**-16, 2: 2.0**-11, 3: 2.0**-7, 4: 2.0**-5}


def certify(
    game: Game | ParametricGame,
    rule: Rule,
    target: Any = None,
    region: Any = None,
    *,
    coordinates: str | None = None,
    step_size: Any = None,
    projection: Box | None = None,
    resolution: float | None = None,
    steps: int = 400,
    seconds: float = 60.0,
    progress: Callable[[int, int], None] | None = None,
) -> Certificate:
    """Prove, for as many starts of a region as possible, which pure profile exact updates of a rule take them to.

    A start is certified for a profile when every run from it, with the whole schedule from step 0 on, reaches the
    corner of the clipped box at which that profile is played, and stays there. All corners that attract are used: what
    provably reaches another one provably never reaches the target (`Certificate.escaping`).

    Args:
        game: of two to four players with two actions each, with independent or coupled sigmoids.
        rule: a sum of terms: `pg`, `meta_pg`, `peer_only`, `meta_mapg`, `lookahead` or `lola`, with numbers or
            `nashscape.schedules` for coefficients.
        target: a profile such as "CC"; by default all that attract.
        region: low and high end, each a number or one per player; by default 0.05 and 0.95 for strategies, −3 and 3 for
            parameters.
        coordinates: whether the region is one of "strategies", the probabilities of first actions (independent players
            only, for whom it is the default), or of "parameters".
        step_size: a number or one of `nashscape.schedules`, positive and with an infinite sum; by default
            `0.9/(t+10)^0.24`.
        projection: a finite box; by default `box(8.0)`.
        resolution: least side of a cell, as a share of the region's side; by default 1/2048 for two parameters, 1/128
            for three and 1/32 for four.
        steps: updates after which a cell that is in no trap yet counts as failed.
        seconds: how long cells may be followed, compilation aside; what is undecided then stays so.
        progress: called with (cells done, cells known so far).

    Raises:
        InputError: for input that does not fit, a target that does not attract, and what no certificate covers.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg
        >>> found = certify(games.stag_hunt(), pg(), "CC", resolution=1 / 64)
        >>> found.targets, 0.24 < found.fraction("CC") < 0.2548 < 1 - found.escaping("CC")
        (('CC', 'DD'), True)

    Source: the argument is this library's own; see docs/certificates.md.
    """
    asked = asked_of(game, rule, step_size, projection, coordinates, region)
    names = _names(asked.learners, target)
    return _certified(asked, names, True, resolution, steps, seconds, progress)


def certify_escape(
    game: Game | ParametricGame, rule: Rule, target: Any, region: Any = None, **options: Any
) -> Certificate:
    """Prove, for as many starts of a region as possible, that they never reach a profile.

    They reach another corner instead and stay there; the share is `Certificate.escaping(target)`. The target itself
    need not attract.

    Args:
        game: as in `certify`.
        rule: as in `certify`.
        target: one profile.
        region: as in `certify`.
        **options: the others of `certify`.

    Raises:
        InputError: as `certify`, and where no other corner attracts.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg
        >>> found = certify_escape(games.prisoners_dilemma(), pg(), "CC", resolution=1 / 16)
        >>> found.targets, found.escaping("CC")
        (('DD',), 1.0)
    """
    defaults: dict[str, Any] = dict.fromkeys(("coordinates", "step_size", "projection", "resolution", "progress"))
    defaults |= {"steps": 400, "seconds": 60.0}
    for name in options:
        choice(name, "option", defaults)
    how = defaults | options
    asked = asked_of(game, rule, how["step_size"], how["projection"], how["coordinates"], region)
    [name] = _names(asked.learners, target)
    return _certified(asked, [name], False, how["resolution"], how["steps"], how["seconds"], how["progress"])


def _names(learners: ParametricGame, target: Any) -> list[str]:
    """The names of the profiles asked for."""
    if target is None:
        return []
    game: Any = learners.game
    several = isinstance(target, list)
    return [game.profile_name(game.profile(one)) for one in (target if several else [target])]


def _certified(
    asked: Question,
    names: list[str],
    must: bool,
    resolution: float | None,
    steps: int,
    seconds: float,
    progress: Callable[[int, int], None] | None,
) -> Certificate:
    usual = FINEST[asked.learners.dimension] if resolution is None else resolution
    resolution = finite_number(usual, "resolution", low=0.0, high=1.0, low_open=True)
    seconds = finite_number(seconds, "seconds", low=0.0)
    began = time.perf_counter()
    update = map_of(asked.learners, asked.rule, asked.step_size, asked.box, positive_integer(steps, "steps"))
    traps = _traps(asked, update, names, must)
    ready = time.perf_counter()
    cells = decide_cells(
        update, traps, asked.region, in_parameters(asked.coordinates),
        resolution=resolution, seconds=seconds, progress=progress,
    )  # fmt: skip
    problem = problem_data(asked.learners, asked.rule, asked.step_size, asked.box)
    question = {"kind": "certificate", "problem": problem, "region": asked.region, "coordinates": asked.coordinates}
    return Certificate(
        game=asked.learners.name,
        rule=asked.rule.name,
        targets=tuple(dict.fromkeys(trap.target for trap in traps)),
        coordinates=asked.coordinates,
        region=np.stack(asked.region),
        low=cells.low,
        high=cells.high,
        trap=cells.trap,
        steps=cells.steps,
        traps=tuple(traps),
        resolution=resolution,
        problem=problem,
        status=Status.COMPLETE if cells.finished else Status.INTERRUPTED,
        provenance=record(
            {**question, "targets": names, "resolution": resolution, "steps": steps},
            sources=["basin_entry", *asked.rule.sources],
            compile_seconds=ready - began,
            run_seconds=time.perf_counter() - ready,
            trajectory_steps=cells.updates,
        ),
    )


def _traps(asked: Question, update: Map, names: list[str], must: bool) -> list[Trap]:
    """The traps of all corners, those of the named ones first."""
    ranges = [schedule_bounds.over_all_steps(own, name) for name, own in coefficients_of(asked.rule).items()]
    field = update.field_over_all_steps(ranges)
    corners = _corners(asked)
    found: list[Trap] = []
    for name in [*names, *(name for name in corners if name not in names)]:
        own: list[Trap] = []
        for corner in corners.get(name, []):
            opposite = float(asked.box.low) + float(asked.box.high) - corner
            own += [trap for trap in corner_traps(field, name, corner, opposite) if _stays(trap, asked)]
        if not own and name in names and must:
            raise _not_attracting(asked, name, corners.get(name, []))
        found += own
    if not [trap for trap in found if must or trap.target not in names]:
        other = "" if must or not names else "other "
        raise InputError(f"no {other}corner of the box attracts {asked.rule.name} here; there is nothing to arrive at")
    return found[:MOST_TRAPS]


def _corners(asked: Question) -> dict[str, list[Floats]]:
    """All corners of the box by the profile that is played there."""
    game: Any = asked.learners.game
    ends = (float(asked.box.high), float(asked.box.low))
    found: dict[str, list[Floats]] = {}
    for corner in itertools.product(ends, repeat=asked.learners.dimension):
        with jax.enable_x64(True):
            played = asked.learners.strategies(jnp.asarray(corner, "float64"))
        first = np.array([float(own[0]) for own in played])
        if (first != 0.5).all():
            found.setdefault(game.profile_name(tuple(int(p < 0.5) for p in first)), []).append(np.array(corner))
    return found


def _stays(trap: Trap, asked: Question) -> bool:
    """Whether no proposal from the trap overshoots so far that the run would count as diverged."""
    _, most = schedule_bounds.over_all_steps(asked.step_size, "step_size")
    edge = max(abs(float(asked.box.low)), abs(float(asked.box.high)))
    return (edge + most * trap.largest) * (1 + 1e-9) < float(asked.box.escape)


def _not_attracting(asked: Question, name: str, corners: list[Floats]) -> InputError:
    from nashscape.theory.fields import field_of

    if not corners:
        return InputError(f"at no corner of the box do the players play {name}; nothing can be proved to arrive there")
    pushes = []
    constant = asked.rule
    for corner in corners:
        way = np.sign(corner - (float(asked.box.low) + float(asked.box.high)) / 2)
        pushes.append(way * field_of(asked.learners, constant)(corner))
    worst = max(pushes, key=lambda own: float(own.min()))
    player = int(np.argmin(worst))
    return InputError(
        f"{name} does not attract {asked.rule.name}: at its corner the parameter of player {player + 1} moves "
        f"{'away from' if worst[player] < 0 else 'only weakly towards'} it, at {worst[player]:.3g} payoff per "
        "parameter; certify_escape proves where runs go instead"
    )
