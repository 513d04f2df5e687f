"""What a certificate speaks of: game, semantics, rule, schedules and box, with exact numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from nashscape.checking.numbers import distribution, entry, flat, listed, number, one_of, table, whole
from nashscape.checking.schedules import Schedule
from nashscape.core import InputError

TERMS = ("own", "peer", "lookahead")
KINDS = {
    "Constant": ("value",),
    "Power": ("scale", "offset", "exponent"),
    "TwoPhase": ("value", "warm_up", "exponent", "decay_steps"),
    "Handoff": ("before", "after", "at"),
}


@dataclass(frozen=True)
class Game:
    """Payoffs, and for a Markov game how it moves.

    Attributes:
        payoffs: for every player and state, those of the joint actions in row-major order.
        kernel: probabilities of the next state, by state and joint action; empty for a one-shot game.
        initial: probabilities of the first state.
        discount: of the next round.
    """

    payoffs: tuple[tuple[tuple[Fraction, ...], ...], ...]
    kernel: tuple[tuple[tuple[Fraction, ...], ...], ...]
    initial: tuple[Fraction, ...]
    discount: Fraction

    @property
    def markov(self) -> bool:
        """Whether it has states."""
        return bool(self.kernel)


@dataclass(frozen=True)
class Problem:
    """Everything that the claims of a certificate are about.

    Attributes:
        flow: whether it is the projected flow, and not updates.
        game: the game.
        names: of every player's actions.
        softmax: whether a player has one logit per action.
        sizes: parameters per player.
        matrix: K of the logits `K θ + c`, by rows.
        bias: c.
        inner_lr: η.
        coefficients: the schedule of every term of the rule.
        step_size: a schedule, or None for a flow.
        time_step: the unit of time of a flow, or None.
        low: of every parameter, after clipping.
        high: see `low`.
        escape: the size from which a proposal counts as diverged.
    """

    flow: bool
    game: Game
    names: tuple[tuple[str, ...], ...]
    softmax: tuple[bool, ...]
    sizes: tuple[int, ...]
    matrix: tuple[tuple[Fraction, ...], ...]
    bias: tuple[Fraction, ...]
    inner_lr: Fraction
    coefficients: Mapping[str, Schedule]
    step_size: Schedule | None
    time_step: Fraction | None
    low: Fraction
    high: Fraction
    escape: Fraction

    @property
    def actions(self) -> tuple[int, ...]:
        """How many actions every player has."""
        return tuple(map(len, self.names))

    @property
    def total(self) -> int:
        """D, the number of parameters."""
        return sum(self.sizes)

    @cached_property
    def blocks(self) -> tuple[range, ...]:
        """Where every player's parameters are."""
        return tuple(range(sum(self.sizes[:i]), sum(self.sizes[: i + 1])) for i in range(len(self.sizes)))

    @cached_property
    def followed(self) -> tuple[int, ...]:
        """The parameters that belong to coordinates y: all but the last of every softmax player."""
        return tuple(
            k for block, soft in zip(self.blocks, self.softmax, strict=True) for k in block[: -1 if soft else None]
        )

    @cached_property
    def last(self) -> tuple[int | None, ...]:
        """For every parameter the one that is taken off: a softmax player's last; None for those of sigmoids."""
        return tuple(
            block[-1] if soft else None for block, soft in zip(self.blocks, self.softmax, strict=True) for _ in block
        )

    @property
    def identity(self) -> bool:
        """Whether the logits are the parameters."""
        rows = range(len(self.matrix))
        unit = all(self.matrix[z][k] == (z == k) for z in rows for k in range(self.total))
        return unit and len(self.matrix) == self.total and not any(self.bias)


def problem_of(data: Any) -> Problem:
    """The problem in a document.

    Raises:
        InputError: for what is missing or does not fit together.
    """
    flow = one_of(entry(data, "dynamics", "problem"), "dynamics", ("updates", "flow")) == "flow"
    players = listed(entry(data, "players", "problem"), "players")
    actions = tuple(whole(entry(one, "actions", "players"), "actions", 2) for one in players)
    softmax = tuple(
        one_of(entry(one, "form", "players"), "form", ("sigmoid", "softmax")) == "softmax" for one in players
    )
    if any(count != 2 for count, soft in zip(actions, softmax, strict=True) if not soft):
        raise InputError("players with a sigmoid have two actions; this certificate says otherwise")
    game = _game(entry(data, "game", "problem"), actions)
    sizes = tuple(whole(size, "sizes", 0) for size in listed(entry(data, "sizes", "problem"), "sizes", len(actions)))
    rows = sum(count if soft else 1 for count, soft in zip(actions, softmax, strict=True)) * len(game.initial)
    box = entry(data, "box", "problem")
    low, high, escape = (number(entry(box, name, "box"), f"box {name}") for name in ("low", "high", "escape"))
    if not low < high:
        raise InputError(f"the box of the certificate is empty: {float(low):g} to {float(high):g}")
    step, time = entry(data, "step_size", "problem"), entry(data, "time_step", "problem")
    if flow != (step is None) or flow == (time is None):
        raise InputError("a certificate of updates has a step_size and no time_step, one of a flow the contrary")
    terms = entry(data, "coefficients", "problem")
    problem = Problem(
        flow=flow, game=game, names=_names(entry(data, "actions", "problem"), actions), softmax=softmax, sizes=sizes,
        matrix=table(entry(data, "matrix", "problem"), "matrix", rows, sum(sizes)),
        bias=flat(entry(data, "bias", "problem"), "bias", (rows,)),
        inner_lr=number(entry(data, "inner_lr", "problem"), "inner_lr"),
        coefficients={one_of(name, "coefficients", TERMS): _schedule(own) for name, own in _items(terms)},
        step_size=None if step is None else _schedule(step),
        time_step=None if time is None else number(time, "time_step"),
        low=low, high=high, escape=escape,
    )  # fmt: skip
    if any(softmax) and (game.markov or not problem.identity or problem.sizes != _own_sizes(problem)):
        raise InputError("softmax players of a certificate play one-shot games, with logits that are the parameters")
    if problem.time_step is not None and problem.time_step <= 0:
        raise InputError("time_step of the certificate must be positive")
    return problem


def _names(data: Any, actions: tuple[int, ...]) -> tuple[tuple[str, ...], ...]:
    """Of every player's actions; no player has two of the same name."""
    rows = listed(data, "actions", len(actions))
    names = tuple(tuple(listed(row, "actions", count)) for row, count in zip(rows, actions, strict=True))
    words = all(isinstance(name, str) for own in names for name in own)
    if not words or any(len(set(own)) < len(own) for own in names):
        raise InputError("actions of the certificate must be names, all of a player's different")
    return names


def _own_sizes(problem: Problem) -> tuple[int, ...]:
    return tuple(count if soft else 1 for count, soft in zip(problem.actions, problem.softmax, strict=True))


def _items(value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise InputError("coefficients of the certificate must be an object")
    return list(value.items())


def _schedule(data: Any) -> Schedule:
    kind = one_of(entry(data, "kind", "schedules"), "schedule kind", tuple(KINDS))
    return Schedule(kind, {name: number(entry(data, name, kind), f"{kind} {name}") for name in KINDS[kind]})


def _game(data: Any, actions: tuple[int, ...]) -> Game:
    kind = one_of(entry(data, "kind", "game"), "game kind", ("one-shot", "markov"))
    payoffs, joint = listed(entry(data, "payoffs", "game"), "payoffs", len(actions)), math.prod(actions)
    if kind == "one-shot":
        return Game(tuple((flat(own, "payoffs", actions),) for own in payoffs), (), (Fraction(1),), Fraction(0))
    initial = listed(entry(data, "initial", "game"), "initial")
    states = len(initial)
    game = Game(
        tuple(_by_state(own, actions, states) for own in payoffs),
        _kernel(entry(data, "kernel", "game"), states, joint),
        distribution(initial, "initial", states),
        number(entry(data, "discount", "game"), "discount"),
    )
    if not 0 <= game.discount < 1:
        raise InputError(f"discount of the certificate must be at least 0 and below 1; it is {float(game.discount):g}")
    return game


def _kernel(data: Any, states: int, joint: int) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    return tuple(
        tuple(
            distribution(row, f"the row of kernel for state {state}, joint action {place}", states)
            for place, row in enumerate(listed(rows, "kernel", joint))
        )
        for state, rows in enumerate(listed(data, "kernel", states))
    )


def _by_state(own: Any, actions: tuple[int, ...], states: int) -> tuple[tuple[Fraction, ...], ...]:
    rows = [flat(row, "payoffs", actions) for row in listed(own, "payoffs")]
    if len(rows) not in (1, states):
        raise InputError("payoffs of the certificate are given for one state or for all")
    return tuple(rows * (states // len(rows)))
