"""The study of the card: what is predicted of every row of the protocol, and what is measured."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, choice, citations
from nashscape.core.interrupts import all_or_nothing
from nashscape.core.statistics.switches import switch_interval, switches, within_factor
from nashscape.games import MarkovGame
from nashscape.semantics import open_source
from nashscape.systems.agreement import STATEMENT, Row
from nashscape.systems.checked_claims import Findings
from nashscape.systems.measured import measured
from nashscape.systems.open_source_neural import study
from nashscape.systems.open_source_neural.study import COOPERATE, EXACT, Asked, game_of, reading, rows_of, study_of
from nashscape.systems.protocols import protocol_of
from nashscape.systems.statements import holds
from nashscape.theory import coupling_threshold, symmetric_thresholds

Whole = npt.NDArray[np.int_]
WORDS = {True: "yes", False: "no", None: "undecided"}


@dataclass(frozen=True)
class Measured:
    """How many starts of a row cooperate at each coupling.

    Attributes:
        couplings: rising, `[m]`.
        successes: starts that end in cooperation, `[m]`.
        trials: starts.
        level: of the interval of the switch.
        half: the share at which it is.
    """

    couplings: list[float]
    successes: list[int]
    trials: int
    level: float
    half: float

    @property
    def switch(self) -> Estimate:
        """The coupling at which half of the starts cooperate; infinite where that is at none of them."""
        counts = [self.trials] * len(self.couplings)
        return switch_interval(self.couplings, self.successes, counts, self.level, share=self.half)

    @property
    def shown(self) -> int:
        """How many changes from few to most and back are shown."""
        counts = [self.trials] * len(self.couplings)
        return len(switches(self.couplings, self.successes, counts, self.level, share=self.half))


def measure(
    *, effort: str = "full", seed: int = 0, progress: Callable[[str, int, int], None] | None = None
) -> Findings:
    """Every figure of the card; raises `InputError` for an unknown effort."""
    protocol = read_protocol()
    effort = choice(effort, "effort", protocol["starts"])
    every = list(rows_of(protocol, effort))
    asked = {"system": "open-source-neural", "effort": effort, "protocol": dict(protocol)}
    rows = _rows(every, protocol, protocol["starts"][effort], seed)
    most = 7 * len(every)  # three predictions, a constant, and three figures of the runs
    return measured(rows, most, asked, [citations.OPEN_SOURCE], seed=seed, progress=progress)


def read_protocol() -> Mapping[str, Any]:
    """What was written down before the runs."""
    return protocol_of("nashscape.systems.open_source_neural")


def _rows(every: list[Asked], protocol: Mapping[str, Any], starts: int, seed: int) -> Iterator[Row]:
    level = 1 - protocol["counts"]["error"] / len(every)
    for own in every:
        found = cooperating(own, protocol, starts, level, seed)
        predicted, factor = predictions(own, protocol), protocol["counts"]["factor"]
        for name, prediction in predicted.items():
            yield verdict(f"{own.learner}-{name}", own.label, prediction, found, factor)
        yield verdict("constant", own.label, protocol["counts"]["constant"], found, factor)
        off = [within_factor(found.switch, prediction, factor) is not False for prediction in predicted.values()]
        yield holds("nowhere-off", own.label, off, "no prediction is shown to be further off")
        yield from crossing(own.label, found)


def predictions(asked: Asked, protocol: Mapping[str, Any]) -> dict[str, float]:
    """The couplings at which a switch is predicted, by name; none where theory has no formula.

    "diagonal": `κ_C = (T − R)/(R − S)` of a symmetric game of two, from which on full cooperation is stable for players
    who are alike; `c/((n − 1) b)` of the public goods game, where a contribution costs `c = 1 − m/n` and gives each
    other `b = m/n`. "global": `√max(κ_C, κ_D)`. Both are of one round. "index": where the first small step from even
    policies of the repeated game, of tables, turns to cooperation.
    """
    index = _index(replace(asked, players="", learner="", noise=0.0), protocol["counts"]["weight"])
    made = {} if index is None else {"index": index}
    if asked.unequal or asked.game == "unequal costs":
        return made
    if asked.game == "public goods":
        given = study.MULTIPLIER / study.CONTRIBUTORS
        return {"diagonal": (1 - given) / ((study.CONTRIBUTORS - 1) * given), **made}
    closed = symmetric_thresholds(study.stage(asked.game))
    assert closed.cooperation is not None, "mutual cooperation pays more than being exploited"
    assert closed.global_threshold is not None, "and no less than taking turns"
    return {"diagonal": closed.cooperation, "global": closed.global_threshold, **made}


@cache
def _index(asked: Asked, weight: float) -> float | None:
    """Where the index changes its sign; None where it does not, or more than once."""
    brackets = coupling_threshold(open_source(game_of(asked, weight), reading(asked))).brackets
    return brackets[0].middle if len(brackets) == 1 else None


def cooperating(asked: Asked, protocol: Mapping[str, Any], starts: int, level: float, seed: int) -> Measured:
    """Run a row at all of its couplings, and count the starts from which everybody comes to cooperate."""
    counts, found = protocol["counts"], {}
    game = game_of(asked, counts["weight"])

    def seen(point: Mapping[str, Any], entry: Any) -> None:
        if asked.learner == EXACT:
            shares = cooperation_shares(game, np.asarray(entry.reduced["last_profile"]))
            inside = shares.min(axis=1) >= counts["share"]
        else:
            inside = entry.stands(COOPERATE)
        found[float(point["coupling"])] = int(inside.sum())

    with all_or_nothing():  # a switch between a part of the couplings would be another
        study_of(asked, protocol, starts, seed).run(seen=seen)
    couplings = sorted(found)
    return Measured(couplings, [found[own] for own in couplings], starts, level, counts["half"])


def cooperation_shares(game: MarkovGame, profiles: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The expected share of the rounds in which each player takes its first action, `[N, n]`.

    It is what the same game without discounting would be worth if that action were paid 1 and all else nothing.

    Args:
        game: with a horizon.
        profiles: policies of all players side by side, `[N, n · S · a]`.
    """
    n = len(game.players)
    paid = np.zeros((n, 1, *game.shape))
    for i in range(n):
        np.moveaxis(paid[i, 0], i, 0)[0] = 1.0
    counting = replace(game, payoffs=paid, discount=1.0)
    shapes = [(game.n_states, actions) for actions in game.shape]
    ends = np.cumsum([np.prod(shape) for shape in shapes])[:-1]

    @jax.jit
    def all_worth(many: jax.Array) -> jax.Array:
        def worth(one: jax.Array) -> jax.Array:
            parts = jnp.split(one, ends)
            return counting.expected_payoffs([own.reshape(shape) for own, shape in zip(parts, shapes, strict=True)])

        return jax.vmap(worth)(many)

    return np.asarray(all_worth(jnp.asarray(profiles)), float) / counting.horizon


def verdict(claim: str, label: str, prediction: float, found: Measured, factor: float) -> Row:
    """A predicted switch beside the measured one: their ratio, and whether it is within a factor.

    >>> row = verdict("exact-index", "of ten", 0.4, Measured([0.2, 0.4, 0.6], [0, 2, 10], 10, 0.95, 0.5), 2.0)
    >>> row.rule, row.agrees
    ('predicted 0.400, ratio 1.19, within a factor of 2: yes', True)
    """
    switch = found.switch
    answer = within_factor(switch, prediction, factor)
    ratio = f"predicted {prediction:.3f}, ratio {switch.value / prediction:.2f}"
    rule = f"{ratio}, within a factor of {factor:g}: {WORDS[answer]}"
    if np.isinf(switch.value):
        rule = f"{'all' if switch.value < 0 else 'no'} couplings have half of the starts cooperate; {rule}"
    return Row(
        claim, f"{label}: {claim.rpartition('-')[2]}", prediction, switch.value, switch.low, switch.high, rule=rule,
        agrees=answer is True, runs=switch.trials, source=STATEMENT, claim=claim,
    )  # fmt: skip


def crossing(label: str, found: Measured) -> Iterator[Row]:
    """Whether half of the starts cooperate at some coupling and not at all, and whether that changes once."""
    said = " ".join(f"{k}" for k in found.successes)
    told = f"{label}: starts of {found.trials} at {found.couplings[0]:g} … {found.couplings[-1]:g}: {said}"
    yield holds("crosses", told, bool(np.isfinite(found.switch.value)), "half of them cooperate at some, not at all")
    yield holds("once", label, found.shown <= 1, "one change is shown, or none")
