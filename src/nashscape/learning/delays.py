"""Players of open source who read what the others' parameters were some steps ago."""

from dataclasses import dataclass, replace
from typing import ClassVar

import jax
import jax.numpy as jnp

from nashscape.core import InputError, citations, positive_integer
from nashscape.core.calls import public
from nashscape.core.overriding import override
from nashscape.core.reprs import called
from nashscape.learning.asking import LATE_READING
from nashscape.learning.oracle import Oracle
from nashscape.learning.rules import Rule, State, check_rule, moved
from nashscape.semantics import ParametricGame
from nashscape.semantics.semantics import is_linear

MOST_DELAY = 10_000


@dataclass(frozen=True, repr=False)
class Delayed(Rule):
    """A rule under delayed reading, `z_i(t) = a_i θ_i(t) + Σ_j b_ij θ_j(t − k)`. Made by `delayed`.

    Attributes:
        rule: how the players learn.
        delay: k, at least one; part of the compiled program.
        name: what tables and figures call it.
    """

    rule: Rule
    delay: int
    name: str = "delayed"

    @property
    @override
    def made_of(self) -> tuple[Rule, ...]:
        return (self.rule,)

    @property
    def needs(self) -> frozenset[str]:
        """What the rule does, and late reading."""
        return self.rule.needs | {LATE_READING}

    has_flow: ClassVar[bool] = False  # a delay is measured in steps

    @property
    def sources(self) -> tuple[citations.Source, ...]:
        """Those of the rule, and the paper on open source."""
        return tuple(dict.fromkeys([*self.rule.sources, citations.OPEN_SOURCE]))

    def init(self, theta: jax.Array) -> State:
        """The state of the rule, and the last k profiles, latest first: before the start players were where it is."""
        return self.rule.init(theta), jnp.broadcast_to(theta, (self.delay, *theta.shape))

    def update(self, oracle: Oracle, state: State, step: jax.Array) -> tuple[jax.Array, State]:
        """What the rule says in the game as it is read."""
        own, past = state
        direction, after = moved(self.rule, oracle.reading_late(past[-1]), own, step)
        return direction, (after, jnp.concatenate([oracle.theta[None], past[:-1]]))

    def contributions(self, oracle: Oracle, state: State, step: jax.Array) -> dict[str, jax.Array]:
        """Those of the rule in the game as it is read."""
        own, past = state
        return self.rule.contributions(oracle.reading_late(past[-1]), own, step)

    def rescaled(self, factor: float) -> "Delayed":
        """See `Rule`; the rule under delay is."""
        return replace(self, rule=self.rule.rescaled(factor))

    def for_game(self, game: ParametricGame) -> "Delayed":
        """Only for coupled semantics, and not for rules that were trained for undelayed reading."""
        if not is_linear(game.semantics):
            raise InputError(
                f"delayed reading is for coupled players, as in open_source(game, 0.5); those of {game.name} have "
                f"{type(game.semantics).__name__} semantics"
            )
        if _trained(self.rule):
            raise InputError("COLA was trained for players who read each other without delay; choose another rule")
        return replace(self, rule=self.rule.for_game(game))

    def __repr__(self) -> str:
        return called("delayed", self.rule, steps=self.delay)


jax.tree_util.register_dataclass(Delayed, data_fields=["rule"], meta_fields=["delay"], drop_fields=["name"])


def _trained(rule: Rule) -> bool:
    return hasattr(rule, "trained_on") or any(map(_trained, rule.made_of))


@public()
def delayed(rule: Rule, *, steps: int) -> Rule:
    """A rule under which coupled players read the others' parameters of k steps ago.

    `z_i(t) = a_i θ_i(t) + Σ_{j≠i} b_ij θ_j(t − k) + c_i`, with `θ(t) = θ(0)` for `t < 0`. The rule is asked at the
    present parameters in the game as it is read: with derivatives as without delay, `∂z_j/∂θ_i = b_ji`, since what a
    player changes now will be read, if later. Sampled plays are of the delayed strategies. Fixed points are those
    without delay; whether they attract may change. The strategies and payoffs that runs report are those of reading
    without delay at the parameters of a step, which differ while players move.

    Args:
        rule: how the players learn.
        steps: k; 0 is the rule itself.

    Raises:
        InputError: for something else than a rule, and a negative number of steps; from a run with semantics that are
            not coupled.

    Example:
        >>> from nashscape import games, open_source, pg, simulate
        >>> learners = open_source(games.stag_hunt(), 0.5)
        >>> now, late = (simulate(learners, rule, [0.6, 0.5], steps=9) for rule in (pg(), delayed(pg(), steps=3)))
        >>> (now.theta[1] == late.theta[1]).all(), (now.theta[2] == late.theta[2]).all()
        (np.True_, np.False_)

    Source: delays of reading are ours; reading parameters is arXiv 2606.27068.
    """
    delay = positive_integer(steps, "steps", at_least=0)
    if delay > MOST_DELAY:
        raise InputError(f"a delay keeps as many profiles per run; at most {MOST_DELAY:,} steps, got {delay:,}")
    check_rule(rule)
    return rule if delay == 0 else Delayed(rule, delay, f"{rule.name}, read {delay} late")
