"""Rules, estimators and projections from their texts, as studies and the command line have them."""

from collections.abc import Callable, Mapping
from typing import Any

from nashscape.core.named_texts import made_from, named, number
from nashscape.learning.estimators import Estimator, exact
from nashscape.learning.markov_sampling import episodes
from nashscape.learning.projection import Box, box, unbounded
from nashscape.learning.rule_table import rule_by_name
from nashscape.learning.rules import Rule
from nashscape.learning.sampling import sampled
from nashscape.learning.schedules import from_text

ESTIMATORS: Mapping[str, Callable[..., Any]] = {"exact": exact, "sampled": sampled, "episodes": episodes}


def rule_from_text(text: str) -> Rule:
    """A rule from its name and coefficients, which are numbers or schedules.

    >>> rule_from_text("meta-mapg:peer=2,own=0.35").name
    'meta_mapg'
    >>> rule_from_text("meta_mapg:peer=1.5/(t+1)^0.6").peer
    Power(scale=1.5, offset=1.0, exponent=0.6)
    >>> rule_from_text("meta_mapg:peer=handoff(3,at=40),own=0.2").peer
    Handoff(before=3.0, after=0.0, at=40.0)

    Raises:
        InputError: for an unknown name or coefficient, and what is neither number nor schedule.
    """
    name, coefficients = named(text, "coefficient")
    return rule_by_name(name, **{key: _coefficient(value, key, name) for key, value in coefficients.items()})


def _coefficient(value: Any, key: str, rule: str) -> Any:
    if not isinstance(value, str):
        return value
    return from_text(value) if "/" in value or "(" in value else number(value, f"coefficient of {rule} {key!r}")


def estimator_from_text(text: str) -> Estimator:
    """An estimator from "exact", "sampled:batch=192,form=unbiased", or "episodes:batch=384".

    >>> estimator_from_text("episodes:batch=64").batch
    64

    Raises:
        InputError: for an unknown name or option.
    """
    made: Estimator = made_from(text, "estimator", ESTIMATORS)
    return made


def projection_from_text(text: str) -> Box:
    """The box of the parameters from "8", or nothing that bounds them from "none".

    >>> projection_from_text("8") == box(8.0), projection_from_text("none") == unbounded()
    (True, True)
    """
    return unbounded() if text.strip().lower() in ("none", "unbounded") else box(number(text.strip(), "bound"))
