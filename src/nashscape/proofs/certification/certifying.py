"""Asking for a certificate: what is checked, which corners have traps, and which cells lead into them."""

import itertools
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import InputError, Status, finite_number, positive_integer, record
from nashscape.core.calls import verb
from nashscape.core.errors import NoAnswer
from nashscape.core.interrupts import beside
from nashscape.games import MarkovGame
from nashscape.learning import Box, Estimator, Rule
from nashscape.proofs.bounds import schedule_bounds
from nashscape.proofs.bounds.step_enclosures import followed_of
from nashscape.proofs.certification.box_runs import MOST_TRAPS, Boxes, Map, coefficients_of, map_of
from nashscape.proofs.certification.certificates import Certificate
from nashscape.proofs.certification.field_ranges import field_ranges
from nashscape.proofs.certification.not_attracting import not_attracting
from nashscape.proofs.certification.played import PLAYED, ends_in
from nashscape.proofs.certification.problem_data import problem_data
from nashscape.proofs.certification.questions import PLAIN, Asked, asked_of, check_exact, in_parameters, stays
from nashscape.proofs.certification.rest_search import MOST as MOST_REST
from nashscape.proofs.certification.rest_search import rest_traps
from nashscape.proofs.certification.traps import Trap, corner_traps
from nashscape.proofs.certification.tubes import WHY, Cells, decide_cells, trap_rows
from nashscape.semantics import Playable

Floats = npt.NDArray[np.float64]
FINEST = {1: 2.0**-16, 2: 2.0**-11, 3: 2.0**-7, 4: 2.0**-6}


@verb(**PLAIN)
def certify(
    game: "Playable",
    rule: Rule,
    target: Any = None,
    region: Any = None,
    *,
    coordinates: str | None = None,
    step_size: Any = None,
    projection: Box | None = None,
    estimator: Estimator | None = None,
    time_step: float | None = None,
    resolution: float | None = None,
    steps: int | None = None,
    seconds: float = 60.0,
    progress: Callable[[int, int], None] | None = None,
) -> Certificate:
    """Prove, for as many starts of a region as possible, which pure profile exact updates of a rule take them to.

    A start is certified for a profile when every run from it, with the whole schedule from step 0 on, reaches the
    corner of the clipped box at which that profile is played, and stays there. All corners that attract are used, and
    places of rest on edges or inside where the coefficients are constant: what provably goes where the target is not
    played provably never ends in it (`Certificate.escaping`).

    Args:
        game: with up to four free parameters: a one-shot game of independent players, where a softmax of a actions has
            a − 1; of players with two actions and coupled sigmoids; or a discounted game over states with
            `nashscape.semantics.restricted` players. In the latter corners are named by what is played in the first
            state where that tells them apart, and else by which parameters are high, such as "+-".
        rule: a sum of terms: `pg`, `meta_pg`, `peer_only`, `meta_mapg`, `lookahead` or `lola`, with numbers or
            `nashscape.schedules` for coefficients.
        target: a profile such as "CC"; by default all that attract.
        region: low and high end, each a number or one per player; by default 0.05 and 0.95 for strategies, −3 and 3 for
            parameters, which for a softmax are the logits of all actions but the last, less that of the last.
        coordinates: whether the region is one of "strategies", the probabilities of first actions (independent players
            only, for whom it is the default), or of "parameters".
        step_size: a number or one of `nashscape.schedules`, positive and with an infinite sum; by default
            `0.9/(t+10)^0.24`.
        projection: a finite box; by default `box(8.0)`.
        estimator: `exact()`, the default, and no other; sampled updates have `certify_in_probability`.
        time_step: for the flow `dθ/dt = F(θ)`, projected on the box, in place of updates: the time by which cells are
            followed at once, such as 0.1. Steps are then of this length.
        resolution: least side of a cell, as a share of the region's side; by default 1/2048 for two parameters, 1/128
            for three and 1/64 for four.
        steps: updates after which a cell that is in no trap yet counts as failed; by default 400, of a flow 2000.
        seconds: how long cells may be followed, compilation aside; what is undecided then stays so. By default 60.
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
    check_exact(rule, estimator)
    asked = asked_of(game, rule, step_size, projection, coordinates, region, time_step)
    return _certified(asked, _names(asked, target), True, resolution, steps, seconds, progress)


@verb(**PLAIN)
def certify_escape(
    game: "Playable",
    rule: Rule,
    target: Any = None,
    region: Any = None,
    *,
    coordinates: str | None = None,
    step_size: Any = None,
    projection: Box | None = None,
    estimator: Estimator | None = None,
    time_step: float | None = None,
    resolution: float | None = None,
    steps: int | None = None,
    seconds: float = 60.0,
    progress: Callable[[int, int], None] | None = None,
) -> Certificate:
    """Prove, for as many starts of a region as possible, that they never end in a profile.

    To end in a profile is to play it for ever from some step on, every player its action with probability .82 or more;
    a run may pass there before. Proved is that in the end somebody plays another way: at another corner, or at a place
    of rest outside of that neighbourhood. The share is `Certificate.escaping(target)`; what rests inside of it is
    `Certificate.resting(target)`. The target itself need not attract.

    Args:
        game: as in `certify`.
        rule: as in `certify`.
        target: one profile.
        region: as in `certify`.
        coordinates: as in `certify`.
        step_size: as in `certify`; by default `0.9/(t+10)^0.24`.
        projection: as in `certify`; by default `box(8.0)`.
        estimator: `exact()`, the default, alone.
        time_step: as in `certify`.
        resolution: as in `certify`.
        steps: as in `certify`.
        seconds: as in `certify`; by default 60.
        progress: as in `certify`.

    Raises:
        InputError: as `certify`, and where nothing outside of the profile's neighbourhood was proved to attract.

    Example:
        >>> from nashscape import games
        >>> from nashscape.learning import pg
        >>> found = certify_escape(games.prisoners_dilemma(), pg(), "CC", resolution=1 / 16)
        >>> found.targets, found.escaping("CC")
        (('DD',), 1.0)
    """
    check_exact(rule, estimator)
    if target is None or isinstance(target, list):
        raise InputError("say in which profile runs shall not end, such as certify_escape(game, rule, 'CC')")
    asked = asked_of(game, rule, step_size, projection, coordinates, region, time_step)
    [name] = _names(asked, target)
    return _certified(asked, [name], False, resolution, steps, seconds, progress)


def _names(asked: Asked, target: Any) -> list[str]:
    """The names of the corners asked for."""
    if target is None:
        return []
    game: Any = asked.learners.game
    signs = {sign for sign, _ in _signs(asked)}
    several = target if isinstance(target, list) else [target]
    return [one if isinstance(one, str) and one in signs else game.profile_name(game.profile(one)) for one in several]


def _certified(
    asked: Asked,
    names: list[str],
    must: bool,
    resolution: float | None,
    steps: int | None,
    seconds: float,
    progress: Callable[[int, int], None] | None,
) -> Certificate:
    usual = FINEST[followed_of(asked.learners).dimension] if resolution is None else resolution
    resolution = finite_number(usual, "resolution", low=0.0, high=1.0, low_open=True)
    seconds = finite_number(seconds, "seconds", low=0.0)
    began = time.perf_counter()
    usual_steps = 400 if asked.step_size is not None else 2000
    steps = usual_steps if steps is None else positive_integer(steps, "steps")
    update = map_of(asked.learners, asked.rule, asked.step_size, asked.box, steps, asked.time_step)

    def found() -> list[Any]:
        traps = list(_traps(asked, update, names, must))
        return [*traps, *rest_traps(asked, update, traps, steps)]

    traps = beside(found)
    problem = problem_data(asked.learners, asked.rule, asked.step_size, asked.box, asked.time_step)
    if not (traps if must else _elsewhere(asked, problem, traps, names)):
        raise _nothing(asked, traps, names)
    if seconds > 0:
        # compiled before the clock runs
        first = Boxes.starting(*in_parameters(asked.coordinates)(*(end[None] for end in asked.region)))
        beside(lambda: update.run(first, *trap_rows(traps), 0))
    ready = time.perf_counter()
    cells = decide_cells(
        update, traps, asked.region, in_parameters(asked.coordinates),
        resolution=resolution, seconds=seconds, progress=progress,
    )  # fmt: skip
    question = {"problem": problem, "region": asked.region, "coordinates": asked.coordinates}
    targets = tuple(dict.fromkeys(trap.target for trap in traps))
    return Certificate(
        game=asked.learners.name,
        rule=asked.rule.name,
        targets=targets,
        coordinates=asked.coordinates,
        region=np.stack(asked.region),
        low=cells.low,
        high=cells.high,
        trap=cells.trap,
        steps=cells.steps,
        traps=tuple(traps),
        resolution=resolution,
        problem=problem,
        undecided_by=_by_reason(cells, asked.region),
        curve=_by_target(cells.curve, traps, targets),
        status=Status.COMPLETE if cells.finished else Status.INTERRUPTED,
        provenance=record(
            "certificate",
            {
                **question,
                "targets": names,
                "escape": None if must else names[0],
                "resolution": resolution,
                "steps": steps,
            },
            sources=[*asked.rule.sources, *asked.learners.semantics.sources],
            compile_seconds=ready - began,
            run_seconds=time.perf_counter() - ready,
            trajectory_steps=cells.updates,
        ),
    )


def _nothing(asked: Asked, traps: list[Any], names: list[str]) -> NoAnswer:
    """Why there is nothing to be proved of any start."""
    if not traps:
        return NoAnswer(
            f"no corner of the box attracts {asked.rule.name} here, and no place of rest was proved to; there is "
            "nothing to arrive at"
        )
    found = ", ".join(dict.fromkeys(trap.target for trap in traps))
    return NoAnswer(
        f"nothing was proved to attract {asked.rule.name} where {names[0]} is surely played with a probability below "
        f"{PLAYED} by somebody; what attracts is {found}: certify(game, rule) proves which starts go there"
    )


def _elsewhere(asked: Asked, problem: dict[str, Any], traps: list[Any], names: list[str]) -> list[Any]:
    """The traps of which it is proved that their runs do not end in what is named."""
    game: Any = asked.learners.game
    signs = {sign for sign, _ in _signs(asked)}
    return [
        trap
        for trap in traps
        for name in names
        if trap.target != name and (name in signs or ends_in(problem, trap, game.profile(name)) is False)
    ]


def _by_reason(cells: Cells, region: tuple[Floats, Floats]) -> dict[str, float]:
    """The undecided share of the region by why nothing was proved."""
    free = region[1] > region[0]
    shares = np.prod((cells.high - cells.low)[:, free] / (region[1] - region[0])[free], axis=1)
    return {name: float(shares[cells.why == k].sum()) for k, name in enumerate(WHY)}


def _by_target(curve: Floats, traps: list[Any], targets: tuple[str, ...]) -> Floats:
    """A curve of shares by trap as one of shares by target."""
    parts = [curve[:, 1:][:, [trap.target == name for trap in traps]].sum(axis=1) for name in targets]
    return np.stack([curve[:, 0], *parts], axis=1)


def _traps(asked: Asked, update: Map, names: list[str], must: bool) -> list[Trap]:
    """The traps of all corners, those of the named ones first."""
    known = [schedule_bounds.over_all_steps(own, name) for name, own in coefficients_of(asked.rule).items()]
    ranges = field_ranges(asked.learners, asked.rule, update, known, asked.box)
    low, high = float(asked.box.low), float(asked.box.high)
    corners = _corners(asked)
    found: list[Trap] = []
    # what is asked for comes first, but is one of many where the question is what never arrives there
    first = names if must else []
    for name in [*first, *(name for name in corners if name not in first)]:
        own: list[Trap] = []
        for corner in corners.get(name, []):
            near = update.followed.near(corner, low, high)
            own += [trap for trap in corner_traps(ranges, name, corner, near) if stays(trap.largest, asked)]
        if not own and name in names and must:
            raise not_attracting(asked, name, corners.get(name, []))
        found += own
    return found[: MOST_TRAPS - MOST_REST]


def _corners(asked: Asked) -> dict[str, list[Floats]]:
    """All corners of the box by the profile that is played there; by signs where none is, or several are alike."""
    game: Any = asked.learners.game
    state = int(np.argmax(game.initial)) if isinstance(game, MarkovGame) else 0
    found: dict[str, list[Floats]] = {}
    for sign, corner in _signs(asked):
        with jax.enable_x64(True):
            played = asked.learners.strategies(jnp.asarray(corner, "float64"))
        first = [np.asarray(own).reshape(-1, own.shape[-1])[state] for own in played]
        if all(own.max() >= PLAYED for own in first):
            found.setdefault(game.profile_name(tuple(int(own.argmax()) for own in first)), []).append(corner)
        else:
            found[sign] = [corner]
    if isinstance(game, MarkovGame) and any(len(own) > 1 for own in found.values()):
        return {sign: [corner] for sign, corner in _signs(asked)}
    return found


def _signs(asked: Asked) -> list[tuple[str, Floats]]:
    """Corners of the box, of each softmax one logit high, with the sign of every parameter."""
    low, high = float(asked.box.low), float(asked.box.high)
    followed = followed_of(asked.learners)
    corners = (np.array(corner) for corner in itertools.product((high, low), repeat=asked.learners.dimension))
    middle = (low + high) / 2
    return [
        ("".join("+" if x > middle else "-" for x in corner), corner)
        for corner in corners
        if followed.is_pure(corner, middle)
    ]
