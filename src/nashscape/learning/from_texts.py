"""Rules, estimators and projections from their texts, as studies and the command line have them."""

from types import MappingProxyType
from typing import Any

from nashscape.core.found_things import Found
from nashscape.core.named_texts import number
from nashscape.core.registries import Registry
from nashscape.learning.estimators import Estimator, check_estimator, exact, is_estimator
from nashscape.learning.markov_sampling import episodes
from nashscape.learning.plays.estimator import played
from nashscape.learning.projection import Box, box, unbounded
from nashscape.learning.rule_table import found_rule, made_rule
from nashscape.learning.rules import Rule
from nashscape.learning.sampling import sampled
from nashscape.learning.schedules import from_text


def rule_from_text(text: str) -> Rule:
    """A rule from its name and coefficients, which are numbers or schedules.

    Beside names it takes files: "mine.py:slow:rate=0.1", of which a function makes the rule.

    >>> rule_from_text("meta-mapg:peer=2,own=0.35").name
    'meta_mapg'
    >>> rule_from_text("meta_mapg:peer=1.5/(t+1)^0.6").peer
    schedules.power(1.5, offset=1, exponent=0.6)
    >>> rule_from_text("meta_mapg:peer=handoff(3,at=40),own=0.2").peer
    schedules.handoff(3, at=40, after=0)

    Where a rule has words, as `optimiser` of `ppo`, these are texts, and tuples are written in parentheses:
    "ppo:peer=1.5,inner_lr=0.1,optimiser=sgd,critic_hidden=(32,32)".

    Raises:
        InputError: for an unknown name or coefficient, and what is neither number nor schedule.
    """
    found = found_rule(text)
    given = {key: _coefficient(value, key, found) for key, value in (found.given or {}).items()}
    return made_rule(found.having(given))


def _coefficient(value: Any, key: str, found: Found) -> Any:
    if not isinstance(value, str):
        return value
    if "/" in value or "(" in value:
        return from_text(value)
    # rules of others may have coefficients that are words, and not say so
    words = not found.is_ours or found.takes_words(key) or (value == "none" and found.may_lack(key))
    return value if words else number(value, f"coefficient of {found.name} {key!r}")


ESTIMATORS = Registry(
    "estimator",
    "nashscape.estimators",
    MappingProxyType({"exact": exact, "sampled": sampled, "episodes": episodes, "played": played}),
)


def estimator_from_text(text: str) -> Estimator:
    """An estimator from "exact", "sampled:batch=192,form=unbiased", "episodes:batch=384", or "played:batch=64".

    Beside ours there are the names that installed packages announce as entry points of the group
    `nashscape.estimators`, and "mine.py:shaken:pairs=8", which a function in a file of one's own makes.

    >>> estimator_from_text("episodes:batch=64").batch
    64

    Raises:
        InputError: for an unknown name or option, and what is no estimator.
    """
    found = ESTIMATORS.find(text)
    made = found.made(is_estimator)
    return found.blamed(lambda: check_estimator(made))


def projection_from_text(text: str) -> Box:
    """The box of the parameters from "8", or nothing that bounds them from "none".

    >>> projection_from_text("8") == box(8.0), projection_from_text("none") == unbounded()
    (True, True)
    """
    return unbounded() if text.strip().lower() in ("none", "unbounded") else box(number(text.strip(), "bound"))
