"""What moves parameters at an update: the direction of the rule, or what an optimiser makes of it."""

from dataclasses import dataclass
from typing import Any

import jax

from nashscape.learning import Oracle, Rule
from nashscape.learning.optimisers import Optimiser
from nashscape.learning.rules import moved


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class Memory:
    """What a rule and an optimiser remember from one update to the next, each of its own kind."""

    rule: Any
    optimiser: Any = ()


def first_memory(rule: Rule, optimiser: Optimiser | None, theta: jax.Array) -> Memory:
    """What is remembered before the first update."""
    return Memory(rule.init(theta), () if optimiser is None else optimiser.init(theta))


def pushed(
    rule: Rule, optimiser: Optimiser | None, oracle: Oracle, memory: Memory, step: jax.Array
) -> tuple[jax.Array, jax.Array, Memory]:
    """The direction of the rule, what is added to parameters at the step size 1, and what is remembered after it.

    Without an optimiser the two are one.
    """
    direction, kept = moved(rule, oracle, memory.rule, step)
    if optimiser is None:
        return direction, direction, Memory(kept, memory.optimiser)
    push, after = optimiser.push(direction, memory.optimiser, oracle.theta)
    return direction, push, Memory(kept, after)


def takes_no_optimiser(rule: Rule) -> str:
    """Why no optimiser can stand between the directions of a rule and its steps, in words; or nothing.

    >>> from nashscape import pg
    >>> from nashscape.learning import pola, extragradient
    >>> takes_no_optimiser(pg()), takes_no_optimiser(pola())
    ('', 'rule pola says where to arrive, whatever the step size')
    >>> takes_no_optimiser(extragradient())
    'rule extragradient looks ahead by the outer step size; give it an inner_lr'
    """
    if not rule.uses_step_size:
        return f"rule {rule.name} says where to arrive, whatever the step size"
    if getattr(rule, "inner_lr", 0.0) is None:
        return f"rule {rule.name} looks ahead by the outer step size; give it an inner_lr"
    return next((reason for part in rule.made_of if (reason := takes_no_optimiser(part))), "")
