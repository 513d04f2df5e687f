"""Bayes–Nash equilibria through the normal forms of a game, whose players choose plans, or are types."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from nashscape.core import Status
from nashscape.games import BayesianGame, agent_form, normal_form
from nashscape.games.forms.bayesian_reductions import agents_of, plans
from nashscape.theory.bayesian.gains import doubles_profile, exact_profile
from nashscape.theory.bayesian.results import Behaviour, TypeProfile


@dataclass
class Found:
    """What was found, and how much of it is known to be all; see `BayesNashEquilibria`."""

    profiles: list[TypeProfile]
    method: str
    complete: bool
    pure_complete: bool
    components: tuple[tuple[int, ...], ...]
    note: str = ""
    cut: bool = False


def by_form(game: BayesianGame, method: str, seconds: float, tolerance: float) -> Found:
    """Nash equilibria of one of the normal forms, as behaviour of types, each once."""
    from nashscape.theory.nash.finding import equilibria

    plan = method == "normal form"
    solved: Any = equilibria(normal_form(game) if plan else agent_form(game), seconds=seconds, logit=None)
    limit = max(tolerance * game.payoff_range, 0.0)
    places: dict[Any, int] = {}
    profiles: list[TypeProfile] = []
    numbers: list[int | None] = []
    for one in solved:
        behaviour = (_of_plans if plan else _of_agents)(game, one.strategies if one.exact is None else one.exact)
        profile = doubles_profile(game, [np.array(own, dtype=np.float64) for own in behaviour])
        key: Any = tuple(np.round(own, 9).tobytes() for own in profile.strategies)
        if one.exact is not None:
            key, profile = behaviour, exact_profile(game, behaviour)
        elif profile.largest > limit:
            numbers.append(None)
            continue
        if key not in places:
            places[key] = len(profiles)
            profiles.append(profile)
        numbers.append(places[key])
    lost = numbers.count(None)
    groups = _merged([{k for k in (numbers[own] for own in group) if k is not None} for group in solved.components])
    order = sorted(range(len(profiles)), key=lambda k: (not profiles[k].pure, k))
    at = {old: new for new, old in enumerate(order)}
    components = tuple(sorted(tuple(sorted(at[k] for k in group)) for group in groups))
    note = solved.note + (f" {lost} more were beyond the tolerance." if lost else "")
    return Found(
        [profiles[k] for k in order], method, solved.complete and not lost, True, components, note.strip(),
        cut=solved.status is Status.INTERRUPTED,
    )  # fmt: skip


def _merged(groups: Sequence[set[int]]) -> list[set[int]]:
    """Groups with those that share a member made one."""
    made: list[set[int]] = []
    for own in groups:
        touching = [one for one in made if one & own]
        made = [one for one in made if not one & own] + [own.union(*touching)]
    return [one for one in made if one]


def _of_plans(game: BayesianGame, strategies: Sequence[Any]) -> tuple[Behaviour, ...]:
    """What types do where players mix plans: `σ_i(a | t) = Σ_s x_i(s) [s(t) = a]`."""
    made = []
    for own, mixed, k in zip(plans(game), strategies, game.shape, strict=True):
        rows = [[Fraction(0)] * k for _ in own[0]]
        for plan, p in zip(own, mixed, strict=True):
            for t, a in enumerate(plan):
                rows[t][a] = rows[t][a] + p if p else rows[t][a]
        made.append(tuple(map(tuple, rows)))
    return tuple(made)


def _of_agents(game: BayesianGame, strategies: Sequence[Any]) -> tuple[Behaviour, ...]:
    """The strategies of agents, player by player; types without one play their first action."""
    each = dict(zip(agents_of(game), strategies, strict=True))
    return tuple(
        tuple(tuple(each.get((i, t), [Fraction(int(a == 0)) for a in range(k)])) for t in range(count))
        for i, (count, k) in enumerate(game.strategy_shapes)
    )
