"""`scenarios`: what a focal population gets beside partners with whom it was not trained."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from nashscape.core import Estimate, InputError, Source, Status, finite_number, positive_integer, record, unknown
from nashscape.core.calls import public
from nashscape.games import GameLike
from nashscape.populations.scenario_results import Scenarios
from nashscape.populations.seat_payoffs import Seats, in_episodes, in_expectation

Floats = npt.NDArray[np.float64]

MELTING_POT = Source(
    "melting_pot", "Leibo, Duéñez-Guzmán, Vezhnevets, Agapiou, Sunehag, Koster, Matyas, Beattie, Mordatch, Graepel: "
    "Scalable Evaluation of Multi-Agent Reinforcement Learning with Melting Pot. ICML 2021.",
    "https://arxiv.org/abs/2107.06857",
)  # fmt: skip


@public()
def scenarios(
    game: "GameLike",
    focal: Mapping[str, Any],
    backgrounds: Mapping[str, Any],
    *,
    trained: Any = (),
    seats: Any = 1,
    level: float = 0.95,
    names: Any = None,
    episodes: int = 1000,
    seed: int = 0,
) -> Scenarios:
    """What focal populations get beside background populations, among them partners who were held out from training.

    The players of the game are seats, its actions policies. In a scenario each focal seat has a policy drawn from the
    focal population, and each other seat one from the background, all by themselves; the score is the mean payoff of
    the focal seats, in expectation: `(1/m) Σ_{i in M} E[u_i]`, of a number m of seats on average over all choices M of
    so many. Of a game nothing is sampled; of a function that plays each scenario has so many episodes, and its score
    Student's interval, of that score alone.

    The generalisation gap is the mean score beside backgrounds of the training less that beside the others; its
    interval is Welch's, of scenarios as draws from those that might have been, and needs two of either kind.

    Args:
        game: whose players all have the same actions, the policies; such as `Grown.meta_game` of one pool. Or a
            function `play(profile, count, random)` of policies by number, that plays so many times and gives payoffs
            `[count, players]`, with `names`.
        focal: by name, a population: policies by name or number, alike, or a dict from policies to weights.
        backgrounds: the same, a scenario each.
        trained: the backgrounds with which all focal populations were trained, or a dict from populations to theirs.
        seats: how many are focal; or a list of the players who are.
        level: confidence level of gaps, and of scores that are sampled.
        names: of the policies of a function that plays, a list for each player.
        episodes: of each scenario, of a function that plays.
        seed: of these.

    Raises:
        InputError: for a game whose players have different actions, unknown policies, backgrounds and seats, weights
            that are none.

    Example:
        >>> from nashscape import games
        >>> found = scenarios(games.stag_hunt(), {"hunters": "C", "both": "CD"},
        ...                   {"hunter": "C", "loner": "D"}, trained=["hunter"])
        >>> found.scores.tolist(), [one.value for one in found.alone]
        ([[4.0, 0.0], [3.5, 1.0]], [4.0, 2.25])
        >>> [gap.value for gap in found.gaps]
        [4.0, 2.5]

    Source: Leibo et al. (2021); they normalise scores between those of the worst and the best population.
    """
    level = finite_number(level, "level", low=0.0, high=1.0, low_open=True, high_open=True)
    episodes, seed = positive_integer(episodes, "episodes", at_least=2), positive_integer(seed, "seed", at_least=0)
    sampled = callable(game)
    form = in_episodes(game, names, episodes, level, seed) if callable(game) else in_expectation(game)
    ours, theirs = (_populations(form, own, what) for own, what in ((focal, "focal"), (backgrounds, "backgrounds")))
    chosen, told = _seats(form, seats)
    known = _known(trained, list(ours), list(theirs))
    every = [[form.score(one, other, chosen) for other in theirs.values()] for one in ours.values()]
    parts = {
        part: np.array([[getattr(own, part) for own in row] for row in every]) for part in ("value", "low", "high")
    }
    everybody = tuple(range(len(form.players)))
    asked = {"game": form.asked, "focal": ours, "backgrounds": theirs, "trained": known, "seats": chosen,
             "level": level, "names": form.actions, "episodes": episodes if sampled else None}  # fmt: skip
    return Scenarios(
        game=form.name,
        focal=tuple(ours),
        backgrounds=tuple(theirs),
        seats=told,
        scores=parts["value"],
        low=parts["low"],
        high=parts["high"],
        alone=tuple(form.score(one, one, [everybody]) for one in ours.values()),
        trained=known,
        gaps=tuple(_gap(own[which], own[~which], level) for own, which in zip(parts["value"], known, strict=True)),
        level=level,
        status=Status.COMPLETE,
        provenance=record("scenarios", asked, seed=seed if sampled else None, sources=[MELTING_POT]),
    )


def _populations(form: Seats, given: Any, what: str) -> dict[str, Floats]:
    """Of each name how likely each policy is, `[policies]`."""
    if not hasattr(given, "items") or not given:
        raise InputError(f"{what} are a dict from names to populations, lists of policies, such as "
                         f"{{'first': [{form.actions[0][0]!r}]}}; got {given!r}")  # fmt: skip
    return {str(name): _population(form, own, f"{what} {name}") for name, own in given.items()}


def _population(form: Seats, given: Any, what: str) -> Floats:
    single = isinstance(given, int) or (isinstance(given, str) and given in form.actions[0])
    policies = [given] if single else given
    if not isinstance(policies, Iterable):
        raise InputError(f"{what} is a policy, a list of these, or a dict from these to weights; got {given!r}")
    weights = policies if hasattr(policies, "items") else dict.fromkeys(policies, 1.0)
    made = np.zeros(len(form.actions[0]))
    for policy, weight in weights.items():
        made[_index(policy, form.actions[0], "policy")] += finite_number(
            weight, f"weight of {policy} in {what}", low=0.0
        )
    if not made.sum() > 0:
        raise InputError(f"{what} has no policy with a weight; there are {', '.join(form.actions[0])}")
    return made / made.sum()


def _seats(form: Seats, given: Any) -> tuple[list[tuple[int, ...]], str]:
    """All choices of focal seats, and what is said of them."""
    if hasattr(given, "__iter__") and not isinstance(given, str):
        own = tuple(_index(one, form.players, "player") for one in given)
        if not own or len(set(own)) < len(own):
            raise InputError(f"seats are different players, one at least, or how many of them are focal; got {given!r}")
        return [own], f"seats {', '.join(form.players[i] for i in own)}"
    count = positive_integer(given, "seats")
    if count > len(form.players):
        raise InputError(f"{count} seats are more than the {len(form.players)} players of {form.name}")
    return list(combinations(range(len(form.players)), count)), f"{count} of {len(form.players)} seats"


def _index(given: Any, names: Sequence[str], what: str) -> int:
    """The number of what is given by name or number."""
    if isinstance(given, str):
        if given not in names:
            raise unknown(what, given, names)
        return names.index(given)
    number = positive_integer(given, what, at_least=0)
    if number >= len(names):
        raise InputError(f"{what} {number} of {len(names)}; they are numbered from 0: {', '.join(names)}")
    return number


def _known(given: Any, focal: list[str], backgrounds: list[str]) -> npt.NDArray[np.bool_]:
    """Who was trained with whom, `[focal, backgrounds]`."""
    lists = given if hasattr(given, "items") else dict.fromkeys(focal, given)
    for name in lists:
        if name not in focal:
            raise unknown("focal population", name, focal)
    made = np.zeros((len(focal), len(backgrounds)), bool)
    for k, name in enumerate(focal):
        own = lists.get(name, ())
        for one in [own] if isinstance(own, str) else own:
            if one not in backgrounds:
                raise unknown("background", one, backgrounds)
            made[k, backgrounds.index(one)] = True
    return made


def _gap(known: Floats, held_out: Floats, level: float) -> Estimate:
    """The difference of two means of independent scores, with Welch's interval; NaN where there is none."""
    from scipy.special import stdtrit

    if not known.size or not held_out.size:
        return Estimate(np.nan, np.nan, np.nan, level, "no scenario of one kind")
    value = float(known.mean() - held_out.mean())
    if min(known.size, held_out.size) < 2:
        return Estimate(value, np.nan, np.nan, level, "one scenario of a kind")
    parts = np.array([own.var(ddof=1) / own.size for own in (known, held_out)])
    if not parts.sum() > 0:
        return Estimate(value, np.nan, np.nan, level, "scenarios that do not differ")
    freedom = parts.sum() ** 2 / (parts**2 / np.array([known.size - 1, held_out.size - 1])).sum()
    half = float(stdtrit(freedom, (1 + level) / 2) * np.sqrt(parts.sum()))
    return Estimate(value, value - half, value + half, level, "Welch", trials=known.size + held_out.size)
