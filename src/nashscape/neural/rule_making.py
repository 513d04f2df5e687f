"""From what was asked for to a rule that trains policies: numbers are checked before anything is compiled."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from nashscape.core import InputError, Source, choice, citations, finite_number, positive_integer
from nashscape.learning.plays.reward_scaling import PER
from nashscape.learning.schedules import as_schedule
from nashscape.learning.term_rules import COEFFICIENTS
from nashscape.neural.critics import critic_plan
from nashscape.neural.optimising import DIRECTIONS
from nashscape.neural.policy_optimisation import PolicyOptimisation

OF_TERMS: Mapping[str, Source] = MappingProxyType(
    {"own": citations.META_MAPG, "peer": citations.LOLA, "lookahead": citations.LOOKAHEAD}
)


def policy_rule(name: str, sources: tuple[Source, ...], asked: Mapping[str, Any]) -> PolicyOptimisation:
    """The rule of this name as it was asked for, by the arguments of `ppo`; its numbers are checked.

    Raises:
        InputError: for numbers out of their ranges, and unknown words.
    """
    rate, terms = as_schedule(asked["learning_rate"], "learning_rate"), _terms(asked)
    critic_rate = asked["critic_learning_rate"]
    return PolicyOptimisation(
        name=name,
        learning_rate=rate,
        critic_learning_rate=rate if critic_rate is None else as_schedule(critic_rate, "critic_learning_rate"),
        trace=finite_number(asked["trace"], "trace", low=0.0, high=1.0),
        clip=_positive(asked["clip"], "clip"),
        value_clip=_positive(asked.get("value_clip"), "value_clip"),
        entropy=as_schedule(asked["entropy"], "entropy"),
        max_norm=_positive(asked["max_norm"], "max_norm"),
        critics=critic_plan(asked["critics"], asked["critic_hidden"]),
        epochs=positive_integer(asked["epochs"], "epochs"),
        minibatches=positive_integer(asked["minibatches"], "minibatches"),
        normalise=bool(asked["normalise"]),
        optimiser=choice(asked.get("optimiser", "adam"), "optimiser", tuple(DIRECTIONS)),
        scaling=_scaling(asked["scale_rewards"], asked.get("episodes")),
        cites=(*sources, *(OF_TERMS[term] for term in COEFFICIENTS if terms[term] is not None)),
        **terms,
    )


def _positive(value: Any, name: str) -> float | None:
    return None if value is None else finite_number(value, name, low=0.0, low_open=True)


def _terms(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The coefficients of the corrections, and `η`."""
    inner_lr = finite_number(asked.get("inner_lr", 0.0), "inner_lr", low=0.0)
    used = [term for term in COEFFICIENTS if asked.get(term) is not None]
    if used and inner_lr == 0.0:
        raise InputError(f"{' and '.join(used)} times an inner_lr of 0 is nothing; give one, as in inner_lr=0.5")
    made = {term: as_schedule(asked[term], f"coefficient {term!r}") for term in used}
    return {**dict.fromkeys(COEFFICIENTS), **made, "inner_lr": inner_lr}


def _scaling(per: Any, episodes: Any) -> tuple[str, int] | None:
    if per is None:
        if episodes is not None:
            raise InputError('episodes is asked for with scale_rewards, "each" or "one"; leave it out')
        return None
    if episodes is None:
        raise InputError("rewards are scaled over the episodes side by side; say how many, as in episodes=64")
    return choice(per, "scale_rewards", PER), positive_integer(episodes, "episodes")
