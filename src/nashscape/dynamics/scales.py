"""Whether steps are made for payoffs of this size, and the numbers to use where they are not.

Payoffs have a unit, and so have step sizes: with all payoffs times s, players take the same path when the step size h
and the inner step η are divided by s (for other coefficients see `Rule.units`). The defaults are absolute, those of
published protocols, and made for payoffs that range over about 4. With r the range of one player's payoffs (of a round,
where there are many), h · r bounds what one update of policy gradient adds to the log-odds of an action, up to a factor
of four: 2.1 at the first update of the defaults in Stag Hunt. Steps are out of scale when

* the largest h_t · r of a run is above 16: a single update can cross the whole range of logits; or
* it is below 1/4 and the sum over the run is below 50, so that a run cannot get anywhere; or
* an inner step η or another coefficient of unit one over payoff has η · r above 16 (2.2 in Stag Hunt); a penalty β
  that takes the place of step sizes has β / r outside [1/4, 16].
"""

import math
from typing import Any

import numpy as np

from nashscape.dynamics.setup import Setup, some_step_sizes
from nashscape.games import Game
from nashscape.learning import Rule
from nashscape.learning.rule_texts import numbers_of

MADE_FOR = 4.0
"""The range of payoffs for which the defaults were made, that of Stag Hunt."""
FARTHEST, LEAST, SHORTEST, USUAL = 16.0, 0.25, 50.0, 2.0


def payoff_unit(game: Game) -> float:
    """The largest range of one player's payoffs, of a round where there are many; what others get does not count.

    >>> from nashscape import games
    >>> payoff_unit(games.stag_hunt().affine(shift=[0.0, 1e6])), payoff_unit(games.iterated_prisoners_dilemma())
    (4.0, 5.0)
    """
    own: float | None = getattr(game, "largest_range", None)
    return game.payoff_range if own is None else own


def scale_notes(setup: Setup, steps: int) -> tuple[str, ...]:
    """A note where the steps of a run are out of scale with its payoffs, else none."""
    unit = payoff_unit(setup.game.game)
    if not 0.0 < unit < np.inf:
        return ()
    outer = _outer(setup, steps, unit)
    inner = [(name, value, power, value * unit**-power) for name, value, power in _measured(setup.rule)]
    least = LEAST if outer else 0.0 if setup.rule.uses_step_size else LEAST
    inner = [one for one in inner if not least <= one[3] <= FARTHEST]
    if not outer and not inner:
        return ()
    factor = MADE_FOR / unit
    faults = [outer] if outer else []
    faults += [f"{name} {value:g} is {size:.2g} in the unit of payoffs" for name, value, _, size in inner]
    # where the steps do not fit the usual payoffs either, other payoffs do not help
    largest = float(some_step_sizes(setup, steps)[1].max())
    fits = not outer or LEAST <= MADE_FOR * largest <= FARTHEST
    instead = [_rescaled(setup.step_size, factor if fits else USUAL / (unit * largest))] if outer else []
    instead += [f"{name}={value * factor**-power:.3g}" for name, value, power, _ in inner]
    divided = f"divide payoffs by {1 / factor:.3g}, or " if fits else ""
    return (
        f"steps are out of scale: payoffs range over {unit:.3g}, and {', '.join(faults)}; such numbers are made for "
        f"payoffs that range over about {MADE_FOR:g}: {divided}use {', '.join(instead)}",
    )


def schedule_note(step_size: Any, steps: int) -> str:
    """What to say of runs that are open where the step sizes from here on come to a finite sum; else nothing.

    >>> from nashscape import schedules
    >>> schedule_note(schedules.power(0.9, offset=1, exponent=2), 260)
    'the schedule ends here: all step sizes after 260 updates sum to 0.00345, which is all the clock that is left'
    """
    total = step_size.sum_from(steps) if hasattr(step_size, "sum_from") else math.inf
    if not math.isfinite(total):
        return ""
    return (
        f"the schedule ends here: all step sizes after {steps} updates sum to {total:.3g}, which is all the clock that "
        "is left"
    )


def _outer(setup: Setup, steps: int, unit: float) -> str:
    """What is wrong with the outer step sizes, or nothing."""
    # what an optimiser adds has units of its own
    if not setup.rule.uses_step_size or setup.optimiser is not None:
        return ""
    some, found = some_step_sizes(setup, steps)
    with np.errstate(over="ignore"):
        sizes = unit * found
    if sizes.max() > FARTHEST:
        return f"step sizes times that reach {sizes.max():.3g}"
    if sizes.max() < LEAST and _total(some, sizes, steps) < SHORTEST:
        return f"step sizes times that are at most {sizes.max():.2g} in {steps} steps"
    return ""


def _total(some: Any, sizes: Any, steps: int) -> float:
    places, first = np.unique(some, return_index=True)
    return float(np.interp(np.arange(steps), places, sizes[first]).sum())


def _rescaled(step_size: Any, factor: float) -> str:
    written = getattr(step_size, "written", None)
    return f"step sizes times {factor:.3g}" if written is None else f"step_size={written(factor)}"


def _measured(rule: Rule) -> list[tuple[str, float, int]]:
    """The coefficients of a rule, or of all players' rules, whose unit is that of payoffs or one over it."""
    if rule.made_of:
        return list(dict.fromkeys(each for own in rule.made_of for each in _measured(own)))
    numbers = numbers_of(rule)
    return [
        (name, float(numbers[name]), power)
        for name, power in rule.units.items()
        if abs(power) == 1 and name not in rule.of_any_size and float(numbers.get(name, 0.0)) > 0.0
    ]
